import frappe


class DemoError(frappe.ValidationError):
	"""What a person can put right: the message says what is wrong and what to do. Nothing was written."""
