"""The pending activities of a user or of a team: what the page *Pending* reads.

Only activities in the scope of the session's user are counted and listed. They are group_case by days in the
user's time zone: overdue, today, tomorrow, the rest of the week, later.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder import Case, Criterion, DocType
from frappe.query_builder.functions import Coalesce, Count, NullIf, Sum
from frappe.utils import cint, escape_html
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Term

from cronus_crm.base.arguments import read_moment
from cronus_crm.base.phone_texts import show_phones
from cronus_crm.base.user_days import UserDays, get_user_days
from cronus_crm.visibility import rule

OVERDUE, TODAY, TOMORROW, WEEK, LATER = GROUPS = ("overdue", "today", "tomorrow", "week", "later")
PAGE_LENGTH = 50
_MAX_PAGE_LENGTH = 200

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
	"""The counts and the first page, in one request: {"summary": see :func:`get_summary`, "page": see
	:func:`get_page`}."""
	request = _check_request(seller, kind)
	return {"summary": _count_pending(request), "page": _read_page(request, limit=limit)}


def get_summary(seller: str | None = None, kind: str | None = None) -> dict:
	"""Counts of pending activities.

	seller: a seller in the user's scope; None for all of them. kind: a kind of activity type; None for all.

	Returns {"total", "groups": {group: count}, "kinds": {kind: count}, "sellers": [{"name", "seller_name",
	"count", "overdue"}]}. The counts by kind ignore the filter of kind, and those by seller the filter of
	seller, so that each tells how much its choice would show. `sellers` is None for a user who sees at most
	one seller.
	Raises frappe.PermissionError for a seller out of scope, frappe.ValidationError for an unknown kind.
	"""
	return _count_pending(_check_request(seller, kind))


def get_page(
	group: str | None = None,
	kind: str | None = None,
	seller: str | None = None,
	after: str | list | None = None,
	limit: int | str = PAGE_LENGTH,
) -> dict:
	"""A page of pending activities, ordered by start.

	group: one of GROUPS; None for all. kind: a kind of activity type; None for all. seller: a seller in the
	user's scope; None for all of them. after: `next` of the previous page. limit: rows, at most 200.

	Returns {"rows": […], "next": position or None at the end}. A row has the fields of the activity, its
	`group` and `kind`, and `phone`, `phone_shown` and `email` of its contact, prospect or customer if the
	user may read that one. Raises frappe.PermissionError for a seller out of scope, frappe.ValidationError
	for an unknown group or kind, or for an invalid position.
	"""
	if group and group not in GROUPS:
		frappe.throw(_("There is no group {0}.").format(frappe.bold(escape_html(group))))
	return _read_page(_check_request(seller, kind), group, _parse_position(after), limit)


class _Request(NamedTuple):
	"""A request of the session's user whose filters have been checked.

	scope: what the user sees. seller: the filter, or None for all in scope. kind_of: kind by activity type.
	types: the activity types of the requested kind, or None for all.
	"""

	scope: rule.Scope
	seller: str | None
	kind_of: dict[str, str]
	types: set[str] | None


def _check_request(seller: str | None, kind: str | None) -> _Request:
	"""Checks the filters; raises frappe.PermissionError or frappe.ValidationError, as the callers
	document."""
	scope = _check_scope(seller)
	kind_of = _read_kinds()
	return _Request(scope, seller or None, kind_of, _find_types_of_kind(kind, kind_of))


def _count_pending(request: _Request) -> dict:
	groups, kinds = Counter(), Counter()
	for activity_type, group, count in _count_by_type_and_group(request.scope, request.seller):
		kinds[request.kind_of.get(activity_type)] += count
		if request.types is None or activity_type in request.types:
			groups[group] += count
	sees_several_sellers = request.scope.everything or len(request.scope.sellers) > 1
	return {
		"total": sum(groups.values()),
		"groups": {group: groups[group] for group in GROUPS},
		"kinds": dict(kinds),
		"sellers": _count_by_seller(request.scope, request.types) if sees_several_sellers else None,
	}


def _read_page(
	request: _Request,
	group: str | None = None,
	after: tuple[datetime, str] | None = None,
	limit: int | str = PAGE_LENGTH,
) -> dict:
	limit = min(max(cint(limit), 1), _MAX_PAGE_LENGTH)
	rows = _read_rows(request, group, after, limit + 1)
	more = len(rows) > limit
	rows = rows[:limit]
	for row in rows:
		row.kind = request.kind_of.get(row.activity_type)
	_add_phone_and_email(rows)
	return {"rows": rows, "next": [str(rows[-1].starts_on), rows[-1].name] if more else None}


def _check_scope(seller: str | None) -> rule.Scope:
	"""The scope of the user; raises frappe.PermissionError if they may not read activities of that seller."""
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


def _read_kinds() -> dict[str, str]:
	"""Kind by activity type."""
	table = DocType("Cronus Activity Type")
	return dict(frappe.qb.from_(table).select(table.name, table.kind).run())


def _find_types_of_kind(kind: str | None, kind_of: dict[str, str]) -> set[str] | None:
	"""The activity types of a kind; None for any. Raises frappe.ValidationError for an unknown kind."""
	if not kind:
		return None
	types = {activity_type for activity_type, kind_of_type in kind_of.items() if kind_of_type == kind}
	if not types and kind not in frappe.get_meta("Cronus Activity Type").get_options("kind").split("\n"):
		frappe.throw(_("There is no kind of activity {0}.").format(frappe.bold(escape_html(kind))))
	return types


def _build_pending_criteria(scope: rule.Scope, table: Table, seller: str | None = None) -> list[Criterion]:
	"""Criteria for the pending activities that the user sees, one for each query to run.

	Each of them is one range of an index. Joined by `or` in one query, the condition on the owner, for
	activities without seller, would prevent the use of the index for the others too.
	"""
	pending = table.state == "Pending"
	if seller:
		return [pending & (table.seller == seller)]
	if scope.everything:
		return [pending]
	without_seller = pending & (table.seller.isnull() | (table.seller == "")) & (table.owner == scope.user)
	return [pending & table.seller.isin(scope.sellers), without_seller] if scope.sellers else [without_seller]


def _run_for_each(query: QueryBuilder, criteria: Iterable[Criterion]) -> list[tuple]:
	"""The rows of the query, run once with each criterion."""
	return [row for criterion in criteria for row in query.where(criterion).run()]


def _count_by_type_and_group(scope: rule.Scope, seller: str | None) -> list[tuple[str, str, int]]:
	table = DocType("Cronus Activity")
	group = _build_group_case(table, get_user_days())
	query = frappe.qb.from_(table).select(table.activity_type, group, Count("*"))
	query = query.groupby(table.activity_type, group)
	return _run_for_each(query, _build_pending_criteria(scope, table, seller))


def _count_by_seller(scope: rule.Scope, types: set[str] | None) -> list[dict]:
	"""Sellers in scope, in the order of the tree, with their numbers of pending and of overdue activities.

	For users who see everything, only sellers with a pending activity.
	"""
	table, sellers = DocType("Cronus Activity"), DocType("Cronus Seller")
	query = frappe.qb.from_(table).where(table.state == "Pending").groupby(table.seller)
	query = query.select(table.seller, Count("*"), Sum(_build_overdue_criterion(table, get_user_days())))
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


def _compute_group_limits(days: UserDays) -> list[tuple[str, datetime, datetime]]:
	"""(group, limit for activities with an hour, limit for full_rows days): the group starts before its
	limit.

	Both limits are in the system's time zone.
	"""
	tomorrow = days.today + timedelta(days=1)
	ends = ((TODAY, tomorrow), (TOMORROW, tomorrow + timedelta(days=1)), (WEEK, days.next_week))
	return [(group, days.start_of_day(end), datetime.combine(end, time.min)) for group, end in ends]


def _build_group_case(table: Table, days: UserDays) -> Case:
	"""SQL of the group of an activity: overdue once its end has passed; one that is under way is of today."""
	case = Case().when(_build_overdue_criterion(table, days), OVERDUE)
	for group, moment, whole_day in _compute_group_limits(days):
		case = case.when(_build_before_criterion(table, table.starts_on, moment, whole_day), group)
	return case.else_(LATER)


def _build_overdue_criterion(table: Table, days: UserDays) -> Criterion:
	ends = Coalesce(table.ends_on, table.starts_on)
	return _build_before_criterion(table, ends, days.now, datetime.combine(days.today, time.min))


def _build_before_criterion(table: Table, field: Term, moment: datetime, whole_day: datetime) -> Criterion:
	# Without a difference of time zones the plain comparison keeps the range of the index.
	if moment == whole_day:
		return field < moment
	return ((table.all_day == 0) & (field < moment)) | ((table.all_day == 1) & (field < whole_day))


def _read_rows(
	request: _Request, group: str | None, after: tuple[datetime, str] | None, limit: int
) -> list["frappe._dict"]:
	"""The first activities after a position, with their `group`, ordered by start and name."""
	table, sellers = DocType("Cronus Activity"), DocType("Cronus Seller")
	group_case = _build_group_case(table, get_user_days())
	# The page is selected in the covering index; only its rows are then read from the table.
	page = frappe.qb.from_(table).select(table.starts_on, table.name)
	if request.types is not None:
		page = page.where(table.activity_type.isin(request.types or [""]))
	if group:
		page = page.where(group_case == group)
	if after:
		starts_on, name = after
		page = page.where(table.starts_on >= starts_on)
		page = page.where((table.starts_on > starts_on) | (table.name > name))
	page = page.orderby(table.starts_on, table.name).limit(limit)
	positions = sorted(_run_for_each(page, _build_pending_criteria(request.scope, table, request.seller)))
	names = [name for _starts_on, name in positions[:limit]]
	if not names:
		return []
	full_rows = (
		frappe.qb.from_(table)
		.left_join(sellers)
		.on(sellers.name == table.seller)
		.select(*(table[field] for field in _FIELDS), sellers.seller_name, group_case.as_("group"))
		.where(table.name.isin(names))
		.orderby(table.starts_on, table.name)
	)
	return full_rows.run(as_dict=True)


def _parse_position(after: str | list | None) -> tuple[datetime, str] | None:
	"""(starts_on, name) from the `next` that a client sends; raises frappe.ValidationError if it is
	invalid."""
	if not after:
		return None
	try:
		starts_on, name = frappe.parse_json(after)
		return read_moment(starts_on, "after"), str(name)
	except Exception:
		frappe.throw(_("The list has no such place. Reload the page."))


def _add_phone_and_email(rows: Sequence["frappe._dict"]) -> None:
	"""Sets `phone`, as written and as shown (`phone_shown`), and `email` of each row from its contact, else
	its prospect, else its customer."""
	customers = _read_phones_and_emails("Cronus Customer", {row.customer for row in rows})
	prospects = _read_phones_and_emails("Cronus Prospect", {row.prospect for row in rows})
	contacts = _read_contact_phones_and_emails({row.contact for row in rows}, customers, prospects)
	for row in rows:
		nearest = (contacts.get(row.contact), prospects.get(row.prospect), customers.get(row.customer))
		known = [phone_and_email for phone_and_email in nearest if phone_and_email]
		row.phone = next((phone for phone, _email in known if phone), None)
		row.phone_shown = show_phones(row.phone)
		row.email = next((email for _phone, email in known if email), None)


def _read_phones_and_emails(doctype: str, names: set[str | None]) -> dict[str, tuple[str | None, str | None]]:
	"""(phone, e-mail) by name, of those customers or prospects among `names` that the user may read."""
	names.discard(None)
	if not names or not frappe.has_permission(doctype, "read"):
		return {}
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table.name, table.phone, table.email).where(table.name.isin(names))
	rows = rule.filter_visible(query, doctype, table).run()
	return {name: (phone, email) for name, phone, email in rows}


def _read_contact_phones_and_emails(
	names: set[str | None], customers: Collection[str], prospects: Collection[str]
) -> dict[str, tuple[str | None, str | None]]:
	"""(phone, e-mail) by name of those contacts that are linked to one of these customers or prospects.

	customers, prospects: those that the user may read; whoever may read one of them may read its contacts.
	The full rule for contacts, over all DocTypes that they can be linked to, would take as long as the rest
	of the page.
	"""
	names.discard(None)
	if not names or not (customers or prospects) or not frappe.has_permission("Contact", "read"):
		return {}
	table, link = DocType("Contact"), DocType("Dynamic Link")
	is_linked = Criterion.any(
		(link.link_doctype == doctype) & link.link_name.isin(list(parties))
		for doctype, parties in (("Cronus Customer", customers), ("Cronus Prospect", prospects))
		if parties
	)
	query = (
		frappe.qb.from_(table)
		.join(link)
		.on((link.parent == table.name) & (link.parenttype == "Contact"))
		.select(table.name, Coalesce(NullIf(table.mobile_no, ""), table.phone), table.email_id)
		.where(table.name.isin(names) & is_linked)
	)
	return {name: (phone, email) for name, phone, email in query.run()}
