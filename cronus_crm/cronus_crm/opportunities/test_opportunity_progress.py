"""An invoice wins its deal and gives it back; what was lost or stalled is taken up again."""

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime, nowdate

from cronus_crm.cronus_crm.opportunities import opportunity_progress
from tests.scaffold import BILLING, invoice_of, issue_proforma, make_opportunity, make_seller, make_user

DEAL = "Cronus Opportunity"


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def deal(seller):
	return make_opportunity(seller.name, stage="Proposal", opened_on="2026-05-01")


def offer(deal, **fields):
	return issue_proforma(deal.seller, customer=deal.customer, opportunity=deal.name, **fields)


def settings(**values):
	frappe.db.set_single_value("Cronus CRM Settings", values)
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


@pytest.fixture(autouse=True)
def settings_as_they_were():
	settings(win_on_invoice=1, stalled_days=14)
	yield
	frappe.db.rollback()
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


def stages_of(deal) -> list[str]:
	return [row.stage for row in deal.stage_log]


def test_an_invoice_of_its_proforma_wins_the_deal(deal):
	invoice = invoice_of(offer(deal, posting_date="2026-05-02"), posting_date="2026-05-20")
	deal.reload()
	assert (deal.stage, deal.state, deal.probability) == ("Won", "Won", 100)
	assert deal.won_by == f"Invoice/{invoice.name}"
	assert str(deal.closed_on) == "2026-05-20"
	assert stages_of(deal) == ["Proposal", "Won"]


def test_part_of_the_proforma_is_enough(deal):
	invoice_of(offer(deal, quantity=4), quantity=1)
	assert deal.reload().state == "Won"


def test_a_draft_of_an_invoice_wins_nothing(deal):
	invoice_of(offer(deal), issue=False)
	assert deal.reload().state == "Open"


def test_whoever_invoices_need_not_see_the_deal(deal):
	proforma = offer(deal)
	frappe.set_user(make_user(BILLING))
	invoice = invoice_of(proforma)
	frappe.set_user("Administrator")
	assert deal.reload().state == "Won"
	assert deal.stage_log[-1].changed_by == invoice.owner


def test_a_deal_that_lacks_something_does_not_hold_up_the_invoice(deal):
	proforma = offer(deal)
	frappe.db.set_value(DEAL, deal.name, {"title": None, "contact": "gone"})
	invoice_of(proforma)
	assert deal.reload().state == "Won"


def test_cancelling_the_invoice_takes_the_deal_back(deal):
	invoice = invoice_of(offer(deal))
	invoice.cancel()
	deal.reload()
	assert (deal.stage, deal.state, deal.probability) == ("Proposal", "Open", 50)
	assert (deal.won_by, deal.closed_on) == (None, None)
	assert stages_of(deal) == ["Proposal", "Won", "Proposal"]


def test_it_goes_back_also_to_a_stage_that_is_no_longer_in_use(deal):
	invoice = invoice_of(offer(deal))
	frappe.get_doc("Cronus Stage", "Proposal").update({"disabled": 1}).save()
	invoice.cancel()
	assert deal.reload().stage == "Proposal"


def test_a_second_invoice_keeps_the_deal_won(deal):
	first = invoice_of(offer(deal))
	second = invoice_of(offer(deal))
	first.cancel()
	assert (deal.reload().state, deal.won_by) == ("Won", f"Invoice/{second.name}")
	second.cancel()
	assert (deal.reload().stage, deal.won_by) == ("Proposal", None)


def test_two_invoices_of_one_proforma_do_too(deal):
	proforma = offer(deal, quantity=2)
	first, second = invoice_of(proforma, quantity=1), invoice_of(proforma, quantity=1)
	second.cancel()
	assert (deal.reload().state, deal.won_by) == ("Won", f"Invoice/{first.name}")
	first.cancel()
	assert deal.reload().state == "Open"


def test_what_a_person_won_stays_won(deal):
	proforma = offer(deal)
	deal.reload().update({"stage": "Won"}).save()
	invoice = invoice_of(proforma)
	assert deal.reload().won_by is None
	invoice.cancel()
	assert deal.reload().state == "Won"


def test_what_a_person_moved_since_stays_where_it_is(deal):
	invoice = invoice_of(offer(deal))
	deal.reload().update({"stage": "Negotiation"}).save()
	deal.update({"stage": "Won"}).save()
	assert deal.won_by is None
	invoice.cancel()
	assert deal.reload().state == "Won"


def test_a_lost_deal_that_is_invoiced_was_won_and_goes_back_to_lost(deal):
	proforma = offer(deal, posting_date="2026-05-02")
	lost = {"stage": "Not won", "loss_reason": "Price", "loss_notes": "Too dear", "closed_on": "2026-05-10"}
	deal.reload().update(lost).save()
	invoice = invoice_of(proforma, posting_date="2026-05-20")
	deal.reload()
	assert (deal.state, deal.loss_reason, str(deal.closed_on)) == ("Won", None, "2026-05-20")
	assert (deal.stage_log[1].loss_reason, deal.stage_log[1].notes) == ("Price", "Too dear")
	invoice.cancel()
	deal.reload()
	assert (deal.state, deal.loss_reason, deal.loss_notes) == ("Not won", "Price", "Too dear")


def test_the_setting_turns_it_off(deal):
	settings(win_on_invoice=0)
	invoice_of(offer(deal))
	assert deal.reload().state == "Open"


def test_without_a_stage_that_is_won_the_invoice_is_issued_all_the_same(deal):
	frappe.db.set_value("Cronus Stage", {"state": "Won"}, "disabled", 1)
	assert invoice_of(offer(deal)).docstatus == 1
	assert deal.reload().state == "Open"


def test_nobody_writes_who_won_a_deal(deal):
	deal.update({"won_by": "Invoice/FAC-1", "reevaluations": 9}).save()
	assert (deal.won_by, deal.reevaluations) == (None, 0)


def lose(deal):
	return deal.reload().update({"stage": "Not won", "loss_reason": "Price", "loss_notes": "5 % over"}).save()


def story_of(deal) -> str:
	filters = {"reference_doctype": DEAL, "reference_name": deal.name, "comment_type": "Comment"}
	(comment,) = frappe.get_all("Comment", filters=filters, pluck="content")
	return comment


def test_a_lost_deal_is_taken_up_again_with_its_story(deal, seller):
	lose(deal)
	frappe.set_user(seller.user)
	next_activity = {"subject": "Send new price", "activity_type": "Call", "starts_on": "2099-01-05 10:00:00"}
	activity = opportunity_progress.reevaluate_opportunity(
		deal.name, "Negotiation", "New <b>budget</b>", frappe.as_json(next_activity)
	)
	deal.reload()
	assert (deal.state, deal.stage, deal.reevaluations) == ("Open", "Negotiation", 1)
	assert (deal.loss_reason, deal.closed_on) == (None, None)
	assert (deal.stage_log[1].loss_reason, deal.stage_log[1].notes) == ("Price", "5 % over")
	assert deal.stage_log[2].notes == "New <b>budget</b>"
	for part in ("Price", "5 % over", "Negotiation", "New &lt;b&gt;budget"):
		assert part in story_of(deal)
	planned = frappe.get_doc("Cronus Activity", activity)
	assert (planned.opportunity, planned.customer, planned.seller) == (deal.name, deal.customer, seller.name)
	assert deal.light == "Green"


def test_a_stalled_deal_is_taken_up_where_it_is(deal):
	long_ago = add_days(now_datetime(), -60)
	frappe.db.set_value("Cronus Stage Change", {"parent": deal.name}, "entered_on", long_ago)
	assert deal.reload().save().stalled
	opportunity_progress.reevaluate_opportunity(deal.name, "Proposal", "They called")
	deal.reload()
	assert (deal.stalled, deal.reevaluations, stages_of(deal)) == (0, 1, ["Proposal", "Proposal"])
	assert "Without activity since" in story_of(deal)


@pytest.mark.parametrize(
	("stage", "reason", "says"),
	[
		("Won", "Because", "a stage in course"),
		("Proposal", " ", "Write why"),
		("None such", "x", "in course"),
	],
)
def test_a_deal_is_not_taken_up_in_any_way(deal, stage, reason, says):
	lose(deal)
	with pytest.raises(frappe.ValidationError, match=says):
		opportunity_progress.reevaluate_opportunity(deal.name, stage, reason)


def test_a_deal_in_course_is_not_taken_up_again(seller):
	alive = make_opportunity(seller.name, opened_on=nowdate())
	with pytest.raises(frappe.ValidationError, match="can be taken up again"):
		opportunity_progress.reevaluate_opportunity(alive.name, "Proposal", "Why not")


def test_a_won_deal_is_not_taken_up_again(deal):
	deal.update({"stage": "Won"}).save()
	with pytest.raises(frappe.ValidationError, match="can be taken up again"):
		opportunity_progress.reevaluate_opportunity(deal.name, "Proposal", "Why not")


def test_nobody_takes_up_the_deal_of_another(deal):
	lose(deal)
	frappe.set_user(make_seller().user)
	with pytest.raises(frappe.PermissionError):
		opportunity_progress.reevaluate_opportunity(deal.name, "Proposal", "Mine now")


def test_a_deal_that_was_taken_up_can_be_lost_again_on_another_day(deal):
	lose(deal)
	frappe.db.set_value(DEAL, deal.name, "closed_on", "2026-05-05")
	opportunity_progress.reevaluate_opportunity(deal.name, "Proposal", "New budget")
	lose(deal)
	assert (deal.reevaluations, getdate(deal.closed_on)) == (1, getdate(nowdate()))
