"""Commercial documents among the connections of the forms of prospects, opportunities and customers."""


def add_documents_to_customer(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Customer: its documents stand beside its opportunities."""
	documents = ["Proforma", "Invoice", "Cronus Payment"]
	beside = (group for group in data["transactions"] if "Cronus Opportunity" in group["items"])
	if sales := next(beside, None):
		sales["items"] += documents
	else:  # a site that hides opportunities there
		data["transactions"].insert(0, {"label": None, "items": documents})
	return _linked_by(data, "customer", documents)


def add_documents_to_opportunity(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Opportunity: its proformas."""
	return _add_proformas(data, "opportunity")


def add_documents_to_prospect(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Prospect: its proformas."""
	return _add_proformas(data, "prospect")


def _add_proformas(data: dict, fieldname: str) -> dict:
	data["transactions"].insert(0, {"label": None, "items": ["Proforma"]})
	return _linked_by(data, fieldname, ["Proforma"])


def _linked_by(data: dict, fieldname: str, doctypes: list[str]) -> dict:
	"""Says by which field these DocTypes point at the record of the form."""
	data["non_standard_fieldnames"].update(dict.fromkeys(doctypes, fieldname))
	return data
