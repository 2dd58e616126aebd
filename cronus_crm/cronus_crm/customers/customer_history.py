"""The history of a customer: what was done, said, offered and sold, in one order, newest first.

It is read from sources, which apps name in the hook `cronus_timeline_sources`. A source is a function::

    def source(customer: str, kinds: frozenset[str], before: Mark | None, limit: int) -> list[Item]

It gives back at most `limit` items, older than the mark and of those kinds, in the order of
:func:`order_newest_first`; and only what the session's user may see.
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
from frappe.utils import cint, get_datetime, strip_html
from pypika.queries import QueryBuilder
from pypika.terms import Term

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import read_date, read_list, read_mapping
from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.visibility import rule

ACTIVITY_KINDS = ("Meeting", "Call", "Visit", "Message", "Collection", "Follow-up", "Task")
KINDS = (*ACTIVITY_KINDS, "Document", "Deal", "E-mail")

MOST_AT_ONCE = 100
_SUMMARY_LENGTH = 140


@dataclass(frozen=True)
class Item:
	"""One thing in the history of a customer.

	when: of documents and opportunities, which bear only a date, its midnight.
	kind: one of KINDS. title, summary: plain text.
	doctype, name: the document that it opens.
	amount: in the company's currency; None where there is none.
	state: as its DocType calls it, not translated. seller: name of a Cronus Seller, or None.
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
	"""How far a reader has come: the item after which the next page begins."""

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
	kinds: some of KINDS; by default, all. An unknown one is refused.
	before: the `next` of the page before. limit: items in the page, at most 100.
	since, until: dates, both included.

	Gives back `items` and `next`, which is None on the last page.

	Raises frappe.PermissionError where the user may not read the customer.
	"""
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	limit = min(max(cint(limit), 1), MOST_AT_ONCE)
	items = _older_than(customer, _known(kinds), _first_mark(before, until), limit + 1)
	if since:
		earliest = datetime.combine(read_date(since, "since"), time.min)
		items = [item for item in items if item.when >= earliest]
	page = items[:limit]
	last = page[-1] if len(items) > limit else None
	return {
		"items": [asdict(item) for item in page],
		"next": last and asdict(Mark(last.when, last.doctype, last.name)),
	}


def _known(kinds: list | str | None) -> frozenset[str]:
	wanted = frozenset(map(str, read_list(kinds, "kinds") or KINDS))
	if unknown := wanted - set(KINDS):
		frappe.throw(_("The history has nothing of the kind {0}.").format(", ".join(sorted(unknown))))
	return wanted


def _first_mark(before: dict | str | None, until: str | None) -> Mark | None:
	if before := read_mapping(before, "before"):
		return Mark(get_datetime(before.when), str(before.doctype), str(before.name))
	if until:
		# Before every name of the day that follows.
		return Mark(datetime.combine(read_date(until, "until") + timedelta(days=1), time.min), "", "")
	return None


def _older_than(customer: str, kinds: frozenset[str], mark: Mark | None, limit: int) -> list[Item]:
	found = call_hooks("cronus_timeline_sources", customer, kinds, mark, limit)
	# By name, each source has its own order, that of the database; `merge` keeps it.
	return list(islice(merge(*found, key=lambda item: (item.when, item.doctype), reverse=True), limit))


def order_newest_first(
	query: QueryBuilder, when: Term, doctype: str | Field, name: Field, before: Mark | None, limit: int
) -> QueryBuilder:
	"""A query of a source, put in the order of the history and begun after the mark.

	when, name: its columns for those. doctype: that of all its rows, or the column that says it.
	"""
	if before:
		query = query.where(_after_mark(when, doctype, name, before))
	query = query.orderby(when, order=Order.desc)
	if not isinstance(doctype, str):
		query = query.orderby(doctype, order=Order.desc)
	return query.orderby(name, order=Order.desc).limit(limit)


def _after_mark(when: Term, doctype: str | Field, name: Field, mark: Mark):
	older = when < mark.when
	if not isinstance(doctype, str):
		same_time = (doctype < mark.doctype) | ((doctype == mark.doctype) & (name < mark.name))
	elif doctype == mark.doctype:
		same_time = name < mark.name
	elif doctype < mark.doctype:
		return when <= mark.when
	else:
		return older
	# `when` stands alone first, so that an index range begins at the mark.
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
			title=row.subject,
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
	"""Source: the opportunities, on the day that each was opened."""
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
			title=row.title,
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
	"""Source: what was written from the customer, its opportunities and its documents, or came in answer."""
	if "E-mail" not in kinds:
		return []
	found = []
	for doctype in ("Cronus Customer", "Cronus Opportunity", *sales_documents.registered_doctypes()):
		if _is_of_customers(doctype) and frappe.has_permission(doctype, "read"):
			found.append(_emails_about(doctype, customer, before, limit))
	# Their names are hashes of lower-case letters and digits, which Python and the database order alike.
	return list(islice(merge(*found, key=lambda item: (item.when, item.name), reverse=True), limit))


def _is_of_customers(doctype: str) -> bool:
	"""True for the customer's own DocType, and for one that says its customer and its seller as ours do."""
	meta = frappe.get_meta(doctype)
	customer = meta.get_field("customer")
	ours = bool(customer) and customer.options == "Cronus Customer" and meta.has_field("seller")
	return ours or doctype == "Cronus Customer"


def _emails_about(doctype: str, customer: str, before: Mark | None, limit: int) -> list[Item]:
	mail, about = DocType("Communication"), DocType(doctype)
	query = (
		frappe.qb.from_(mail)
		.join(about)
		.on((mail.reference_doctype == doctype) & (mail.reference_name == about.name))
		.where(about.name == customer if doctype == "Cronus Customer" else about.customer == customer)
		.where((mail.communication_type == "Communication") & (mail.communication_medium == "Email"))
		.select(
			mail.name,
			mail.communication_date,
			mail.subject,
			mail.sender,
			mail.recipients,
			mail.sent_or_received,
			about.seller,
		)
	)
	query = _of_own_portfolio(query, doctype, about)
	rows = order_newest_first(query, mail.communication_date, "Communication", mail.name, before, limit)
	return [
		Item(
			when=row.communication_date,
			kind="E-mail",
			title=row.subject or _("Without subject"),
			summary=f"{row.sender or ''} → {row.recipients or ''}",
			doctype="Communication",
			name=row.name,
			amount=None,
			state=row.sent_or_received,
			seller=row.seller,
		)
		for row in rows.run(as_dict=True)
	]


def _of_own_portfolio(query: QueryBuilder, doctype: str, table) -> QueryBuilder:
	"""The query, of what the user sees; a list of customers that is open to all opens no correspondence."""
	scope = rule.get_scope(doctype)
	if scope.everything:
		return query
	own = (Coalesce(table.seller, "") == "") & (table.owner == scope.user)
	return query.where((table.seller.isin(scope.sellers) | own) if scope.sellers else own)


def shorten_text(html: str | None) -> str:
	"""The first words of a text, without its format, in one line."""
	text = " ".join(strip_html(html or "").split())
	return text if len(text) <= _SUMMARY_LENGTH else f"{text[: _SUMMARY_LENGTH - 1]}…"
