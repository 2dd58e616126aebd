from datetime import datetime

import frappe
import pytest

from tests.scaffold import make_customer, unique

pytestmark = pytest.mark.usefixtures("clock")


def due(clock: str, day: int = 20) -> datetime:
	hour, minute = map(int, clock.split(":"))
	return datetime(2026, 11, day, hour, minute)


def change(case, **fields):
	case.reload()
	case.update(fields)
	return case.save(ignore_permissions=True)


def answer(case, at: datetime):
	"""As the conversation does, when an agent has answered."""
	case.reload()
	case.set_on_server(last_from_us_on=at)
	return case.save(ignore_permissions=True)


def make_type() -> str:
	doc = frappe.get_doc({"doctype": "Cronus Case Type", "type_name": unique("Type")})
	return doc.insert(ignore_permissions=True).name


def test_a_new_case_knows_when_it_is_due(promise, open_case):
	made = promise()
	case = open_case()
	assert case.service_promise == made.name
	assert (case.first_answer_state, case.first_answer_due) == ("Running", due("10:00"))
	assert (case.solution_state, case.solution_due) == ("Running", due("17:00"))


def test_without_a_promise_nothing_is_due(open_case):
	case = open_case()
	assert case.first_answer_state == case.solution_state == ""
	assert not case.first_answer_due and not case.promise_told_next


def test_the_most_specific_promise_holds(promise, open_case):
	customer, kind = make_customer().name, make_type()
	for_all = promise().name
	urgent = promise(priority="Urgent").name
	of_type = promise(case_type=kind).name
	of_type_urgent = promise(case_type=kind, priority="Urgent").name
	of_customer = promise(customer=customer).name
	assert open_case().service_promise == for_all
	assert open_case(priority="Urgent").service_promise == urgent
	assert open_case(case_type=kind).service_promise == of_type
	assert open_case(case_type=kind, priority="Urgent").service_promise == of_type_urgent
	assert open_case(customer=customer, case_type=kind, priority="Urgent").service_promise == of_customer


def test_a_disabled_promise_holds_for_no_new_case(promise, open_case):
	made = promise()
	case = open_case()
	made.update({"disabled": 1}).save()
	assert not open_case().service_promise
	assert change(case, subject="Another").service_promise == made.name


def test_the_first_answer_in_time(promise, open_case, clock):
	promise()
	case = open_case(agent="Administrator")
	clock.set("10:00")
	answer(case, clock.now)
	assert (case.first_answer_state, case.first_answered_on) == ("Met", due("10:00"))
	assert (case.first_answer_taken, case.first_answered_by) == (60, "Administrator")
	clock.set("12:00")
	answer(case, clock.now)
	assert case.first_answered_on == due("10:00")


def test_the_first_answer_too_late(promise, open_case, clock):
	promise()
	case = open_case()
	clock.set("10:01")
	answer(case, clock.now)
	assert (case.first_answer_state, case.first_answer_taken) == ("Missed", 61)


def test_who_solves_has_answered(promise, open_case, clock):
	promise()
	case = open_case()
	clock.set("9:30")
	change(case, state="Solved")
	assert (case.first_answer_state, case.solution_state) == ("Met", "Met")
	assert case.solution_taken == 30 and case.solved_by == frappe.session.user


def test_time_stands_still_while_it_waits_for_them(promise, open_case, clock):
	promise()
	case = open_case()
	clock.set("9:30")
	answer(case, clock.now)
	change(case, state="Waiting for the customer")
	assert (case.solution_state, case.solution_due, case.held_since) == ("Held", None, due("9:30"))
	clock.set("10:00", day=23)
	change(case, state="Waiting for us")
	assert (case.held_since, case.held_minutes) == (None, 8 * 60 + 30 + 60)
	assert (case.solution_state, case.solution_due) == ("Running", due("17:30", day=23))
	clock.set("17:00", day=23)
	change(case, state="Solved")
	assert (case.solution_state, case.solution_taken) == ("Met", 30 + 7 * 60)


def test_another_priority_has_another_time(promise, open_case, clock):
	promise()
	promise(priority="Urgent", first_answer_minutes=15, solution_minutes=120)
	case = open_case()
	clock.set("9:10")
	change(case, priority="Urgent")
	assert (case.first_answer_due, case.solution_due) == (due("9:15"), due("11:00"))
	change(case, priority="Low")
	assert case.first_answer_due == due("10:00")


def test_facts_stay_whatever_is_promised_later(promise, open_case, clock):
	made = promise()
	case = open_case()
	clock.set("9:20")
	answer(case, clock.now)
	clock.set("17:01")
	promise(priority="Low", first_answer_minutes=1, solution_minutes=4800)
	change(case, priority="Low")
	assert (case.first_answer_state, case.first_answer_minutes) == ("Met", 60)
	assert (case.solution_state, case.solution_due, case.solution_minutes) == ("Missed", due("17:00"), 480)
	change(case, state="Solved")
	assert (case.solution_state, case.solution_taken) == ("Missed", 481)
	made.reload()
	made.update({"solution_minutes": 9600}).save()
	settings = frappe.get_doc("Cronus CRM Settings")
	settings.append("working_hours", {"weekday": "Friday", "from_time": "12:00", "to_time": "13:00"})
	settings.save()
	change(case, subject="Another")
	assert (case.solution_state, case.solution_due, case.solution_taken) == ("Missed", due("17:00"), 481)


def test_what_is_promised_stays_when_the_promise_is_written_anew(promise, open_case, clock):
	made = promise()
	case = open_case()
	made.update({"solution_minutes": 60}).save()
	clock.set("11:00")
	change(case, subject="Another")
	assert (case.solution_state, case.solution_due) == ("Running", due("17:00"))


def test_a_reopened_case_keeps_what_became_of_its_promise(promise, open_case, clock):
	promise()
	case = open_case()
	clock.set("10:00")
	change(case, state="Solved")
	clock.set("17:00", day=24)
	change(case, state="Open")
	assert (case.solution_state, case.solved_on) == ("Met", due("10:00"))


def test_a_cancelled_case_has_no_promise(promise, open_case, clock):
	promise()
	case = open_case()
	change(case, state="Cancelled")
	assert (case.first_answer_state, case.solution_state, case.solved_on) == ("", "", None)
	assert not case.promise_told_next
	clock.set("9:30")
	change(case, state="Open")
	assert (case.first_answer_state, case.first_answer_due) == ("Running", due("10:00"))


def test_day_and_night(promise, open_case, clock):
	promise(day_and_night=1, first_answer_minutes=0, solution_minutes=24 * 60)
	clock.set("17:00")
	case = open_case()
	assert case.solution_due == due("17:00", day=21)
	clock.set("20:00")
	change(case, state="Waiting for the customer")
	clock.set("8:00", day=21)
	change(case, state="Waiting for us")
	assert case.solution_due == due("5:00", day=22)


def test_what_is_kept_is_not_for_clients_to_write(promise, open_case, clock):
	promise()
	case = open_case(solution_state="Met", solution_due="2030-01-01", held_minutes=9999, first_answer_told=4)
	assert (case.solution_due, case.held_minutes, case.first_answer_told) == (due("17:00"), 0, 0)
	change(case, solution_due="2030-01-01", solution_state="", first_answered_on="2020-01-01", held_minutes=5)
	assert (case.solution_state, case.solution_due) == ("Running", due("17:00"))
	assert (case.first_answered_on, case.held_minutes) == (None, 0)


def test_who_is_told_next(promise, open_case, clock):
	promise(near_percent=50)
	case = open_case()
	assert case.promise_told_next == due("9:30")
	answer(case, clock.now)
	assert case.promise_told_next == due("13:00")


@pytest.mark.parametrize(
	("fields", "message"),
	[
		({"first_answer_minutes": 0, "solution_minutes": 0}, "Write the minutes"),
		({"first_answer_minutes": 90, "solution_minutes": 60}, "60 minutes, the first answer in 90"),
		({"near_percent": 100}, "Write 0 to 99"),
		({"solution_minutes": -5}, "Minutes to the solution"),
	],
)
def test_a_promise_that_is_none_is_refused(promise, fields, message):
	with pytest.raises(frappe.ValidationError, match=message):
		promise(**fields)


def test_two_promises_for_the_same_are_refused(promise):
	kind = make_type()
	first = promise(case_type=kind)
	promise(case_type=kind, priority="High")
	with pytest.raises(frappe.ValidationError, match=first.name):
		promise(case_type=kind)
	promise(case_type=kind, disabled=1)
