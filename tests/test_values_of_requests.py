"""Arguments of methods and filters of reports are read before anything else looks at them."""

from datetime import date, datetime

import frappe
import pytest

from cronus_crm.api import activities, agenda, customers, documents, payments
from cronus_crm.base import arguments
from tests.scaffold import invoice_of, issue_proforma, make_advance, make_customer, make_seller

NO_DATES = (
	"31-12-10",
	"1/12/10",
	"2026-11-26T08:26:00Z",
	"1764115200",
	"2026-13-01",
	["2026-11-26"],
	{"a": 1},
)


@pytest.mark.parametrize("value", NO_DATES, ids=str)
def test_what_is_no_date_is_refused(value):
	for read in (arguments.read_date, arguments.read_moment):
		with pytest.raises(frappe.ValidationError, match=r"since.*is not a date"):
			read(value, "since")


def test_dates_and_moments_are_read():
	assert arguments.read_date("2026-11-26", "since") == date(2026, 11, 26)
	assert arguments.read_moment("2026-11-26T10:05", "since") == datetime(2026, 11, 26, 10, 5)
	assert arguments.read_moment("2026-11-26 9:00:01.5", "since") == datetime(2026, 11, 26, 9, 0, 1, 500000)


def list_reports() -> list[str]:
	return frappe.get_all(
		"Report", {"module": ("like", "Cronus %"), "is_standard": "Yes"}, pluck="name", order_by="name"
	)


@pytest.mark.parametrize("value", NO_DATES, ids=str)
def test_no_report_takes_a_date_that_is_none(value):
	for report in list_reports():
		for name in ("from_date", "to_date"):
			with pytest.raises(frappe.ValidationError, match="is not a date from 1900"):
				frappe.get_doc("Report", report).execute_module({name: value})


@pytest.mark.parametrize("value", ([1], {"a": 1}, ["in", ["x"]]), ids=str)
def test_no_report_takes_a_list_for_a_value(value):
	for report in list_reports():
		for name in ("seller", "customer", "at_most", "anything"):
			with pytest.raises(frappe.ValidationError, match="has to be one text or number"):
				frappe.get_doc("Report", report).execute_module({name: value})


@pytest.mark.parametrize("value", ("31-12-10", "1/12/10", "2026-11-26T08:26:00Z", "1764115200"))
def test_no_method_takes_a_date_that_is_none(value):
	customer = make_customer().name
	asked = (
		lambda: customers.read_history(customer, since=value),
		lambda: customers.read_history(customer, until=value),
		lambda: customers.read_history(customer, before={"when": value}),
		lambda: documents.list_of_customer(customer, since=value),
		lambda: documents.list_of_customer(customer, before={"when": value}),
	)
	for ask in asked:
		with pytest.raises(frappe.ValidationError, match="is not a date"):
			ask()
	with pytest.raises(frappe.ValidationError, match="shows a range of dates"):
		agenda.get_events("Cronus Activity", value, "2026-12-01")


@pytest.mark.parametrize("value", ("31-12-10 10:00", "1926-01-05 10:00", "2062-01-05 10:00", "10:00", "[]"))
def test_no_activity_is_put_on_a_moment_that_is_none(value):
	activity = frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"activity_type": "Call",
			"subject": "x",
			"starts_on": "2026-11-26 10:00:00",
			"customer": make_customer().name,
		}
	).insert()
	with pytest.raises(frappe.ValidationError, match="is not a date and time"):
		activities.postpone(activity.name, value)
	with pytest.raises(frappe.ValidationError, match="is not a date and time"):
		agenda.move(activity.name, value)
	with pytest.raises(frappe.ValidationError, match="is not a date and time"):
		activities.finish(activity.name, next_activity={"activity_type": "Call", "starts_on": value})


@pytest.mark.parametrize("amount", ("12,50", "1.234,50", "$ 15", "", "nan", "1e400"))
def test_no_amount_is_allocated_that_is_no_number(amount):
	seller = make_seller().name
	invoice = invoice_of(issue_proforma(seller))
	payment = make_advance(invoice.customer, 100)
	with pytest.raises(frappe.ValidationError, match=r"amount.*is not a number"):
		payments.allocate(payment.name, invoice.name, amount)
