import frappe
import pytest
from frappe.utils import formatdate

from cronus_crm.base.texts import strip_tags
from cronus_crm.cronus_service.promises import promise_notices
from cronus_crm.cronus_service.promises.promise_notices import tell_due
from tests.scaffold import make_customer, make_user, unique

AGENT, LEAD = "Cronus Service Agent", "Cronus Service Lead"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def lead() -> str:
	return make_user(LEAD)


@pytest.fixture
def agent() -> str:
	return make_user(AGENT)


@pytest.fixture
def team(lead, agent) -> str:
	doc = {"doctype": "Cronus Service Team", "team_name": unique("Team"), "lead": lead}
	return frappe.get_doc({**doc, "members": [{"user": agent}]}).insert(ignore_permissions=True).name


@pytest.fixture(autouse=True)
def in_one_transaction(monkeypatch):
	"""Each agent's notices in the transaction of the test, which is rolled back."""
	monkeypatch.setattr(promise_notices, "run_in_own_transaction", lambda function, *args: function(*args))


def day() -> str:
	"""The day of the clock, as the site writes it."""
	return formatdate("2026-11-20")


def told(user: str) -> list[str]:
	"""What somebody was told by us; not that a case was assigned to them."""
	notices = frappe.get_all(
		"Notification Log",
		{"for_user": user, "type": "Alert"},
		pluck="subject",
		order_by="creation asc, name asc",
	)
	return [strip_tags(notice) for notice in notices]


def sweep(clock, *moments: tuple[str, int]) -> None:
	for moment, day in moments:
		clock.set(moment, day)
		tell_due()
		tell_due()


def test_agent_and_lead_are_told_each_step_once(promise, open_case, clock, team, agent, lead):
	promise(solution_minutes=0)
	case = open_case(agent=agent, team=team)
	sweep(clock, ("9:40", 20))
	assert told(agent) == []
	sweep(clock, ("9:45", 20))
	assert told(agent) == [f"The first answer to case {case.name} is due on {day()} 10:00: {case.subject}"]
	assert told(lead) == []
	sweep(clock, ("10:05", 20))
	assert told(agent)[1:] == [
		f"The first answer to case {case.name} was due on {day()} 10:00: {case.subject}"
	]
	assert told(lead) == []
	sweep(clock, ("10:15", 20), ("17:00", 20), ("9:00", 23))
	assert len(told(agent)) == 2
	(subject,) = told(lead)
	assert subject.startswith(f"{agent.split('@')[0]}: The first answer to case {case.name} was due")
	case.reload()
	assert (case.first_answer_state, case.promise_told_next) == ("Missed", None)


def test_the_lead_hears_that_the_end_is_near_when_nothing_was_done(
	promise, open_case, clock, team, agent, lead
):
	promise(first_answer_minutes=0)
	case = open_case(agent=agent, team=team)
	sweep(clock, ("15:00", 20), ("15:15", 20))
	assert len(told(agent)) == len(told(lead)) == 1
	assert "is due on" in told(lead)[0]
	case.reload()
	assert case.solution_state == "Running"


def test_what_is_done_in_time_is_told_to_nobody(promise, open_case, clock, team, agent, lead):
	promise(solution_minutes=0)
	case = open_case(agent=agent, team=team)
	clock.set("9:30")
	case.set_on_server(last_from_us_on=clock.now)
	case.save()
	sweep(clock, ("9:50", 20), ("12:00", 20))
	assert told(agent) == told(lead) == []


def test_what_waits_for_them_is_told_to_nobody(promise, open_case, clock, team, agent):
	promise()
	open_case(agent=agent, team=team, state="Waiting for the customer")
	sweep(clock, ("17:30", 20), ("12:00", 24))
	assert told(agent) == []


def test_after_days_without_scheduler_one_notice_of_all(promise, open_case, clock, team, agent, lead):
	promise(solution_minutes=0)
	cases = [open_case(agent=agent, team=team) for _each in range(7)]
	sweep(clock, ("9:00", 24))
	(of_agent,) = told(agent)
	assert of_agent.startswith("7 cases have missed their promised time: ")
	assert sum(case.name in of_agent for case in cases) == 5
	(of_lead,) = told(lead)
	assert "7 cases have missed" in of_lead


def test_both_times_of_one_case_are_one_notice(promise, open_case, clock, team, agent):
	promise()
	case = open_case(agent=agent, team=team)
	sweep(clock, ("12:00", 24))
	(subject,) = told(agent)
	assert case.name in subject and "missed both promised times" in subject


def test_nobodys_case_is_told_to_the_lead(promise, open_case, clock, team, lead):
	promise(solution_minutes=0)
	open_case(team=team)
	sweep(clock, ("9:45", 20), ("12:00", 20))
	assert len(told(lead)) == 2


def test_a_case_without_team_is_for_the_lead_of_its_agent(promise, open_case, clock, team, agent, lead):
	promise(solution_minutes=0)
	open_case(agent=agent)
	sweep(clock, ("12:00", 20))
	assert len(told(lead)) == 1


def test_who_may_not_see_a_case_is_not_told(promise, open_case, clock, team, agent, lead):
	promise(solution_minutes=0)
	case = open_case(agent=agent, team=team)
	frappe.db.delete("Has Role", {"parent": agent})
	frappe.clear_cache(user=agent)
	sweep(clock, ("12:00", 20))
	assert told(agent) == []
	assert len(told(lead)) == 1
	case.reload()
	assert case.first_answer_state == "Missed"


def test_the_agent_is_told_in_their_language_and_zone(promise, open_case, clock, team, agent, monkeypatch):
	monkeypatch.setattr("cronus_crm.base.time_zones.get_system_timezone", lambda: "UTC")
	frappe.db.set_value("User", agent, "time_zone", "America/Lima")  # five hours behind
	frappe.clear_document_cache("User", agent)
	promise(solution_minutes=0)
	open_case(agent=agent, team=team, subject="<b>Sale humo</b>")
	sweep(clock, ("9:45", 20))
	assert f"{day()} 05:00" in told(agent)[0]


def test_another_priority_does_not_repeat_what_was_told(promise, open_case, clock, team, agent):
	promise(solution_minutes=0)
	promise(solution_minutes=0, priority="Low", first_answer_minutes=120)
	case = open_case(agent=agent, team=team)
	sweep(clock, ("9:50", 20))
	case.reload()
	case.update({"priority": "Low"}).save()
	assert case.first_answer_told == 1
	sweep(clock, ("10:40", 20))
	assert len(told(agent)) == 1
	sweep(clock, ("11:01", 20))
	assert len(told(agent)) == 2


def test_a_mark_given_meanwhile_is_not_undone_by_who_saves(promise, open_case, clock, team, agent):
	promise(solution_minutes=0)
	case = open_case(agent=agent, team=team)
	loaded = frappe.get_doc("Cronus Case", case.name)
	sweep(clock, ("10:05", 20))
	loaded.update({"subject": "Another"}).save()
	assert (loaded.first_answer_state, loaded.first_answer_told) == ("Missed", 3)
	sweep(clock, ("10:06", 20))
	assert len(told(agent)) == 1


def test_what_was_brought_in_from_elsewhere_is_left_in_peace(
	promise, open_case, clock, team, agent, monkeypatch
):
	promise()
	# An import says all of these.
	given = {"account_kind": "Customer", "state": "New", "priority": "Medium", "channel": "By hand"}
	given["customer"] = make_customer().name
	monkeypatch.setitem(frappe.flags, "in_import", True)
	case = open_case(agent=agent, team=team, **given)
	assert case.first_answer_due and not case.promise_told_next
