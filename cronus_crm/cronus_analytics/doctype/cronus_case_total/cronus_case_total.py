import frappe
from frappe import _
from frappe.model.document import Document


class CronusCaseTotal(Document):
	"""A number of cases, by day or by month; written by `cronus_analytics/cases/case_totals.py` alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		detail: DF.Data | None
		dimension: DF.Data | None
		grain: DF.Literal["Day", "Month"]
		measure: DF.Literal[
			"Opened",
			"Solved",
			"Opened by type",
			"Opened by product",
			"Satisfaction by agent",
			"Satisfaction by type",
		]
		number: DF.Int
		period: DF.Date
		team: DF.Link | None
	# end: auto-generated types

	def validate(self):
		frappe.throw(_("Totals are kept by the documents themselves and not by hand."))

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			frappe.throw(_("Totals are kept by the documents themselves and not by hand."))


def on_doctype_update():
	"""The order in which figures are read, with the number in it, so that no row is looked up."""
	frappe.db.add_index(
		"Cronus Case Total",
		["measure", "grain", "period", "team", "dimension", "detail", "number"],
		"figures",
	)
