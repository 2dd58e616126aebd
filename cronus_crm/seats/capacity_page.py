"""What the page of the capacity shows: limits, and who takes the seats."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder import DocType

from cronus_crm.seats import seat_refusals, seat_table
from cronus_crm.seats.module_doors import DOORS, list_opening_roles
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE


def read_capacity() -> dict:
	"""`capacity`: the smallest limit with its module, None where there is none. `modules`: of each its
	`module`, `limit` (0: none), `used`, and `holders` with `user`, `full_name` and the `roles` by which they
	are in.

	Raises frappe.PermissionError unless the session's user administers the CRM.
	"""
	if frappe.session.user != "Administrator" and ADMINISTRATOR_ROLE not in frappe.get_roles():
		frappe.throw(
			_("Only a user with the role {0} sees who takes the seats.").format(
				frappe.bold(_(ADMINISTRATOR_ROLE))
			),
			frappe.PermissionError,
		)
	limits = seat_table.read_limits()
	smallest = min(limits, key=limits.get, default=None)
	capacity = {"module": smallest, "limit": limits[smallest]} if smallest else None
	return {"capacity": capacity, "modules": _list_modules(limits)}


def _list_modules(limits: dict[str, int]) -> list[dict]:
	seats = _read_seats_by_module()
	users = sorted({user for names in seats.values() for user in names})
	names, roles = seat_refusals.read_full_names(users), _read_roles(users)
	return [
		{
			"module": module,
			"limit": limits.get(module, 0),
			"used": len(seats[module]),
			"holders": [
				{
					"user": user,
					"full_name": names.get(user) or user,
					"roles": sorted(roles[user] & list_opening_roles(module)),
				}
				for user in seats[module]
			],
		}
		for module in DOORS
	]


def _read_seats_by_module() -> dict[str, list[str]]:
	seat, found = DocType(seat_table.SEAT), defaultdict(list)
	rows = (
		frappe.qb.from_(seat).select(seat.module_name, seat.user).orderby(seat.module_name, seat.user).run()
	)
	for module, user in rows:
		found[module].append(user)
	return found


def _read_roles(users: list[str]) -> dict[str, set[str]]:
	role, found = DocType("Has Role"), defaultdict(set)
	query = frappe.qb.from_(role).select(role.parent, role.role)
	rows = query.where((role.parenttype == "User") & role.parent.isin(users or [""])).run()
	for user, name in rows:
		found[user].add(name)
	return found
