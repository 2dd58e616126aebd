"""What becomes of a promised time: pure functions, without the database.

A promise is a number of working minutes from the opening of a case. They do not count while the case waits
for the customer. What is met or missed is a fact that nothing changes any more; until then the moment when it
is due is computed anew when another promise holds and when the case goes on after it has waited.

All moments are aware of their time zone and are whole minutes: what is due at 10:00 may be done until 10:00,
and is missed from 10:01 on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from cronus_crm.base.working_hours import WorkingHours

NOTHING, RUNNING, HELD, MET, MISSED = "", "Running", "Held", "Met", "Missed"
FACTS = (MET, MISSED)


@dataclass(frozen=True)
class CaseTime:
	"""How the time of a case counts.

	hours: the working time in which its promise counts. opened: when it was opened. held_minutes: the minutes
	of that working time during which it has waited for the customer. held_since: since when it waits now;
	those minutes are not in held_minutes.
	"""

	hours: WorkingHours
	opened: datetime
	held_minutes: int = 0
	held_since: datetime | None = None

	def count_until(self, moment: datetime) -> int:
		"""The minutes that have counted at a moment after the last time that it went on."""
		until = min(moment, self.held_since) if self.held_since else moment
		return max(self.hours.minutes_between(self.opened, until) - self.held_minutes, 0)

	def find_moment(self, minutes: int) -> datetime:
		"""When so many minutes have counted, if it does not wait any more."""
		return self.hours.moment_after(self.opened, minutes + self.held_minutes)


@dataclass(frozen=True)
class Kept:
	"""What a case keeps of one promised time.

	state: one of NOTHING … MISSED. minutes: how many are promised. due: None while it is held.
	"""

	state: str = NOTHING
	minutes: int = 0
	due: datetime | None = None


def advance(kept: Kept, time: CaseTime, minutes: int, now: datetime, done_on: datetime | None = None) -> Kept:
	"""What a promise has become at a moment.

	kept: what was known before. time, minutes: the case's time and the minutes that are promised now; 0 where
	nothing is. done_on: when what was promised was done.
	"""
	if kept.state in FACTS:
		return kept
	until = done_on or now
	# First what was promised until now: who promises more time afterwards does not mend it.
	if kept.state == RUNNING and kept.due < until:
		return Kept(MISSED, kept.minutes, kept.due)
	if not minutes:
		return Kept()
	due = _find_due(kept, time, minutes, now)
	if due < (min(time.held_since, until) if time.held_since else until):
		return Kept(MISSED, minutes, due)
	if done_on:
		return Kept(MET, minutes, due)
	return Kept(HELD, minutes) if time.held_since else Kept(RUNNING, minutes, due)


def _find_due(kept: Kept, time: CaseTime, minutes: int, now: datetime) -> datetime:
	if kept.state == RUNNING and kept.minutes == minutes:
		return kept.due
	due = time.find_moment(minutes)
	# All its time had passed when it began to wait: it is due when it goes on.
	return max(due, now) if kept.state == HELD and not time.held_since else due


class Step(IntEnum):
	"""What is told about a promise, in its order."""

	NEAR = 1
	NEAR_TO_LEAD = 2
	MISSED = 3
	MISSED_TO_LEAD = 4


NEAR_STEPS = (Step.NEAR, Step.NEAR_TO_LEAD)


def find_steps(kept: Kept, time: CaseTime, near_percent: int, lead_minutes: int) -> dict[Step, datetime]:
	"""When something is to be told about a promise, as far as is known now.

	near_percent: the part of the promised time after which its end is near; 0 for never. lead_minutes: the
	working minutes after which the lead is told what the agent was told, if nothing was done about it.
	"""
	steps = {}
	if kept.state == RUNNING and near_percent:
		near = -(-kept.minutes * near_percent // 100)
		steps[Step.NEAR] = time.find_moment(near)
		steps[Step.NEAR_TO_LEAD] = time.find_moment(near + lead_minutes)
	steps = {step: moment for step, moment in steps.items() if moment < kept.due}
	if kept.state in (RUNNING, MISSED):
		missed = kept.due + timedelta(minutes=1)
		steps[Step.MISSED] = missed
		steps[Step.MISSED_TO_LEAD] = max(missed, time.hours.moment_after(kept.due, lead_minutes))
	return steps
