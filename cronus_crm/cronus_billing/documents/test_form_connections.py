"""The connections of forms that billing, and above it the exchange, add to those of the CRM."""

import frappe
import pytest


@pytest.mark.parametrize(
	("doctype", "fieldname", "groups"),
	[
		(
			"Cronus Customer",
			"customer",
			[
				["Cronus Prospect", "Cronus Opportunity", "Proforma", "Invoice", "Cronus Payment"],
				["Cronus Activity", "Cronus Case"],
				["Cronus External Document"],
			],
		),
		(
			"Cronus Opportunity",
			"opportunity",
			[["Proforma"], ["Cronus Activity"], ["Cronus External Document"]],
		),
		(
			"Cronus Prospect",
			"prospect",
			[["Proforma"], ["Cronus Activity", "Cronus Case"], ["Cronus Opportunity"]],
		),
	],
)
def test_documents_stand_among_the_connections_of_a_record(site, doctype, fieldname, groups):
	data = frappe.get_meta(doctype).get_dashboard_data()
	assert [group["items"] for group in data["transactions"]] == groups
	fields = data["non_standard_fieldnames"]
	assert {fields[linked] for group in groups for linked in group} == {fieldname}
