"""An invoice wins its opportunity and gives it back; what was lost or stalled is taken up again."""

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime, nowdate

from cronus_crm.cronus_crm.opportunities import opportunity_progress
from tests.scaffold import BILLING, invoice_of, issue_proforma, make_opportunity, make_seller, make_user

OPPORTUNITY = "Cronus Opportunity"


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def opportunity(seller):
	return make_opportunity(seller.name, stage="Proposal", opened_on="2026-05-01")


def offer(opportunity, **fields):
	return issue_proforma(
		opportunity.seller, customer=opportunity.customer, opportunity=opportunity.name, **fields
	)


def settings(**values):
	frappe.db.set_single_value("Cronus CRM Settings", values)
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


@pytest.fixture(autouse=True)
def settings_as_they_were():
	settings(win_on_invoice=1, stalled_days=14)
	yield
	frappe.db.rollback()
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


def stages_of(opportunity) -> list[str]:
	return [row.stage for row in opportunity.stage_log]


def test_an_invoice_of_its_proforma_wins_the_opportunity(opportunity):
	invoice = invoice_of(offer(opportunity, posting_date="2026-05-02"), posting_date="2026-05-20")
	opportunity.reload()
	assert (opportunity.stage, opportunity.state, opportunity.probability) == ("Won", "Won", 100)
	assert opportunity.won_by == f"Invoice/{invoice.name}"
	assert str(opportunity.closed_on) == "2026-05-20"
	assert stages_of(opportunity) == ["Proposal", "Won"]


def test_part_of_the_proforma_is_enough(opportunity):
	invoice_of(offer(opportunity, quantity=4), quantity=1)
	assert opportunity.reload().state == "Won"


def test_a_draft_of_an_invoice_wins_nothing(opportunity):
	invoice_of(offer(opportunity), issue=False)
	assert opportunity.reload().state == "Open"


def test_whoever_invoices_need_not_see_the_opportunity(opportunity):
	proforma = offer(opportunity)
	frappe.set_user(make_user(BILLING))
	invoice = invoice_of(proforma)
	frappe.set_user("Administrator")
	assert opportunity.reload().state == "Won"
	assert opportunity.stage_log[-1].changed_by == invoice.owner


def test_a_opportunity_that_lacks_something_does_not_hold_up_the_invoice(opportunity):
	proforma = offer(opportunity)
	frappe.db.set_value(OPPORTUNITY, opportunity.name, {"title": None, "contact": "gone"})
	invoice_of(proforma)
	assert opportunity.reload().state == "Won"


def test_cancelling_the_invoice_takes_the_opportunity_back(opportunity):
	invoice = invoice_of(offer(opportunity))
	invoice.cancel()
	opportunity.reload()
	assert (opportunity.stage, opportunity.state, opportunity.probability) == ("Proposal", "Open", 50)
	assert (opportunity.won_by, opportunity.closed_on) == (None, None)
	assert stages_of(opportunity) == ["Proposal", "Won", "Proposal"]


def test_it_goes_back_also_to_a_stage_that_is_no_longer_in_use(opportunity):
	invoice = invoice_of(offer(opportunity))
	frappe.get_doc("Cronus Stage", "Proposal").update({"disabled": 1}).save()
	invoice.cancel()
	assert opportunity.reload().stage == "Proposal"


def test_a_second_invoice_keeps_the_opportunity_won(opportunity):
	first = invoice_of(offer(opportunity))
	second = invoice_of(offer(opportunity))
	first.cancel()
	assert (opportunity.reload().state, opportunity.won_by) == ("Won", f"Invoice/{second.name}")
	second.cancel()
	assert (opportunity.reload().stage, opportunity.won_by) == ("Proposal", None)


def test_two_invoices_of_one_proforma_do_too(opportunity):
	proforma = offer(opportunity, quantity=2)
	first, second = invoice_of(proforma, quantity=1), invoice_of(proforma, quantity=1)
	second.cancel()
	assert (opportunity.reload().state, opportunity.won_by) == ("Won", f"Invoice/{first.name}")
	first.cancel()
	assert opportunity.reload().state == "Open"


def test_what_a_person_won_stays_won(opportunity):
	proforma = offer(opportunity)
	opportunity.reload().update({"stage": "Won"}).save()
	invoice = invoice_of(proforma)
	assert opportunity.reload().won_by is None
	invoice.cancel()
	assert opportunity.reload().state == "Won"


def test_what_a_person_moved_since_stays_where_it_is(opportunity):
	invoice = invoice_of(offer(opportunity))
	opportunity.reload().update({"stage": "Negotiation"}).save()
	opportunity.update({"stage": "Won"}).save()
	assert opportunity.won_by is None
	invoice.cancel()
	assert opportunity.reload().state == "Won"


def test_a_lost_opportunity_that_is_invoiced_was_won_and_goes_back_to_lost(opportunity):
	proforma = offer(opportunity, posting_date="2026-05-02")
	lost = {"stage": "Not won", "loss_reason": "Price", "loss_notes": "Too dear", "closed_on": "2026-05-10"}
	opportunity.reload().update(lost).save()
	invoice = invoice_of(proforma, posting_date="2026-05-20")
	opportunity.reload()
	assert (opportunity.state, opportunity.loss_reason, str(opportunity.closed_on)) == (
		"Won",
		None,
		"2026-05-20",
	)
	assert (opportunity.stage_log[1].loss_reason, opportunity.stage_log[1].notes) == ("Price", "Too dear")
	invoice.cancel()
	opportunity.reload()
	assert (opportunity.state, opportunity.loss_reason, opportunity.loss_notes) == (
		"Not won",
		"Price",
		"Too dear",
	)


def test_the_setting_turns_it_off(opportunity):
	settings(win_on_invoice=0)
	invoice_of(offer(opportunity))
	assert opportunity.reload().state == "Open"


def test_without_a_stage_that_is_won_the_invoice_is_issued_all_the_same(opportunity):
	frappe.db.set_value("Cronus Stage", {"state": "Won"}, "disabled", 1)
	assert invoice_of(offer(opportunity)).docstatus == 1
	assert opportunity.reload().state == "Open"


def test_nobody_writes_who_won_a_opportunity(opportunity):
	opportunity.update({"won_by": "Invoice/FAC-1", "reevaluations": 9}).save()
	assert (opportunity.won_by, opportunity.reevaluations) == (None, 0)


def lose(opportunity):
	return (
		opportunity.reload()
		.update({"stage": "Not won", "loss_reason": "Price", "loss_notes": "5 % over"})
		.save()
	)


def story_of(opportunity) -> str:
	filters = {
		"reference_doctype": OPPORTUNITY,
		"reference_name": opportunity.name,
		"comment_type": "Comment",
	}
	(comment,) = frappe.get_all("Comment", filters=filters, pluck="content")
	return comment


def test_a_lost_opportunity_is_taken_up_again_with_its_story(opportunity, seller):
	lose(opportunity)
	frappe.set_user(seller.user)
	next_activity = {"subject": "Send new price", "activity_type": "Call", "starts_on": "2040-01-05 10:00:00"}
	activity = opportunity_progress.reevaluate_opportunity(
		opportunity.name, "Negotiation", "New <b>budget</b>", frappe.as_json(next_activity)
	)
	opportunity.reload()
	assert (opportunity.state, opportunity.stage, opportunity.reevaluations) == ("Open", "Negotiation", 1)
	assert (opportunity.loss_reason, opportunity.closed_on) == (None, None)
	assert (opportunity.stage_log[1].loss_reason, opportunity.stage_log[1].notes) == ("Price", "5 % over")
	assert opportunity.stage_log[2].notes == "New <b>budget</b>"
	for part in ("Price", "5 % over", "Negotiation", "New &lt;b&gt;budget"):
		assert part in story_of(opportunity)
	planned = frappe.get_doc("Cronus Activity", activity)
	assert (planned.opportunity, planned.customer, planned.seller) == (
		opportunity.name,
		opportunity.customer,
		seller.name,
	)
	assert opportunity.light == "Green"


def test_a_stalled_opportunity_is_taken_up_where_it_is(opportunity):
	long_ago = add_days(now_datetime(), -60)
	frappe.db.set_value("Cronus Stage Change", {"parent": opportunity.name}, "entered_on", long_ago)
	assert opportunity.reload().save().stalled
	opportunity_progress.reevaluate_opportunity(opportunity.name, "Proposal", "They called")
	opportunity.reload()
	assert (opportunity.stalled, opportunity.reevaluations, stages_of(opportunity)) == (
		0,
		1,
		["Proposal", "Proposal"],
	)
	assert "Without activity since" in story_of(opportunity)


@pytest.mark.parametrize(
	("stage", "reason", "says"),
	[
		("Won", "Because", "a stage in course"),
		("Proposal", " ", "Write why"),
		("None such", "x", "in course"),
	],
)
def test_a_opportunity_is_not_taken_up_in_any_way(opportunity, stage, reason, says):
	lose(opportunity)
	with pytest.raises(frappe.ValidationError, match=says):
		opportunity_progress.reevaluate_opportunity(opportunity.name, stage, reason)


def test_a_opportunity_in_course_is_not_taken_up_again(seller):
	alive = make_opportunity(seller.name, opened_on=nowdate())
	with pytest.raises(frappe.ValidationError, match="can be taken up again"):
		opportunity_progress.reevaluate_opportunity(alive.name, "Proposal", "Why not")


def test_a_won_opportunity_is_not_taken_up_again(opportunity):
	opportunity.update({"stage": "Won"}).save()
	with pytest.raises(frappe.ValidationError, match="can be taken up again"):
		opportunity_progress.reevaluate_opportunity(opportunity.name, "Proposal", "Why not")


def test_nobody_takes_up_the_opportunity_of_another(opportunity):
	lose(opportunity)
	frappe.set_user(make_seller().user)
	with pytest.raises(frappe.PermissionError):
		opportunity_progress.reevaluate_opportunity(opportunity.name, "Proposal", "Mine now")


def test_a_opportunity_that_was_taken_up_can_be_lost_again_on_another_day(opportunity):
	lose(opportunity)
	frappe.db.set_value(OPPORTUNITY, opportunity.name, "closed_on", "2026-05-05")
	opportunity_progress.reevaluate_opportunity(opportunity.name, "Proposal", "New budget")
	lose(opportunity)
	assert (opportunity.reevaluations, getdate(opportunity.closed_on)) == (1, getdate(nowdate()))
