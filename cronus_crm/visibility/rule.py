"""The rule of visibility. It is defined here only.

A user sees a record when its seller is in the subtree of the user's own Cronus Seller, or when a role of the
user sees all records of that DocType. A record without a seller is seen by users who see all, and by its
creator. Records that are served, such as cases, are seen by those who work on them as well: all of them or,
by a setting, those that are theirs or their team's. Guests see nothing. Branches, contacts and addresses
inherit from the records that they belong to; see `inherited.py`. What is of the company and shown by its
state is in `shown_states.py`.

The rule has three forms, all derived from :class:`Scope`:

* :func:`sql_condition`, :func:`build_criterion` and :func:`filter_visible`: the rule in SQL, for the lists of
  the framework and for every query of ours;
* :func:`permits`: the rule for one document, as stored *and* as sent;
* :func:`visible_sellers`: the sellers themselves, for filters and for rows that a query does not return.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import frappe
from frappe.query_builder import Criterion, DocType, Field
from frappe.query_builder.terms import NamedParameterWrapper
from frappe.utils.caching import request_cache
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base import sales_documents
from cronus_crm.base.framework_state import clear_cached_results
from cronus_crm.visibility import inherited, ownership, shown_states
from cronus_crm.visibility.ownership import BILLING_ROLE, INTEGRATOR_ROLE

ADMINISTRATOR_ROLE = "Cronus Administrator"

_few_by_name: ContextVar[bool] = ContextVar("few_by_name", default=False)

_READING = frozenset({"read", "select", "print", "email", "report", "export"})


@dataclass(frozen=True)
class Scope:
	"""What one user sees of one DocType.

	everything: the user sees all records.
	nothing: the user sees none, not even records that the user created (guests).
	sellers: names of the sellers whose records the user sees.
	teams: names of the teams whose records the user works on, besides those of the user alone; None when the
	    user does not work on records of this DocType.
	"""

	user: str
	everything: bool = False
	nothing: bool = False
	sellers: tuple[str, ...] = ()
	teams: tuple[str, ...] | None = None

	def includes(
		self, seller: str | None, owner: str | None, agent: str | None = None, team: str | None = None
	) -> bool:
		"""True when the scope includes a record with this seller, created by this owner and, where it is
		served, given to this agent and this team."""
		if self.everything:
			return True
		if self.nothing:
			return False
		if self.teams is not None and (self.user in (agent, owner) or team in self.teams):
			return True
		return seller in self.sellers if seller else owner == self.user


def get_scope(doctype: str | None = None, user: str | None = None) -> Scope:
	"""The scope of a user (by default, the session's user) for a DocType.

	doctype: None stands for any records of sellers that only administrators see completely.
	"""
	user = user or frappe.session.user
	if user == "Administrator":
		return Scope(user, everything=True)
	if user == "Guest":
		return Scope(user, nothing=True)
	roles = {*frappe.get_roles(user)}
	if ADMINISTRATOR_ROLE in roles or not roles.isdisjoint(_roles_that_see_all(doctype)):
		return Scope(user, everything=True)
	served = _find_served(doctype)
	teams = _teams_of_agent(served.members, user) if served and served.role in roles else None
	return Scope(user, sellers=_team_of_user(user), teams=teams)


def _roles_that_see_all(doctype: str | None) -> set[str]:
	"""The roles whose users see all records of a DocType, besides administrators."""
	roles = {*getattr(ownership.find_ownership(doctype), "seen_by", ())}
	if doctype in sales_documents.registered_doctypes():
		roles |= {BILLING_ROLE, INTEGRATOR_ROLE}
	served = _find_served(doctype)
	if served and not frappe.db.get_single_value(*served.limited_by):
		roles.add(served.role)
	return roles


def _find_served(doctype: str | None) -> ownership.ServedBy | None:
	return getattr(ownership.find_ownership(doctype), "served_by", None)


def visible_sellers(doctype: str | None = None, user: str | None = None) -> list[str]:
	"""Names of the sellers whose records of `doctype` the user sees, in the order of the tree of sellers; see
	`get_scope` for the arguments."""
	scope = get_scope(doctype, user)
	if scope.everything:
		return frappe.get_all("Cronus Seller", pluck="name", order_by="lft asc")
	return list(scope.sellers)


def seller_of_user(user: str | None = None) -> str | None:
	"""Name of the enabled Cronus Seller of a user (by default, the session's user), or None."""
	# Asked in every request that reads records: as a plain statement, which takes a third of the time.
	found = frappe.db.sql(
		"select name from `tabCronus Seller` where user = %s and enabled = 1 order by modified desc limit 1",
		(user or frappe.session.user,),
	)
	return found[0][0] if found else None


def list_team(seller: str) -> tuple[str, ...]:
	"""Names of a seller and of all sellers below it, in the order of the tree; empty for an unknown
	seller."""
	table = DocType("Cronus Seller")
	bounds = frappe.qb.from_(table).select(table.lft, table.rgt).where(table.name == seller).run()
	if not bounds:
		return ()
	lft, rgt = bounds[0]
	below = frappe.qb.from_(table).select(table.name).where(table.lft[lft:rgt]).orderby(table.lft)
	return tuple(below.run(pluck=True))


# Cached for the request only. A copy in Redis could be filled from the old tree while another process has
# changed the tree and not committed yet. It would then be stale, which is a leak, to save a fraction of a
# millisecond.
@request_cache
def _team_of_user(user: str) -> tuple[str, ...]:
	seller = seller_of_user(user)
	return list_team(seller) if seller else ()


@request_cache
def _teams_of_agent(members: str, user: str) -> tuple[str, ...]:
	"""Names of the teams that a user is a member of. members: the DocType of their rows."""
	member = DocType(members)
	query = frappe.qb.from_(member).select(member.parent).where(member.user == user).orderby(member.parent)
	return tuple(query.run(pluck=True))


def clear_team_cache() -> None:
	"""Clears the cached teams of this request, after a change of the tree of sellers, or of teams."""
	clear_cached_results(_team_of_user)
	clear_cached_results(_teams_of_agent)


def _seller_field(doctype: str) -> str:
	return getattr(ownership.find_ownership(doctype), "seller_field", "seller")


def build_criterion(doctype: str, table: Table | None = None, user: str | None = None) -> Criterion | None:
	"""The rule as a criterion for `frappe.qb`; None when the user sees everything.

	table: the table of the DocType in the query, or its alias; by default, the table without alias.
	user: by default, the session's user.
	"""
	scope = get_scope(doctype, user)
	if _sees_all(doctype, scope):
		return None
	table = table or DocType(doctype)
	if scope.nothing:
		return table.name.isnull()
	if shown_states.is_by_state(doctype):
		return shown_states.build_criterion(doctype, table)
	if inherited.is_inherited(doctype):
		visible_by_target = {
			target: build_criterion(target, user=scope.user) for target in _list_targets(doctype)
		}
		one_by_one = _few_by_name.get() or 4 * len(scope.sellers) > frappe.db.count("Cronus Seller")
		return inherited.build_criterion(doctype, table, visible_by_target, scope.user, one_by_one)
	seller: Field = table[_seller_field(doctype)]
	own = (seller.isnull() | (seller == "")) & (table.owner == scope.user)
	# Each side tests `seller` without a function around it, so that the index on it serves both.
	theirs = (seller.isin(scope.sellers) | own) if scope.sellers else own
	return theirs if scope.teams is None else theirs | _build_served_criterion(doctype, table, scope)


def _build_served_criterion(doctype: str, table: Table, scope: Scope) -> Criterion:
	"""The criterion of the records that a user works on."""
	served = _find_served(doctype)
	given = (table[served.agent_field] == scope.user) | (table.owner == scope.user)
	return given | table[served.team_field].isin(scope.teams) if scope.teams else given


@contextmanager
def few_by_name() -> Iterator[None]:
	"""For queries that name the few records that they want: contacts and addresses are looked at one by one,
	whatever the size of the portfolio. It changes the form of the rule and not its result."""
	before = _few_by_name.set(True)
	try:
		yield
	finally:
		_few_by_name.reset(before)


def sees_all(doctype: str, user: str | None = None) -> bool:
	"""True when a user (by default, the session's user) sees all records of a DocType that belong to
	sellers."""
	return _sees_all(doctype, get_scope(doctype, user))


def _sees_all(doctype: str, scope: Scope) -> bool:
	return scope.everything or _is_open_to_all(doctype, scope)


def filter_visible(query: QueryBuilder, doctype: str, table: Table) -> QueryBuilder:
	"""Adds the rule for the session's user to a query.

	table: the table of `doctype` in the query.
	"""
	rule = build_criterion(doctype, table)
	return query if rule is None else query.where(rule)


def sql_condition(user: str | None, doctype: str) -> str:
	"""The rule as SQL for the framework's lists; "" when the user sees everything. user: None is the
	session's."""
	rule = build_criterion(doctype, user=user)
	return "" if rule is None else f"({criterion_to_sql(rule)})"


def sql_condition_if_governed(user: str | None, doctype: str) -> str:
	"""The rule as SQL; "" when the user sees everything, and for a DocType that is not governed."""
	return sql_condition(user, doctype) if ownership.is_governed(doctype) else ""


def criterion_to_sql(rule: Criterion) -> str:
	"""A criterion as SQL text with its values inserted and quoted, because the framework takes no parameters
	here."""
	values = NamedParameterWrapper()
	sql = rule.get_sql(quote_char="`", with_namespace=True, subquery=True, param_wrapper=values)
	return sql % {key: _quote_value(value) for key, value in values.get_parameters().items()}


def _quote_value(value: str) -> str:
	"""A value as SQL text without percent signs, which the framework treats as the start of a parameter in
	some statements only, so that escaping them would be wrong in the others."""
	if "%" in value:
		return f"_utf8mb4 0x{value.encode().hex()}"
	return frappe.db.escape(value)


def _is_open_to_all(doctype: str, scope: Scope) -> bool:
	"""True when a setting opens the documents of the DocType to every seller, as customers can be opened."""
	setting = getattr(ownership.find_ownership(doctype), "opened_by", None)
	return (
		bool(setting)
		and bool(scope.sellers)
		and bool(frappe.db.get_single_value("Cronus CRM Settings", setting))
	)


def permits(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""False when the rule hides a document from a user (by default, the session's user).

	The document has the values that the client has sent. The stored values are checked as well: otherwise a
	user could take over a foreign record by sending their own name as `seller`.
	"""
	scope = get_scope(doc.doctype, user)
	if scope.everything or (ptype in _READING and _is_open_to_all(doc.doctype, scope)):
		return True
	if shown_states.is_by_state(doc.doctype):
		return not scope.nothing and shown_states.permits(doc)
	if inherited.is_inherited(doc.doctype):
		return not scope.nothing and _permits_inherited(doc, ptype, scope.user)
	seller, *served = (doc.get(fieldname) for fieldname in _holding_fields(doc.doctype))
	stored = _read_stored(doc.doctype, doc.name) if doc.name else None
	if stored:
		return scope.includes(*stored) and scope.includes(seller, stored[1], *served)
	return scope.includes(seller, scope.user, *served)


def _holding_fields(doctype: str) -> list[str]:
	"""The fields that say whose a document is besides its owner: that of the seller and, where it is served,
	those of the agent and the team."""
	served = _find_served(doctype)
	return [_seller_field(doctype), *([served.agent_field, served.team_field] if served else [])]


def _read_stored(doctype: str, name: str) -> tuple[str | None, ...] | None:
	"""Seller and owner of a stored document and, where it is served, its agent and its team; None when there
	is none.

	Not cached, so that a change of the seller is effective at once.
	"""
	table = DocType(doctype)
	seller, *served = (table[fieldname] for fieldname in _holding_fields(doctype))
	rows = frappe.qb.from_(table).select(seller, table.owner, *served).where(table.name == name).run()
	return rows[0] if rows else None


def _list_targets(doctype: str) -> list[str]:
	"""The DocTypes of the records from which documents of `doctype` inherit their visibility."""
	return inherited.list_targets(doctype, ownership.governed_doctypes())


def _permits_inherited(doc, ptype: str, user: str) -> bool:
	"""True when the user sees a record that the document belongs to, both as sent and as stored."""
	targets = _list_targets(doc.doctype)
	sent = inherited.sent_records(doc, targets)
	stored = inherited.read_stored(doc.doctype, doc.name, targets) if doc.name else None
	owner = stored.owner if stored else user
	return all(
		_any_visible(doc.doctype, records, owner, ptype, user)
		for records in ({sent, stored.records} if stored else {sent})
	)


def _any_visible(doctype: str, records: frozenset, owner: str, ptype: str, user: str) -> bool:
	if not records:
		return owner == user or inherited.is_granted_by_other_roles(doctype, ptype, user)
	return any(_is_visible(target, name, ptype, user) for target, name in records)


def _is_visible(doctype: str, name: str, ptype: str, user: str) -> bool:
	"""The rule for a stored document. Roles are not checked."""
	scope = get_scope(doctype, user)
	if scope.everything or (ptype in _READING and _is_open_to_all(doctype, scope)):
		return True
	if scope.nothing:
		return False
	if shown_states.is_by_state(doctype):
		return shown_states.is_visible(doctype, name)
	if inherited.is_inherited(doctype):
		stored = inherited.read_stored(doctype, name, _list_targets(doctype))
		return bool(stored) and _any_visible(doctype, *stored, ptype, user)
	if doctype == "Cronus Seller" and name in scope.sellers:
		return True
	row = _read_stored(doctype, name)
	return bool(row) and scope.includes(*row)


def can_see(doctype: str, name: str, user: str | None = None) -> bool:
	"""True when a user (by default, the session's user) may read a governed document: a role allows it and
	the rule does too.

	Cheaper than `frappe.has_permission`, which loads the whole document.
	"""
	user = user or frappe.session.user
	allowed = any(frappe.has_permission(doctype, ptype, user=user) for ptype in ("select", "read"))
	return allowed and _is_visible(doctype, name, "read", user)


def may_disclose(doctype: str, name: str, user: str | None = None) -> bool:
	"""True unless the document is governed and the user (by default, the session's user) may not see it."""
	return not ownership.is_governed(doctype) or can_see(doctype, name, user)
