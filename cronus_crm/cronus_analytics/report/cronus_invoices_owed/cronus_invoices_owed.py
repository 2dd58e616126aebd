"""Cronus Invoices Owed: the balances of invoices by age, as of today or of a past day.

Definitions (the page shows them too): the balance of an invoice, with tax, in the company's currency. It is
divided into age classes by the due date of each instalment; the due date that is shown is that of the
earliest instalment with a balance. A credit note reduces the balance of its own invoice; credit that a
customer has beyond that is not subtracted. Balances of a past day: `past_balances.py`.

Customers are sorted by what they owe, each with its invoices, and limited to `at_most`; the total row is of
all.
"""

from collections import defaultdict

import frappe
from frappe import _
from frappe.utils import cint

from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	column,
	currency_column,
	definitions_note,
	left_out_sentence,
	row_limit,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import customer_figures, customer_filters
from cronus_crm.cronus_analytics.figures.counted_documents import Documents

AMOUNTS = ("balance", "not_due", "overdue_30", "overdue_60", "overdue_90", "overdue_older")


def execute(filters: dict | None = None):
	"""Columns, a row for each customer with its invoices below and one in all, a note, chart and summary.

	filters: customer, seller (of the invoices, with the team below), work_center, overdue (only invoices with
	something overdue), as_of (a past day; by default, today), at_most (customers).

	Raises what `customer_filters.read_document_filters` raises.
	"""
	filters = frappe._dict(filters or {})
	documents = customer_filters.read_document_filters(filters)
	invoices = _read_invoices(documents, bool(cint(filters.overdue)))
	by_customer = defaultdict(list)
	for invoice in invoices:
		by_customer[invoice["customer"]].append(invoice)
	groups = [(_sum_invoices(owed), owed) for owed in by_customer.values()]
	groups.sort(key=lambda group: (-group[0]["balance"], group[1][0]["customer"]))
	shown = groups[: row_limit(filters)]
	names = customer_filters.read_customer_names([owed[0]["customer"] for _sums, owed in shown])
	rows = []
	for sums, owed in shown:
		customer = owed[0]["customer"]
		common = {"customer": customer, "customer_name": names.get(customer), "currency": company_currency()}
		rows.append({**common, **sums, "indent": 0, "bold": 1, "invoices": len(owed)})
		rows += [{**common, **invoice, "indent": 1} for invoice in sorted(owed, key=_due_date_key)]
	total = {
		**_sum_invoices(invoices),
		"customer": _("Total"),
		"currency": company_currency(),
		"invoices": len(invoices),
		"indent": 0,
		"bold": 1,
	}
	left_out = left_out_sentence(len(shown), len(groups))
	return (
		_make_columns(),
		[*rows, total] if rows else [],
		_make_note(documents, left_out),
		_make_chart(total) if rows else None,
		_make_summary(total),
		True,
	)


def _read_invoices(documents: Documents, only_overdue: bool) -> list[dict]:
	rows = []
	for row in customer_figures.list_owed_invoices(documents):
		owed = row.pop("owed")
		if only_overdue and not owed.overdue:
			continue
		amounts = dict(zip(AMOUNTS, (owed.total, owed.not_due, *owed.ages), strict=True))
		late = (documents.day - row.due_date).days if row.due_date else 0
		rows.append({**row, **amounts, "days_overdue": late if late > 0 else None})
	return rows


def _sum_invoices(invoices: list[dict]) -> dict:
	return {
		name: round_company_amount(sum(invoice[name] for invoice in invoices)) for name in ("total", *AMOUNTS)
	}


def _due_date_key(invoice: dict) -> tuple:
	"""Sort key: the earliest due date first, invoices without one last."""
	return str(invoice["due_date"] or "9999"), invoice["source_name"]


def _make_columns() -> list[dict]:
	return [
		column("customer", _("Customer"), "Link", 170, options=customer_filters.CUSTOMER),
		column("customer_name", _("Name"), "Data", 190),
		column("source_doctype", _("Document type"), "Data", 100, hidden=1),
		column("source_name", _("Invoice"), "Dynamic Link", 160, options="source_doctype"),
		column("invoices", _("Invoices"), "Int", 90),
		column("posting_date", _("Date"), "Date", 115),
		column("due_date", _("Due date"), "Date", 175),
		column("days_overdue", _("Days overdue"), "Int", 130),
		column("seller", _("Seller"), "Link", 150, options="Cronus Seller"),
		amount_column("total", _("Total of the invoice"), 160),
		amount_column("balance", _("Owed"), 140),
		amount_column("not_due", _("Not due"), 130),
		amount_column("overdue_30", _("Overdue up to 30 days"), 190),
		amount_column("overdue_60", _("31 to 60 days"), 130),
		amount_column("overdue_90", _("61 to 90 days"), 130),
		amount_column("overdue_older", _("More than 90 days"), 140),
		currency_column(),
	]


def _make_note(documents: Documents, left_out: str) -> str:
	return definitions_note(
		customer_filters.as_of_sentence(documents.as_of),
		_("What is left to pay of issued invoices, with tax, in {0}.").format(company_currency()),
		_("Overdue by the due date of each instalment; the first day overdue is the one after it."),
		left_out,
	)


def _list_ages(total: dict) -> tuple[list[str], list[float]]:
	labels = [
		_("Not due"),
		_("Up to 30 days"),
		_("31 to 60 days"),
		_("61 to 90 days"),
		_("More than 90 days"),
	]
	return labels, [total[name] for name in AMOUNTS[1:]]


def _make_chart(total: dict) -> dict:
	labels, amounts = _list_ages(total)
	return amounts_chart(labels, [(_("Owed"), amounts)], ["#d98c5f"])


def _make_summary(total: dict) -> list[dict]:
	overdue = round_company_amount(total["balance"] - total["not_due"])
	return [
		summary_figure(_("Invoices"), total["invoices"], "Int"),
		summary_figure(_("Owed"), total["balance"]),
		summary_figure(_("Overdue amount"), overdue),
		summary_figure(_("More than 90 days"), total["overdue_older"]),
	]
