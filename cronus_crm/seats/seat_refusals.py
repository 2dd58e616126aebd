"""What is said of seats: to whoever cannot give one, and to administrators before there is none."""

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, escape_html
from frappe.utils.user import get_users_with_role

from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.seats import seat_table
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE

# How many are named before the others are only counted.
_NAMED = 10

# Administrators are told when this part of the seats is taken.
_TOLD_AT = 90  # percent


def refuse_seat(module: str, limit: int, holders: list[str], newcomers: list[str]) -> None:
	"""Raises frappe.ValidationError, which says who holds the seats of a module and what to do."""
	if not _may_know_users():
		frappe.throw(
			_("All {0} seats of {1} are taken. Ask whoever manages the users of the CRM.").format(
				limit, frappe.bold(_(module))
			),
			title=_("No free seat"),
		)
	frappe.throw(
		_(
			"{0} cannot be let into {1}: of its {2} seats {3} are taken, by {4}. Disable one of these users"
			" or take their role away, or raise the limit in {5}."
		).format(
			name_users(newcomers),
			frappe.bold(_(module)),
			limit,
			len(holders),
			name_users(holders) or "–",
			frappe.bold(_(seat_table.CAPACITY)),
		),
		title=_("No free seat"),
	)


def _may_know_users() -> bool:
	"""Whoever signs up gets no list of the users."""
	return bool({"Administrator", "System Manager", ADMINISTRATOR_ROLE}.intersection(frappe.get_roles()))


def name_users(users: list[str]) -> str:
	"""Names of users as HTML; of many the first ones, and how many more."""
	names = read_full_names(users[:_NAMED])
	text = ", ".join(frappe.bold(escape_html(names.get(user) or user)) for user in users[:_NAMED])
	more = len(users) - _NAMED
	return _("{0} and {1} more").format(text, more) if more > 0 else text


def read_full_names(users: list[str]) -> dict[str, str]:
	"""The full names of users, by their name; of those that are stored."""
	user = DocType("User")
	return dict(
		frappe.qb.from_(user).select(user.name, user.full_name).where(user.name.isin(users or [""])).run()
	)


def tell_administrators(modules: set[str]) -> None:
	"""Tells the administrators of the CRM that few seats are left in one of these modules: once, until more
	than a tenth was free in between."""
	for module, limit in sorted(seat_table.read_limits().items()):
		if module not in modules:
			continue
		seat_table.lock_limits()
		holders = seat_table.list_holders(module)
		is_near = 100 * len(holders) >= _TOLD_AT * limit
		row = {"parent": seat_table.CAPACITY, "module_name": module}
		told = cint(frappe.db.get_value(seat_table.LIMIT, row, "told", for_update=True))
		if is_near != bool(told):
			frappe.db.set_value(seat_table.LIMIT, row, "told", int(is_near), update_modified=False)
		if is_near and not told:
			_send_notices(module, limit, len(holders))


def _send_notices(module: str, limit: int, taken: int) -> None:
	for user in sorted({*get_users_with_role(ADMINISTRATOR_ROLE), "Administrator"}):
		language = user_language(user)
		text = _("Of the {0} seats of {1}, {2} are taken.", language)
		subject = text.format(limit, frappe.bold(_(module, language)), taken)
		send_notice(user, subject, document=(seat_table.CAPACITY, seat_table.CAPACITY))
