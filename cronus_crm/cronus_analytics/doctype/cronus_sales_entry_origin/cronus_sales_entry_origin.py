import frappe
from frappe.model.document import Document


class CronusSalesEntryOrigin(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		origin_doctype: DF.Link
		origin_name: DF.DynamicLink
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		settled: DF.Currency
	# end: auto-generated types
	pass


def on_doctype_update():
	frappe.db.add_index("Cronus Sales Entry Origin", ["origin_name", "origin_doctype"])
