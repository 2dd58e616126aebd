from datetime import date

import frappe
import pytest
from frappe.utils import getdate

from cronus_crm.cronus_analytics.ledger import recount_totals, totals
from cronus_crm.cronus_analytics.ledger.totals import DAY, MONTH, PeriodPart, Scope, split_period
from tests.scaffold import (
	MANAGER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_opportunity,
	make_seller,
	pay,
)

EVER = (date(2000, 1, 1), date(2100, 12, 31))


@pytest.fixture
def seller():
	return make_seller().name


def read(seller, *measures, by=(), period=EVER):
	"""{(measure, …): (number, amount)} of one seller."""
	rows = totals.read_period_totals(measures, *period, by=by, scope=Scope([seller]))
	return {
		(row.measure, *(row[name] for name in by)) if by else row.measure: (row.number, row.amount)
		for row in rows
	}


def now(seller, *measures):
	rows = totals.read_current_totals(measures, by=("dimension",), scope=Scope([seller]))
	return {(row.measure, row.dimension): (row.number, row.amount) for row in rows}


def test_documents_are_counted_by_their_dates_and_cancelled_ones_are_not(seller):
	proforma = issue_proforma(seller, posting_date="2026-03-02", quantity=3)
	invoice = invoice_of(proforma, quantity=2, posting_date="2026-04-10")
	issue_proforma(seller, posting_date="2026-04-01").cancel()
	by_month = read(seller, "Proforma", "Proforma invoiced", "Invoice", by=("month",))
	assert by_month == {
		("Proforma", date(2026, 3, 1)): (1, 300),
		("Proforma invoiced", date(2026, 3, 1)): (1, 200),
		("Invoice", date(2026, 4, 1)): (1, 200),
	}
	credit_note_of(invoice, quantity=0.5)
	assert read(seller, "Credit Note") == {"Credit Note": (1, -50)}
	pay(invoice, 30)
	assert read(seller, "Payment") == {"Payment": (1, 30)}
	assert list(recount_totals.find_differences()) == []


def test_what_an_invoice_made_of_a_proforma_goes_with_it(seller):
	proforma = issue_proforma(seller)
	invoice_of(proforma).cancel()
	assert read(seller, "Proforma", "Proforma invoiced", "Invoice") == {"Proforma": (1, 200)}


def test_a_opportunity_is_counted_where_it_stands(seller):
	opportunity = make_opportunity(seller, value=1000, expected_close="2027-02-10")
	first = opportunity.stage
	assert now(seller, "Deal in progress", "Deal potential") == {
		("Deal in progress", first): (1, 1000),
		("Deal potential", first): (1, 10 * opportunity.probability),
	}
	opportunity.update({"value": 1500, "probability": 33})
	opportunity.save()
	assert now(seller, "Deal potential") == {("Deal potential", first): (1, 495)}
	opportunity.stage = frappe.db.get_value("Cronus Stage", {"state": "Won"})
	opportunity.save()
	assert now(seller, "Deal in progress") == {}
	assert read(seller, "Deal opened", "Deal won") == {"Deal opened": (1, 1500), "Deal won": (1, 1500)}
	reached = read(seller, "Stage reached", by=("dimension",))
	assert reached == {("Stage reached", first): (1, 1500), ("Stage reached", opportunity.stage): (1, 1500)}
	opportunity.update(
		{"stage": frappe.db.get_value("Cronus Stage", {"state": "Not won"}), "loss_reason": "Price"}
	)
	opportunity.save()
	assert read(seller, "Deal won", "Deal lost", by=("dimension",)) == {("Deal lost", "Price"): (1, 1500)}
	assert list(recount_totals.find_differences()) == []
	opportunity.delete()
	assert read(seller, "Deal opened", "Deal lost", "Stage reached") == {}
	assert list(recount_totals.find_differences()) == []


def test_a_opportunity_in_another_currency_counts_in_that_of_the_company(seller):
	frappe.get_doc(
		{"doctype": "Cronus Exchange Rate", "currency": "EUR", "valid_from": "2020-01-01", "rate": 1.25}
	).insert()
	opportunity = make_opportunity(seller, value=100, currency="EUR")
	assert now(seller, "Deal in progress") == {("Deal in progress", opportunity.stage): (1, 125)}
	with pytest.raises(frappe.ValidationError, match="exchange rate"):
		frappe.get_doc({**opportunity.as_dict(), "name": None, "currency": "GBP", "stage_log": []}).insert()


def test_a_opportunity_that_changes_hands_takes_its_figures_along(seller):
	opportunity, other = make_opportunity(seller, value=70), make_seller().name
	opportunity.seller = other
	opportunity.save()
	assert now(seller, "Deal in progress") == {}
	assert now(other, "Deal in progress") == {("Deal in progress", opportunity.stage): (1, 70)}
	assert list(recount_totals.find_differences()) == []


def test_activities_count_when_they_are_done(seller):
	activity = frappe.get_doc(
		{"doctype": "Cronus Activity", "subject": "x", "activity_type": "Call", "seller": seller}
		| {"starts_on": "2026-11-20 10:00:00"}
	).insert()
	assert read(seller, "Activity done") == {}
	activity.state = "Done"
	activity.save()
	assert read(seller, "Activity done", by=("dimension",)) == {("Activity done", "Call"): (1, 0)}
	activity.state = "Pending"
	activity.save()
	assert read(seller, "Activity done") == {}
	assert list(recount_totals.find_differences()) == []


@pytest.mark.parametrize(
	("from_date", "to_date", "parts"),
	[
		((2026, 1, 1), (2026, 12, 31), [PeriodPart(MONTH, date(2026, 1, 1), date(2026, 12, 31), 1)]),
		((2026, 3, 5), (2026, 3, 9), [PeriodPart(DAY, date(2026, 3, 5), date(2026, 3, 9), 1)]),
		(
			(2026, 3, 3),
			(2026, 3, 30),
			[
				PeriodPart(MONTH, date(2026, 3, 1), date(2026, 3, 1), 1),
				PeriodPart(DAY, date(2026, 3, 1), date(2026, 3, 2), -1),
				PeriodPart(DAY, date(2026, 3, 31), date(2026, 3, 31), -1),
			],
		),
		(
			(2026, 1, 20),
			(2026, 3, 5),
			[
				PeriodPart(DAY, date(2026, 1, 20), date(2026, 1, 31), 1),
				PeriodPart(DAY, date(2026, 3, 1), date(2026, 3, 5), 1),
				PeriodPart(MONTH, date(2026, 2, 1), date(2026, 2, 28), 1),
			],
		),
		((2026, 3, 2), (2026, 3, 1), []),
	],
)
def test_a_period_is_whole_months_and_the_days_of_its_ends(from_date, to_date, parts):
	assert split_period(date(*from_date), date(*to_date)) == parts


def test_every_period_counts_its_days_and_no_others(seller):
	days = ["2026-01-31", "2026-02-01", "2026-02-14", "2026-02-28", "2026-03-01", "2026-04-30"]
	for day in days:
		issue_proforma(seller, posting_date=day, valid_until="2026-12-31")
	for begin in ("2026-01-01", "2026-01-31", "2026-02-02", "2026-02-14", "2026-02-27"):
		for end in ("2026-02-27", "2026-02-28", "2026-03-01", "2026-04-29", "2026-04-30", "2026-12-31"):
			expected = sum(begin <= day <= end for day in days)
			found = read(seller, "Proforma", period=(getdate(begin), getdate(end)))
			assert found.get("Proforma", (0, 0)) == (expected, 200 * expected), (begin, end)


def test_each_sees_the_sums_of_what_they_see():
	manager = make_seller(roles=(MANAGER,))
	member, stranger = make_seller(parent=manager.name), make_seller()
	for seller in (manager, member, stranger):
		issue_proforma(seller.name)
	for user, expected in ((manager.user, 2), (member.user, 1), (stranger.user, 1)):
		frappe.set_user(user)
		rows = totals.read_period_totals(
			["Proforma"], *EVER, scope=Scope([manager.name, member.name, stranger.name])
		)
		assert [row.number for row in rows] == [expected]
		assert totals.read_period_totals(["Proforma"], *EVER, by=("seller",)) == totals.read_period_totals(
			["Proforma"], *EVER, by=("seller",), scope=Scope([manager.name, member.name, stranger.name])
		)


def test_what_has_no_seller_counts_for_whoever_made_it(seller):
	user = frappe.db.get_value("Cronus Seller", seller, "user")
	opportunity = make_opportunity(seller, value=40)
	frappe.db.set_value("Cronus Opportunity", opportunity.name, {"seller": None, "owner": user})
	recount_totals.repair()
	frappe.set_user(user)
	assert [row.amount for row in totals.read_current_totals(["Deal in progress"])] == [40]
	frappe.set_user(make_seller().user)
	assert totals.read_current_totals(["Deal in progress"]) == []


@pytest.mark.parametrize("grain", [DAY, MONTH])
def test_a_total_that_lies_is_found_and_mended(seller, grain):
	issue_proforma(seller)
	row = frappe.db.get_value("Cronus Total", {"seller": seller, "measure": "Proforma", "grain": grain})
	frappe.db.set_value("Cronus Total", row, {"number": 7, "amount": 1})
	(found,) = recount_totals.find_differences()
	assert "200.00 (1), the totals say 1.00 (7)" in recount_totals.describe_difference(found)
	assert recount_totals.repair() == 1
	assert list(recount_totals.find_differences()) == []


def test_totals_follow_a_new_name(seller):
	stage = frappe.get_doc({"doctype": "Cronus Stage", "stage": "Before", "state": "Open", "position": 99})
	stage.insert()
	make_opportunity(seller, stage="Before", value=10)
	frappe.rename_doc("Cronus Stage", "Before", "After")
	assert now(seller, "Deal in progress") == {("Deal in progress", "After"): (1, 10)}
	assert list(recount_totals.find_differences()) == []


def test_people_do_not_write_totals(seller):
	issue_proforma(seller)
	row = frappe.get_doc("Cronus Total", {"seller": seller})
	with pytest.raises(frappe.ValidationError, match="not by hand"):
		row.save()
	with pytest.raises(frappe.ValidationError, match="not by hand"):
		row.delete()
	assert not frappe.has_permission(
		"Cronus Total", user=frappe.db.get_value("Cronus Seller", seller, "user")
	)
