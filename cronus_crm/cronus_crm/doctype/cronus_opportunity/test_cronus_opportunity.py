from datetime import datetime

import frappe
import pytest
from frappe.utils import add_to_date, getdate, now_datetime, nowdate

from cronus_crm.patches.v0_2 import start_stage_logs
from tests.scaffold import ensure_product, make_opportunity, make_seller


@pytest.fixture
def seller():
	return make_seller().name


def test_the_stage_gives_state_and_probability(seller):
	opportunity = make_opportunity(seller)
	assert (opportunity.state, opportunity.probability) == ("Open", 10)
	opportunity.update({"stage": "Negotiation"}).save()
	assert (opportunity.state, opportunity.probability) == ("Open", 75)
	opportunity.update({"probability": 60}).save()
	assert opportunity.probability == 60
	opportunity.update({"stage": "Won"}).save()
	assert (opportunity.state, opportunity.probability, getdate(opportunity.closed_on)) == (
		"Won",
		100,
		getdate(nowdate()),
	)


def test_a_lost_opportunity_needs_its_reason(seller):
	opportunity = make_opportunity(seller)
	opportunity.stage = "Not won"
	with pytest.raises(frappe.MandatoryError, match="why the opportunity was not won"):
		opportunity.save()
	opportunity.reload()
	opportunity.update({"stage": "Not won", "loss_reason": "Price"}).save()
	assert opportunity.state == "Not won"
	opportunity.update({"stage": "Proposal"}).save()
	assert (opportunity.loss_reason, opportunity.closed_on) == (None, None)


def test_with_products_the_value_is_theirs(seller):
	rows = [
		{"product": ensure_product(), "quantity": 3, "price": 10.5},
		{"product": "TEST-1", "quantity": 1, "price": 0},
	]
	assert make_opportunity(seller, products=rows, value=7).value == 31.5


@pytest.mark.parametrize(
	("wrong", "says"),
	[
		({"customer": None, "prospect_name": None}, "whose opportunity"),
		({"value": -1}, "cannot be negative"),
		({"probability": 101}, "percentage"),
		({"products": [{"product": "TEST-1", "quantity": 0}]}, "row 1"),
		({"stage": "Won", "opened_on": "2026-05-02", "closed_on": "2026-05-01"}, "before it was opened"),
		({"stage": "No such stage"}, "No such stage"),
	],
)
def test_bad_input_is_refused(seller, wrong, says):
	ensure_product()
	opportunity = make_opportunity(seller)
	with pytest.raises(frappe.ValidationError, match=says):
		opportunity.update(wrong).save()


def stays(opportunity) -> list[tuple]:
	return [(row.stage, bool(row.left_on)) for row in opportunity.stage_log]


def test_each_stay_in_a_stage_is_logged(seller):
	opportunity = make_opportunity(seller)
	frappe.db.set_value(
		"Cronus Stage Change",
		{"parent": opportunity.name},
		"entered_on",
		add_to_date(now_datetime(), hours=-2),
	)
	opportunity.reload().update({"stage": "Proposal"}).save()
	opportunity.update({"title": "Another title"}).save()
	assert stays(opportunity.reload()) == [("Initial contact", True), ("Proposal", False)]
	first, second = opportunity.stage_log
	assert 7200 <= first.duration < 7260
	assert first.left_on == second.entered_on
	assert second.changed_by == "Administrator"


def test_the_log_of_a_opportunity_of_the_past_begins_on_its_day(seller):
	assert make_opportunity(seller, opened_on="2026-05-02").stage_log[0].entered_on == datetime(2026, 5, 2)
	won = make_opportunity(seller, opened_on="2026-05-02", closed_on="2026-05-09", stage="Won")
	assert won.stage_log[0].entered_on == datetime(2026, 5, 9)
	today = make_opportunity(seller)
	assert today.stage_log[0].entered_on.date() == getdate(nowdate())


def test_what_a_client_sends_for_the_log_is_not_heard(seller):
	forged = {"stage": "Won", "entered_on": "2020-01-01 00:00:00", "duration": 5}
	opportunity = make_opportunity(seller, stage_log=[forged])
	assert stays(opportunity) == [("Initial contact", False)]
	opportunity.update({"stage": "Qualified", "stage_log": [forged, forged]}).save()
	assert stays(opportunity.reload()) == [("Initial contact", True), ("Qualified", False)]
	opportunity.stage_log[0].update({"duration": 99_999, "stage": "Proposal"})
	opportunity.save()
	assert stays(opportunity.reload()) == [("Initial contact", True), ("Qualified", False)]
	assert opportunity.stage_log[0].duration < 99_999
	opportunity.update({"stage_log": []}).save()
	assert len(opportunity.reload().stage_log) == 2


def test_rows_of_the_log_are_not_written_alone(seller):
	opportunity = make_opportunity(seller)
	row = frappe.get_doc("Cronus Stage Change", opportunity.stage_log[0].name)
	with pytest.raises(frappe.PermissionError, match="writes itself"):
		row.update({"duration": 9}).save()
	with pytest.raises(frappe.PermissionError, match="writes itself"):
		frappe.delete_doc("Cronus Stage Change", row.name)


def test_the_reason_of_a_loss_stays_in_the_log(seller):
	opportunity = make_opportunity(seller)
	opportunity.update({"stage": "Not won", "loss_reason": "Price"}).save()
	opportunity.update({"loss_reason": "Competitor", "loss_notes": "Acme"}).save()
	opportunity.update({"stage": "Proposal"}).save()
	assert [(row.loss_reason, row.notes) for row in opportunity.reload().stage_log] == [
		(None, None),
		("Competitor", "Acme"),
		(None, None),
	]


def test_a_stage_that_is_no_longer_in_use_is_not_chosen_anew(seller):
	opportunity = make_opportunity(seller, stage="Qualified")
	frappe.get_doc("Cronus Stage", "Qualified").update({"disabled": 1}).save()
	opportunity.update({"value": 5}).save()
	with pytest.raises(frappe.ValidationError, match="no longer in use"):
		make_opportunity(seller, stage="Qualified")


def test_a_loss_reason_that_is_no_longer_in_use_is_not_chosen_anew(seller):
	opportunity = make_opportunity(seller)
	frappe.get_doc("Cronus Loss Reason", "Price").update({"disabled": 1}).save()
	with pytest.raises(frappe.ValidationError, match="no longer in use"):
		opportunity.update({"stage": "Not won", "loss_reason": "Price"}).save()


def test_a_opportunity_may_be_of_a_prospect_that_is_a_name_only(seller):
	opportunity = make_opportunity(seller)
	opportunity.update({"customer": None, "prospect_name": "Somebody at the fair"}).save()
	assert opportunity.customer is None


def test_opportunities_of_before_begin_their_log_where_they_are(seller):
	opportunity, other = make_opportunity(seller, stage="Proposal"), make_opportunity(seller)
	frappe.db.delete("Cronus Stage Change", {"parent": opportunity.name})
	frappe.db.set_value("Cronus Opportunity", opportunity.name, "creation", "2026-03-04 10:00:00")
	start_stage_logs.execute()
	start_stage_logs.execute()
	(row,) = opportunity.reload().stage_log
	assert (row.stage, row.entered_on, row.left_on) == ("Proposal", datetime(2026, 3, 4, 10), None)
	assert len(other.reload().stage_log) == 1
	opportunity.update({"stage": "Won"}).save()
	assert stays(opportunity.reload()) == [("Proposal", True), ("Won", False)]
