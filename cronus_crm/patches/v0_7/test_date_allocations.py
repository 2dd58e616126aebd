import frappe
from frappe.utils import add_days, getdate, nowdate

from cronus_crm.cronus_billing.money.payment_allocation import allocate_payment
from cronus_crm.patches.v0_7 import date_allocations
from tests.scaffold import invoice_of, issue_proforma, make_advance, make_seller, pay

ALLOCATION = "Cronus Payment Allocation"


def test_allocations_of_before_get_the_day_from_which_they_count():
	seller, long_ago = make_seller().name, add_days(nowdate(), -40)
	invoice = invoice_of(issue_proforma(seller, posting_date=long_ago), posting_date=long_ago)
	at_once = pay(invoice, 50, posting_date=add_days(nowdate(), -30))
	advance = make_advance(invoice.customer, posting_date=add_days(nowdate(), -20))
	allocate_payment(advance.name, invoice.name, 60)
	mine = {"invoice": invoice.name}
	expected = {at_once.name: getdate(at_once.posting_date), advance.name: getdate(nowdate())}

	def days():
		rows = frappe.get_all(ALLOCATION, mine, ["parent", "allocated_on"], as_list=True)
		return dict(rows)

	assert days() == expected
	frappe.db.set_value(ALLOCATION, mine, "allocated_on", None)
	date_allocations.execute()
	assert days() == expected
	frappe.db.set_value(ALLOCATION, mine, "allocated_on", "2001-01-01")
	date_allocations.execute()
	assert set(days().values()) == {getdate("2001-01-01")}
