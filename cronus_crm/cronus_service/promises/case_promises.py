"""The promised times of a case, on the case itself: what is promised, when it is due, what became of it.

:func:`apply` is called whenever a case is saved. What happened is kept as it happened: when it was answered
first and solved, how much working time that took, and whether what was promised was met. Neither another
promise nor other working hours change it afterwards.
"""

from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_datetime

from cronus_crm.base.company import company_now
from cronus_crm.base.present_records import get_present_doc
from cronus_crm.base.working_hours import WorkingHours, cut_seconds
from cronus_crm.cronus_service.promises.promise_choice import KEY_FIELDS, PROMISE, find_promise
from cronus_crm.cronus_service.promises.promise_clock import CaseTime, Kept, Step, advance, find_steps

CASE = "Cronus Case"
WAITING_FOR_THEM, CANCELLED = "Waiting for them", "Cancelled"
SOLVED = ("Solved", "Closed")


class Promised(NamedTuple):
	"""The fields of a case for one of its promised times. done_on, done_by: when and by whom it was done.
	taken: the working minutes that it took. told: the last Step that somebody was told."""

	state: str
	minutes: str
	due: str
	done_on: str
	done_by: str
	taken: str
	told: str


FIRST_ANSWER = Promised(
	"first_answer_state",
	"first_answer_minutes",
	"first_answer_due",
	"first_answered_on",
	"first_answered_by",
	"first_answer_taken",
	"first_answer_told",
)
SOLUTION = Promised(
	"solution_state",
	"solution_minutes",
	"solution_due",
	"solved_on",
	"solved_by",
	"solution_taken",
	"solution_told",
)
PROMISED_TIMES = (FIRST_ANSWER, SOLUTION)

_NUMBERS = (
	"held_minutes",
	"held_clock_minutes",
	*(getattr(promised, name) for promised in PROMISED_TIMES for name in ("minutes", "taken", "told")),
)

# What a case keeps of its promises; only this module and `promise_notices.py` write it.
KEPT_FIELDS = (
	"service_promise",
	*FIRST_ANSWER,
	*SOLUTION,
	"held_since",
	"held_minutes",
	"held_clock_minutes",
	"ended_on",
	"promise_told_next",
)
# What a case keeps before anything has happened.
NOTHING_KEPT = {fieldname: 0 if fieldname in _NUMBERS else None for fieldname in KEPT_FIELDS}


def apply(case: Document) -> None:
	"""Brings the promised times of a case up to date. For its `validate`, once its state and account are
	set."""
	_read_kept(case)
	bring_to(case, company_now())


def bring_to(case: Document, now: datetime) -> None:
	"""Brings the promised times of a case from where they stand to a moment; stores nothing.

	now: in the time zone of the system and without tzinfo, not before what the case has come to.
	"""
	moment = Moment(now)
	kept = [moment.read_kept(case, promised) for promised in PROMISED_TIMES]
	moment.hold(case)
	moment.end(case)
	promise = moment.choose_promise(case)
	time = moment.read_time(case, promise)
	for promised, before in zip(PROMISED_TIMES, kept, strict=True):
		moment.record_what_was_done(case, promised, time)
		minutes = 0 if is_dropped(case) else cint(case.get(promised.minutes))
		done_on = moment.read(case.get(promised.done_on))
		moment.write_kept(case, promised, advance(before, time, minutes, moment.now, done_on))
		if case.is_new() and frappe.flags.in_import:
			case.set(promised.told, int(max(Step)))
	case.promise_told_next = moment.find_next_notice(case, promise)


def _read_kept(case: Document) -> None:
	"""Puts back what is kept, whatever a client has sent.

	It is read with the lock that saving has taken: a notice may have been given, and marked, after this
	transaction began.
	"""
	kept = {}
	if not case.is_new():
		kept = frappe.db.get_value(CASE, case.name, list(KEPT_FIELDS), as_dict=True, for_update=True) or {}
		if before := case.get_doc_before_save():
			before.update(kept)
	set_by_server = getattr(case, "_server_values", None) or {}
	for fieldname, nothing in NOTHING_KEPT.items():
		case.set(fieldname, set_by_server.get(fieldname) or kept.get(fieldname) or nothing)


def is_dropped(case: Any) -> bool:
	"""True for a case of which nothing is expected any more, and nothing was done."""
	return case.category == CANCELLED or bool(case.merged_into)


def _read_key(case: Document) -> list[str]:
	"""What decides which promise holds."""
	return [case.get(fieldname) or "" for fieldname in KEY_FIELDS]


class Moment:
	"""The present, and how working time is counted now. Moments of a case are kept in the time zone of the
	system and without tzinfo, as all are in the database; :meth:`read` and :meth:`write` convert them."""

	def __init__(self, now: datetime):
		self.stored_now = now

	@cached_property
	def hours(self) -> WorkingHours:
		return WorkingHours.from_settings()

	@cached_property
	def day_and_night(self) -> WorkingHours:
		return WorkingHours.day_and_night()

	@property
	def now(self) -> datetime:
		return self.read(self.stored_now)

	def read(self, stored: datetime | str | None) -> datetime | None:
		return cut_seconds(get_datetime(stored).replace(tzinfo=self.hours.zone)) if stored else None

	def write(self, moment: datetime | None) -> datetime | None:
		return moment.astimezone(self.hours.zone).replace(tzinfo=None) if moment else None

	def hold(self, case: Document) -> None:
		"""Time stands still while the case waits for them."""
		if case.category == WAITING_FOR_THEM:
			case.held_since = case.held_since or self.stored_now
		elif case.held_since:
			since = self.read(case.held_since)
			case.held_minutes += self.hours.minutes_between(since, self.now)
			case.held_clock_minutes += self.day_and_night.minutes_between(since, self.now)
			case.held_since = None

	def end(self, case: Document) -> None:
		"""Keeps since when a case is solved; closing it later does not change that, reopening it does."""
		if case.category not in SOLVED:
			case.ended_on = None
		elif not case.ended_on:
			case.ended_on = case.closed_on or self.stored_now

	def choose_promise(self, case: Document) -> Document | None:
		"""The promise that holds; its times are copied when it is chosen, and stay, whatever the record of
		the promise says since."""
		before = case.get_doc_before_save()
		if before and not is_dropped(before) and _read_key(before) == _read_key(case):
			return get_present_doc(PROMISE, case.service_promise) if case.service_promise else None
		promise = find_promise(case)
		case.service_promise = promise.name if promise else None
		for promised in PROMISED_TIMES:
			case.set(promised.minutes, promise.get(promised.minutes) if promise else 0)
		return promise

	def read_time(self, case: Any, promise: Document | None) -> CaseTime:
		"""How the time of a case counts under its promise."""
		opened, since = self.read(case.opened_on or self.stored_now), self.read(case.held_since)
		if promise and promise.day_and_night:
			return CaseTime(self.day_and_night, opened, cint(case.held_clock_minutes), since)
		return CaseTime(self.hours, opened, cint(case.held_minutes), since)

	def record_what_was_done(self, case: Document, promised: Promised, time: CaseTime) -> None:
		"""Keeps when and by whom a case was first answered, or solved, and how much of its time that took.
		Who solves a case has answered it."""
		if case.get(promised.done_on) or is_dropped(case):
			return
		done_on = case.last_from_us_on if promised is FIRST_ANSWER else None
		if case.category in SOLVED:
			done_on = done_on or case.ended_on
		if done_on:
			case.set(promised.done_on, done_on)
			case.set(promised.done_by, case.agent or frappe.session.user)
			case.set(promised.taken, time.count_until(self.read(done_on)))

	def read_kept(self, case: Any, promised: Promised) -> Kept:
		state, minutes, due = (case.get(name) for name in promised[:3])
		return Kept(state or "", cint(minutes), self.read(due))

	def write_kept(self, case: Any, promised: Promised, kept: Kept) -> None:
		case.update(dict(zip(promised[:3], (kept.state, kept.minutes, self.write(kept.due)), strict=True)))

	def find_steps(self, case: Any, promised: Promised, promise: Document) -> dict[Step, datetime]:
		"""What is still to be told about a promised time, and when."""
		time = self.read_time(case, promise)
		kept = self.read_kept(case, promised)
		steps = find_steps(kept, time, cint(promise.near_percent), cint(promise.lead_minutes))
		return {step: moment for step, moment in steps.items() if step > cint(case.get(promised.told))}

	def find_next_notice(self, case: Any, promise: Document | None) -> datetime | None:
		"""When somebody is to be told something about the case next; None for never."""
		if not promise:
			return None
		moments = [
			moment
			for promised in PROMISED_TIMES
			for moment in self.find_steps(case, promised, promise).values()
		]
		return self.write(min(moments, default=None))
