import frappe

from cronus_crm.cronus_analytics.ledger.recount_totals import find_differences
from cronus_crm.patches.v0_7 import mend_totals
from tests.scaffold import issue_proforma, make_opportunity, make_seller


def test_totals_of_before_get_their_names_and_the_funnel():
	seller, other = make_seller().name, make_seller().name
	issue_proforma(seller)
	make_opportunity(seller, value=10)
	for doctype in ("Cronus Total", "Cronus Sales Entry", "Cronus Opportunity"):
		frappe.db.set_value(doctype, {"seller": seller}, "seller", other, update_modified=False)
	frappe.db.delete("Cronus Total", {"measure": "Furthest stage"})
	assert list(find_differences())
	for _run in range(2):
		mend_totals.execute()
		assert list(find_differences()) == []
