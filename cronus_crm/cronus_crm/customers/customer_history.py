"""The history of a customer: activities, opportunities, documents and e-mails in one list, newest first.

Items come from sources, functions that apps register in the hook `cronus_timeline_sources`::

    def source(customer: str, kinds: frozenset[str], before: Mark | None, limit: int) -> list[Item]

A source returns at most `limit` items that are older than the mark, of the given kinds and visible to the
session's user, in the order of :func:`order_newest_first`. The pages are read by keyset, not by offset.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from heapq import merge
from itertools import islice

import frappe
from frappe import _
from frappe.query_builder import DocType, Field, Order
from frappe.query_builder.functions import Coalesce
from frappe.utils import cint, get_datetime
from pypika.queries import QueryBuilder
from pypika.terms import Term

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import read_date, read_list, read_mapping, read_moment
from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.texts import read_text, strip_tags
from cronus_crm.visibility import rule

ACTIVITY_KINDS = ("Meeting", "Call", "Visit", "Message", "Collection", "Follow-up", "Task")
KINDS = (*ACTIVITY_KINDS, "Document", "Deal", "Case", "E-mail")

# Messages that are no activities, by the medium of the framework's Communication.
_KIND_OF_MEDIUM = {"Email": "E-mail", "Chat": "Message"}

MAX_PAGE_LENGTH = 100
_SUMMARY_LENGTH = 140


@dataclass(frozen=True)
class Item:
	"""One entry in the history of a customer.

	when: system time zone; midnight for documents and opportunities, which have only a date.
	kind: one of KINDS. title, summary: plain text.
	doctype, name: the document to open.
	amount: in the company's currency, or None.
	state: of that DocType, not translated. seller: name of a Cronus Seller, or None.
	"""

	when: datetime
	kind: str
	title: str
	summary: str
	doctype: str
	name: str
	amount: float | None
	state: str | None
	seller: str | None


@dataclass(frozen=True)
class Mark:
	"""Position in the history: the last item of a page, after which the next one begins."""

	when: datetime
	doctype: str
	name: str


Source = Callable[[str, frozenset[str], Mark | None, int], list[Item]]


def read_history(
	customer: str,
	kinds: list | str | None = None,
	before: dict | str | None = None,
	limit: int = 20,
	since: str | None = None,
	until: str | None = None,
) -> dict:
	"""A page of the history of a customer, newest first, of what the session's user may see.

	customer: name of the Cronus Customer.
	kinds: some of KINDS; None for all.
	before: `next` of the previous page. limit: items of the page, at most 100.
	since, until: dates, both included.

	Returns {"items", "next"}; `next` is None on the last page.

	Raises frappe.PermissionError if the user may not read the customer, frappe.ValidationError for an unknown
	kind.
	"""
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	limit = min(max(cint(limit), 1), MAX_PAGE_LENGTH)
	items = _read_items(customer, _check_kinds(kinds), _parse_mark(before, until), limit + 1)
	if since:
		earliest = datetime.combine(read_date(since, "since"), time.min)
		items = [item for item in items if item.when >= earliest]
	page = items[:limit]
	last = page[-1] if len(items) > limit else None
	return {
		"items": [asdict(item) for item in page],
		"next": last and asdict(Mark(last.when, last.doctype, last.name)),
	}


def _check_kinds(kinds: list | str | None) -> frozenset[str]:
	wanted = frozenset(map(str, read_list(kinds, "kinds") or KINDS))
	if unknown := wanted - set(KINDS):
		frappe.throw(_("The history has nothing of the kind {0}.").format(", ".join(sorted(unknown))))
	return wanted


def _parse_mark(before: dict | str | None, until: str | None) -> Mark | None:
	if before := read_mapping(before, "before"):
		return Mark(read_moment(before.when, "before"), str(before.doctype), str(before.name))
	if until:
		# The first position of the next day: nothing of that day is older.
		return Mark(datetime.combine(read_date(until, "until") + timedelta(days=1), time.min), "", "")
	return None


def _read_items(customer: str, kinds: frozenset[str], mark: Mark | None, limit: int) -> list[Item]:
	found = call_hooks("cronus_timeline_sources", customer, kinds, mark, limit)
	# Not by name: within a source that order is the database's collation, and `merge` is stable.
	return list(islice(merge(*found, key=lambda item: (item.when, item.doctype), reverse=True), limit))


def order_newest_first(
	query: QueryBuilder, when: Term, doctype: str | Field, name: Field, before: Mark | None, limit: int
) -> QueryBuilder:
	"""Adds order, limit and the condition of the mark to the query of a source.

	when, name: its columns. doctype: the DocType of all its rows, or the column with it.
	"""
	if before:
		query = query.where(_build_mark_criterion(when, doctype, name, before))
	query = query.orderby(when, order=Order.desc)
	if not isinstance(doctype, str):
		query = query.orderby(doctype, order=Order.desc)
	return query.orderby(name, order=Order.desc).limit(limit)


def _build_mark_criterion(when: Term, doctype: str | Field, name: Field, mark: Mark):
	"""Criterion of rows after the mark in the order (when, doctype, name), descending."""
	older = when < mark.when
	if not isinstance(doctype, str):
		same_time = (doctype < mark.doctype) | ((doctype == mark.doctype) & (name < mark.name))
	elif doctype == mark.doctype:
		same_time = name < mark.name
	elif doctype < mark.doctype:
		return when <= mark.when
	else:
		return older
	# The redundant condition on `when` alone lets an index range begin at the mark.
	return (when <= mark.when) & (older | same_time)


def read_activities(customer: str, kinds: frozenset[str], before: Mark | None, limit: int) -> list[Item]:
	"""Source: meetings, calls, visits and the other activities."""
	kind_of = dict(
		frappe.get_all("Cronus Activity Type", fields=["name", "kind"], as_list=True, order_by=None)
	)
	types = [name for name, kind in kind_of.items() if kind in kinds]
	if not types or not frappe.has_permission("Cronus Activity", "read"):
		return []
	activity = DocType("Cronus Activity")
	query = (
		frappe.qb.from_(activity)
		.where(activity.customer == customer)
		.select(
			activity.name,
			activity.starts_on,
			activity.activity_type,
			activity.subject,
			activity.notes,
			activity.result,
			activity.state,
			activity.seller,
		)
	)
	if len(types) < len(kind_of):
		query = query.where(activity.activity_type.isin(types))
	query = rule.filter_visible(query, "Cronus Activity", activity)
	rows = order_newest_first(query, activity.starts_on, "Cronus Activity", activity.name, before, limit)
	return [
		Item(
			when=row.starts_on,
			kind=kind_of[row.activity_type],
			title=read_text(row.subject),
			summary=" · ".join(filter(None, (_(row.result) if row.result else "", shorten_text(row.notes)))),
			doctype="Cronus Activity",
			name=row.name,
			amount=None,
			state=row.state,
			seller=row.seller,
		)
		for row in rows.run(as_dict=True)
	]


def read_opportunities(customer: str, kinds: frozenset[str], before: Mark | None, limit: int) -> list[Item]:
	"""Source: opportunities, at the day on which each was opened."""
	if "Deal" not in kinds or not frappe.has_permission("Cronus Opportunity", "read"):
		return []
	opportunity = DocType("Cronus Opportunity")
	opened = Coalesce(opportunity.opened_on, opportunity.creation)
	query = (
		frappe.qb.from_(opportunity)
		.where(opportunity.customer == customer)
		.select(
			opportunity.name,
			opened.as_("opened"),
			opportunity.title,
			opportunity.stage,
			opportunity.value,
			opportunity.state,
			opportunity.seller,
		)
	)
	query = rule.filter_visible(query, "Cronus Opportunity", opportunity)
	return [
		Item(
			when=get_datetime(row.opened),
			kind="Deal",
			title=read_text(row.title),
			summary=_(row.stage),
			doctype="Cronus Opportunity",
			name=row.name,
			amount=row.value,
			state=row.state,
			seller=row.seller,
		)
		for row in order_newest_first(
			query, opened, "Cronus Opportunity", opportunity.name, before, limit
		).run(as_dict=True)
	]


def read_emails(customer: str, kinds: frozenset[str], before: Mark | None, limit: int) -> list[Item]:
	"""Source: e-mails and chats sent from, or received for, the customer, its opportunities and its
	documents."""
	media = [medium for medium, kind in _KIND_OF_MEDIUM.items() if kind in kinds]
	if not media:
		return []
	found = []
	for doctype in ("Cronus Customer", "Cronus Opportunity", *sales_documents.registered_doctypes()):
		if _has_customer_and_seller(doctype) and frappe.has_permission(doctype, "read"):
			found.append(_read_messages_of_doctype(doctype, customer, media, before, limit))
	# Their names are hashes of lower-case letters and digits, which Python and the database sort alike.
	return list(islice(merge(*found, key=lambda item: (item.when, item.name), reverse=True), limit))


def _has_customer_and_seller(doctype: str) -> bool:
	"""True for Cronus Customer, and for a DocType with a link `customer` to it and a field `seller`."""
	meta = frappe.get_meta(doctype)
	customer = meta.get_field("customer")
	is_linked = bool(customer) and customer.options == "Cronus Customer" and meta.has_field("seller")
	return is_linked or doctype == "Cronus Customer"


def _read_messages_of_doctype(
	doctype: str, customer: str, media: list[str], before: Mark | None, limit: int
) -> list[Item]:
	email, record = DocType("Communication"), DocType(doctype)
	query = (
		frappe.qb.from_(email)
		.join(record)
		.on((email.reference_doctype == doctype) & (email.reference_name == record.name))
		.where(record.name == customer if doctype == "Cronus Customer" else record.customer == customer)
		.where((email.communication_type == "Communication") & email.communication_medium.isin(media))
		.select(
			email.name,
			email.communication_date,
			email.communication_medium,
			email.phone_no,
			email.subject,
			email.sender,
			email.recipients,
			email.sent_or_received,
			record.seller,
		)
	)
	query = _restrict_to_portfolio(query, doctype, record)
	rows = order_newest_first(query, email.communication_date, "Communication", email.name, before, limit)
	return [
		Item(
			when=row.communication_date,
			kind=_KIND_OF_MEDIUM[row.communication_medium],
			title=read_text(row.subject) or _("Without subject"),
			summary=f"{row.sender or ''} → {row.recipients or row.phone_no or ''}",
			doctype="Communication",
			name=row.name,
			amount=None,
			state=row.sent_or_received,
			seller=row.seller,
		)
		for row in rows.run(as_dict=True)
	]


def _restrict_to_portfolio(query: QueryBuilder, doctype: str, table) -> QueryBuilder:
	"""Restricts a query to the user's own scope, even if the settings open the list of customers to all:
	they do not open its correspondence."""
	scope = rule.get_scope(doctype)
	if scope.everything:
		return query
	own = (Coalesce(table.seller, "") == "") & (table.owner == scope.user)
	return query.where((table.seller.isin(scope.sellers) | own) if scope.sellers else own)


def shorten_text(html: str | None) -> str:
	"""The beginning of an HTML text as plain text in one line, at most 140 characters."""
	text = " ".join(strip_tags(html).split())
	return text if len(text) <= _SUMMARY_LENGTH else f"{text[: _SUMMARY_LENGTH - 1]}…"
