"""What gives, takes and frees a seat: events of users, roles, role profiles and limits.

Before a document is stored it is asked whether there is a seat, and afterwards the seat is taken, in the same
transaction. Who has a seat is never asked again.
"""

from collections import defaultdict

import frappe
from frappe import STANDARD_USERS
from frappe.model.document import Document
from frappe.utils import cint

from cronus_crm.base.framework_state import start_new_snapshot
from cronus_crm.seats import seat_refusals, seat_table
from cronus_crm.seats.module_doors import find_opened_modules, list_all_opening_roles


def check_newcomers(wanted: dict[str, set[str]]) -> None:
	"""Raises frappe.ValidationError when a module has no seat for one of these users, who has none there.

	wanted: the modules that each user is to open. Where seats are missing, the lock of the limits is held
	from now on to the end of the transaction.
	"""
	newcomers = _find_newcomers(wanted, seat_table.read_limits())
	if not newcomers:
		return
	limits = seat_table.lock_limits()
	for module in sorted(newcomers.keys() & limits.keys()):
		holders = seat_table.list_holders(module)
		new = sorted(set(newcomers[module]).difference(holders))
		if new and len(holders) + len(new) > limits[module]:
			seat_refusals.refuse_seat(module, limits[module], holders, new)


def _find_newcomers(wanted: dict[str, set[str]], limits: dict[str, int]) -> dict[str, list[str]]:
	"""By module with a limit, the users who open it and are not in yet: they have no seat there, nor a role
	that is stored and opens it, whose seat is not counted yet."""
	limited = {user: modules & limits.keys() for user, modules in wanted.items()} if limits else {}
	found = defaultdict(list)
	for read_those_in in (seat_table.read_seats, seat_table.find_wanted):
		inside = read_those_in(user for user, modules in limited.items() if modules)
		limited = {user: modules - inside.get(user, set()) for user, modules in limited.items()}
	for user, modules in limited.items():
		for module in modules:
			found[module].append(user)
	return found


def _change_seats(wanted: dict[str, set[str]]) -> None:
	_tell_of(seat_table.write_seats(wanted))


def _tell_of(modules: set[str]) -> None:
	if modules:
		seat_refusals.tell_administrators(modules)


# Users


def _modules_of_user(doc: Document) -> set[str]:
	"""The modules that a user opens as it is to be stored."""
	if doc.name in STANDARD_USERS or not cint(doc.enabled):
		return set()
	return find_opened_modules([row.role for row in doc.roles], doc.user_type)


def validate_user(doc: Document, method: str | None = None) -> None:
	"""Event of a user, after the framework has given it the roles of its profiles.

	Raises frappe.ValidationError when one of its roles opens a module in which no seat is free.
	"""
	if seat_table.is_ready():
		check_newcomers({doc.name: _modules_of_user(doc)})


def on_user_update(doc: Document, method: str | None = None) -> None:
	"""Event of a user: takes and frees its seats."""
	if seat_table.is_ready():
		_change_seats({doc.name: _modules_of_user(doc)})


def on_user_trash(doc: Document, method: str | None = None) -> None:
	"""Event of a user that is deleted: frees its seats."""
	if seat_table.is_ready():
		_change_seats({doc.name: set()})


def before_user_rename(doc: Document, method: str, old: str, new: str, merge: bool = False) -> None:
	"""Event of a user: seats are taken anew under the new name, which may have some already."""
	if seat_table.is_ready():
		_change_seats({old: set()})


def after_user_rename(doc: Document, method: str, old: str, new: str, merge: bool = False) -> None:
	"""Event of a user, who was in under the old name."""
	if seat_table.is_ready():
		_tell_of(seat_table.refresh([new]))


# Roles of a user or of a profile that are written row by row


def validate_role_row(doc: Document, method: str | None = None) -> None:
	"""Event of a row of roles that is stored by itself. Raises frappe.ValidationError like
	`validate_user`."""
	if not seat_table.is_ready():
		return
	if doc.parenttype == "User":
		check_newcomers(_find_wanted_with(doc.parent, doc.role))
	elif doc.parenttype == "Role Profile":
		profile = frappe.get_doc("Role Profile", doc.parent)
		check_newcomers(_find_wanted_of_profile(profile.name, {doc.role}))


def _find_wanted_with(user: str, role: str) -> dict[str, set[str]]:
	enabled, user_type = frappe.db.get_value("User", user, ["enabled", "user_type"]) or (0, None)
	if user in STANDARD_USERS or not enabled:
		return {}
	return {user: find_opened_modules([role], user_type)}


def on_role_row_update(doc: Document, method: str | None = None) -> None:
	"""Event of a row of roles that is stored or deleted by itself."""
	if seat_table.is_ready() and doc.parenttype == "User":
		_tell_of(seat_table.refresh([doc.parent]))


def on_role_update(doc: Document, method: str | None = None) -> None:
	"""Event of a role. The framework has taken one that is disabled from whoever had it, without their
	events."""
	if seat_table.is_ready() and doc.disabled and doc.has_value_changed("disabled"):
		_tell_of(seat_table.recount())


# Role profiles


def validate_role_profile(doc: Document, method: str | None = None) -> None:
	"""Event of a role profile. Raises frappe.ValidationError when there are no seats for all who have it: the
	framework gives them its roles in a job, where nobody would be told."""
	if seat_table.is_ready() and not doc.is_new():
		check_newcomers(_find_wanted_of_profile(doc.name, {row.role for row in doc.roles}))


def on_role_profile_update(doc: Document, method: str | None = None) -> None:
	"""Event of a role profile: takes the seats of all who have it now, before the framework's job."""
	if not seat_table.is_ready():
		return
	wanted = _find_wanted_of_profile(doc.name, {row.role for row in doc.roles})
	stored = seat_table.read_seats(wanted)
	# The job frees what is no longer needed.
	_change_seats({user: modules | stored.get(user, set()) for user, modules in wanted.items()})


def _find_wanted_of_profile(profile: str, roles: set[str]) -> dict[str, set[str]]:
	"""The modules that a profile's roles open for each enabled user who has it."""
	users = _list_users_of_profile(profile)
	rows = frappe.get_all(
		"User", {"name": ("in", users), "enabled": 1}, ["name", "user_type"], order_by="name asc"
	)
	opening = list_all_opening_roles()
	return {
		row.name: find_opened_modules(roles, row.user_type, opening)
		for row in rows
		if row.name not in STANDARD_USERS
	}


def _list_users_of_profile(profile: str) -> list[str]:
	users = frappe.get_all("User", {"role_profile_name": profile}, pluck="name", order_by="name asc")
	if frappe.get_meta("User").has_field("role_profiles"):  # from Frappe 16 on
		rows = {"role_profile": profile, "parenttype": "User"}
		users += frappe.get_all("User Role Profile", rows, pluck="parent", order_by="name asc")
	return users


# Limits


def on_capacity_update(doc: Document, method: str | None = None) -> None:
	"""Event of the limits: seats are counted anew, and administrators told where few are left."""
	seat_table.recount()
	seat_refusals.tell_administrators({row.module_name for row in doc.limits})


def recount_nightly() -> None:
	"""Scheduled: takes up what has changed past the events."""
	# A snapshot of before the lock would not have what was committed while this waited for it.
	start_new_snapshot()
	_tell_of(seat_table.recount())
