"""Cases that nobody answers are closed once; an answer reopens them, within the days of the settings."""

from datetime import timedelta

import frappe
import pytest

from cronus_crm.api import cases as api
from cronus_crm.base.company import company_now
from cronus_crm.cronus_service.cases import case_states, reopening
from tests.scaffold import make_case
from tests.test_exactly_once import Together

CASE, SETTINGS = "Cronus Case", "Cronus Service Settings"


@pytest.fixture(autouse=True)
def settings(site):
	return frappe.get_doc(SETTINGS).update({"close_after_days": 7, "reopen_within_days": 14}).save()


def wait_for(name: str, **fields: float) -> None:
	"""Sets moments of a case so many days back."""
	for fieldname, days in fields.items():
		moment = company_now() - timedelta(days=days)
		frappe.db.set_value(CASE, name, fieldname, moment, update_modified=False)


def waiting_case(days: float, state: str = "Waiting for the customer"):
	case = make_case(state=state)
	wait_for(case.name, waiting_since=days)
	return case


def infos(name: str) -> list[str]:
	about = {"reference_doctype": CASE, "reference_name": name, "comment_type": "Info"}
	return frappe.get_all("Comment", about, pluck="content")


@pytest.mark.parametrize("state", ["Waiting for the customer", "Solved"])
def test_what_has_waited_for_the_days_of_the_settings_is_closed_once(state):
	due, not_due = waiting_case(7.01, state), waiting_case(6.99, state)
	for _run in range(2):
		reopening.close_quiet_case(due.name)
		reopening.close_quiet_case(not_due.name)
	assert due.reload().category == "Closed"
	assert not_due.reload().category != "Closed"
	assert len(infos(due.name)) == 1 and "7" in infos(due.name)[0]


def test_what_waits_for_us_is_never_closed():
	for state in ("New", "Open", "Waiting for us", "Cancelled"):
		case = make_case(state=state)
		wait_for(case.name, waiting_since=99)
		reopening.close_quiet_case(case.name)
		assert case.reload().state == state


def test_an_answer_of_ours_begins_the_wait_anew():
	case = waiting_case(6)
	api.answer(case.name, "¿Pudo verlo?")
	assert case.reload().waiting_since > company_now() - timedelta(minutes=1)


@pytest.mark.parametrize("days", [0, -3])
def test_with_no_days_nothing_is_closed(settings, days):
	frappe.db.set_single_value(SETTINGS, "close_after_days", days)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	case = waiting_case(400)
	reopening.close_quiet_case(case.name)
	assert case.reload().category == "Waiting for them"


def test_without_a_state_for_it_nothing_is_closed():
	frappe.get_doc("Cronus Case State", "Closed").update({"disabled": 1}).save()
	case = waiting_case(400)
	reopening.close_quiet_cases()
	assert case.reload().category == "Waiting for them"


@pytest.mark.parametrize(("days", "reopened"), [(13.99, True), (14.01, False)])
@pytest.mark.parametrize("state", ["Solved", "Closed"])
def test_an_answer_within_the_days_reopens(state, days, reopened):
	case = make_case(state=state)
	wait_for(case.name, closed_on=days)
	api.record_message(case.name, "Sigue igual")
	case.reload()
	assert (case.category == "Waiting for us") is reopened
	assert (case.times_reopened or 0) == int(reopened)
	assert (case.closed_on is None) is reopened


def test_a_cancelled_case_is_not_reopened():
	case = make_case(state="Cancelled")
	api.record_message(case.name, "¿Y?")
	assert case.reload().category == "Cancelled"


def test_two_runs_at_once_close_a_case_once(site):
	"""Committed, as other processes have to see it."""
	case = waiting_case(8)
	frappe.db.commit()
	try:
		answers = Together(site).run(reopening.close_quiet_case, *[(case.name,)] * 6)
		assert answers == ["ok"] * 6
		assert len(infos(case.name)) == 1
		assert frappe.db.get_value(CASE, case.name, "category") == case_states.CLOSED
	finally:
		frappe.delete_doc(CASE, case.name, force=True)
		frappe.db.commit()


def test_what_became_due_while_the_scheduler_was_down_is_closed_later(site):
	cases = [waiting_case(days) for days in (8, 30, 400)]
	frappe.db.commit()
	try:
		reopening.close_quiet_cases()
		assert {frappe.db.get_value(CASE, case.name, "category") for case in cases} == {"Closed"}
	finally:
		for case in cases:
			frappe.delete_doc(CASE, case.name, force=True)
		frappe.db.commit()
