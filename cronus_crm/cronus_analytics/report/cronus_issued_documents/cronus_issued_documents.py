"""Cronus Issued Documents: the documents that figures count, whatever app or ERP they come from.

Figures lead here where documents of an ERP are among those that they count: a list has those of one DocType
only. Documents are those of the ledger, without the cancelled ones, by their date; amounts are in the
company's currency, those of credit notes negative.

* *With balance*: something of it is not invoiced, paid or used yet.
* *Open*: a proforma that is still valid, with something left to invoice.
* *Open offers*: a proforma that is still valid, of which nothing was made.
* *Overdue*: an invoice with something left to pay after its due date.
* *Invoiced*: something was invoiced of it.
"""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Count, Sum
from pypika import Order, Table
from pypika.queries import QueryBuilder

from cronus_crm.base.company import company_currency, company_today, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_sentence,
	column,
	currency_column,
	definitions_note,
	left_out_sentence,
	row_limit,
	summary_figure,
)
from cronus_crm.base.sales_documents import INVOICE, PROFORMA
from cronus_crm.cronus_analytics.figures import customer_filters, report_filters
from cronus_crm.cronus_analytics.figures.counted_lists import INVOICED
from cronus_crm.cronus_analytics.figures.open_offers import is_open_offer
from cronus_crm.cronus_analytics.ledger import visible_entries
from cronus_crm.cronus_analytics.ledger.entries import ENTRY
from cronus_crm.visibility import rule

DEFAULT_DAYS = 90

AMOUNTS = ("amount", "total", "balance")

# What shows documents of one kind only.
_KIND_SHOWN = ("Open", "Open offers", "Overdue")


def execute(filters: dict | None = None):
	"""Columns, a row for each document, the newest first, a note, no chart and the summary; where all are of
	one kind, a row of all: the sum of a proforma and its invoice is the amount of nothing.

	filters: from_date, to_date (default: the last 90 days), kind (of the ledger, or INVOICED), show (see
	above), customer, seller (with the team below), work_center, at_most. of_sellers: sellers without their
	teams. without: those of “seller”, “customer” and “work_center” that the documents do not have. Both come
	from links, with | between names.

	Raises what `report_filters.read_report_filters` raises.
	"""
	filters = frappe._dict(filters or {})
	entry, query = _query_entries(filters)
	most = row_limit(filters)
	number, *sums = query.select(Count("*"), *(Sum(entry[name]) for name in AMOUNTS)).run()[0]
	rows = _read_rows(filters, most)
	note = _make_note(left_out_sentence(len(rows), number))
	summary = [summary_figure(_("Documents"), number, "Int")]
	if rows and (filters.kind or filters.show in _KIND_SHOWN):
		total = {name: round_company_amount(amount) for name, amount in zip(AMOUNTS, sums, strict=True)}
		rows.append(total | {"kind": _("Total"), "currency": company_currency(), "bold": 1})
		summary.append(summary_figure(_("Amount"), total["amount"]))
	return _make_columns(), rows, note, None, summary, True


def _query_entries(filters: frappe._dict) -> tuple[Table, QueryBuilder]:
	"""The table of the ledger, and a query over the entries that the filters select; the caller selects."""
	read = report_filters.read_report_filters(filters, DEFAULT_DAYS, reads=INVOICE)
	entry = DocType(ENTRY)
	query = frappe.qb.from_(entry).where(entry.cancelled == 0)
	query = query.where(entry.posting_date[read.from_date : read.to_date])
	if read.seller:
		query = query.where(entry.seller.isin(rule.list_team(read.seller)))
	for fieldname in ("customer", "work_center"):
		if filters.get(fieldname):
			query = query.where(entry[fieldname] == filters[fieldname])
	if sellers := _read_list(filters.of_sellers):
		query = query.where(entry.seller.isin(sellers))
	for fieldname in _read_list(filters.without):
		if fieldname in ("seller", "customer", "work_center"):
			query = query.where(entry[fieldname].isnull() | (entry[fieldname] == ""))
	if filters.kind:
		kinds = (INVOICE, "Credit Note") if filters.kind == INVOICED else (filters.kind,)
		query = query.where(entry.kind.isin(kinds))
	if criterion := _show(entry, filters.show):
		query = query.where(criterion)
	return entry, visible_entries.only_visible(query, entry)


def _read_list(value) -> list[str]:
	return [one for one in value.split("|") if one] if isinstance(value, str) else []


def _show(entry: Table, show: str | None) -> Criterion | None:
	today = company_today()
	return {
		"With balance": entry.balance != 0,
		"Open": (entry.kind == PROFORMA)
		& (entry.balance > 0)
		& (entry.due_date.isnull() | (entry.due_date >= today)),
		"Open offers": is_open_offer(entry),
		"Overdue": (entry.kind == INVOICE) & (entry.balance > 0) & (entry.due_date < today),
		"Invoiced": entry.first_invoiced_on.isnotnull(),
	}.get(show)


def _read_rows(filters: frappe._dict, most: int) -> list[dict]:
	entry, query = _query_entries(filters)
	customer = DocType(customer_filters.CUSTOMER)
	rows = (
		query.left_join(customer)
		.on(customer.name == entry.customer)
		.select(
			entry.posting_date,
			entry.kind,
			entry.source_doctype,
			entry.source_name,
			entry.number,
			entry.customer,
			customer.customer_name,
			entry.seller,
			entry.due_date,
			*(entry[name] for name in AMOUNTS),
		)
		.orderby(entry.posting_date, order=Order.desc)
		.orderby(entry.source_name, order=Order.desc)
		.limit(most)
	).run(as_dict=True)
	_name_prospects(rows)
	return [{**row, "kind": _(row.kind), "currency": company_currency()} for row in rows]


def _name_prospects(rows: list[dict]) -> None:
	"""Sets the name of whom an offer is for who is no customer yet; only its document knows it, and whoever
	sees the entry sees the document."""
	nameless: dict[str, list[dict]] = defaultdict(list)
	for row in rows:
		if not row.customer:
			nameless[row.source_doctype].append(row)
	for doctype, of_doctype in nameless.items():
		if frappe.get_meta(doctype).has_field("customer_name"):
			chosen = {"name": ("in", [row.source_name for row in of_doctype])}
			found = frappe.get_all(doctype, chosen, ["name", "customer_name"], as_list=True, order_by="name")
			names = dict(found)
			for row in of_doctype:
				row.customer_name = names.get(row.source_name)


def _make_columns() -> list[dict]:
	return [
		column("posting_date", _("Date"), "Date", 115),
		column("kind", _("Kind"), "Data", 120),
		column("source_doctype", _("Document type"), "Data", 100, hidden=1),
		column("source_name", _("Document"), "Dynamic Link", 170, options="source_doctype"),
		column("customer", _("Customer"), "Link", 110, options=customer_filters.CUSTOMER),
		column("customer_name", _("Customer name"), "Data", 190),
		column("seller", _("Seller"), "Link", 150, options="Cronus Seller"),
		column("due_date", _("Due date"), "Date", 175),
		amount_column("amount", _("Amount without tax"), 150),
		amount_column("total", _("Total"), 130),
		amount_column("balance", _("Balance"), 130),
		currency_column(),
	]


def _make_note(left_out: str) -> str:
	return definitions_note(
		_("Documents that were issued in the period, here or in an ERP, without the cancelled ones."),
		amounts_sentence(),
		left_out,
	)
