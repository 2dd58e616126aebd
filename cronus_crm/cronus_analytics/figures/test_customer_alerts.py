from datetime import date

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from cronus_crm.base import months
from cronus_crm.cronus_analytics.figures import customer_alerts
from cronus_crm.cronus_analytics.figures.customer_alerts import (
	BELOW_AVERAGE,
	NO_CREDIT,
	NO_PURCHASE,
	PAYS_LATE,
	CustomerState,
	Rules,
)
from cronus_crm.cronus_analytics.figures.customer_figures import Purchases
from tests.scaffold import invoice_of, issue_proforma, make_customer, make_seller, pay

SETTINGS = "Cronus CRM Settings"
RULES = Rules(no_purchase_days=90, below_percent=50, late_days=5, no_credit=True)
TODAY = date(2026, 5, 15)


def set_rules(**values):
	frappe.db.set_single_value(
		SETTINGS,
		{
			"alert_no_purchase_days": 90,
			"alert_below_percent": 50,
			"alert_pays_late": 1,
			"alert_pays_late_days": 5,
			"alert_no_credit": 1,
			**dict.fromkeys(customer_alerts.ACTIVITY_SETTINGS.values(), 0),
			**values,
		},
	)
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def sell(customer, day, quantity=1):
	proforma = issue_proforma(customer.seller, customer=customer.name, quantity=quantity, posting_date=day)
	return invoice_of(proforma, posting_date=day)


def alerts_of(customer) -> set:
	customer.reload()
	return set(customer_alerts.list_alerts(customer.as_dict()))


@pytest.mark.parametrize(
	("standing", "alerts"),
	[
		(CustomerState(), set()),
		(CustomerState(last_purchase=date(2026, 2, 14)), set()),
		(CustomerState(last_purchase=date(2026, 2, 13)), {NO_PURCHASE}),
		(CustomerState(purchases=Purchases(1200, last_month=50)), set()),
		(CustomerState(purchases=Purchases(1200, last_month=49.99)), {BELOW_AVERAGE}),
		(CustomerState(purchases=Purchases(-1200, last_month=-500)), set()),
		(CustomerState(days_to_pay=35, agreed_days=30), set()),
		(CustomerState(days_to_pay=35.1, agreed_days=30), {PAYS_LATE}),
		(CustomerState(credit_limit=100, owed=99.99), set()),
		(CustomerState(credit_limit=100, owed=100), {NO_CREDIT}),
		(CustomerState(credit_limit=0, owed=100), set()),
	],
)
def test_an_alert_holds_from_its_limit_on(standing, alerts):
	assert standing.find_alerts(RULES, TODAY) == alerts


def test_alerts_that_are_off_never_hold():
	worst = CustomerState(date(2020, 1, 1), Purchases(1200, 0), 300, 30, 100, 1000)
	assert worst.find_alerts(RULES, TODAY) == set(customer_alerts.ALERTS)
	assert worst.find_alerts(Rules(), TODAY) == set()


def test_a_night_writes_what_holds_and_takes_back_what_no_longer_does():
	set_rules()
	seller = make_seller().name
	silent, in_debt, late = (make_customer(seller, credit_limit=limit) for limit in (0, 500, 0))
	sell(silent, add_days(nowdate(), -91))
	debt = sell(in_debt, nowdate(), 5)
	pay(sell(late, add_days(nowdate(), -60)), posting_date=nowdate())
	customer_alerts.refresh_alerts()
	assert NO_PURCHASE in alerts_of(silent)
	assert alerts_of(in_debt) == {NO_CREDIT}
	assert PAYS_LATE in alerts_of(late)
	assert in_debt.alerts_since == getdate(nowdate())
	pay(debt)
	customer_alerts.refresh_alerts()
	assert alerts_of(in_debt) == set()
	assert in_debt.alerts_since is None


def test_below_average_is_asked_of_the_last_whole_month():
	set_rules(alert_no_purchase_days=0)
	customer = make_customer(make_seller().name)
	sell(customer, months.subtract_months(months.current_month(), 3), 12)
	sell(customer, nowdate(), 50)  # this month is not over
	customer_alerts.refresh_alerts()
	assert alerts_of(customer) == {BELOW_AVERAGE}


def test_a_disabled_customer_has_no_alerts():
	set_rules()
	customer = make_customer(make_seller().name, credit_limit=100)
	sell(customer, nowdate(), 5)
	customer_alerts.refresh_alerts()
	assert alerts_of(customer) == {NO_CREDIT}
	customer.disabled = 1
	customer.save(ignore_permissions=True)
	customer_alerts.refresh_alerts()
	assert alerts_of(customer) == set()


def test_an_episode_makes_one_activity_for_the_seller():
	set_rules(activity_on_no_credit=1)
	seller = make_seller()
	customer = make_customer(seller.name, credit_limit=100)
	invoice = sell(customer, nowdate(), 5)
	made = {"customer": customer.name, "origin_key": ("like", f"Alert/{customer.name}/%")}
	for _night in range(2):
		customer_alerts.refresh_alerts()
	(activity,) = frappe.get_all("Cronus Activity", filters=made, fields=["*"])
	assert activity.seller == seller.name
	assert activity.state == "Pending"
	assert activity.origin_key == f"Alert/{customer.name}/alert_no_credit/{nowdate()}"
	pay(invoice)
	customer_alerts.refresh_alerts()
	assert frappe.db.count("Cronus Activity", made) == 1


def test_an_alert_that_ends_and_begins_again_on_a_day_stops_nobody_else_s():
	set_rules(activity_on_no_credit=1)
	seller = make_seller()
	first, second = (make_customer(seller.name, credit_limit=100) for _customer in range(2))
	sell(first, nowdate(), 5)
	customer_alerts.refresh_alerts()
	frappe.db.set_value("Cronus Customer", first.name, NO_CREDIT, 0)
	sell(second, nowdate(), 5)
	customer_alerts.refresh_alerts()
	for customer in (first, second):
		assert alerts_of(customer) == {NO_CREDIT}
		made = {"customer": customer.name, "origin_key": ("like", f"Alert/{customer.name}/%")}
		assert frappe.db.count("Cronus Activity", made) == 1


@pytest.mark.parametrize("days_down", [1, 3])
def test_what_began_in_nights_without_scheduler_makes_one_activity(days_down):
	set_rules(activity_on_no_credit=1)
	customer = make_customer(make_seller().name, credit_limit=100)
	sell(customer, add_days(nowdate(), -days_down), 5)
	for _night in range(2):
		customer_alerts.refresh_alerts()
	made = {"customer": customer.name, "origin_key": ("like", f"Alert/{customer.name}/%")}
	assert frappe.db.count("Cronus Activity", made) == 1


def test_activities_are_made_only_where_the_settings_say_so():
	set_rules()
	customer = make_customer(make_seller().name, credit_limit=100)
	sell(customer, nowdate(), 5)
	customer_alerts.refresh_alerts()
	assert alerts_of(customer) == {NO_CREDIT}
	assert not frappe.db.exists("Cronus Activity", {"origin_key": ("like", f"Alert/{customer.name}/%")})


def test_nobody_writes_alerts_by_hand():
	seller = make_seller()
	customer = make_customer(seller.name)
	frappe.db.set_value("Cronus Customer", customer.name, {NO_CREDIT: 1, "alerts_since": "2026-01-02"})
	frappe.set_user(seller.user)
	doc = frappe.get_doc("Cronus Customer", customer.name)
	doc.update({NO_CREDIT: 0, PAYS_LATE: 1, "alerts_since": None, "city": "Quito"})
	doc.save()
	doc.reload()
	assert (doc.alert_no_credit, doc.alert_pays_late, doc.city) == (1, 0, "Quito")
	assert doc.alerts_since == date(2026, 1, 2)
	new = frappe.get_doc({"doctype": "Cronus Customer", "customer_name": "New", NO_CREDIT: 1}).insert()
	assert not new.alert_no_credit


def test_alerts_are_found_in_lists():
	seller = make_seller()
	with_alert, _without = make_customer(seller.name), make_customer(seller.name)
	frappe.db.set_value("Cronus Customer", with_alert.name, {NO_CREDIT: 1, "alerts_since": nowdate()})
	frappe.set_user(seller.user)
	for filters in ({NO_CREDIT: 1}, {"alerts_since": ("is", "set")}):
		assert frappe.get_list("Cronus Customer", filters=filters, pluck="name") == [with_alert.name]
