import frappe

from cronus_crm.base.company import company_currency
from cronus_crm.patches.v0_7 import round_totals_by_currency
from tests.scaffold import ensure_product, entry_of, issue_proforma, make_seller


def test_the_company_keeps_its_figures_in_its_decimals():
	if not frappe.db.exists("Currency", "CLP"):
		frappe.get_doc({"doctype": "Currency", "currency_name": "CLP"}).insert(ignore_permissions=True)
	seller = make_seller().name
	frappe.db.set_single_value("Cronus CRM Settings", "currency", "CLP")
	assert company_currency() == "CLP"
	line = {"product": ensure_product(), "quantity": 1, "price": 10.01}
	proforma = issue_proforma(seller, currency="USD", exchange_rate=950.55, items=[line])
	assert (proforma.base_net_total, entry_of(proforma).amount) == (9515, 9515)
	frappe.db.sql("update `tabCronus Total` set amount = 9515.51 where seller = %s", seller)
	for _time in range(2):
		round_totals_by_currency.execute()
	total = {"measure": "Proforma", "seller": seller}
	assert set(frappe.get_all("Cronus Total", total, pluck="amount", order_by="name asc")) == {9515}
