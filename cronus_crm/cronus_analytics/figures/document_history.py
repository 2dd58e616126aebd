"""The documents of a customer, from the ledger: for its history, and for the list in its form."""

from datetime import datetime, time

import frappe
from frappe import _
from frappe.query_builder import Criterion, DocType
from frappe.utils import cint
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import read_date, read_mapping, read_moment
from cronus_crm.base.company import company_currency, company_today
from cronus_crm.base.money_format import format_money
from cronus_crm.cronus_analytics.ledger import visible_entries
from cronus_crm.cronus_analytics.ledger.entries import ENTRY
from cronus_crm.cronus_crm.customers.customer_history import MAX_PAGE_LENGTH, Item, Mark, order_newest_first

# The states by which the list of a customer's documents is filtered.
STATES = ("Draft", "With balance", "Overdue", "Settled", "Cancelled")


def read_documents(customer: str, kinds: frozenset[str], before: Mark | None, limit: int) -> list[Item]:
	"""Hook `cronus_timeline_sources`: the documents that were issued to a customer, cancelled ones included.

	kinds: what the history shows; nothing is read unless "Document" is one of them. before: the item after
	which the page begins; None for the first page. limit: how many are returned at most, the newest first.
	"""
	if "Document" not in kinds:
		return []
	entry, query = _query_entries(customer)
	query = query.select(
		entry.kind,
		entry.source_doctype,
		entry.source_name,
		entry.number,
		entry.posting_date,
		entry.total,
		entry.balance,
		entry.cancelled,
		entry.seller,
	)
	query = order_newest_first(
		query, entry.posting_date, entry.source_doctype, entry.source_name, before, limit
	)
	return [
		Item(
			when=datetime.combine(row.posting_date, time.min),
			kind="Document",
			title=f"{_(row.kind)} {row.number or row.source_name}",
			summary=_describe_balance(row),
			doctype=row.source_doctype,
			name=row.source_name,
			amount=row.total,
			state="Cancelled" if row.cancelled else None,
			seller=row.seller,
		)
		for row in query.run(as_dict=True)
	]


def _describe_balance(row: frappe._dict) -> str:
	if not row.balance:
		return ""
	balance = format_money(abs(row.balance), company_currency())
	if row.kind == "Invoice":
		return _("{0} left to pay").format(balance)
	if row.kind == "Credit Note":
		return _("{0} left in the customer's favour").format(balance)
	if row.kind == "Payment":
		return _("{0} not allocated yet").format(balance)
	return _("{0} left to invoice, without tax").format(balance)


def _query_entries(customer: str) -> tuple[Table, QueryBuilder]:
	"""The table of the ledger, and a query over a customer's entries that the user may see, cancelled ones
	included."""
	entry = DocType(ENTRY)
	query = frappe.qb.from_(entry).where(entry.customer == customer)
	return entry, visible_entries.only_visible(query, entry)


def list_kinds() -> list[str]:
	"""The kinds of documents in the ledger, in the order in which a sale goes through them."""
	return frappe.get_meta(ENTRY).get_field("kind").options.split("\n")


def list_documents_of_customer(
	customer: str,
	kind: str | None = None,
	state: str | None = None,
	since: str | None = None,
	until: str | None = None,
	before: dict | str | None = None,
	limit: int = 20,
) -> dict:
	"""A page of the documents of a customer that the session's user may see, the newest first.

	customer: name of the Cronus Customer. kind: one of `list_kinds`; by default, all. state: one of STATES;
	by default, all. since, until: dates of the documents, both included. before: the `next` of the previous
	page. limit: documents in the page, at most 100.

	Returns `rows`, with total and balance in the company's `currency`, and `next`, which is None on the last
	page. Drafts are not in the ledger: they come first, on the first page only, and at most `limit` of them.

	Raises frappe.PermissionError where the user may not read the customer, and frappe.ValidationError for an
	unknown state or a date that cannot be read.
	"""
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	if state and state not in STATES:
		frappe.throw(_("Documents have no state {0}.").format(frappe.bold(state)))
	limit = min(max(cint(limit), 1), MAX_PAGE_LENGTH)
	before = read_mapping(before, "before")
	since, until = read_date(since, "since"), read_date(until, "until")
	drafts = (
		[]
		if before or state not in (None, "", "Draft")
		else _list_drafts(customer, kind, since, until, limit)
	)
	issued = [] if state == "Draft" else _list_issued(customer, kind, state, since, until, before, limit + 1)
	page = issued[:limit]
	last = page[-1] if len(issued) > limit else None
	return {
		"rows": [*drafts, *page],
		"next": last and {"when": last.posting_date, "doctype": last.doctype, "name": last.name},
		"currency": company_currency(),
	}


def _list_issued(customer, kind, state, since, until, before, limit) -> list[frappe._dict]:
	entry, query = _query_entries(customer)
	if kind:
		query = query.where(entry.kind == kind)
	if since:
		query = query.where(entry.posting_date >= since)
	if until:
		query = query.where(entry.posting_date <= until)
	if state:
		query = query.where(_state_condition(entry, state))
	mark = (
		Mark(read_moment(before.when, "before").date(), str(before.doctype), str(before.name))
		if before
		else None
	)
	query = query.select(
		entry.kind,
		entry.source_doctype.as_("doctype"),
		entry.source_name.as_("name"),
		entry.number,
		entry.posting_date,
		entry.due_date,
		entry.total,
		entry.balance,
		entry.cancelled,
	)
	query = order_newest_first(
		query, entry.posting_date, entry.source_doctype, entry.source_name, mark, limit
	)
	today = company_today()
	rows = query.run(as_dict=True)
	for row in rows:
		row.state = _find_state(row, today)
	return rows


def _state_condition(entry, state: str) -> Criterion:
	if state == "Cancelled":
		return entry.cancelled == 1
	issued = entry.cancelled == 0
	if state == "Settled":
		return issued & (entry.balance == 0)
	with_balance = issued & (entry.balance != 0)
	if state == "Overdue":
		return with_balance & (entry.kind == "Invoice") & (entry.due_date < company_today())
	return with_balance


def _find_state(row: frappe._dict, today) -> str:
	if row.cancelled:
		return "Cancelled"
	if not row.balance:
		return "Settled"
	overdue = row.kind == "Invoice" and row.due_date and row.due_date < today
	return "Overdue" if overdue else "With balance"


def _list_drafts(customer, kind, since, until, limit) -> list[dict]:
	"""Drafts of the registered DocTypes that have the fields `customer` and `posting_date`, as ours have."""
	rows = []
	for doctype in sales_documents.registered_doctypes():
		if not _has_customer_and_date(doctype) or not frappe.has_permission(doctype, "read"):
			continue
		filters = [["customer", "=", customer], ["docstatus", "=", 0]]
		if since:
			filters.append(["posting_date", ">=", since])
		if until:
			filters.append(["posting_date", "<=", until])
		for name in frappe.get_list(
			doctype, filters=filters, pluck="name", order_by="posting_date desc, name desc", limit=limit
		):
			document = sales_documents.load_document(doctype, name)
			if kind in (None, "", document.kind):
				rows.append(
					{
						"kind": document.kind,
						"doctype": doctype,
						"name": name,
						"posting_date": document.posting_date,
						"total": document.total,
						"balance": 0,
						"state": "Draft",
					}
				)
	return rows[:limit]


def _has_customer_and_date(doctype: str) -> bool:
	meta = frappe.get_meta(doctype)
	customer = meta.get_field("customer")
	return bool(customer) and customer.options == "Cronus Customer" and meta.has_field("posting_date")
