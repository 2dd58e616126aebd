import frappe

from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect, proforma_for
from cronus_crm.cronus_crm.prospects.conversion import convert_prospect, undo_conversion
from cronus_crm.patches.v0_7 import link_sales_of_prospects
from tests.scaffold import invoice_of, make_opportunity, make_seller

OPPORTUNITY = "Cronus Opportunity"


def converted_as_of_old(seller, invoiced: bool):
	prospect = make_prospect(seller)
	proforma = proforma_for(prospect)
	made = convert_prospect(prospect.name, opportunity=True)
	frappe.db.set_value("Proforma", proforma.name, "opportunity", None)
	frappe.db.set_value(OPPORTUNITY, made["opportunity"], {"value": 0, "base_value": 0})
	frappe.db.set_value(OPPORTUNITY, made["opportunity"], "valued_by_documents", 0)
	if invoiced:
		invoice_of(proforma.reload())
	return prospect, proforma, frappe.get_doc(OPPORTUNITY, made["opportunity"])


def test_opportunities_of_before_get_the_value_and_the_end_of_their_documents():
	seller = make_seller().name
	open_sale, invoiced = converted_as_of_old(seller, False), converted_as_of_old(seller, True)
	for _run in range(2):
		link_sales_of_prospects.execute()
		for prospect, proforma, opportunity in (open_sale, invoiced):
			assert proforma.reload().opportunity == opportunity.name
			assert opportunity.reload().value == 200
			assert prospect.reload().state == "Converted"
		assert (open_sale[2].state, invoiced[2].state) == ("Open", "Won")
	undo_conversion(open_sale[0].name)
	assert (open_sale[1].reload().opportunity, open_sale[1].customer) == (None, None)


def test_a_prospect_whose_opportunity_was_won_has_ordered():
	seller = make_seller().name
	prospect = make_prospect(seller)
	make_opportunity(seller, prospect=prospect.name, stage="Won")
	frappe.db.set_value("Cronus Prospect", prospect.name, "state", "Open")
	link_sales_of_prospects.execute()
	assert prospect.reload().state == "Ordered"
