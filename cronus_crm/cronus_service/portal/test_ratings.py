"""Satisfaction is asked once, answered once, and kept with whose work it was."""

from datetime import datetime, timedelta

import frappe
import pytest

from cronus_crm.cronus_service.cases import case_merging
from cronus_crm.cronus_service.doctype.cronus_case import cronus_case
from cronus_crm.cronus_service.portal import rating_links, rating_questions, ratings
from tests.mailbox import open_mailbox
from tests.outside import set_service
from tests.scaffold import AGENT, make_case, make_user

CASE = "Cronus Case"


class Clock:
	def __init__(self, monkeypatch):
		self.now = datetime(2031, 5, 5, 10)
		for module in (cronus_case, ratings, rating_questions):
			monkeypatch.setattr(module, "company_now", lambda: self.now)

	def pass_days(self, days: float) -> None:
		self.now += timedelta(days=days)


@pytest.fixture
def clock(monkeypatch, site):
	set_service(ask_satisfaction=1, ask_after_days=2, correct_within_days=3)
	return Clock(monkeypatch)


@pytest.fixture
def sent(monkeypatch):
	"""Addresses to which mails were queued."""
	found = []
	monkeypatch.setattr(frappe, "sendmail", lambda **mail: found.extend(mail["recipients"]))
	monkeypatch.setattr(rating_questions.EmailAccount, "find_outgoing", lambda: {"default": 1})
	return found


def solve(case, state: str = "Solved"):
	case.reload()
	case.state = state
	return case.save()


def make_solved(**fields):
	return solve(make_case(contact_email="olga@example.com", **fields))


def ask(*cases) -> None:
	"""What the scheduler does of these cases, without its commits."""
	for case in cases:
		rating_questions.ask(case.name)


def test_a_case_is_asked_about_once_after_the_days(clock, sent):
	case = make_solved()
	ask(case)
	clock.pass_days(1.9)
	ask(case)
	assert sent == []
	clock.pass_days(0.2)
	ask(case)
	ask(case)
	assert sent == ["olga@example.com"]
	case = solve(case, "Closed")
	assert case.rating_due is None
	for state in ("Open", "Solved"):
		solve(case, state)
	clock.pass_days(9)
	ask(case)
	assert sent == ["olga@example.com"]


def test_closed_after_it_was_solved_it_is_asked_as_planned(clock, sent):
	case = make_solved()
	due = case.rating_due
	clock.pass_days(1)
	assert solve(case, "Closed").rating_due == due


def test_a_reopened_case_is_not_asked_about_until_it_is_solved_again(clock, sent):
	case = make_solved()
	assert solve(case, "Open").rating_due is None
	clock.pass_days(5)
	ask(case)
	assert sent == []
	case = solve(case)
	assert case.rating_due == clock.now + timedelta(days=2)


@pytest.mark.parametrize("state", ["Cancelled", "Open"])
def test_of_what_is_not_solved_nobody_is_asked(clock, sent, state):
	case = make_case(contact_email="olga@example.com", state=state)
	assert case.rating_due is None
	frappe.db.set_value(CASE, case.name, "rating_due", clock.now)
	ask(case)
	assert sent == []


def test_of_a_merged_case_nobody_is_asked(clock, sent):
	stays = make_case(contact_email="olga@example.com")
	merged = make_case(stays.customer, contact_email="olga@example.com")
	case_merging.merge_cases(stays.name, [merged.name])
	merged.reload()
	assert merged.category == "Closed" and merged.rating_due is None
	frappe.db.set_value(CASE, merged.name, "rating_due", clock.now)
	ask(merged)
	assert sent == []


def test_while_the_settings_do_not_ask_nothing_is_planned_and_old_plans_are_dropped(clock, sent):
	planned = make_solved()
	set_service(ask_satisfaction=0)
	planned.reload()
	assert planned.rating_due is None
	assert make_solved().rating_due is None
	set_service(ask_satisfaction=1)
	clock.pass_days(5)
	ask(planned)
	assert sent == []


def test_a_case_without_an_address_and_one_of_long_ago_are_not_asked_about(clock, sent):
	without, late = solve(make_case()), make_solved()
	clock.pass_days(33)
	ask(without, late)
	assert sent == []
	for case in (without, late):
		case.reload()
		assert (case.rating_due, case.rating_asked_on) == (None, None)


def test_after_days_without_a_scheduler_each_is_asked_about_once(clock, sent):
	cases = [make_solved() for _case in range(3)]
	clock.pass_days(20)
	ask(*cases)
	ask(*cases)
	assert len(sent) == 3


def test_a_mail_that_cannot_be_queued_leaves_the_case_to_the_next_run(clock, sent, monkeypatch):
	case = make_solved()
	clock.pass_days(3)

	def fail(**_mail):
		raise OSError("no disk")

	with monkeypatch.context() as broken:
		broken.setattr(frappe, "sendmail", fail)
		frappe.db.savepoint("queued")
		with pytest.raises(OSError):
			ask(case)
		frappe.db.rollback(save_point="queued")
	assert frappe.db.get_value(CASE, case.name, "rating_asked_on") is None
	ask(case)
	assert sent == ["olga@example.com"]


def test_agent_team_and_type_are_those_of_the_question(clock, sent):
	first, second = make_user(AGENT), make_user(AGENT)
	case = make_solved(agent=first, case_type="Fault")
	clock.pass_days(3)
	ask(case)
	case.reload()
	case.update({"agent": second, "case_type": "Question"}).save()
	ratings.rate(case, 4)
	case.reload()
	assert (case.rating_agent, case.rating_type, case.rating) == (first, "Fault", 4)


def test_an_answer_is_corrected_within_the_days_and_not_afterwards(clock, sent):
	case = make_solved()
	clock.pass_days(3)
	ask(case)
	case.reload()
	ratings.rate(case, 2, "Lento")
	answered = case.rated_on
	clock.pass_days(2.9)
	case.reload()
	ratings.rate(case, 5)
	case.reload()
	assert (case.rating, case.rating_comment, case.rated_on) == (5, None, answered)
	clock.pass_days(0.2)
	with pytest.raises(frappe.ValidationError, match="cannot be changed any more"):
		ratings.rate(case, 1)


@pytest.mark.parametrize("rating", [0, 6, -1, "x", None, 10**9])
def test_a_rating_is_of_one_to_five(clock, rating):
	with pytest.raises(frappe.ValidationError, match="from 1 to 5"):
		ratings.rate(make_solved(), rating)


def test_what_a_client_sends_for_these_fields_is_discarded(clock):
	case = make_solved()
	case.update(
		{"rating": 5, "rated_on": clock.now, "rating_asked_on": clock.now, "rating_agent": "Guest"}
	).save()
	case.reload()
	assert (case.rating, case.rated_on, case.rating_asked_on, case.rating_agent) == (0, None, None, None)


def test_a_link_is_of_one_case_and_ends(clock, monkeypatch):
	case, other = make_solved(), make_solved()
	key = rating_links.make_key(case.name)
	rating_links.rate(key, 3)
	assert frappe.db.get_value(CASE, case.name, "rating") == 3
	assert frappe.db.get_value(CASE, other.name, "rating") == 0
	monkeypatch.setattr(rating_links, "LASTS", timedelta(seconds=-1))
	for wrong in (rating_links.make_key(case.name), key[:-2], "", None, "a.b.c", key + "x"):
		with pytest.raises(frappe.DoesNotExistError):
			rating_links.rate(wrong, 1)
		with pytest.raises(frappe.DoesNotExistError):
			rating_links.read_page(wrong)
	assert frappe.db.get_value(CASE, case.name, "rating") == 3


def test_the_mail_arrives_once_in_the_language_of_whoever_is_asked(site):
	reader = make_user(language="es")
	set_service(ask_satisfaction=1, ask_after_days=0)
	case = solve(make_case(contact_email=reader, contact_name="Olga <b>"))
	frappe.db.set_value(CASE, case.name, "rating_due", frappe.utils.add_to_date(None, hours=-30))
	with open_mailbox() as mailbox:
		try:
			rating_questions.ask_due()
			rating_questions.ask_due()
			(message,) = [each for each in mailbox.collect(case.name) if reader in each["To"]]
			text = message.get_body(("html",)).get_content()
			assert f"/{rating_links.PAGE_ROUTE}?key=" in text.replace("=3D", "=")
			assert "Olga &lt;b&gt;" in text
			assert case.name in message["Subject"]
		finally:
			frappe.db.rollback()
			set_service(ask_satisfaction=0)
			frappe.delete_doc(CASE, case.name, force=True)
			frappe.db.commit()
