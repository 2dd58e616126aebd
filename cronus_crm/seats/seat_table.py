"""The seats that are taken, and the lock under which they are.

Every change of a seat holds the rows of the limits until the end of its transaction. So whoever counts sees
all seats, and none that somebody else has not committed.
"""

from collections import defaultdict
from collections.abc import Iterable

import frappe
from frappe import STANDARD_USERS
from frappe.query_builder import DocType
from frappe.utils import now

from cronus_crm.seats.module_doors import find_opened_modules, list_all_opening_roles

SEAT, LIMIT, CAPACITY = "Cronus Seat", "Cronus Module Limit", "Cronus Capacity"

# How many rows one statement reads or writes.
_CHUNK = 1000


def is_ready() -> bool:
	"""False while the site is migrated to the release that brings the tables: users may be saved
	meanwhile."""
	return frappe.db.table_exists(SEAT) and frappe.db.table_exists(LIMIT)


def read_limits() -> dict[str, int]:
	"""The limits by module; only those that are set."""
	return dict(_select_limits().run())


def lock_limits() -> dict[str, int]:
	"""The limits as they are now, which stay so until the end of the transaction; see :func:`read_limits`."""
	return dict(_select_limits().for_update().run())


def _select_limits():
	row = DocType(LIMIT)
	return (
		frappe.qb.from_(row)
		.select(row.module_name, row.user_limit)
		.where((row.parent == CAPACITY) & (row.user_limit > 0))
		.orderby(row.name)
	)


def list_holders(module: str) -> list[str]:
	"""Who has a seat in a module, for whoever holds the lock: also what others have committed meanwhile."""
	seat = DocType(SEAT)
	query = frappe.qb.from_(seat).select(seat.user).where(seat.module_name == module).orderby(seat.user)
	return query.for_update().run(pluck=True)


def read_seats(users: Iterable[str]) -> dict[str, set[str]]:
	"""The modules in which each of these users has a seat; a user without one is missing."""
	seat, found, users = DocType(SEAT), defaultdict(set), sorted(users)
	for start in range(0, len(users), _CHUNK):
		query = frappe.qb.from_(seat).select(seat.user, seat.module_name)
		for user, module in query.where(seat.user.isin(users[start : start + _CHUNK])).run():
			found[user].add(module)
	return found


def write_seats(wanted: dict[str, set[str]]) -> set[str]:
	"""Makes these the seats of these users; gives back the modules of which a seat was given or freed."""
	stored = read_seats(wanted)
	given = [(user, module) for user, modules in wanted.items() for module in modules - stored[user]]
	freed = defaultdict(list)
	for user, modules in wanted.items():
		for module in stored[user] - modules:
			freed[module].append(user)
	if not given and not freed:
		return set()
	if read_limits():
		lock_limits()
	take_seats(given)
	for module, users in sorted(freed.items()):
		frappe.db.delete(SEAT, {"module_name": module, "user": ("in", sorted(users))})
	return {module for _user, module in given} | set(freed)


def take_seats(seats: Iterable[tuple[str, str]]) -> None:
	"""Adds seats, as (user, module); one that is there already stays. The caller holds the lock."""
	author, moment = frappe.session.user, now()
	frappe.db.bulk_insert(
		SEAT,
		["name", "creation", "modified", "owner", "modified_by", "user", "module_name"],
		[
			(frappe.generate_hash(length=10), moment, moment, author, author, user, module)
			for user, module in sorted(seats)
		],
		ignore_duplicates=True,
	)


def find_wanted(users: Iterable[str]) -> dict[str, set[str]]:
	"""The modules that each of these users opens by the roles that are stored. A user who is disabled, one of
	the framework's own, or not there opens none."""
	found, users, opening = {}, sorted(users), list_all_opening_roles()
	for start in range(0, len(users), _CHUNK):
		chunk = users[start : start + _CHUNK]
		roles = _read_roles(chunk)
		enabled = frappe.get_all(
			"User",
			{"name": ("in", chunk), "enabled": 1},
			["name", "user_type"],
			order_by="name asc",
		)
		types = {row.name: row.user_type for row in enabled if row.name not in STANDARD_USERS}
		for user in chunk:
			if user in types:
				found[user] = find_opened_modules(roles[user], types[user], opening)
			else:
				found[user] = set()
	return found


def _read_roles(users: list[str]) -> dict[str, set[str]]:
	role, found = DocType("Has Role"), defaultdict(set)
	query = frappe.qb.from_(role).select(role.parent, role.role)
	for user, name in query.where((role.parenttype == "User") & role.parent.isin(users)).run():
		found[user].add(name)
	return found


def refresh(users: Iterable[str]) -> set[str]:
	"""Makes the seats of these users what their stored roles say; gives back the modules that changed."""
	return write_seats(find_wanted(users))


def recount() -> set[str]:
	"""Makes all seats what the stored roles say; gives back the modules that changed.

	Nobody is refused: who has come in past the events stays in.
	"""
	lock_limits()
	users = frappe.get_all("User", {"enabled": 1}, pluck="name", order_by="name asc")
	seat = DocType(SEAT)
	seated = frappe.qb.from_(seat).select(seat.user).distinct().run(pluck=True)
	return refresh({*users, *seated})
