import frappe
from frappe.model.document import Document


class CronusExternalRecord(Document):
	"""What a source has told of one record; written by `pushing/external_records.py`. Its name is the hash of
	source, kind and external id, so that the database keeps one of each."""


def on_doctype_update():
	"""Adds the indexes by which a record finds who tells it, and rows that wait are found."""
	doctype = "Cronus External Record"
	frappe.db.add_index(doctype, ["record_doctype", "record_name"], "by_record")
	frappe.db.add_index(doctype, ["source", "state", "kind"], "by_state")
	frappe.db.add_index(doctype, ["source", "waits_for"], "by_waits_for")
	frappe.db.add_index(doctype, ["waits_for_key"], "by_waits_for_key")
