import frappe
from frappe.utils import getdate

from cronus_crm.cronus_analytics.ledger import recount_totals, totals
from cronus_crm.patches.v0_4 import count_totals
from tests.scaffold import issue_proforma, make_opportunity, make_seller


def test_a_site_of_before_gets_its_totals_and_the_values_of_its_deals():
	seller = make_seller().name
	issue_proforma(seller)
	ours = make_opportunity(seller, value=100)
	theirs = make_opportunity(seller, value=100)
	frappe.get_doc(
		{"doctype": "Cronus Exchange Rate", "currency": "EUR", "valid_from": "2020-01-01", "rate": 1.25}
	).insert(ignore_if_duplicate=True)
	as_of_old = {"exchange_rate": 0, "base_value": 0}
	frappe.db.set_value("Cronus Opportunity", ours.name, as_of_old)
	frappe.db.set_value("Cronus Opportunity", theirs.name, {**as_of_old, "currency": "EUR"})
	frappe.db.delete("Cronus Total")
	for _run in range(2):
		count_totals.execute()
		found = totals.read_period_totals(["Deal opened"], getdate(), getdate(), scope=totals.Scope([seller]))
		assert [(row.number, row.amount) for row in found] == [(2, 225)]
		assert list(recount_totals.find_differences()) == []
