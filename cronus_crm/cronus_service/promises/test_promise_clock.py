"""The clock of promised times, against a model that looks at every minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cronus_crm.base.test_working_hours import BOGOTA, FRIDAY, MONDAY, draw_hours, is_worked, wall_clock
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.base.working_hours import WorkingHours
from cronus_crm.cronus_service.promises.promise_clock import (
	HELD,
	MET,
	MISSED,
	RUNNING,
	CaseTime,
	Kept,
	Step,
	advance,
	find_steps,
)
from tests.depth import times_depth

MINUTE = timedelta(minutes=1)
OFFICE = WorkingHours(WorkingDays(range(5)), {}, BOGOTA)


class Story:
	"""A case as the product keeps it: what it knows between the events, and nothing else."""

	def __init__(self, hours: WorkingHours, opened: datetime, minutes: int):
		self.time = CaseTime(hours, opened)
		self.minutes = minutes
		self.kept = advance(Kept(), self.time, minutes, opened)

	def happen(self, event: str, now: datetime, minutes: int = 0) -> None:
		time, done_on = self.time, None
		if event == "promise":
			self.minutes = minutes
		elif event == "hold" and not time.held_since:
			self.time = CaseTime(time.hours, time.opened, time.held_minutes, now)
		elif event == "go on" and time.held_since:
			held = time.held_minutes + time.hours.minutes_between(time.held_since, now)
			self.time = CaseTime(time.hours, time.opened, held)
		elif event == "done":
			done_on = now
		self.kept = advance(self.kept, self.time, self.minutes, now, done_on)


class Model:
	"""The same case, minute by minute. ran: of each minute, whether it counted, and whether it was held."""

	def __init__(self, hours: WorkingHours, opened: datetime, minutes: int):
		self.hours, self.opened, self.minutes = hours, opened, minutes
		self.now, self.counted, self.held = opened, 0, False
		# What had counted before each minute in which the case did not wait.
		self.before_minutes: list[int] = []
		self.state = RUNNING if minutes else ""

	def pass_until(self, moment: datetime) -> None:
		while self.now < moment:
			if not self.held:
				self.before_minutes.append(self.counted)
				self.counted += is_worked(self.hours, self.now)
			self.now += MINUTE
			self.look()

	def look(self) -> None:
		if self.state in (MET, MISSED):
			return
		if not self.minutes:
			self.state = ""
		elif self.before_minutes and max(self.before_minutes) >= self.minutes:
			self.state = MISSED
		else:
			self.state = HELD if self.held else RUNNING

	def happen(self, event: str, now: datetime, minutes: int = 0) -> None:
		self.pass_until(now)
		if event == "promise":
			self.minutes = minutes
		elif event == "hold":
			self.held = True
		elif event == "go on":
			self.held = False
		self.look()
		if event == "done" and self.state in (RUNNING, HELD):
			self.state = MET


EVENTS = st.tuples(
	st.sampled_from(["promise", "hold", "go on", "done", "sweep", "promise", "hold", "go on"]),
	# Two in one minute would be one moment, whichever came first.
	st.integers(1, 1500),
	st.sampled_from([0, 1, 30, 60, 240, 480, 1000]),
)


@settings(max_examples=times_depth(100), deadline=None)
@given(
	draw_hours(),
	st.integers(0, 1439),
	st.sampled_from([0, 1, 60, 480, 1200]),
	st.lists(EVENTS, max_size=8),
)
def test_any_story_ends_as_it_does_minute_by_minute(asked, minute, minutes, events):
	hours, day = asked
	opened = now = datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * MINUTE
	story, model = Story(hours, opened, minutes), Model(hours, opened, minutes)
	for event, later, promised in events:
		now += later * MINUTE
		story.happen(event, now, promised)
		model.happen(event, now, promised)
		assert story.kept.state == model.state, event
		if story.kept.state in (RUNNING, HELD):
			assert story.time.count_until(now) == model.counted
	if story.kept.state == RUNNING:
		due = story.kept.due
		if due - now > timedelta(days=10):  # a company that hardly works
			return
		model.pass_until(due)
		assert model.state == RUNNING
		model.pass_until(due + MINUTE)
		assert model.state == MISSED


def test_what_is_due_may_be_done_in_its_minute():
	story = Story(OFFICE, wall_clock(FRIDAY, "9:00"), 60)
	assert story.kept == Kept(RUNNING, 60, wall_clock(FRIDAY, "10:00"))
	story.happen("done", wall_clock(FRIDAY, "10:00"))
	assert story.kept.state == MET


def test_who_promises_more_time_too_late_has_missed_it():
	story = Story(OFFICE, wall_clock(FRIDAY, "9:00"), 60)
	story.happen("promise", wall_clock(FRIDAY, "10:01"), 480)
	assert story.kept == Kept(MISSED, 60, wall_clock(FRIDAY, "10:00"))
	story.happen("done", wall_clock(FRIDAY, "10:30"))
	assert story.kept.state == MISSED


def test_while_it_waits_for_them_time_stands_still():
	story = Story(OFFICE, wall_clock(FRIDAY, "9:00"), 60)
	story.happen("hold", wall_clock(FRIDAY, "9:45"))
	assert story.kept == Kept(HELD, 60, None)
	story.happen("sweep", wall_clock(FRIDAY, "17:00"))
	assert story.kept.state == HELD
	story.happen("go on", wall_clock(MONDAY, "9:15"))
	assert story.kept == Kept(RUNNING, 60, wall_clock(MONDAY, "9:30"))


def test_a_promise_that_is_kept_stays_kept():
	story = Story(OFFICE, wall_clock(FRIDAY, "9:00"), 60)
	story.happen("done", wall_clock(FRIDAY, "9:30"))
	story.happen("promise", wall_clock(FRIDAY, "12:00"), 10)
	assert story.kept == Kept(MET, 60, wall_clock(FRIDAY, "10:00"))


def test_what_is_told_and_when():
	story = Story(OFFICE, wall_clock(FRIDAY, "9:00"), 120)
	steps = find_steps(story.kept, story.time, near_percent=75, lead_minutes=15)
	assert steps == {
		Step.NEAR: wall_clock(FRIDAY, "10:30"),
		Step.NEAR_TO_LEAD: wall_clock(FRIDAY, "10:45"),
		Step.MISSED: wall_clock(FRIDAY, "11:01"),
		Step.MISSED_TO_LEAD: wall_clock(FRIDAY, "11:15"),
	}


def test_the_lead_hears_of_the_end_when_it_comes_before_the_warning():
	story = Story(OFFICE, wall_clock(FRIDAY, "9:00"), 20)
	steps = find_steps(story.kept, story.time, near_percent=75, lead_minutes=15)
	assert [*steps] == [Step.NEAR, Step.MISSED, Step.MISSED_TO_LEAD]


def test_what_waits_is_not_near_its_end():
	story = Story(OFFICE, wall_clock(FRIDAY, "9:00"), 120)
	story.happen("hold", wall_clock(FRIDAY, "10:00"))
	assert find_steps(story.kept, story.time, 75, 15) == {}


def test_without_a_share_there_is_no_warning():
	story = Story(OFFICE, wall_clock(FRIDAY, "9:00"), 120)
	steps = find_steps(story.kept, story.time, near_percent=0, lead_minutes=0)
	assert steps == {
		Step.MISSED: wall_clock(FRIDAY, "11:01"),
		Step.MISSED_TO_LEAD: wall_clock(FRIDAY, "11:01"),
	}
