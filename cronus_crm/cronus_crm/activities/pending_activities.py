"""What is still to be done, by whom and when: the server's side of the page *Pending*.

Both answers are of pending activities in the scope of whoever asks. They are grouped by the user's own days:
what is over and was not done, today, tomorrow, the rest of the week, and later.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder import Case, Criterion, DocType
from frappe.query_builder.functions import Coalesce, Count, NullIf, Sum
from frappe.utils import cint, escape_html, get_datetime
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Term

from cronus_crm.base.user_days import UserDays, get_user_days
from cronus_crm.visibility import rule

OVERDUE, TODAY, TOMORROW, WEEK, LATER = GROUPS = ("overdue", "today", "tomorrow", "week", "later")
PAGE_LENGTH = 50
_LONGEST_PAGE = 200

_FIELDS = (
	"name",
	"subject",
	"activity_type",
	"color",
	"priority",
	"seller",
	"starts_on",
	"ends_on",
	"all_day",
	"place",
	"customer",
	"customer_name",
	"prospect",
	"contact",
	"reference_doctype",
	"reference_name",
)


def get_overview(seller: str | None = None, kind: str | None = None, limit: int | str = PAGE_LENGTH) -> dict:
	"""Both at once, for opening the page: {"summary": :func:`get_summary`, "page": the first
	:func:`get_page`}."""
	asked = _ask(seller, kind)
	return {"summary": _summary(asked), "page": _page(asked, limit=limit)}


def get_summary(seller: str | None = None, kind: str | None = None) -> dict:
	"""How much is pending.

	seller: one of those whom the user sees; by default, all of them. kind: one of those of activity types.

	Gives back counts {"total", "groups": {group: …}, "kinds": {kind: …}, "sellers": [{"name", "seller_name",
	"count", "overdue"}]}. Kinds are counted whatever the kind, and sellers whatever the seller, so that each
	says what choosing it would show. `sellers` is None for a user who sees one at most.
	Raises frappe.PermissionError for a seller of others, frappe.ValidationError for an unknown kind.
	"""
	return _summary(_ask(seller, kind))


def get_page(
	group: str | None = None,
	kind: str | None = None,
	seller: str | None = None,
	after: str | list | None = None,
	limit: int | str = PAGE_LENGTH,
) -> dict:
	"""What is pending, in order of its hour: a page of it.

	group: one of GROUPS; by default, all. kind, seller: as in :func:`get_summary`. after: the `next` of the
	page before this one. limit: how many at most, up to 200.

	Gives back {"rows": […], "next": … or None at the end}. A row has the fields of the activity, its `group`
	and `kind`, and the `phone` and `email` of its contact, prospect or customer where the user may read that.
	Raises frappe.PermissionError for a seller of others, frappe.ValidationError for what is not understood.
	"""
	if group and group not in GROUPS:
		frappe.throw(_("There is no group {0}.").format(frappe.bold(escape_html(group))))
	return _page(_ask(seller, kind), group, _position(after), limit)


class _Asked(NamedTuple):
	"""A question, once it is certain that the user may ask it.

	seller: the one that was asked for, or None for all in scope. kind_of: the kind of each activity type.
	types: the activity types of the kind that was asked for, or None for any.
	"""

	scope: rule.Scope
	seller: str | None
	kind_of: dict[str, str]
	types: set[str] | None


def _ask(seller: str | None, kind: str | None) -> _Asked:
	scope = _scope_for(seller)
	kind_of = _kinds()
	return _Asked(scope, seller or None, kind_of, _types_of(kind, kind_of))


def _summary(asked: _Asked) -> dict:
	groups, kinds = Counter(), Counter()
	for activity_type, group, count in _count_by_type_and_group(asked.scope, asked.seller):
		kinds[asked.kind_of.get(activity_type)] += count
		if asked.types is None or activity_type in asked.types:
			groups[group] += count
	several = asked.scope.everything or len(asked.scope.sellers) > 1
	return {
		"total": sum(groups.values()),
		"groups": {group: groups[group] for group in GROUPS},
		"kinds": dict(kinds),
		"sellers": _count_by_seller(asked.scope, asked.types) if several else None,
	}


def _page(
	asked: _Asked,
	group: str | None = None,
	after: tuple[datetime, str] | None = None,
	limit: int | str = PAGE_LENGTH,
) -> dict:
	limit = min(max(cint(limit), 1), _LONGEST_PAGE)
	rows = _rows(asked, group, after, limit + 1)
	more = len(rows) > limit
	rows = rows[:limit]
	for row in rows:
		row.kind = asked.kind_of.get(row.activity_type)
	_add_phone_and_email(rows)
	return {"rows": rows, "next": [str(rows[-1].starts_on), rows[-1].name] if more else None}


def _scope_for(seller: str | None) -> rule.Scope:
	"""The scope of the user, once it is certain that they may read activities, and those of that seller."""
	frappe.has_permission("Cronus Activity", "read", throw=True)
	scope = rule.get_scope("Cronus Activity")
	if seller and not scope.everything and seller not in scope.sellers:
		frappe.throw(
			_("{0} is not one of your team. Choose one of your own sellers.").format(
				frappe.bold(escape_html(seller))
			),
			frappe.PermissionError,
			title=_("Not in your portfolio"),
		)
	return scope


def _kinds() -> dict[str, str]:
	"""The kind of each activity type."""
	table = DocType("Cronus Activity Type")
	return dict(frappe.qb.from_(table).select(table.name, table.kind).run())


def _types_of(kind: str | None, kind_of: dict[str, str]) -> set[str] | None:
	"""The activity types of a kind; None for any. Raises frappe.ValidationError for an unknown kind."""
	if not kind:
		return None
	types = {activity_type for activity_type, its_kind in kind_of.items() if its_kind == kind}
	if not types and kind not in frappe.get_meta("Cronus Activity Type").get_options("kind").split("\n"):
		frappe.throw(_("There is no kind of activity {0}.").format(frappe.bold(escape_html(kind))))
	return types


def _parts(scope: rule.Scope, table: Table, seller: str | None = None) -> list[Criterion]:
	"""What is pending and the user sees, as criteria of separate queries.

	Each is one range of an index. Together in one `or`, the records without seller, of which the owner is
	asked, would take the index away from the others.
	"""
	pending = table.state == "Pending"
	if seller:
		return [pending & (table.seller == seller)]
	if scope.everything:
		return [pending]
	orphans = pending & (table.seller.isnull() | (table.seller == "")) & (table.owner == scope.user)
	return [pending & table.seller.isin(scope.sellers), orphans] if scope.sellers else [orphans]


def _rows_of_each(query: QueryBuilder, parts: Iterable[Criterion]) -> list[tuple]:
	return [row for part in parts for row in query.where(part).run()]


def _count_by_type_and_group(scope: rule.Scope, seller: str | None) -> list[tuple[str, str, int]]:
	table = DocType("Cronus Activity")
	group = _group(table, get_user_days())
	query = frappe.qb.from_(table).select(table.activity_type, group, Count("*"))
	query = query.groupby(table.activity_type, group)
	return _rows_of_each(query, _parts(scope, table, seller))


def _count_by_seller(scope: rule.Scope, types: set[str] | None) -> list[dict]:
	"""The sellers whom the user sees, in the order of the tree, with what each has pending and overdue.

	For those who see everything, only sellers who have something.
	"""
	table, sellers = DocType("Cronus Activity"), DocType("Cronus Seller")
	query = frappe.qb.from_(table).where(table.state == "Pending").groupby(table.seller)
	query = query.select(table.seller, Count("*"), Sum(_is_overdue(table, get_user_days())))
	names = frappe.qb.from_(sellers).select(sellers.name, sellers.seller_name).orderby(sellers.lft)
	if not scope.everything:
		query = query.where(table.seller.isin(scope.sellers))
		names = names.where(sellers.name.isin(scope.sellers))
	if types is not None:
		query = query.where(table.activity_type.isin(types or [""]))
	counts = {seller: (count, overdue) for seller, count, overdue in query.run()}
	found = []
	for name, seller_name in names.run():
		count, overdue = counts.get(name, (0, 0))
		if count or not scope.everything:
			found.append({"name": name, "seller_name": seller_name, "count": count, "overdue": cint(overdue)})
	return found


def _limits(days: UserDays) -> list[tuple[str, datetime, datetime]]:
	"""Each group with the moment before which it begins: for what has an hour, and for whole days."""
	tomorrow = days.today + timedelta(days=1)
	ends = ((TODAY, tomorrow), (TOMORROW, tomorrow + timedelta(days=1)), (WEEK, days.next_week))
	return [(group, days.start_of_day(end), datetime.combine(end, time.min)) for group, end in ends]


def _group(table: Table, days: UserDays) -> Case:
	"""The group of an activity. It is overdue when it should be over; what goes on is of today."""
	case = Case().when(_is_overdue(table, days), OVERDUE)
	for group, moment, whole_day in _limits(days):
		case = case.when(_before(table, table.starts_on, moment, whole_day), group)
	return case.else_(LATER)


def _is_overdue(table: Table, days: UserDays) -> Criterion:
	ends = Coalesce(table.ends_on, table.starts_on)
	return _before(table, ends, days.now, datetime.combine(days.today, time.min))


def _before(table: Table, field: Term, moment: datetime, whole_day: datetime) -> Criterion:
	if moment == whole_day:
		return field < moment
	return ((table.all_day == 0) & (field < moment)) | ((table.all_day == 1) & (field < whole_day))


def _rows(
	asked: _Asked, group: str | None, after: tuple[datetime, str] | None, limit: int
) -> list["frappe._dict"]:
	"""The first activities after a position, with their group."""
	table, sellers = DocType("Cronus Activity"), DocType("Cronus Seller")
	grouped = _group(table, get_user_days())
	# Picked from the index alone; only those that are shown are then read whole.
	pick = frappe.qb.from_(table).select(table.starts_on, table.name)
	if asked.types is not None:
		pick = pick.where(table.activity_type.isin(asked.types or [""]))
	if group:
		pick = pick.where(grouped == group)
	if after:
		starts_on, name = after
		pick = pick.where(table.starts_on >= starts_on)
		pick = pick.where((table.starts_on > starts_on) | (table.name > name))
	pick = pick.orderby(table.starts_on, table.name).limit(limit)
	picked = sorted(_rows_of_each(pick, _parts(asked.scope, table, asked.seller)))
	names = [name for _starts_on, name in picked[:limit]]
	if not names:
		return []
	whole = (
		frappe.qb.from_(table)
		.left_join(sellers)
		.on(sellers.name == table.seller)
		.select(*(table[field] for field in _FIELDS), sellers.seller_name, grouped.as_("group"))
		.where(table.name.isin(names))
		.orderby(table.starts_on, table.name)
	)
	return whole.run(as_dict=True)


def _position(after: str | list | None) -> tuple[datetime, str] | None:
	"""The position that a client sends back; raises frappe.ValidationError for anything else."""
	if not after:
		return None
	try:
		starts_on, name = frappe.parse_json(after)
		return get_datetime(starts_on), str(name)
	except Exception:
		frappe.throw(_("The list has no such place. Reload the page."))


def _add_phone_and_email(rows: Sequence["frappe._dict"]) -> None:
	"""Sets `phone` and `email` of each row: of its contact, else of its prospect, else of its customer."""
	customers = _reached("Cronus Customer", {row.customer for row in rows})
	prospects = _reached("Cronus Prospect", {row.prospect for row in rows})
	contacts = _contacts({row.contact for row in rows}, customers, prospects)
	for row in rows:
		nearest = (contacts.get(row.contact), prospects.get(row.prospect), customers.get(row.customer))
		known = [reached for reached in nearest if reached]
		row.phone = next((phone for phone, _email in known if phone), None)
		row.email = next((email for _phone, email in known if email), None)


def _reached(doctype: str, names: set[str | None]) -> dict[str, tuple[str | None, str | None]]:
	"""Telephone and e-mail of each of those customers or prospects that the user may read."""
	names.discard(None)
	if not names or not frappe.has_permission(doctype, "read"):
		return {}
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table.name, table.phone, table.email).where(table.name.isin(names))
	rows = rule.filter_visible(query, doctype, table).run()
	return {name: (phone, email) for name, phone, email in rows}


def _contacts(
	names: set[str | None], customers: Collection[str], prospects: Collection[str]
) -> dict[str, tuple[str | None, str | None]]:
	"""Telephone and e-mail of contacts of customers and prospects, given those that the user may read.

	A contact is seen through any record that it belongs to. Here these two matter, and asking for all the
	others takes as long as the rest of the page.
	"""
	names.discard(None)
	if not names or not (customers or prospects) or not frappe.has_permission("Contact", "read"):
		return {}
	table, link = DocType("Contact"), DocType("Dynamic Link")
	of_party = Criterion.any(
		(link.link_doctype == doctype) & link.link_name.isin(list(parties))
		for doctype, parties in (("Cronus Customer", customers), ("Cronus Prospect", prospects))
		if parties
	)
	query = (
		frappe.qb.from_(table)
		.join(link)
		.on((link.parent == table.name) & (link.parenttype == "Contact"))
		.select(table.name, Coalesce(NullIf(table.mobile_no, ""), table.phone), table.email_id)
		.where(table.name.isin(names) & of_party)
	)
	return {name: (phone, email) for name, phone, email in query.run()}
