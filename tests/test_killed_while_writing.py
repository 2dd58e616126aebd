"""Jobs and commands that are killed while they write, at one write after the other, and then run to their
end: what they do is there once, as if nobody had killed them.

Everything here is committed and seen by other processes, as on a site at work.
"""

import os
import signal
from collections.abc import Callable

import frappe
import pytest
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_crm.activities import follow_up, reminders, repetition
from cronus_crm.cronus_service.promises import promise_notices
from tests.scaffold import (
	activity_of,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	unique,
)
from tests.test_exactly_once import Together

TIMES = 10


@pytest.fixture
def together(site):
	return Together(site)


def die_at_write(number: int, work: Callable) -> None:
	"""Runs `work` and kills this process at the statement that writes for the `number`th time."""
	sql, written = frappe.db.sql, 0

	def counted(query, *args, **kwargs):
		nonlocal written
		if str(query).lstrip().lower().startswith(("insert", "update", "delete")):
			written += 1
			if written == number:
				os.kill(os.getpid(), signal.SIGKILL)
		return sql(query, *args, **kwargs)

	frappe.db.sql = counted
	work()


def kill_again_and_again(together, work: Callable) -> int:
	"""Kills `work` at its first write, at its second …, then lets it end; returns how often it was killed."""
	killed = [together.run(die_at_write, (number, work)) for number in range(1, TIMES + 1)].count([])
	work()
	frappe.db.commit()
	return killed


def plan(seller: str, **fields):
	values = {"subject": unique("Call"), "activity_type": "Call", "seller": seller, **fields}
	return frappe.get_doc({"doctype": "Cronus Activity", **values}).insert()


def count_notices(activities: list[str]) -> list[int]:
	about = {"type": "Alert"}  # not that somebody got it
	return [frappe.db.count("Notification Log", {**about, "document_name": name}) for name in activities]


def test_reminders_are_given_once(together):
	seller = make_seller().name
	due = [
		plan(seller, starts_on=add_to_date(now_datetime(), hours=1)).name for _activity in range(4 * TIMES)
	]
	frappe.db.set_value("Cronus Activity", {"name": ("in", due)}, "remind_at", now_datetime())
	frappe.db.commit()
	assert kill_again_and_again(together, reminders.send_due_reminders) == TIMES
	assert count_notices(due) == [1] * len(due)


def open_late_cases(number: int) -> list[str]:
	"""Cases, each of an agent of its own, whose first answer was promised for yesterday."""
	customer = make_customer().name
	cases = []
	for _case in range(number):
		values = {"subject": unique("Case"), "customer": customer, "agent": make_user("Cronus Service Agent")}
		case = frappe.get_doc({"doctype": "Cronus Case", **values})
		case.set_on_server(opened_on=add_days(now_datetime(), -30))
		cases.append(case.insert().name)
	return cases


@pytest.fixture
def promised(site):
	promise = {"doctype": "Cronus Service Promise", "promise_name": unique("Promise"), "priority": "Medium"}
	promise = frappe.get_doc({**promise, "first_answer_minutes": 10})
	promise.insert()
	yield promise
	promise.reload()
	promise.update({"disabled": 1}).save()
	frappe.db.commit()


def test_missed_times_are_told_once(together, promised):
	late = open_late_cases(4 * TIMES)
	frappe.db.commit()
	assert kill_again_and_again(together, promise_notices.tell_due) == TIMES
	assert count_notices(late) == [1] * len(late)


def test_several_schedulers_tell_once(together, promised):
	late = open_late_cases(TIMES)
	frappe.db.commit()
	together.run(promise_notices.tell_due, *[()] * 6)
	promise_notices.tell_due()
	assert count_notices(late) == [1] * len(late)


def test_bells_ring_once(together):
	seller = make_seller().name
	waiting = [activity_of(issue_proforma(seller)).name for _proforma in range(TIMES)]
	frappe.db.commit()
	assert kill_again_and_again(together, follow_up.announce_pending) == TIMES
	assert count_notices(waiting) == [1] * TIMES


def test_missed_repetitions_are_made_once(together):
	seller = make_seller()
	frappe.set_user(seller.user)
	activity = plan(seller.name, starts_on=f"{today()} 10:00:00", ends_on=f"{today()} 11:00:00")
	series = repetition.repeat_activity(activity.name, "Daily", today(), None)
	frappe.set_user("Administrator")
	frappe.db.set_value("Auto Repeat", series.name, "next_schedule_date", add_days(today(), -3))
	frappe.db.commit()
	assert kill_again_and_again(together, repetition.resume_missed) > 1
	days = frappe.get_all(
		"Cronus Activity",
		{"auto_repeat": series.name, "name": ("!=", activity.name)},
		pluck="starts_on",
		order_by="starts_on asc",
	)
	assert [day.date() for day in days] == [add_days(getdate(), -1), getdate()]


def repair() -> None:
	frappe.db.commit()
	verify.repair(after_step=frappe.db.commit)


def test_a_rebuild_ends_with_what_the_documents_say(together):
	seller = make_seller().name
	documents = []
	for _sale in range(8):
		proforma = issue_proforma(seller)
		documents += [proforma, invoice_of(proforma)]
	frappe.db.delete("Cronus Sales Entry", {"source_name": ("in", [document.name for document in documents])})
	frappe.db.delete("Cronus Total", {"seller": seller})
	frappe.db.commit()
	assert list(verify.find_differences())
	assert kill_again_and_again(together, repair) == TIMES
	assert list(verify.find_differences()) == []
	assert all(entry_of(document) for document in documents)
