"""Adds cases to the connections in the forms of customers and prospects."""

from cronus_crm.cronus_service.cases.case_states import CASE


def add_cases_to_customer(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Customer. data: the framework's description of the
	connections, which is changed and returned."""
	return _add_cases(data, "customer")


def add_cases_to_prospect(data: dict) -> dict:
	"""Hook `override_doctype_dashboards` of Cronus Prospect; as :func:`add_cases_to_customer`."""
	return _add_cases(data, "prospect")


def _add_cases(data: dict, fieldname: str) -> dict:
	groups = (group for group in data["transactions"] if "Cronus Activity" in group["items"])
	if group := next(groups, None):
		group["items"].append(CASE)
	else:  # the site has hidden activities there
		data["transactions"].append({"label": None, "items": [CASE]})
	data["non_standard_fieldnames"][CASE] = fieldname
	return data
