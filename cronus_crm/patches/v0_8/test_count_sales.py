import frappe
from frappe.utils import getdate

from cronus_crm.cronus_analytics.ledger import totals, verify
from cronus_crm.cronus_analytics.ledger.totals import Scope
from cronus_crm.patches.v0_8 import count_sales
from tests.scaffold import entry_of, invoice_of, issue_proforma, make_seller

DAY = "2019-03-05"


def sold(seller):
	rows = totals.read_period_totals(("Sale",), getdate(DAY), getdate(DAY), scope=Scope((seller.name,)))
	return [(row.number, row.amount) for row in rows]


def test_a_site_from_before_has_its_sales_counted_once():
	seller = make_seller()
	proforma = issue_proforma(seller.name, posting_date=DAY)
	invoice = invoice_of(proforma, posting_date=DAY)
	frappe.db.set_value("Cronus Sales Entry", entry_of(invoice).name, "is_sale", 0)
	frappe.db.delete("Cronus Total", {"measure": "Sale", "seller": seller.name})
	count_sales.execute()
	count_sales.execute()
	assert sold(seller) == [(1, 200)]
	assert (entry_of(proforma).is_sale, entry_of(invoice).is_sale) == (0, 1)
	assert not [found for found in verify.find_differences() if "Sale" in str(found)]
