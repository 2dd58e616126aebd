from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cronus_crm.base.working_days import WorkingDays
from cronus_crm.base.working_hours import DEFAULT_SPANS, WorkingHours, read_spans
from tests.depth import times_depth

MONDAY_TO_FRIDAY = set(range(5))
BOGOTA = ZoneInfo("America/Bogota")
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)

# Zones whose clocks change at midnight, in the small hours, by half an hour, and never; with the days of a
# change.
CHANGES = {
	"America/Santiago": (date(2026, 4, 4), date(2026, 9, 5)),
	"America/Asuncion": (date(2024, 3, 23), date(2024, 10, 5)),
	"Europe/Madrid": (date(2026, 3, 28), date(2026, 10, 24)),
	"Australia/Lord_Howe": (date(2026, 4, 4), date(2026, 10, 3)),
	"America/Bogota": (FRIDAY,),
	"Asia/Kathmandu": (FRIDAY,),
}


def wall_clock(day: date, clock: str, zone: ZoneInfo = BOGOTA) -> datetime:
	hour, minute = map(int, clock.split(":"))
	return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def is_worked(hours: WorkingHours, moment: datetime) -> bool:
	"""The definition, for one minute."""
	wall = moment.astimezone(hours.zone)
	spans = hours.spans.get(wall.weekday()) or DEFAULT_SPANS
	minute = wall.hour * 60 + wall.minute
	return hours.days.is_working(wall.date()) and any(opens <= minute < closes for opens, closes in spans)


@st.composite
def draw_spans(draw) -> tuple[tuple[int, int], ...]:
	bounds = draw(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True))
	bounds = sorted(bounds)
	return tuple((bounds[i], bounds[i + 1]) for i in range(0, len(bounds) - 1, 2))


@st.composite
def draw_hours(draw) -> tuple[WorkingHours, date]:
	"""Working time of any company, and a day near which it is asked."""
	zone = draw(st.sampled_from(sorted(CHANGES)))
	day = draw(st.sampled_from(CHANGES[zone])) + timedelta(days=draw(st.integers(-3, 2)))
	weekdays = draw(st.sets(st.integers(0, 6), min_size=2))
	holidays = {day + timedelta(days=offset) for offset in draw(st.sets(st.integers(-1, 6), max_size=3))}
	spans = draw(st.dictionaries(st.integers(0, 6), draw_spans(), max_size=7))
	return WorkingHours(WorkingDays(weekdays, holidays), spans, ZoneInfo(zone)), day


@settings(max_examples=times_depth(75), deadline=None)
@given(draw_hours(), st.integers(0, 1439), st.integers(0, 6 * 1440))
def test_time_between_is_the_minutes_on_the_wall(asked, minute, length):
	hours, day = asked
	begins = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
	by_hand = sum(is_worked(hours, begins + timedelta(minutes=passed)) for passed in range(length))
	assert hours.minutes_between(begins, begins + timedelta(minutes=length)) == by_hand


@settings(max_examples=times_depth(75), deadline=None)
@given(draw_hours(), st.integers(0, 1439), st.integers(0, 800))
def test_the_moment_after_minutes_is_when_they_have_passed_on_the_wall(asked, minute, minutes):
	hours, day = asked
	begins = moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
	left = minutes
	for _passed in range(20 * 1440):
		if not left:
			break
		left -= is_worked(hours, moment)
		moment += timedelta(minutes=1)
	if left:  # a company that hardly works
		return
	found = hours.moment_after(begins, minutes)
	# Not as they are: in an hour that a clock repeats, no two zones have an equal moment.
	assert found.astimezone(UTC) == moment
	assert hours.minutes_between(begins, found) == minutes


def test_time_ends_with_the_day_and_goes_on_after_the_weekend():
	hours = WorkingHours(WorkingDays(MONDAY_TO_FRIDAY), {}, BOGOTA)
	friday = wall_clock(FRIDAY, "17:00")
	assert hours.moment_after(friday, 60) == wall_clock(FRIDAY, "18:00")
	assert hours.moment_after(friday, 61) == wall_clock(MONDAY, "9:01")
	assert hours.minutes_between(friday, wall_clock(MONDAY, "10:00")) == 120
	assert hours.minutes_between(wall_clock(MONDAY, "10:00"), friday) == 0
	assert hours.moment_after(wall_clock(MONDAY, "3:00"), 0) == wall_clock(MONDAY, "3:00")


def test_holidays_do_not_count():
	hours = WorkingHours(WorkingDays(MONDAY_TO_FRIDAY, {MONDAY}), {}, BOGOTA)
	assert hours.moment_after(wall_clock(FRIDAY, "17:00"), 61) == wall_clock(date(2026, 11, 24), "9:01")


def test_an_hour_that_the_clock_leaves_out_is_not_worked():
	zone = ZoneInfo("Europe/Madrid")
	sunday = date(2026, 3, 29)
	hours = WorkingHours(WorkingDays(range(7)), {6: ((60, 240),)}, zone)
	assert hours.minutes_between(wall_clock(sunday, "0:00", zone), wall_clock(sunday, "12:00", zone)) == 120


def test_seconds_do_not_count():
	hours = WorkingHours(WorkingDays(MONDAY_TO_FRIDAY), {}, BOGOTA)
	begins = wall_clock(FRIDAY, "9:00").replace(second=59, microsecond=999)
	assert hours.moment_after(begins, 30) == wall_clock(FRIDAY, "9:30")
	assert hours.minutes_between(begins, wall_clock(FRIDAY, "9:01")) == 1


def row(weekday: str, from_time: str, to_time: str) -> dict:
	return {"weekday": weekday, "from_time": from_time, "to_time": to_time}


def configure(*rows: dict):
	settings_doc = frappe.get_doc("Cronus CRM Settings")
	settings_doc.set("working_hours", rows)
	return settings_doc.save()


def test_hours_of_the_settings():
	configure(
		row("Every working day", "14:00", "18:00"),
		row("Every working day", "8:00", "12:30"),
		row("Friday", "08:00", "13:00"),
	)
	spans = WorkingHours.from_settings().spans
	assert spans[0] == ((480, 750), (840, 1080))
	assert spans[4] == ((480, 780),)
	assert spans[6] == spans[0]


def test_without_rows_from_nine_to_six():
	configure()
	hours = WorkingHours.from_settings()
	day = hours.days.next_working_day(MONDAY)
	begins, ends = wall_clock(day, "0:00", hours.zone), wall_clock(day, "23:59", hours.zone)
	assert hours.minutes_between(begins, ends) == 9 * 60


def test_hours_of_single_days_leave_the_others_theirs():
	assert read_spans([frappe._dict(row("Saturday", "8:00", "12:00"))]) == {5: ((480, 720),)}


def test_until_midnight():
	configure(row("Every working day", "00:00", "24:00"))
	assert WorkingHours.from_settings().spans[2] == ((0, 1440),)


@pytest.mark.parametrize(
	("rows", "message"),
	[
		([row("Monday", "half past", "12:00")], "row 1: .*half past.* is not a time of day"),
		([row("Monday", "24:00", "24:00")], "not a time of day"),
		([row("Monday", "12:00", "9:00")], "row 1: .* is not after"),
		([row("Monday", "9:00", "9:00")], "row 1: .* is not after"),
		([row("Monday", "9:00", "12:00"), row("Monday", "11:59", "13:00")], "rows 1 and 2"),
	],
)
def test_hours_that_are_none_are_refused(rows, message):
	with pytest.raises(frappe.ValidationError, match=message):
		configure(*rows)


def test_hours_that_touch_are_two_rows():
	configure(row("Monday", "9:00", "12:00"), row("Monday", "12:00", "13:00"))
