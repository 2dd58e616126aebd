"""Each notice is given once, to whom it concerns, at an hour when it helps."""

from datetime import datetime, timedelta

import frappe
import pytest

from cronus_crm.base.company import company_now
from cronus_crm.cronus_crm.activities import notice_recipients, reminders
from cronus_crm.patches.v0_2 import quiet_old_overdue
from tests.scaffold import MANAGER, SELLER, make_seller, make_user, unique

WEDNESDAY = datetime(2031, 3, 12, 9, 0)
SATURDAY = datetime(2031, 3, 15, 9, 0)


@pytest.fixture(autouse=True)
def stays_in_the_test(monkeypatch):
	"""The transactions of each notice are parts of the test's, which is rolled back."""
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **kwargs: None)
	# What the site has is not of these tests.
	frappe.db.set_value("Cronus Activity", {"state": "Pending", "overdue_told": 0}, "overdue_told", 1)
	frappe.db.set_value("Cronus Activity", {"state": "Pending", "escalated": 0}, "escalated", 1)
	frappe.db.set_value("Cronus Activity", {"remind_at": (">", "2000-01-01")}, "remind_at", None)
	configure(
		remind_due_today=1,
		due_today_time="08:00",
		remind_overdue=1,
		escalate_overdue=1,
		escalate_after_days=3,
		reminders_by_email=0,
	)
	yield
	monkeypatch.undo()
	frappe.db.rollback()
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


def configure(**values):
	frappe.db.set_single_value("Cronus CRM Settings", values)
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


@pytest.fixture
def manager():
	return make_seller(roles=(MANAGER,), is_group=1)


@pytest.fixture
def seller(manager):
	return make_seller(manager.name)


def plan(seller, starts_on: datetime, **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": unique("Call them"),
			"activity_type": "Call",
			"seller": seller.name,
			"starts_on": starts_on,
			**fields,
		}
	).insert()


def told(seller) -> list[str]:
	"""What is in the seller's bell, oldest first."""
	return frappe.get_all(
		"Notification Log", {"for_user": seller.user}, pluck="subject", order_by="creation asc, name asc"
	)


def mails_to(seller) -> list[str]:
	return frappe.get_all("Email Queue Recipient", {"recipient": seller.user}, pluck="parent")


@pytest.fixture
def outgoing_mail(monkeypatch):
	"""A site that can send e-mail."""
	frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": unique("Reminders"),
			"email_id": "reminders@example.com",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "localhost",
			"no_smtp_authentication": 1,
		}
	).insert()
	monkeypatch.setattr(frappe.local, "outgoing_email_account", {}, raising=False)


def soon(**delta) -> datetime:
	return company_now().replace(microsecond=0) + timedelta(**delta)


class TestByHand:
	def test_the_moment_is_so_long_before_the_start(self, seller):
		start = soon(days=5)
		activity = plan(seller, start, remind_before=2, remind_unit="Hours")
		assert activity.remind_at == start - timedelta(hours=2)
		activity.update({"remind_before": 1, "remind_unit": "Days"}).save()
		assert activity.remind_at == start - timedelta(days=1)
		activity.update({"remind_before": 0}).save()
		assert activity.remind_at is None

	def test_none_for_what_has_begun_or_is_done(self, seller):
		assert plan(seller, soon(hours=-1), remind_before=5).remind_at is None
		activity = plan(seller, soon(hours=1), remind_before=5)
		activity.update({"state": "Done"}).save()
		assert activity.remind_at is None
		activity.update({"state": "Pending"}).save()
		assert activity.remind_at

	def test_it_is_given_once_and_not_before_its_time(self, seller):
		due = plan(seller, soon(minutes=10), remind_before=15)
		plan(seller, soon(minutes=30), remind_before=15)
		reminders.send_due_reminders()
		reminders.send_due_reminders()
		(subject,) = told(seller)
		assert due.subject in subject
		due.reload()
		assert due.remind_at is None
		# Saving something else does not give it again, moving the activity does.
		due.update({"place": "Their shop"}).save()
		assert due.remind_at is None
		due.update({"starts_on": soon(minutes=12)}).save()
		reminders.send_due_reminders()
		assert len(told(seller)) == 2

	def test_it_is_given_late_after_a_day_without_scheduler_unless_done_by_then(self, seller):
		late, done = (plan(seller, soon(hours=2), remind_before=5) for _each in range(2))
		yesterday = {"remind_at": soon(days=-1), "starts_on": soon(days=-1)}
		late.db_set(yesterday)
		done.db_set({**yesterday, "state": "Done"})
		reminders.send_due_reminders()
		(subject,) = told(seller)
		assert late.subject in subject
		assert not frappe.db.get_value("Cronus Activity", done.name, "remind_at")

	def test_it_speaks_the_language_and_the_hour_of_the_seller(self, manager, monkeypatch):
		user = make_user(SELLER, language="es")
		# Of a zone without summer time, nine hours ahead of another one.
		frappe.db.set_value("User", user, "time_zone", "Asia/Tokyo")
		monkeypatch.setattr("cronus_crm.base.time_zones.get_system_timezone", lambda: "UTC")
		seller = make_seller(manager.name, user=user)
		activity = plan(seller, soon(days=1).replace(hour=3, minute=30), remind_before=1)
		activity.db_set("remind_at", soon(minutes=-1))
		reminders.send_due_reminders()
		assert " 12:30" in told(seller)[0]

	def test_by_email_too_where_asked(self, seller, outgoing_mail):
		plan(seller, soon(minutes=10), remind_before=15, remind_by_email=1)
		reminders.send_due_reminders()
		assert len(mails_to(seller)) == 1

	def test_a_site_without_email_rings_the_bell_all_the_same(self, seller, monkeypatch):
		frappe.db.delete("Email Account", {"enable_outgoing": 1})
		monkeypatch.setattr(frappe.local, "outgoing_email_account", {}, raising=False)
		activity = plan(seller, soon(minutes=10), remind_before=15, remind_by_email=1)
		reminders.send_due_reminders()
		assert len(told(seller)) == 1
		assert not frappe.db.get_value("Cronus Activity", activity.name, "remind_at")

	def test_nothing_for_a_seller_or_a_user_who_is_disabled(self, manager):
		disabled, left = make_seller(manager.name), make_seller(manager.name)
		for seller in (disabled, left):
			plan(seller, soon(minutes=10), remind_before=15)
		disabled.db_set("enabled", 0)
		frappe.db.set_value("User", left.user, "enabled", 0)
		reminders.send_due_reminders()
		assert told(disabled) == told(left) == []

	def test_what_is_in_the_subject_is_no_html(self, seller):
		activity = plan(seller, soon(minutes=10), remind_before=15)
		activity.db_set("subject", "<img src=x onerror=alert(1)>")
		reminders.send_due_reminders()
		assert "<img" not in told(seller)[0]


class TestDueToday:
	def test_one_notice_that_counts_by_type(self, seller):
		plan(seller, WEDNESDAY + timedelta(hours=1))
		plan(seller, WEDNESDAY + timedelta(hours=5))
		plan(seller, WEDNESDAY.replace(hour=0), activity_type="Collection", all_day=1)
		plan(seller, WEDNESDAY + timedelta(hours=2)).update({"state": "Done"}).save()
		plan(seller, WEDNESDAY + timedelta(days=1))
		for minutes in (0, 15, 600):
			reminders.send_daily_notices(WEDNESDAY + timedelta(minutes=minutes))
		assert told(seller) == ["3 activities today: Call: 2, Collection: 1"]

	def test_one_activity_is_named(self, seller):
		activity = plan(seller, WEDNESDAY + timedelta(hours=1))
		reminders.send_daily_notices(WEDNESDAY)
		assert told(seller) == [f"One activity today: <strong>{activity.subject}</strong>"]

	def test_in_silence_when_there_is_nothing(self, seller):
		reminders.send_daily_notices(WEDNESDAY)
		assert told(seller) == []

	def test_not_before_the_hour_nor_on_days_off(self, seller):
		configure(due_today_time="10:30")
		plan(seller, WEDNESDAY + timedelta(hours=3))
		plan(seller, SATURDAY + timedelta(hours=3))
		reminders.send_daily_notices(WEDNESDAY)
		assert told(seller) == []
		reminders.send_daily_notices(SATURDAY + timedelta(hours=2))
		assert told(seller) == []

	def test_later_the_same_day_but_not_the_next_one(self, seller):
		configure(remind_overdue=0)
		plan(seller, WEDNESDAY + timedelta(hours=3))
		reminders.send_daily_notices(WEDNESDAY.replace(hour=22))
		assert len(told(seller)) == 1
		late = make_seller()
		plan(late, WEDNESDAY)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=1))
		assert told(late) == []

	def test_the_day_and_the_hour_are_those_of_the_user(self, seller, monkeypatch):
		monkeypatch.setattr("cronus_crm.base.time_zones.get_system_timezone", lambda: "UTC")
		frappe.db.set_value("User", seller.user, "time_zone", "Asia/Tokyo")
		frappe.clear_document_cache("User", seller.user)
		midnight = WEDNESDAY.replace(hour=0)  # nine in the morning in Tokyo
		plan(seller, midnight - timedelta(hours=8))  # one in the night of Wednesday there
		plan(seller, midnight + timedelta(hours=16))  # Thursday there
		reminders.send_daily_notices(midnight - timedelta(hours=2))
		assert told(seller) == []
		reminders.send_daily_notices(midnight)
		assert len(told(seller)) == 1 and told(seller)[0].startswith("One activity today")

	def test_off_is_off(self, seller):
		configure(remind_due_today=0)
		plan(seller, WEDNESDAY)
		reminders.send_daily_notices(WEDNESDAY)
		assert told(seller) == []


class TestOverdue:
	def test_the_day_after_once_in_one_notice(self, seller):
		for _each in range(3):
			plan(seller, WEDNESDAY)
		configure(remind_due_today=0, escalate_overdue=0)
		reminders.send_daily_notices(WEDNESDAY.replace(hour=23))
		assert told(seller) == []
		for day in (1, 1, 2):
			reminders.send_daily_notices(WEDNESDAY + timedelta(days=day))
		assert told(seller) == ["3 activities are overdue: Call: 3"]

	def test_what_goes_on_is_not_overdue(self, seller):
		configure(remind_due_today=0)
		plan(seller, WEDNESDAY, ends_on=WEDNESDAY + timedelta(days=4))
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=2))
		assert told(seller) == []

	def test_postponed_it_may_become_overdue_again(self, seller):
		configure(remind_due_today=0, escalate_overdue=0)
		activity = plan(seller, soon(days=-2))
		morning = company_now().replace(hour=9)
		reminders.send_daily_notices(_next_working(morning))
		assert len(told(seller)) == 1
		activity.reload()
		activity.update({"starts_on": soon(days=1)}).save()
		assert not activity.overdue_told
		reminders.send_daily_notices(_next_working(morning + timedelta(days=3)))
		assert len(told(seller)) == 2

	def test_what_changes_hands_is_news_to_its_new_seller(self, seller, manager):
		configure(remind_due_today=0, escalate_overdue=0)
		activity = plan(seller, soon(days=-2))
		morning = _next_working(company_now().replace(hour=9))
		reminders.send_daily_notices(morning)
		other = make_seller(manager.name)
		activity.reload()
		activity.update({"seller": other.name}).save()
		reminders.send_daily_notices(morning)
		assert len([text for text in told(other) if "overdue" in text]) == 1

	def test_what_nobody_can_be_told_is_not_looked_at_again(self, seller):
		configure(remind_due_today=0, escalate_overdue=0)
		orphan = plan(seller, WEDNESDAY)
		orphan.db_set("seller", None)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=1))
		assert frappe.db.get_value("Cronus Activity", orphan.name, "overdue_told")

	def test_a_failure_leaves_the_others_theirs_and_is_tried_again(self, seller, monkeypatch):
		configure(remind_due_today=0, escalate_overdue=0)
		other = make_seller()
		plan(seller, WEDNESDAY)
		plan(other, WEDNESDAY)
		tell = reminders._send_person_notice

		def fail_for_one(person, *args, **kwargs):
			if person.seller == seller.name:
				raise RuntimeError("the process dies here")
			tell(person, *args, **kwargs)

		monkeypatch.setattr(reminders, "_send_person_notice", fail_for_one)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=1))
		assert (len(told(seller)), len(told(other))) == (0, 1)
		monkeypatch.setattr(reminders, "_send_person_notice", tell)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=1))
		assert (len(told(seller)), len(told(other))) == (1, 1)

	def test_what_another_run_has_told_meanwhile_is_not_told(self, seller):
		plan(seller, WEDNESDAY).db_set("overdue_told", 1)
		person = notice_recipients.Team.load().find_recipient(seller.name)
		days = reminders.get_user_days(seller.user, WEDNESDAY + timedelta(days=1))
		reminders.notify_overdue(seller.name, person, days, by_email=False)
		assert told(seller) == []

	def test_the_day_that_is_over_is_that_of_the_user(self, seller, monkeypatch):
		configure(remind_due_today=0, escalate_overdue=0)
		monkeypatch.setattr("cronus_crm.base.time_zones.get_system_timezone", lambda: "UTC")
		frappe.db.set_value("User", seller.user, "time_zone", "America/Lima")  # five hours behind
		frappe.clear_document_cache("User", seller.user)
		plan(seller, WEDNESDAY.replace(hour=0), all_day=1)
		plan(seller, WEDNESDAY.replace(hour=3))  # the evening of Tuesday there
		reminders.send_daily_notices(WEDNESDAY.replace(hour=4))
		assert told(seller) == []
		reminders.send_daily_notices(WEDNESDAY.replace(hour=14))
		assert len(told(seller)) == 1 and told(seller)[0].startswith("One activity is overdue")

	def test_off_is_off(self, seller):
		configure(remind_due_today=0, remind_overdue=0, escalate_overdue=0)
		plan(seller, WEDNESDAY)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=7))
		assert told(seller) == []

	def test_those_of_before_the_upgrade_are_left_in_peace(self, seller):
		configure(remind_due_today=0)
		old, of_today = plan(seller, soon(days=-9)), plan(seller, soon(hours=1))
		quiet_old_overdue.execute()
		marks = ["overdue_told", "escalated"]
		assert frappe.db.get_value("Cronus Activity", old.name, marks) == (1, 1)
		assert frappe.db.get_value("Cronus Activity", of_today.name, marks) == (0, 0)

	def test_an_import_of_the_past_is_left_in_peace(self, seller, monkeypatch):
		monkeypatch.setitem(frappe.flags, "in_import", True)
		activity = plan(seller, soon(days=-9), state="Pending")
		assert activity.overdue_told and activity.escalated


class TestEscalation:
	@pytest.fixture(autouse=True)
	def only_this(self):
		configure(remind_due_today=0, remind_overdue=0)

	def test_the_manager_hears_once_of_what_stays_overdue(self, manager, seller):
		colleague = make_seller(manager.name)
		plan(seller, WEDNESDAY)
		plan(seller, WEDNESDAY)
		plan(colleague, WEDNESDAY)
		monday = WEDNESDAY + timedelta(days=5)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=2))
		assert told(manager) == []
		reminders.send_daily_notices(monday)
		reminders.send_daily_notices(monday)
		(subject,) = told(manager)
		assert f"{seller.name}</strong>: 2" in subject and f"{colleague.name}</strong>: 1" in subject
		assert told(seller) == []

	def test_the_nearest_sales_manager_above(self):
		top = make_seller(roles=(MANAGER,), is_group=1)
		between = make_seller(top.name, is_group=1)
		seller = make_seller(between.name)
		plan(seller, WEDNESDAY)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=5))
		assert (len(told(top)), told(between)) == (1, [])

	def test_without_one_the_nearest_superior(self):
		top = make_seller(is_group=1)
		between = make_seller(top.name, is_group=1)
		seller = make_seller(between.name)
		frappe.db.set_value("User", top.user, "enabled", 0)
		plan(seller, WEDNESDAY)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=5))
		assert (len(told(between)), told(top)) == (1, [])

	def test_without_a_superior_nobody_and_not_again(self):
		alone = make_seller()
		activity = plan(alone, WEDNESDAY)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=5))
		assert told(alone) == []
		assert frappe.db.get_value("Cronus Activity", activity.name, "escalated")

	def test_of_a_disabled_seller_too(self, manager, seller):
		plan(seller, WEDNESDAY)
		seller.db_set("enabled", 0)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=5))
		assert len(told(manager)) == 1

	def test_off_is_off(self, manager, seller):
		configure(escalate_overdue=0)
		plan(seller, WEDNESDAY)
		reminders.send_daily_notices(WEDNESDAY + timedelta(days=7))
		assert told(manager) == []


@pytest.mark.parametrize("days_down", [1, 3])
def test_after_days_without_scheduler_each_notice_is_given_once(manager, seller, days_down):
	late = plan(seller, WEDNESDAY - timedelta(days=days_down))
	today = plan(seller, WEDNESDAY + timedelta(hours=1))
	reminded = plan(seller, WEDNESDAY + timedelta(hours=2))
	frappe.db.set_value("Cronus Activity", reminded.name, "remind_at", soon(days=-days_down))
	for _sweep in range(2):
		reminders.send_due_reminders()
		reminders.send_daily_notices(WEDNESDAY)
	notices = told(seller)
	assert len(notices) == 3
	for text in ("Reminder: ", "2 activities today", late.subject):
		assert sum(text in notice for notice in notices) == 1, text
	assert today.subject not in "".join(notices)
	assert len(told(manager)) == (days_down >= 3)


def test_the_notices_of_the_day_go_by_email_where_the_settings_say(seller, outgoing_mail):
	plan(seller, WEDNESDAY)
	reminders.send_daily_notices(WEDNESDAY)
	assert mails_to(seller) == []
	configure(reminders_by_email=1)
	seller.db_set("due_today_told_on", None)
	reminders.send_daily_notices(WEDNESDAY)
	assert len(mails_to(seller)) == 1


def test_the_hour_of_the_notices_is_checked():
	settings = frappe.get_doc("Cronus CRM Settings")
	settings.due_today_time = "half past nine"
	with pytest.raises(frappe.ValidationError, match="is not a time of day"):
		settings.save()


def _next_working(moment: datetime) -> datetime:
	day = reminders.WorkingDays.from_settings().next_working_day(moment.date())
	return datetime.combine(day, moment.time())
