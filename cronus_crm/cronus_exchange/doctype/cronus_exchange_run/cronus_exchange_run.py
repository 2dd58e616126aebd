import frappe
from frappe.model.document import Document


class CronusExchangeRun(Document):
	"""A batch that a source has told, with the outcome of each row; written by `pushing/runs.py`. Its name is
	the hash of source and batch, so that a batch is one run however often it is sent."""


def on_doctype_update():
	"""Adds the index by which the last runs of a source are found, and the rows of its last hour counted."""
	frappe.db.add_index("Cronus Exchange Run", ["source", "began_on"], "by_source")
	frappe.db.add_index("Cronus Exchange Run", ["began_on"], "by_began_on")
