"""The day of the company, which every document bears."""

from datetime import timedelta

import frappe
from frappe.utils import getdate, nowdate

from cronus_crm.base.company import company_today, day_of_next_document
from tests.scaffold import credit_note_of, invoice_of, issue_proforma, make_opportunity, make_seller, pay


def test_the_day_is_that_of_the_system_whatever_the_zone_of_the_user():
	for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
		frappe.db.set_value("User", "Administrator", "time_zone", zone)
		frappe.clear_document_cache("User", "Administrator")
		assert company_today() == getdate(nowdate())
		assert issue_proforma(make_seller().name).posting_date == nowdate()


def test_a_document_is_never_dated_before_those_that_it_is_made_from():
	today = company_today()
	assert day_of_next_document() == today
	assert day_of_next_document(None, today - timedelta(days=3)) == today
	assert day_of_next_document(str(today + timedelta(days=1)), today) == today + timedelta(days=1)


def test_what_somebody_ahead_has_dated_tomorrow_goes_on_in_one_click():
	tomorrow = company_today() + timedelta(days=1)
	proforma = issue_proforma(make_seller().name, posting_date=tomorrow, valid_until=tomorrow)
	invoice = invoice_of(proforma)
	payment = pay(invoice)
	note = credit_note_of(invoice)
	returned = pay(note)
	assert {getdate(made.posting_date) for made in (invoice, payment, note, returned)} == {tomorrow}
	assert {made.docstatus for made in (invoice, payment, note, returned)} == {1}


def test_an_opportunity_that_somebody_ahead_has_opened_tomorrow_can_be_won_today():
	tomorrow = company_today() + timedelta(days=1)
	won = make_opportunity(make_seller().name, opened_on=tomorrow, stage="Won")
	assert getdate(won.closed_on) == tomorrow
