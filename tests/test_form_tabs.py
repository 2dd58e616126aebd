"""What stands on the tabs of the forms."""

import frappe
import pytest
from frappe.model import display_fieldtypes

WITH_TABS = ("Cronus Customer", "Cronus Prospect", "Cronus Opportunity", "Cronus Order", "Invoice")
DOCUMENTS = ("Proforma", "Cronus Order", "Cronus Delivery Note", "Cronus Sales Note", "Invoice")


def tabs_of(doctype: str) -> list[list]:
	"""The fields of a form, tab by tab; each begins with its Tab Break."""
	tabs: list[list] = []
	for field in frappe.get_meta(doctype).fields:
		if field.fieldtype == "Tab Break" or not tabs:
			tabs.append([])
		tabs[-1].append(field)
	return tabs


@pytest.mark.parametrize("doctype", WITH_TABS)
def test_the_first_tab_has_what_is_required_and_its_name_is_ours(site, doctype):
	first, *others = tabs_of(doctype)
	assert (first[0].fieldtype, first[0].label) == ("Tab Break", "Basic data")
	assert others
	assert [field.fieldname for fields in others for field in fields if field.reqd] == []


def test_commercial_documents_have_the_same_fields_in_the_same_order(site):
	orders = [
		[
			field.fieldname
			for field in frappe.get_meta(doctype).fields
			if field.fieldtype not in display_fieldtypes
		]
		for doctype in DOCUMENTS
	]
	shared = set.intersection(*map(set, orders))
	assert {"customer", "items", "grand_total", "amended_from"} <= shared
	first, *others = ([fieldname for fieldname in order if fieldname in shared] for order in orders)
	assert all(order == first for order in others)
