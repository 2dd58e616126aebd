"""Records that a source is asked to tell again: it finds them when it asks for changes."""

import frappe
from frappe import _
from frappe.utils import now

from cronus_crm.cronus_exchange.pulling.change_log import note_changes

EXTERNAL = "Cronus External Record"
MAX_AT_ONCE = 500


def ask_again(names: list[str]) -> int:
	"""Asks the sources of these Cronus External Records to tell them again, whatever became of them; gives
	back how many were asked. What is told again is no longer asked for.

	Raises frappe.ValidationError for more than MAX_AT_ONCE.
	"""
	if len(names) > MAX_AT_ONCE:
		frappe.throw(_("Ask for at most {0} records at a time.").format(MAX_AT_ONCE))
	found = frappe.get_all(EXTERNAL, filters={"name": ("in", names)}, pluck="name", order_by="name asc")
	for name in found:
		frappe.db.set_value(EXTERNAL, name, "asked_on", now(), update_modified=False)
	if found:
		note_changes(EXTERNAL, found)
	return len(found)
