"""The rule of the portal: what a contact of an account sees of its records, without a place in the desk.

A website user is a contact of an account when a Contact that is linked to it names the user, or has the
e-mail by which the user signs in. Contacts see what they have raised or what is of them and, by the settings
or by their own choice on the Contact, all of the account. Who is no longer a contact of the account sees
nothing of it any more, also of what they have raised.

Users of the desk are no contacts here: for them the other rule decides, which this one does not change.
`ownership.PORTAL` is its table.
"""

from typing import NamedTuple

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.utils import cint
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.visibility.ownership import ALL, NONE, OWN, PORTAL, ForContacts


class Membership(NamedTuple):
	"""That a user is a contact of an account. doctype, account: of the account. sees_all: also what is of
	other contacts."""

	contact: str
	doctype: str
	account: str
	sees_all: bool


def is_open(doctype: str) -> bool:
	"""True when the settings open the portal for records of a DocType."""
	return bool(cint(frappe.db.get_single_value(*PORTAL[doctype].opened_by)))


def list_memberships(doctype: str, user: str | None = None) -> list[Membership]:
	"""The accounts whose records of a DocType a user (by default, the session's) may see in the portal; none
	while it is closed, and for whoever is no website user."""
	user = user or frappe.session.user
	if not is_open(doctype) or not _is_website_user(user):
		return []
	table = PORTAL[doctype]
	usual = frappe.db.get_single_value(*table.widened_by) or OWN
	access = {name: own or usual for name, own in _find_contacts(user, table).items()}
	if not access:
		return []
	links = frappe.get_all(
		"Dynamic Link",
		{
			"parenttype": "Contact",
			"parent": ("in", [*access]),
			"link_doctype": ("in", [account for account, _field in table.accounts]),
		},
		["parent", "link_doctype", "link_name"],
		order_by="link_doctype asc, link_name asc, parent asc",
	)
	return [
		Membership(link.parent, link.link_doctype, link.link_name, access[link.parent] == ALL)
		for link in links
		if access[link.parent] != NONE
	]


def _is_website_user(user: str) -> bool:
	if user in ("Guest", "Administrator"):
		return False
	return bool(frappe.db.exists("User", {"name": user, "enabled": 1, "user_type": "Website User"}))


def _find_contacts(user: str, table: ForContacts) -> dict[str, str | None]:
	"""The Contacts of a user, with the choice of each. The name of a user is the address that was verified;
	their field for an e-mail is one that they might change."""
	found = frappe.get_all("Contact", {"user": user}, ["name", "user as address"], order_by="name asc")
	found += frappe.get_all(
		"Contact Email",
		{"email_id": user, "parenttype": "Contact"},
		["parent as name", "email_id as address"],
		order_by="parent asc",
	)
	# The database takes José and Jose for the same.
	names = [row.name for row in found if row.address.lower() == user.lower()]
	if not names:
		return {}
	return dict(
		frappe.get_all(
			"Contact",
			{"name": ("in", names)},
			["name", table.own_field],
			order_by="name asc",
			as_list=True,
		)
	)


def build_criterion(
	doctype: str, table: Table, memberships: list[Membership], user: str | None = None
) -> Criterion:
	"""The rule as a criterion for `frappe.qb`. memberships: of :func:`list_memberships` for the same user."""
	user = user or frappe.session.user
	if not memberships:
		return table.name.isnull()
	rule = PORTAL[doctype]
	fields = dict(rule.accounts)
	contacts = sorted({membership.contact for membership in memberships})
	own = (
		(table[rule.author_field] == user)
		| table[rule.contact_field].isin(contacts)
		| (table[rule.address_field] == user)
	)
	found = []
	for account_type, fieldname in fields.items():
		for sees_all in (True, False):
			accounts = sorted(
				{
					membership.account
					for membership in memberships
					if (membership.doctype, membership.sees_all) == (account_type, sees_all)
				}
			)
			if accounts:
				within = table[fieldname].isin(accounts)
				found.append(within if sees_all else within & own)
	return Criterion.any(found)


def filter_visible(query: QueryBuilder, doctype: str, table: Table) -> QueryBuilder:
	"""Adds the rule for the session's user to a query. table: that of `doctype` in the query."""
	return query.where(build_criterion(doctype, table, list_memberships(doctype)))


def can_see(doctype: str, name: str, lock: bool = False) -> bool:
	"""True when the session's user sees a record in the portal; False for one that is not there.

	lock: locks the record, and asks it as it was committed last, not as this transaction has seen it.
	"""
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.name == str(name or ""))
	query = filter_visible(query, doctype, table)
	return bool((query.for_update() if lock else query).run())
