import frappe
from frappe.model.document import Document


class CronusSolutionUse(Document):
	"""A solution in the answer to a case. Written by solutions/solution_use.py alone."""


def on_doctype_update():
	"""A solution is used once in a case, however often it is inserted."""
	frappe.db.add_unique("Cronus Solution Use", ["solution", "case_name"])
