"""What sellers and their managers are told about activities, in the bell and where wanted by e-mail.

* By hand: an activity says how long before its start its seller is to be reminded.
* In the morning: what is due today, once a day for each seller.
* When an activity is overdue, which is from the day after it: its seller, once; and the seller's manager,
  once, when it stays so for the days that the settings say.

Each notice and the mark that it has been given are committed together, under a lock of what is marked:
nothing is told twice, and what the scheduler has missed while it was down is told when it is back. Notices of
the day wait for the hour of the settings, in each user's own time zone, and for a working day.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Min
from frappe.utils import (
	cint,
	escape_html,
	formatdate,
	get_time,
	now_datetime,
)
from pypika import Table

from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.user_days import UserDays, get_user_days
from cronus_crm.base.working_days import WorkingDays

MANAGER_ROLE = "Cronus Sales Manager"
PENDING_PAGE = "/app/cronus-pending"

# Of what one run looks at; the rest is found by the next one.
_AT_ONCE = 10_000
_NAMED_SELLERS = 5

ACTIVITY = "Cronus Activity"
Activity = Table(f"tab{ACTIVITY}")
_END = Coalesce(Activity.ends_on, Activity.starts_on)


@dataclass(frozen=True)
class Person:
	"""A seller, and the user who sells as this seller; `active` when both are enabled."""

	seller: str
	lft: int
	rgt: int
	user: str | None
	active: bool
	language: str
	told_today: date | None


class Team:
	"""Everybody who sells, and to whom each of them reports."""

	def __init__(self, people: Iterable[Person], managers: Iterable[str]):
		self.people = {person.seller: person for person in people}
		self.managers = frozenset(managers)

	@classmethod
	def load(cls) -> "Team":
		seller, user, role = DocType("Cronus Seller"), DocType("User"), DocType("Has Role")
		rows = (
			frappe.qb.from_(seller)
			.left_join(user)
			.on(user.name == seller.user)
			.select(
				seller.name,
				seller.lft,
				seller.rgt,
				seller.enabled,
				seller.due_today_told_on,
				seller.user,
				user.enabled.as_("user_enabled"),
			)
			.orderby(seller.lft)
			.run(as_dict=True)
		)
		managers = (
			frappe.qb.from_(role)
			.select(role.parent)
			.where((role.parenttype == "User") & (role.role == MANAGER_ROLE))
			.run(pluck=True)
		)
		return cls(map(_person, rows), managers)

	def active(self) -> list[Person]:
		return [person for person in self.people.values() if person.active]

	def recipient(self, seller: str | None) -> Person | None:
		"""Whom to tell what concerns a seller; None for one who is disabled or has no user."""
		person = self.people.get(seller)
		return person if person and person.active else None

	def superior_of(self, seller: str | None) -> Person | None:
		"""The nearest superior who is a sales manager, else the nearest who can be told, else None."""
		person = self.people.get(seller)
		if not person:
			return None
		above = [other for other in self.active() if other.lft < person.lft and other.rgt > person.rgt]
		above.sort(key=lambda other: other.lft, reverse=True)
		managers = (other for other in above if other.user in self.managers)
		return next(managers, above[0] if above else None)


def _person(row) -> Person:
	return Person(
		seller=row.name,
		lft=row.lft,
		rgt=row.rgt,
		user=row.user,
		active=bool(row.enabled and row.user_enabled),
		language=user_language(row.user),
		told_today=row.due_today_told_on,
	)


def send_due_reminders() -> None:
	"""Scheduled: gives the reminders that people have asked for and whose time has come."""
	due = (
		frappe.qb.from_(Activity)
		.select(Activity.name)
		.where(Activity.remind_at <= now_datetime())
		.orderby(Activity.remind_at)
		.limit(_AT_ONCE)
		.run(pluck=True)
	)
	team = Team.load() if due else None
	for activity in due:
		_run_in_own_transaction(send_reminder, activity, team)


def send_reminder(activity: str, team: Team) -> None:
	"""Gives the reminder of an activity, unless it has been given; none where the activity is over."""
	row = frappe.db.get_value(
		ACTIVITY,
		activity,
		["state", "subject", "seller", "starts_on", "remind_at", "remind_by_email"],
		as_dict=True,
		for_update=True,
	)
	if not row or not row.remind_at or row.remind_at > now_datetime():
		return
	person = team.recipient(row.seller)
	if row.state == "Pending" and person:
		begins = _clock(get_user_days(person.user, row.starts_on))
		subject = _("Reminder: {0}, {1}", person.language).format(
			_subject(row), f"{formatdate(begins)} {begins:%H:%M}"
		)
		_notify(person, subject, activity=activity, by_email=row.remind_by_email)
	frappe.db.set_value(ACTIVITY, activity, "remind_at", None, update_modified=False)


def send_daily_notices(now: datetime | None = None) -> None:
	"""Scheduled: tells what is due today and what is overdue, as the settings say.

	now: the time of the site; the present unless given.
	"""
	settings = frappe.get_cached_doc("Cronus CRM Settings")
	if not (settings.remind_due_today or settings.remind_overdue or settings.escalate_overdue):
		return
	day = _Day(now or now_datetime(), settings)
	team = Team.load()
	if settings.remind_due_today:
		_send_due_today(day, team)
	if settings.remind_overdue:
		_send_overdue(day, team)
	if settings.escalate_overdue:
		_escalate(day, team, max(cint(settings.escalate_after_days), 1))


def _clock(days: UserDays) -> datetime:
	"""What the user's clock shows at that moment."""
	return days.now.replace(tzinfo=days.system).astimezone(days.zone).replace(tzinfo=None)


class _Day:
	"""The moment of a run: whose day has begun, and what is overdue."""

	def __init__(self, now: datetime, settings):
		self.now = now
		self.today = now.date()
		self.hour = get_time(settings.due_today_time or "08:00")
		self.by_email = bool(settings.reminders_by_email)
		self.calendar = WorkingDays.from_settings()

	def has_begun_for(self, person: Person) -> bool:
		clock = _clock(get_user_days(person.user, self.now))
		return clock.time() >= self.hour and self.calendar.is_working(clock.date())

	def overdue(self, days: int):
		"""Criterion of what has been overdue for that many days, by the calendar of the site."""
		limit = self.today - timedelta(days=days - 1)
		return _over_before(limit, datetime.combine(limit, time()))


def _over_before(limit: date, midnight: datetime):
	"""Criterion of what is pending and was to be over before a day.

	limit: the day. midnight: when it begins for whom it concerns, in the time of the site.
	"""
	# Whole days are of their date wherever one looks from.
	over = ((Activity.all_day == 0) & (_END < midnight)) | ((Activity.all_day == 1) & (_END < limit))
	latest = max(midnight, datetime.combine(limit, time()))
	return (Activity.state == "Pending") & (Activity.starts_on < latest) & over


def _send_due_today(day: _Day, team: Team) -> None:
	for person in team.active():
		days = get_user_days(person.user, day.now)
		if person.told_today != days.today and day.has_begun_for(person):
			_run_in_own_transaction(notify_due_today, person, days, day.by_email)


def notify_due_today(person: Person, days: UserDays, by_email: bool) -> None:
	"""Tells a seller what begins on their day, once; a day without anything passes in silence."""
	told = frappe.db.get_value("Cronus Seller", person.seller, "due_today_told_on", for_update=True)
	if told == days.today:
		return
	rows = (
		frappe.qb.from_(Activity)
		.select(Activity.subject, Activity.activity_type)
		.where((Activity.seller == person.seller) & (Activity.state == "Pending") & _begins_today(days))
		.orderby(Activity.starts_on)
		.run(as_dict=True)
	)
	if len(rows) == 1:
		subject = _("One activity today: {0}", person.language).format(_subject(rows[0]))
		_notify(person, subject, by_email=by_email)
	elif rows:
		subject = _("{0} activities today: {1}", person.language).format(len(rows), _by_type(rows, person))
		_notify(person, subject, by_email=by_email)
	frappe.db.set_value(
		"Cronus Seller", person.seller, "due_today_told_on", days.today, update_modified=False
	)


def _begins_today(days: UserDays):
	# Whole days are of their date wherever one looks from; hours are as far ahead as the clocks of the zone.
	tomorrow = days.today + timedelta(days=1)
	hours = (Activity.starts_on >= days.start_of_day(days.today)) & (
		Activity.starts_on < days.start_of_day(tomorrow)
	)
	dates = (Activity.starts_on >= days.today) & (Activity.starts_on < tomorrow)
	# The index gets a range that no time zone leaves.
	around = Activity.starts_on[days.today - timedelta(days=2) : days.today + timedelta(days=3)]
	return around & (((Activity.all_day == 0) & hours) | ((Activity.all_day == 1) & dates))


def _send_overdue(day: _Day, team: Team) -> None:
	"""Each seller gets one notice of what has become overdue since the last one."""
	untold = (
		frappe.qb.from_(Activity)
		.select(Activity.seller, Min(_END))
		.where((Activity.state == "Pending") & (Activity.overdue_told == 0) & (Activity.starts_on < day.now))
		.groupby(Activity.seller)
		.run()
	)
	for seller, earliest_end in untold:
		person = team.recipient(seller)
		days = get_user_days(person.user if person else None, day.now)
		# Where nobody is to be told, the mark keeps the activity out of every later run.
		if earliest_end < days.start_of_day(days.today) and (not person or day.has_begun_for(person)):
			_run_in_own_transaction(notify_overdue, seller, person, days, day.by_email)


def notify_overdue(seller: str | None, person: Person | None, days: UserDays, by_email: bool) -> None:
	"""Tells a seller what is overdue on their day and has not been told, and marks it."""
	rows = _lock_unnotified([seller], _over_before(days.today, days.start_of_day(days.today)), "overdue_told")
	if rows and person:
		if len(rows) == 1:
			subject = _("One activity is overdue: {0}", person.language).format(_subject(rows[0]))
		else:
			subject = _("{0} activities are overdue: {1}", person.language).format(
				len(rows), _by_type(rows, person)
			)
		_notify(person, subject, by_email=by_email)
	_mark_notified(rows, "overdue_told")


def _escalate(day: _Day, team: Team, days: int) -> None:
	"""Each manager gets one notice of what has stayed overdue in the team since the last one."""
	sellers_under = defaultdict(list)
	for seller in _sellers_of(day.overdue(days) & (Activity.escalated == 0)):
		sellers_under[team.superior_of(seller)].append(seller)
	for manager, sellers in sellers_under.items():
		if not manager or day.has_begun_for(manager):
			_run_in_own_transaction(notify_manager, manager, sellers, day, days)


def notify_manager(manager: Person | None, sellers: list[str | None], day: _Day, days: int) -> None:
	"""Tells a manager what has stayed overdue with these sellers and has not been told, and marks it."""
	rows = _lock_unnotified(sellers, day.overdue(days), "escalated")
	if rows and manager:
		subject = _("Overdue in your team: {0}", manager.language).format(_by_seller(rows))
		_notify(manager, subject, by_email=day.by_email)
	_mark_notified(rows, "escalated")


def _sellers_of(criterion) -> list[str | None]:
	return frappe.qb.from_(Activity).select(Activity.seller).where(criterion).distinct().run(pluck=True)


def _lock_unnotified(sellers: list[str | None], criterion, mark: str) -> list:
	"""Activities of these sellers without that mark, locked until the end of the transaction."""
	of_sellers = Activity.seller.isin([seller or "" for seller in sellers])
	if None in sellers:
		of_sellers = of_sellers | Activity.seller.isnull()
	names = (
		frappe.qb.from_(Activity)
		.select(Activity.name)
		.where(criterion & (Activity[mark] == 0) & of_sellers)
		.limit(_AT_ONCE)
		.run(pluck=True)
	)
	if not names:
		return []
	# Locked by primary key alone: a range of another index would lock out activities that are being made.
	rows = (
		frappe.qb.from_(Activity)
		.select(
			Activity.name,
			Activity.subject,
			Activity.activity_type,
			Activity.seller,
			Activity.state,
			Activity[mark].as_("told"),
		)
		.where(Activity.name.isin(names))
		.orderby(Activity.name)
		.for_update()
		.run(as_dict=True)
	)
	return [row for row in rows if row.state == "Pending" and not row.told]


def _mark_notified(rows: list, mark: str) -> None:
	if rows:
		names = [row.name for row in rows]
		frappe.qb.update(Activity).set(Activity[mark], 1).where(Activity.name.isin(names)).run()


def _subject(row) -> str:
	return frappe.bold(escape_html(row.subject))


def _by_type(rows: list, person: Person) -> str:
	counts = Counter(row.activity_type for row in rows)
	return ", ".join(
		f"{escape_html(_(activity_type, person.language))}: {number}"
		for activity_type, number in counts.most_common()
	)


def _by_seller(rows: list) -> str:
	counts = Counter(row.seller for row in rows).most_common()
	named = [f"{frappe.bold(escape_html(seller))}: {number}" for seller, number in counts[:_NAMED_SELLERS]]
	return ", ".join([*named, "…"] if len(counts) > _NAMED_SELLERS else named)


def _notify(person: Person, subject: str, activity: str | None = None, by_email: bool = False) -> None:
	"""A notice about one activity, or one that opens the page of pending ones; subject: HTML in the language
	of the person."""
	if activity:
		send_notice(person.user, subject, document=(ACTIVITY, activity), by_email=by_email)
	else:
		send_notice(person.user, subject, link=PENDING_PAGE, by_email=by_email)


def _run_in_own_transaction(tell: Callable, *args) -> None:
	"""In a transaction of its own: what fails is logged and tried again later, the others get theirs."""
	try:
		tell(*args)
		frappe.db.commit()
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=f"cronus_crm: {tell.__name__}")
		frappe.db.commit()
