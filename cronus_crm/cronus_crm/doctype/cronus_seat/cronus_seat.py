"""Cronus Seat: a user who may work in a module. Written by `seats/seat_table.py` alone.

The user is no link: it keeps nobody from being deleted or renamed.
"""

import frappe
from frappe.model.document import Document


class CronusSeat(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		module_name: DF.Data
		user: DF.Data
	# end: auto-generated types
	pass


def on_doctype_update():
	"""One seat for each user and module, whatever happens at once. By it a module is counted."""
	frappe.db.add_unique("Cronus Seat", ["module_name", "user"])
