"""For whose figures a user may ask a report, and which of them it tells."""

from datetime import date

import frappe
import pytest
from frappe.utils import nowdate

from cronus_crm.base import months
from cronus_crm.cronus_analytics.figures import report_filters
from tests.scaffold import BILLING, MANAGER, SELLER, invoice_of, issue_proforma, make_seller, make_user

# Reports of what whoever bills sees whole, each with the column in which an invoice of today counts.
OF_DOCUMENTS = {
	"cronus_invoices_owed": "total",
	"cronus_products_sold": "amount",
	"cronus_purchase_peaks": "total",
	"cronus_customer_portfolio": "this_month",
}
OF_OPPORTUNITIES_AND_ACTIVITIES = ("cronus_won_deals", "cronus_activity_log", "cronus_seller_efficiency")


@pytest.fixture
def sellers():
	"""A manager with a seller, and one of another team; each but the manager has an invoice of today."""
	manager = make_seller(roles=(SELLER, MANAGER))
	own, other = make_seller(manager.name), make_seller()
	for seller, quantity in ((own, 3), (other, 5)):
		invoice_of(issue_proforma(seller.name, quantity=quantity, posting_date=nowdate()))
	return frappe._dict(manager=manager, own=own, other=other)


def total_of(report: str, user: str, **filters) -> dict | None:
	frappe.set_user(user)
	_columns, rows, *_rest = frappe.get_doc("Report", frappe.unscrub(report)).execute_module(filters)
	return rows[-1] if rows else None


@pytest.mark.parametrize("report", OF_DOCUMENTS)
def test_whoever_bills_asks_for_any_seller_and_is_told_that_sellers_documents(sellers, report):
	user, amount = make_user(BILLING), OF_DOCUMENTS[report]
	assert total_of(report, user, seller=sellers.own.name)[amount] == 300
	assert total_of(report, user, seller=sellers.other.name)[amount] == 500
	assert total_of(report, user, seller=sellers.manager.name)[amount] == 300


@pytest.mark.parametrize("report", OF_OPPORTUNITIES_AND_ACTIVITIES)
def test_whoever_bills_asks_for_no_sellers_opportunities_and_activities(sellers, report):
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		total_of(report, make_user(BILLING), seller=sellers.own.name)


@pytest.mark.parametrize("report", (*OF_DOCUMENTS, *OF_OPPORTUNITIES_AND_ACTIVITIES))
def test_a_seller_asks_for_nobody_above_or_beside(sellers, report):
	assert total_of(report, sellers.own.user) == total_of(report, sellers.own.user, seller=sellers.own.name)
	for foreign in (sellers.manager, sellers.other):
		with pytest.raises(frappe.PermissionError, match="not in your team"):
			total_of(report, sellers.own.user, seller=foreign.name)


def test_the_period_is_so_many_days_up_to_today_unless_others_are_asked_for():
	today = frappe.utils.getdate(nowdate())
	whole = report_filters.read_report_filters(None)
	assert (whole.to_date, (whole.to_date - whole.from_date).days) == (today, 364)
	assert report_filters.read_report_filters({"to_date": "2024-02-29"}, days=29).from_date == date(
		2024, 2, 1
	)
	with pytest.raises(frappe.ValidationError, match="ends before it begins"):
		report_filters.read_report_filters({"from_date": "2024-02-02", "to_date": "2024-02-01"})


def test_the_months_of_a_period_are_those_of_which_it_has_a_part():
	found = months.months_between(date(2023, 11, 30), date(2024, 2, 1))
	assert found == [date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)]
	assert months.latest_months(3) == months.months_between(
		months.subtract_months(months.current_month(), 2), months.current_month()
	)
