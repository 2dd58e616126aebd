"""Adds commercial documents to the connections in the forms of prospects, opportunities and customers."""


def add_documents_to_customer(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Customer: adds its documents to the group of its
	opportunities.

	data: the framework's description of the connections, which is changed and returned.
	"""
	documents = ["Proforma", "Invoice", "Cronus Payment"]
	groups = (group for group in data["transactions"] if "Cronus Opportunity" in group["items"])
	if sales := next(groups, None):
		sales["items"] += documents
	else:  # the site has hidden opportunities there
		data["transactions"].insert(0, {"label": None, "items": documents})
	return _set_link_field(data, "customer", documents)


def add_documents_to_opportunity(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Opportunity: adds its proformas to `data`, and returns
	it."""
	return _add_proformas(data, "opportunity")


def add_documents_to_prospect(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Prospect: adds its proformas to `data`, and returns it."""
	return _add_proformas(data, "prospect")


def _add_proformas(data: dict, fieldname: str) -> dict:
	data["transactions"].insert(0, {"label": None, "items": ["Proforma"]})
	return _set_link_field(data, fieldname, ["Proforma"])


def _set_link_field(data: dict, fieldname: str, doctypes: list[str]) -> dict:
	"""Sets the field by which these DocTypes link to the record of the form."""
	data["non_standard_fieldnames"].update(dict.fromkeys(doctypes, fieldname))
	return data
