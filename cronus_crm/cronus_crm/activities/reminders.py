"""Notices about activities for sellers and their managers, in the bell and optionally by e-mail.

* Reminder: at the time before its start that is set on the activity.
* Due today: in the morning, one notice a day for each seller.
* Overdue, which is from the day after the activity: one notice for its seller, and one for the seller's
  manager if it stays overdue for the days of the settings.

A notice and its mark (a field of the activity or of the seller) are committed together, under a lock of that
row: notices are idempotent, and those that were missed while the scheduler was down are sent later. Daily
notices wait for the hour of the settings in the user's time zone, and for a working day.
"""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Min
from frappe.utils import cint, formatdate, get_time
from pypika import Table

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.company import company_now
from cronus_crm.base.notices import send_notice
from cronus_crm.base.present_records import get_settings
from cronus_crm.base.texts import as_html
from cronus_crm.base.user_days import UserDays, get_user_days
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.cronus_crm.activities.notice_recipients import Person, Team

PENDING_PAGE = "/app/cronus-pending"

# Activities in one run; the next run takes the others.
_MAX_PER_RUN = 10_000
_MAX_NAMED_SELLERS = 5

ACTIVITY = "Cronus Activity"
Activity = Table(f"tab{ACTIVITY}")
_END = Coalesce(Activity.ends_on, Activity.starts_on)


def send_due_reminders() -> None:
	"""Scheduled: sends the reminders of activities whose time has come."""
	due = (
		frappe.qb.from_(Activity)
		.select(Activity.name)
		.where(Activity.remind_at <= company_now())
		.orderby(Activity.remind_at)
		.limit(_MAX_PER_RUN)
		.run(pluck=True)
	)
	team = Team.load() if due else None
	for activity in due:
		run_in_own_transaction(send_reminder, activity, team)


def send_reminder(activity: str, team: Team) -> None:
	"""Sends the reminder of an activity and clears it, under a lock; only clears it if it is not pending."""
	row = frappe.db.get_value(
		ACTIVITY,
		activity,
		["state", "subject", "seller", "starts_on", "remind_at", "remind_by_email"],
		as_dict=True,
		for_update=True,
	)
	if not row or not row.remind_at or row.remind_at > company_now():
		return
	person = team.find_recipient(row.seller)
	if row.state == "Pending" and person:
		begins = get_user_days(person.user, row.starts_on).clock()
		subject = _("Reminder: {0}, {1}", person.language).format(
			_format_subject(row), f"{formatdate(begins)} {begins:%H:%M}"
		)
		_send_person_notice(person, subject, activity=activity, by_email=row.remind_by_email)
	frappe.db.set_value(ACTIVITY, activity, "remind_at", None, update_modified=False)


def send_daily_notices(now: datetime | None = None) -> None:
	"""Scheduled: sends the notices of what is due today and of what is overdue, as the settings say.

	now: a moment in the system's time zone; the present by default.
	"""
	settings = get_settings()
	if not (settings.remind_due_today or settings.remind_overdue or settings.escalate_overdue):
		return
	run = _Run(now or company_now(), settings)
	team = Team.load()
	if settings.remind_due_today:
		_send_due_today_notices(run, team)
	if settings.remind_overdue:
		_send_overdue_notices(run, team)
	if settings.escalate_overdue:
		_escalate_overdue(run, team, max(cint(settings.escalate_after_days), 1))


class _Run:
	"""One run of the daily notices: its moment, and the settings that apply to it."""

	def __init__(self, now: datetime, settings):
		self.now = now
		self.today = now.date()
		self.hour = get_time(settings.due_today_time or "08:00")
		self.by_email = bool(settings.reminders_by_email)
		self.calendar = WorkingDays.from_settings()

	def has_day_begun_for(self, person: Person) -> bool:
		clock = get_user_days(person.user, self.now).clock()
		return clock.time() >= self.hour and self.calendar.is_working(clock.date())

	def build_overdue_criterion(self, days: int):
		"""Criterion of activities that have been overdue for at least so many days of the system's time
		zone."""
		limit = self.today - timedelta(days=days - 1)
		return _build_overdue_criterion(limit, datetime.combine(limit, time()))


def _build_overdue_criterion(limit: date, midnight: datetime):
	"""Criterion of pending activities whose end is before a day.

	limit: the day. midnight: its beginning for the user concerned, in the system's time zone.
	"""
	# The date of a whole day is not converted between time zones.
	has_ended = ((Activity.all_day == 0) & (_END < midnight)) | ((Activity.all_day == 1) & (_END < limit))
	latest = max(midnight, datetime.combine(limit, time()))
	return (Activity.state == "Pending") & (Activity.starts_on < latest) & has_ended


def _send_due_today_notices(run: _Run, team: Team) -> None:
	for person in team.list_active():
		days = get_user_days(person.user, run.now)
		if person.due_today_noticed_on != days.today and run.has_day_begun_for(person):
			run_in_own_transaction(notify_due_today, person, days, run.by_email)


def notify_due_today(person: Person, days: UserDays, by_email: bool) -> None:
	"""Sends a seller one notice of what begins today, and marks the seller; no notice if nothing does."""
	noticed_on = frappe.db.get_value("Cronus Seller", person.seller, "due_today_told_on", for_update=True)
	if noticed_on == days.today:
		return
	rows = (
		frappe.qb.from_(Activity)
		.select(Activity.subject, Activity.activity_type)
		.where(
			(Activity.seller == person.seller) & (Activity.state == "Pending") & _build_today_criterion(days)
		)
		.orderby(Activity.starts_on)
		.run(as_dict=True)
	)
	if len(rows) == 1:
		subject = _("One activity today: {0}", person.language).format(_format_subject(rows[0]))
		_send_person_notice(person, subject, by_email=by_email)
	elif rows:
		subject = _("{0} activities today: {1}", person.language).format(
			len(rows), _format_counts_by_type(rows, person)
		)
		_send_person_notice(person, subject, by_email=by_email)
	frappe.db.set_value(
		"Cronus Seller", person.seller, "due_today_told_on", days.today, update_modified=False
	)


def _build_today_criterion(days: UserDays):
	# The date of a whole day is not converted between time zones, hours are.
	tomorrow = days.today + timedelta(days=1)
	hours = (Activity.starts_on >= days.start_of_day(days.today)) & (
		Activity.starts_on < days.start_of_day(tomorrow)
	)
	dates = (Activity.starts_on >= days.today) & (Activity.starts_on < tomorrow)
	# A range for the index, wide enough for every time zone.
	around = Activity.starts_on[days.today - timedelta(days=2) : days.today + timedelta(days=3)]
	return around & (((Activity.all_day == 0) & hours) | ((Activity.all_day == 1) & dates))


def _send_overdue_notices(run: _Run, team: Team) -> None:
	"""Sends each seller one notice of the activities that have become overdue since the last one."""
	unmarked = (
		frappe.qb.from_(Activity)
		.select(Activity.seller, Min(_END))
		.where((Activity.state == "Pending") & (Activity.overdue_told == 0) & (Activity.starts_on < run.now))
		.groupby(Activity.seller)
		.run()
	)
	for seller, earliest_end in unmarked:
		person = team.find_recipient(seller)
		days = get_user_days(person.user if person else None, run.now)
		# Without a recipient it is marked too, which keeps it out of later runs.
		if earliest_end < days.start_of_day(days.today) and (not person or run.has_day_begun_for(person)):
			run_in_own_transaction(notify_overdue, seller, person, days, run.by_email)


def notify_overdue(seller: str | None, person: Person | None, days: UserDays, by_email: bool) -> None:
	"""Sends a seller one notice of the overdue activities without mark, and marks them.

	person: None if the seller has no active user; then they are only marked.
	"""
	rows = _lock_unnotified(
		[seller], _build_overdue_criterion(days.today, days.start_of_day(days.today)), "overdue_told"
	)
	if rows and person:
		if len(rows) == 1:
			subject = _("One activity is overdue: {0}", person.language).format(_format_subject(rows[0]))
		else:
			subject = _("{0} activities are overdue: {1}", person.language).format(
				len(rows), _format_counts_by_type(rows, person)
			)
		_send_person_notice(person, subject, by_email=by_email)
	_mark_notified(rows, "overdue_told")


def _escalate_overdue(run: _Run, team: Team, days: int) -> None:
	"""Sends each manager one notice of what has stayed overdue in the team for so many days."""
	sellers_under = defaultdict(list)
	for seller in _read_sellers(run.build_overdue_criterion(days) & (Activity.escalated == 0)):
		sellers_under[team.find_superior(seller)].append(seller)
	for manager, sellers in sellers_under.items():
		if not manager or run.has_day_begun_for(manager):
			run_in_own_transaction(notify_manager, manager, sellers, run, days)


def notify_manager(manager: Person | None, sellers: list[str | None], run: _Run, days: int) -> None:
	"""Sends a manager one notice of the overdue activities of these sellers without mark, and marks them."""
	rows = _lock_unnotified(sellers, run.build_overdue_criterion(days), "escalated")
	if rows and manager:
		subject = _("Overdue in your team: {0}", manager.language).format(_format_counts_by_seller(rows))
		_send_person_notice(manager, subject, by_email=run.by_email)
	_mark_notified(rows, "escalated")


def _read_sellers(criterion) -> list[str | None]:
	return frappe.qb.from_(Activity).select(Activity.seller).where(criterion).distinct().run(pluck=True)


def _lock_unnotified(sellers: list[str | None], criterion, mark: str) -> list:
	"""Pending activities of these sellers without the mark (a field), locked until the transaction ends."""
	of_sellers = Activity.seller.isin([seller or "" for seller in sellers])
	if None in sellers:
		of_sellers = of_sellers | Activity.seller.isnull()
	names = (
		frappe.qb.from_(Activity)
		.select(Activity.name)
		.where(criterion & (Activity[mark] == 0) & of_sellers)
		.limit(_MAX_PER_RUN)
		.run(pluck=True)
	)
	if not names:
		return []
	# Locked by primary key: gap locks in a secondary index would block inserts of activities.
	rows = (
		frappe.qb.from_(Activity)
		.select(
			Activity.name,
			Activity.subject,
			Activity.activity_type,
			Activity.seller,
			Activity.state,
			Activity[mark].as_("is_marked"),
		)
		.where(Activity.name.isin(names))
		.orderby(Activity.name)
		.for_update()
		.run(as_dict=True)
	)
	return [row for row in rows if row.state == "Pending" and not row.is_marked]


def _mark_notified(rows: list, mark: str) -> None:
	if rows:
		names = [row.name for row in rows]
		frappe.qb.update(Activity).set(Activity[mark], 1).where(Activity.name.isin(names)).run()


def _format_subject(row) -> str:
	return frappe.bold(as_html(row.subject))


def _format_counts_by_type(rows: list, person: Person) -> str:
	counts = Counter(row.activity_type for row in rows)
	return ", ".join(
		f"{as_html(_(activity_type, person.language))}: {number}"
		for activity_type, number in counts.most_common()
	)


def _format_counts_by_seller(rows: list) -> str:
	counts = Counter(row.seller for row in rows).most_common()
	named = [f"{frappe.bold(as_html(seller))}: {number}" for seller, number in counts[:_MAX_NAMED_SELLERS]]
	return ", ".join([*named, "…"] if len(counts) > _MAX_NAMED_SELLERS else named)


def _send_person_notice(
	person: Person, subject: str, activity: str | None = None, by_email: bool = False
) -> None:
	"""Sends a notice that opens the activity, or the page of pending activities if there is none.

	subject: HTML, in the language of the person.
	"""
	if activity:
		send_notice(person.user, subject, document=(ACTIVITY, activity), by_email=by_email)
	else:
		send_notice(person.user, subject, link=PENDING_PAGE, by_email=by_email)
