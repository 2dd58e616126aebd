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
	deal = make_opportunity(seller)
	assert (deal.state, deal.probability) == ("Open", 10)
	deal.update({"stage": "Negotiation"}).save()
	assert (deal.state, deal.probability) == ("Open", 75)
	deal.update({"probability": 60}).save()
	assert deal.probability == 60
	deal.update({"stage": "Won"}).save()
	assert (deal.state, deal.probability, getdate(deal.closed_on)) == ("Won", 100, getdate(nowdate()))


def test_a_lost_deal_needs_its_reason(seller):
	deal = make_opportunity(seller)
	deal.stage = "Not won"
	with pytest.raises(frappe.MandatoryError, match="why the opportunity was not won"):
		deal.save()
	deal.reload()
	deal.update({"stage": "Not won", "loss_reason": "Price"}).save()
	assert deal.state == "Not won"
	deal.update({"stage": "Proposal"}).save()
	assert (deal.loss_reason, deal.closed_on) == (None, None)


def test_with_products_the_value_is_theirs(seller):
	rows = [{"product": ensure_product(), "quantity": 3, "price": 10.5}, {"product": "TEST-1", "quantity": 1}]
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
	deal = make_opportunity(seller)
	with pytest.raises(frappe.ValidationError, match=says):
		deal.update(wrong).save()


def stays(deal) -> list[tuple]:
	return [(row.stage, bool(row.left_on)) for row in deal.stage_log]


def test_each_stay_in_a_stage_is_logged(seller):
	deal = make_opportunity(seller)
	frappe.db.set_value(
		"Cronus Stage Change", {"parent": deal.name}, "entered_on", add_to_date(now_datetime(), hours=-2)
	)
	deal.reload().update({"stage": "Proposal"}).save()
	deal.update({"title": "Another title"}).save()
	assert stays(deal.reload()) == [("Initial contact", True), ("Proposal", False)]
	first, second = deal.stage_log
	assert 7200 <= first.duration < 7260
	assert first.left_on == second.entered_on
	assert second.changed_by == "Administrator"


def test_the_log_of_a_deal_of_the_past_begins_on_its_day(seller):
	assert make_opportunity(seller, opened_on="2026-05-02").stage_log[0].entered_on == datetime(2026, 5, 2)
	won = make_opportunity(seller, opened_on="2026-05-02", closed_on="2026-05-09", stage="Won")
	assert won.stage_log[0].entered_on == datetime(2026, 5, 9)
	today = make_opportunity(seller)
	assert today.stage_log[0].entered_on.date() == getdate(nowdate())


def test_what_a_client_sends_for_the_log_is_not_heard(seller):
	forged = {"stage": "Won", "entered_on": "2020-01-01 00:00:00", "duration": 5}
	deal = make_opportunity(seller, stage_log=[forged])
	assert stays(deal) == [("Initial contact", False)]
	deal.update({"stage": "Qualified", "stage_log": [forged, forged]}).save()
	assert stays(deal.reload()) == [("Initial contact", True), ("Qualified", False)]
	deal.stage_log[0].update({"duration": 99_999, "stage": "Proposal"})
	deal.save()
	assert stays(deal.reload()) == [("Initial contact", True), ("Qualified", False)]
	assert deal.stage_log[0].duration < 99_999
	deal.update({"stage_log": []}).save()
	assert len(deal.reload().stage_log) == 2


def test_rows_of_the_log_are_not_written_alone(seller):
	deal = make_opportunity(seller)
	row = frappe.get_doc("Cronus Stage Change", deal.stage_log[0].name)
	with pytest.raises(frappe.PermissionError, match="writes itself"):
		row.update({"duration": 9}).save()
	with pytest.raises(frappe.PermissionError, match="writes itself"):
		frappe.delete_doc("Cronus Stage Change", row.name)


def test_the_reason_of_a_loss_stays_in_the_log(seller):
	deal = make_opportunity(seller)
	deal.update({"stage": "Not won", "loss_reason": "Price"}).save()
	deal.update({"loss_reason": "Competitor", "loss_notes": "Acme"}).save()
	deal.update({"stage": "Proposal"}).save()
	assert [(row.loss_reason, row.notes) for row in deal.reload().stage_log] == [
		(None, None),
		("Competitor", "Acme"),
		(None, None),
	]


def test_a_stage_that_is_no_longer_in_use_is_not_chosen_anew(seller):
	deal = make_opportunity(seller, stage="Qualified")
	frappe.get_doc("Cronus Stage", "Qualified").update({"disabled": 1}).save()
	deal.update({"value": 5}).save()
	with pytest.raises(frappe.ValidationError, match="no longer in use"):
		make_opportunity(seller, stage="Qualified")


def test_a_loss_reason_that_is_no_longer_in_use_is_not_chosen_anew(seller):
	deal = make_opportunity(seller)
	frappe.get_doc("Cronus Loss Reason", "Price").update({"disabled": 1}).save()
	with pytest.raises(frappe.ValidationError, match="no longer in use"):
		deal.update({"stage": "Not won", "loss_reason": "Price"}).save()


def test_a_deal_may_be_of_a_prospect_that_is_a_name_only(seller):
	deal = make_opportunity(seller)
	deal.update({"customer": None, "prospect_name": "Somebody at the fair"}).save()
	assert deal.customer is None


def test_deals_of_before_begin_their_log_where_they_are(seller):
	deal, other = make_opportunity(seller, stage="Proposal"), make_opportunity(seller)
	frappe.db.delete("Cronus Stage Change", {"parent": deal.name})
	frappe.db.set_value("Cronus Opportunity", deal.name, "creation", "2026-03-04 10:00:00")
	start_stage_logs.execute()
	start_stage_logs.execute()
	(row,) = deal.reload().stage_log
	assert (row.stage, row.entered_on, row.left_on) == ("Proposal", datetime(2026, 3, 4, 10), None)
	assert len(other.reload().stage_log) == 1
	deal.update({"stage": "Won"}).save()
	assert stays(deal.reload()) == [("Proposal", True), ("Won", False)]
