"""Who sees what. The rule is written here and nowhere else.

A user sees a record when its seller is in the subtree of the user's own seller record, or when the user
has a role that sees all records of that kind. A record without a seller is seen by those who see all, and
by the user who created it. Guests see nothing. Branches, contacts and addresses are seen through what they
belong to; see `inherited.py`.

The rule has three faces, all derived from :class:`Scope`:

* :func:`sql_condition`, :func:`build_criterion` and :func:`filter_visible`: the rule in SQL, for the
framework's lists
  and for every query of ours;
* :func:`permits`: the rule for one document, as stored *and* as sent;
* :func:`visible_sellers`: the sellers themselves, for filters and for rows that a query does not return.
"""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.query_builder import Criterion, DocType, Field
from frappe.query_builder.terms import NamedParameterWrapper
from frappe.utils.caching import request_cache
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base import sales_documents
from cronus_crm.base.framework_state import clear_cached_results
from cronus_crm.visibility import inherited, ownership

ADMINISTRATOR_ROLE = "Cronus Administrator"
BILLING_ROLE = "Cronus Billing User"

_READING = frozenset({"read", "select", "print", "email", "report", "export"})


@dataclass(frozen=True)
class Scope:
	"""What one user sees of one DocType.

	everything: the rule restricts nothing.
	nothing: not even records of the user's own making (guests).
	sellers: names of the sellers whose records are seen.
	"""

	user: str
	everything: bool = False
	nothing: bool = False
	sellers: tuple[str, ...] = ()

	def includes(self, seller: str | None, owner: str | None) -> bool:
		"""True when a record of this seller, created by this owner, is in the scope."""
		if self.everything:
			return True
		if self.nothing:
			return False
		return seller in self.sellers if seller else owner == self.user


def get_scope(doctype: str | None = None, user: str | None = None) -> Scope:
	"""The scope of a user (by default, of the session's) for a DocType; without one, for whatever belongs to
	sellers and is seen whole by administrators alone."""
	user = user or frappe.session.user
	if user == "Administrator":
		return Scope(user, everything=True)
	if user == "Guest":
		return Scope(user, nothing=True)
	roles = frappe.get_roles(user)
	if ADMINISTRATOR_ROLE in roles or (BILLING_ROLE in roles and _is_open_to_billing(doctype)):
		return Scope(user, everything=True)
	return Scope(user, sellers=_team_of_user(user))


def _is_open_to_billing(doctype: str | None) -> bool:
	by_table = getattr(ownership.find_ownership(doctype), "seen_by_billing", False)
	return by_table or doctype in sales_documents.registered_doctypes()


def visible_sellers(doctype: str | None = None, user: str | None = None) -> list[str]:
	"""Names of the sellers whose records of that DocType the user sees, in the order of the tree; see
	`get_scope`."""
	scope = get_scope(doctype, user)
	if scope.everything:
		return frappe.get_all("Cronus Seller", pluck="name", order_by="lft asc")
	return list(scope.sellers)


def seller_of_user(user: str | None = None) -> str | None:
	"""Name of the enabled seller record of a user, or None."""
	return frappe.db.get_value("Cronus Seller", {"user": user or frappe.session.user, "enabled": 1})


def list_team(seller: str) -> tuple[str, ...]:
	"""Names of a seller and of all who report to it, directly or through others, in the order of the tree."""
	table = DocType("Cronus Seller")
	bounds = frappe.qb.from_(table).select(table.lft, table.rgt).where(table.name == seller).run()
	if not bounds:
		return ()
	lft, rgt = bounds[0]
	below = frappe.qb.from_(table).select(table.name).where(table.lft[lft:rgt]).orderby(table.lft)
	return tuple(below.run(pluck=True))


# Cached for the request only. The query takes a fraction of a millisecond, while a copy in Redis could
# outlive a change of the tree that another process has not yet committed: a leak for a saving of nothing.
@request_cache
def _team_of_user(user: str) -> tuple[str, ...]:
	seller = seller_of_user(user)
	return list_team(seller) if seller else ()


def clear_team_cache() -> None:
	"""The tree of sellers has changed, so what this request knows of it is void."""
	clear_cached_results(_team_of_user)


def _seller_field(doctype: str) -> str:
	return getattr(ownership.find_ownership(doctype), "seller_field", "seller")


def build_criterion(doctype: str, table: Table | None = None, user: str | None = None) -> Criterion | None:
	"""The rule as a criterion for `frappe.qb`; None when the user sees everything.

	table: the table (or its alias) in the query; by default the DocType's own.
	"""
	scope = get_scope(doctype, user)
	if scope.everything or _is_open_to_all(doctype, scope):
		return None
	table = table or DocType(doctype)
	if scope.nothing:
		return table.name.isnull()
	if inherited.is_inherited(doctype):
		in_sight = {target: build_criterion(target, user=scope.user) for target in _list_targets(doctype)}
		most = 4 * len(scope.sellers) > frappe.db.count("Cronus Seller")
		return inherited.build_criterion(doctype, table, in_sight, scope.user, most)
	seller: Field = table[_seller_field(doctype)]
	own = (seller.isnull() | (seller == "")) & (table.owner == scope.user)
	# `seller` stands alone on each side, so that one index range answers for team and orphans alike.
	return (seller.isin(scope.sellers) | own) if scope.sellers else own


def filter_visible(query: QueryBuilder, doctype: str, table: Table) -> QueryBuilder:
	"""The query, of what the session's user sees of a DocType that it reads."""
	rule = build_criterion(doctype, table)
	return query if rule is None else query.where(rule)


def sql_condition(user: str | None, doctype: str) -> str:
	"""The rule as SQL text for the framework's lists; "" when nothing is hidden."""
	rule = build_criterion(doctype, user=user)
	return "" if rule is None else f"({criterion_to_sql(rule)})"


def sql_condition_if_governed(user: str | None, doctype: str) -> str:
	"""The same for any DocType; "" for one that is not under the rule."""
	return sql_condition(user, doctype) if ownership.is_governed(doctype) else ""


def criterion_to_sql(rule: Criterion) -> str:
	"""A criterion as SQL with its values in it, as the framework takes conditions."""
	values = NamedParameterWrapper()
	sql = rule.get_sql(quote_char="`", with_namespace=True, subquery=True, param_wrapper=values)
	return sql % {key: _quote_value(value) for key, value in values.get_parameters().items()}


def _quote_value(value: str) -> str:
	"""A value as SQL text without percent signs: the framework leaves them alone in some statements, and
	takes them for the beginning of a parameter in others."""
	if "%" in value:
		return f"_utf8mb4 0x{value.encode().hex()}"
	return frappe.db.escape(value)


def _is_open_to_all(doctype: str, scope: Scope) -> bool:
	"""The setting that opens customers to every seller, and with them what is seen through them."""
	setting = getattr(ownership.find_ownership(doctype), "opened_by", None)
	return (
		bool(setting)
		and bool(scope.sellers)
		and bool(frappe.db.get_single_value("Cronus CRM Settings", setting))
	)


def permits(doc, ptype: str = "read", user: str | None = None) -> bool:
	"""False when the rule hides the document from the user.

	The framework asks with the values that the client sent. The stored row is asked too; otherwise
	writing one's own name into `seller` would take over somebody else's record.
	"""
	scope = get_scope(doc.doctype, user)
	if scope.everything or (ptype in _READING and _is_open_to_all(doc.doctype, scope)):
		return True
	if inherited.is_inherited(doc.doctype):
		return not scope.nothing and _permits_inherited(doc, ptype, scope.user)
	seller = doc.get(_seller_field(doc.doctype))
	stored = _read_stored(doc.doctype, doc.name) if doc.name else None
	if stored:
		return scope.includes(*stored) and scope.includes(seller, stored[1])
	return scope.includes(seller, scope.user)


def _read_stored(doctype: str, name: str) -> tuple[str | None, str] | None:
	"""Seller and owner of a document as the database has them; None when it has no such document.

	Asked anew each time, without a cache: a document that has just changed hands is no longer seen.
	"""
	table = DocType(doctype)
	rows = (
		frappe.qb.from_(table)
		.select(table[_seller_field(doctype)], table.owner)
		.where(table.name == name)
		.run()
	)
	return rows[0] if rows else None


def _list_targets(doctype: str) -> list[str]:
	return inherited.list_targets(doctype, ownership.governed_doctypes())


def _permits_inherited(doc, ptype: str, user: str) -> bool:
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
	"""The rule for a document as the database has it, whatever the user's roles allow."""
	scope = get_scope(doctype, user)
	if scope.everything or (ptype in _READING and _is_open_to_all(doctype, scope)):
		return True
	if scope.nothing:
		return False
	if inherited.is_inherited(doctype):
		stored = inherited.read_stored(doctype, name, _list_targets(doctype))
		return bool(stored) and _any_visible(doctype, *stored, ptype, user)
	if doctype == "Cronus Seller" and name in scope.sellers:
		return True
	row = _read_stored(doctype, name)
	return bool(row) and scope.includes(*row)


def can_see(doctype: str, name: str, user: str | None = None) -> bool:
	"""True when the user may read that document: its role allows it and the rule shows it.

	Cheaper than `frappe.has_permission`, which loads the whole document.
	"""
	user = user or frappe.session.user
	allowed = any(frappe.has_permission(doctype, ptype, user=user) for ptype in ("select", "read"))
	return allowed and _is_visible(doctype, name, "read", user)


def may_disclose(doctype: str, name: str, user: str | None = None) -> bool:
	"""True unless the document is one under the rule that the user (by default, the session's) may not
	see."""
	return not ownership.is_governed(doctype) or can_see(doctype, name, user)


def check_links(doc) -> None:
	"""A document may not point at what its author cannot read; see `document_checks.py` for when it is asked.

	Only links that this save sets or changes are asked, so that a record with a link that has since moved
	to another team can still be saved. System work (ignore_permissions) is not asked.

	Raises frappe.PermissionError, naming the field and the value.
	"""
	if doc.flags.ignore_permissions or frappe.session.user == "Administrator":
		return
	before = doc.get_doc_before_save()
	rows_before = {row.name: row for row in before.get_all_children()} if before else {}
	asked = set()
	for row in [doc, *doc.get_all_children()]:
		stored = before if row is doc else rows_before.get(row.name)
		for fieldname, label, doctype, doctype_field in _list_checked_links(row.doctype):
			value = row.get(fieldname)
			if not isinstance(value, str | int) or not value or (stored and stored.get(fieldname) == value):
				continue
			link = (str(row.get(doctype_field)) if doctype_field else doctype, value)
			# The lines of a document point at the same few.
			if link in asked:
				continue
			asked.add(link)
			if not may_disclose(*link):
				refuse_link(_(label, context=row.doctype), *link)


def refuse_link(label: str, doctype: str, name: str) -> None:
	"""Raises frappe.PermissionError: the document that the field points at is not for whoever points."""
	frappe.throw(
		_("{0}: you may not use {1} {2}. Choose one of your own portfolio.").format(
			frappe.bold(label), _(doctype), frappe.bold(name)
		),
		frappe.PermissionError,
		title=_("Not in your portfolio"),
	)


@request_cache
def _list_checked_links(doctype: str) -> list[tuple[str, str, str | None, str | None]]:
	"""Fields of a DocType that may point at a document under the rule: name, label, and the DocType that they
	point at or the field that says which. Those that are no links to the framework are named by the hook
	`cronus_links`."""
	meta = frappe.get_meta(doctype)
	links = [
		(field.fieldname, field.label, field.options, None)
		for field in meta.get_link_fields()
		if ownership.is_governed(field.options)
	]
	links += [(field.fieldname, field.label, None, field.options) for field in meta.get_dynamic_link_fields()]
	if others := frappe.get_hooks("cronus_links", {}).get(doctype):
		doctype_field, fieldname = others
		links.append((fieldname, meta.get_label(fieldname), None, doctype_field))
	return links


def clear_link_titles(doc) -> None:
	"""Links of a contact or an address keep no titles of documents under the rule.

	The framework stores them, and whoever sees the contact through one link would read them all. A form asks
	for the title of each link, and is told those that its reader may see.
	"""
	for link in doc.links:
		if ownership.is_governed(link.link_doctype):
			link.link_title = None
