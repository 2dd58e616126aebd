"""What was left of documents at the end of a past day.

The ledger keeps the balance of today. What settles an invoice, an allocation of a payment or a credit note,
has a date; so the balance of a past day is that of today and what was settled since. For a proforma it is
what is left to invoice and what was invoiced since.

* An allocation counts from the date of its payment, an advance from the day on which it was allocated
  (`allocated_on`). A credit note counts from its own date, a credit that is used on another invoice
  from the day of its use.
* Cancelled documents are left out, as in all figures: also of the days before they were cancelled.
* The due date of an instalment is the present one.
* What payments and credit notes of an ERP settle stands in the ledger (`settled` of an origin) and counts
  from their dates. Where an ERP tells balances without what has settled them, its invoices count with the
  balance of today; and a proforma of it counts with all of its amount until the day of its first invoice.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import frappe
from frappe.query_builder import CustomFunction, DocType
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import flt, getdate
from pypika import Table
from pypika.analytics import Sum as RunningSum
from pypika.queries import QueryBuilder
from pypika.terms import Term, ValueWrapper

from cronus_crm.base.company import company_decimals, round_company_amount
from cronus_crm.cronus_analytics.figures.counted_documents import Documents
from cronus_crm.cronus_analytics.ledger.entries import ENTRY, ORIGIN
from cronus_crm.cronus_billing.documents import document_chain

# Fields of the ledger that a query over past balances has, besides `due_date` and `amount_left`.
_ENTRY_FIELDS = (
	"name",
	"customer",
	"source_doctype",
	"source_name",
	"number",
	"seller",
	"work_center",
	"posting_date",
	"total",
)

_round = CustomFunction("round", ["number", "decimals"])
_greatest = CustomFunction("greatest", ["one", "other"])
_least = CustomFunction("least", ["one", "other"])


def query_left_to_pay(documents: Documents) -> tuple[Table, QueryBuilder]:
	"""What was left to pay of invoices at the end of the day `documents.as_of`: a table with a row for each
	instalment with something left, and a query over it.

	The table has fields of the ledger (`_ENTRY_FIELDS`), `due_date`, and `amount_left` in the company's
	currency. It joins what is owed today with what was settled since, each found by its own index.
	"""
	settled = _query_settled_after(documents.as_of).as_("settled")
	entry = documents.entries[0]
	parts = [
		_query_balances(documents, settled, entry.balance > 0),
		_query_balances(documents, settled, (entry.balance <= 0) & (settled.amount > 0)),
	]
	left = (parts[0] * parts[1]).as_("left_then")
	return left, frappe.qb.from_(left).where(left.amount_left > 0)


def _query_settled_after(day: date) -> QueryBuilder:
	"""The amounts that have been settled after a day, of each `invoice` of a `doctype`: in the currency of
	the invoice, of an ERP's in the company's."""
	invoice_doctype = ValueWrapper("Invoice")
	payment, allocation = DocType("Cronus Payment"), DocType("Cronus Payment Allocation")
	note = DocType("Invoice")
	paid = (
		frappe.qb.from_(allocation)
		.join(payment)
		.on((payment.name == allocation.parent) & (allocation.parenttype == "Cronus Payment"))
		.select(
			invoice_doctype.as_("doctype"), allocation.invoice.as_("invoice"), allocation.amount.as_("amount")
		)
		.where((payment.docstatus == 1) & (allocation.allocated_on > day) & allocation.invoice.isnotnull())
	)
	credited = (
		frappe.qb.from_(note)
		.select(invoice_doctype, note.return_against, note.credited_amount)
		.where((note.docstatus == 1) & (note.is_return == 1) & (note.posting_date > day))
		.where(note.credited_amount > 0)
	)
	used = (
		frappe.qb.from_(allocation)
		.join(note)
		.on((note.name == allocation.parent) & (allocation.parenttype == "Invoice"))
		.select(invoice_doctype, allocation.invoice, allocation.amount)
		.where((note.docstatus == 1) & (allocation.allocated_on > day))
	)
	entry, origin = DocType(ENTRY), DocType(ORIGIN)
	told = (
		frappe.qb.from_(origin)
		.join(entry)
		.on(entry.name == origin.parent)
		.select(origin.origin_doctype, origin.origin_name, origin.settled)
		.where((entry.cancelled == 0) & (entry.posting_date > day) & (origin.settled != 0))
	)
	all_of_them = (paid * credited * used * told).as_("settlements")
	query = frappe.qb.from_(all_of_them).groupby(all_of_them.doctype, all_of_them.invoice)
	return query.select(all_of_them.doctype, all_of_them.invoice, Sum(all_of_them.amount).as_("amount"))


def _query_balances(documents: Documents, settled: QueryBuilder, which: Term) -> QueryBuilder:
	"""The instalments of the invoices of `which`, with what was left of each.

	The amount paid then is filled into the instalments, the earliest due date first, as
	`Invoice.update_balance` does with the present one.
	"""
	entry, query = documents.entries
	invoice, instalment = DocType("Invoice"), DocType("Cronus Instalment")
	paid = invoice.paid_amount - Coalesce(settled.amount, 0)
	up_to = RunningSum(instalment.amount).over(entry.name).orderby(instalment.due_date, instalment.idx)
	of_instalment = _least(_greatest(up_to - paid, 0), instalment.amount)
	in_company_currency = [
		_round(left * invoice.exchange_rate, company_decimals())
		for left in (of_instalment, invoice.grand_total - paid)
	]
	# Of an ERP's invoice all amounts are in the company's currency already.
	told_paid = entry.total - entry.balance - Coalesce(settled.amount, 0)
	told_up_to = (
		RunningSum(instalment.base_amount).over(entry.name).orderby(instalment.due_date, instalment.idx)
	)
	told = [
		_least(_greatest(told_up_to - told_paid, 0), instalment.base_amount),
		_least(entry.total - told_paid, entry.total),
	]
	return (
		query.left_join(settled)
		.on((settled.invoice == entry.source_name) & (settled.doctype == entry.source_doctype))
		.left_join(invoice)
		.on((invoice.name == entry.source_name) & (entry.source_doctype == "Invoice"))
		.left_join(instalment)
		.on((instalment.parent == entry.source_name) & (instalment.parenttype == entry.source_doctype))
		.where((entry.kind == "Invoice") & which)
		.select(*(entry[fieldname] for fieldname in _ENTRY_FIELDS))
		.select(Coalesce(instalment.due_date, entry.due_date).as_("due_date"))
		.select(Coalesce(*in_company_currency, *told).as_("amount_left"))
	)


def list_open_proformas(documents: Documents) -> list[tuple[str, float]]:
	"""(customer, amount left to invoice) of each proforma that was open at the end of the day
	`documents.as_of`: still valid and with something left.

	The amount is without tax, at the proforma's own prices, in the company's currency.
	"""
	entry, query = documents.entries
	day = documents.as_of
	rows = (
		query.select(
			entry.name,
			entry.customer,
			entry.source_doctype,
			entry.source_name,
			entry.amount,
			entry.balance,
			entry.first_invoiced_on,
		)
		.where((entry.kind == "Proforma") & (entry.due_date.isnull() | (entry.due_date >= day)))
		.where((entry.balance > 0) | entry.first_invoiced_on.notnull())
	).run(as_dict=True)
	later = _find_later_invoices({row.source_name for row in rows if row.source_doctype == "Proforma"}, day)
	found = []
	for row in rows:
		if row.first_invoiced_on and getdate(row.first_invoiced_on) > day:
			left = row.amount
		elif row.source_doctype == "Proforma" and later[row.source_name]:
			left = _compute_left_before(row.source_name, later[row.source_name])
		else:
			left = row.balance
		if (amount := round_company_amount(left)) > 0:
			found.append((row.customer, amount))
	return found


def _find_later_invoices(proformas: Iterable[str], day: date) -> dict[str, list[str]]:
	"""The invoices, not cancelled, of a later date that were made from each of these proformas."""
	entry, origin = DocType(ENTRY), DocType(ORIGIN)
	rows = (
		frappe.qb.from_(origin)
		.join(entry)
		.on(entry.name == origin.parent)
		.select(origin.origin_name, entry.source_name)
		.where((origin.origin_doctype == "Proforma") & origin.origin_name.isin(list(proformas) or [""]))
		.where((entry.source_doctype == "Invoice") & (entry.kind == "Invoice") & (entry.cancelled == 0))
		.where(entry.posting_date > day)
		.run()
	)
	found: dict[str, list[str]] = defaultdict(list)
	for proforma, invoice in rows:
		found[proforma].append(invoice)
	return found


def _compute_left_before(proforma: str, invoices: list[str]) -> float:
	"""What was left to invoice of a proforma before these invoices, in the company's currency."""
	taken = document_chain.trace_quantities(invoices)["Proforma", proforma]
	doc = frappe.get_doc("Proforma", proforma)
	for row in doc.items:
		row.invoiced_quantity = flt(flt(row.invoiced_quantity) - taken.get(row.name, 0), 6)
	return doc.in_company_currency(doc.compute_amount_left())
