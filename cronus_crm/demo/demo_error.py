"""The error of the demo and of the loader of pipelines."""

import frappe


class DemoError(frappe.ValidationError):
	"""An error that the user can correct: the message says what is wrong and what to do. Nothing was
	written."""
