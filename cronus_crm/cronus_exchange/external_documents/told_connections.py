"""Documents of an ERP among the connections in the forms of customers and opportunities."""

from frappe import _

DOCUMENT = "Cronus External Document"


def add_to_customer(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Customer: adds its documents to `data`, the framework's
	description of the connections, and returns it."""
	return _add_documents(data, "customer")


def add_to_opportunity(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Opportunity, as that of Cronus Customer."""
	return _add_documents(data, "opportunity")


def _add_documents(data: dict, fieldname: str) -> dict:
	data["transactions"].append({"label": _("From the ERP"), "items": [DOCUMENT]})
	data["non_standard_fieldnames"][DOCUMENT] = fieldname
	return data
