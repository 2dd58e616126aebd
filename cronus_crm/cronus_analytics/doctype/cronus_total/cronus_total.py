import frappe
from frappe import _
from frappe.model.document import Document


class CronusTotal(Document):
	"""A sum of the figures, by day or by month; written by `cronus_analytics/ledger/totals.py` alone."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		dimension: DF.Data | None
		grain: DF.Literal["Day", "Month"]
		measure: DF.Literal[
			"Proforma",
			"Proforma invoiced",
			"Sale",
			"Order",
			"Delivery Note",
			"Sales Note",
			"Invoice",
			"Credit Note",
			"Payment",
			"Deal opened",
			"Deal won",
			"Deal lost",
			"Deal in progress",
			"Deal potential",
			"Stage reached",
			"Furthest stage",
			"Activity done",
		]
		number: DF.Int
		period: DF.Date
		seller: DF.Link | None
		work_center: DF.Link | None
	# end: auto-generated types

	def validate(self):
		frappe.throw(_("Totals are kept by the documents themselves and not by hand."))

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			frappe.throw(_("Totals are kept by the documents themselves and not by hand."))


def on_doctype_update():
	"""The orders in which figures are read: of everybody, with the sums in it, so that no row is looked
	up; and of some sellers, whose rows are few, without the sums, so that it does not move with them."""
	frappe.db.add_index(
		"Cronus Total",
		["measure", "grain", "period", "seller", "work_center", "dimension", "owner", "number", "amount"],
		"figures",
	)
	frappe.db.add_index("Cronus Total", ["seller", "measure", "grain", "period"], "figures_of_a_seller")
