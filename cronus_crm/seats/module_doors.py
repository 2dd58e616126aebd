"""Which roles open a module: those with a right to its records.

The rights are read from the permissions as they are on the site, so that a role of its own counts too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import frappe
from frappe.permissions import ALL_USER_ROLE, SYSTEM_USER_ROLE


@dataclass(frozen=True)
class Door:
	"""What is open to whoever works in a module: `right` on one of `doctypes`.

	What all read (masters, customers seen by billing, cases seen by sellers) is no door.
	"""

	doctypes: tuple[str, ...]
	right: str = "write"


DOORS: dict[str, Door] = {
	# Not activities, by which whoever serves plans the next step of a case.
	"Cronus CRM": Door(("Cronus Prospect", "Cronus Customer", "Cronus Opportunity")),
	"Cronus Billing": Door(
		(
			"Proforma",
			"Cronus Order",
			"Cronus Delivery Note",
			"Cronus Sales Note",
			"Invoice",
			"Cronus Payment",
			"Cronus Product",
		)
	),
	# Nobody writes figures.
	"Cronus Analytics": Door(("Cronus Sales Entry",), right="read"),
	"Cronus Exchange": Door(("Cronus Customer Import",)),
	"Cronus Service": Door(("Cronus Case",)),
}


def list_opening_roles(module: str) -> set[str]:
	"""The roles that open a module of DOORS."""
	door = DOORS[module]
	return {
		rule.role
		for doctype in door.doctypes
		for rule in frappe.get_meta(doctype).permissions
		if not rule.permlevel and rule.get(door.right)
	}


def list_all_opening_roles() -> dict[str, set[str]]:
	"""The roles that open each module of DOORS."""
	return {module: list_opening_roles(module) for module in DOORS}


def find_opened_modules(
	roles: Iterable[str], user_type: str | None, opening: dict[str, set[str]] | None = None
) -> set[str]:
	"""The modules that somebody with these roles may work in.

	user_type: “System User” or another; the framework gives every user, and every user of the desk, a role
	that stands in no table. opening: what `list_all_opening_roles` says, for whoever asks of many users.
	"""
	held = {*roles, ALL_USER_ROLE}
	if user_type == "System User":
		held.add(SYSTEM_USER_ROLE)
	opening = opening or list_all_opening_roles()
	return {module for module, names in opening.items() if held & names}
