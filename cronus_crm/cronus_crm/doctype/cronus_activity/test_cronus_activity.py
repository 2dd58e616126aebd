from datetime import date, datetime, timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from cronus_crm.base import user_days
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.cronus_crm.activities import suggested_times
from cronus_crm.cronus_crm.doctype.cronus_activity.cronus_activity import (
	MAX_DAYS,
	finish_activity,
	postpone_activity,
	reopen_activity,
)
from tests.scaffold import make_customer, make_opportunity, make_seller, make_user, unique

suggest = suggested_times.suggest_postponements


def new_activity(**fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": "Visit the workshop",
			"activity_type": "Visit",
			"starts_on": "2026-11-20 10:00:00",
			**fields,
		}
	)


def test_colour_and_length_are_those_of_the_type():
	activity = new_activity().insert()
	assert activity.color == "#f9a8d4"
	assert activity.ends_on == datetime(2026, 11, 20, 11, 30)
	assert new_activity(color="#000000").insert().color == "#000000"
	assert new_activity(all_day=1).insert().ends_on is None


def test_moving_the_start_moves_the_end():
	activity = new_activity().insert()
	activity.reload()
	activity.starts_on = "2026-11-23 16:00:00"
	activity.save()
	assert activity.ends_on == datetime(2026, 11, 23, 17, 30)


def test_an_end_before_the_start_is_refused():
	with pytest.raises(frappe.ValidationError, match="ends before it starts"):
		new_activity(ends_on="2026-11-20 09:00:00").insert()


@pytest.mark.parametrize("missing", ["activity_type", "starts_on", "subject"])
def test_what_is_missing_is_named(missing):
	with pytest.raises(frappe.MandatoryError, match=missing):
		new_activity(**{missing: None}).insert()


def test_done_is_dated_and_reopening_forgets_the_date():
	activity = new_activity().insert()
	activity.update({"state": "Done"}).save()
	assert activity.done_on
	activity.update({"state": "Pending"}).save()
	assert activity.done_on is None


def test_the_customer_is_that_of_the_opportunity():
	opportunity = make_opportunity(make_seller().name)
	assert new_activity(opportunity=opportunity.name).insert().customer == opportunity.customer


def test_what_a_seller_makes_is_theirs():
	seller = make_seller()
	frappe.set_user(seller.user)
	assert new_activity().insert().seller == seller.name
	frappe.set_user(make_user("Cronus Seller"))
	assert new_activity().insert().seller is None


def make_prospect(**fields):
	return frappe.get_doc(
		{"doctype": "Cronus Prospect", "prospect_name": unique("Prospect"), **fields}
	).insert()


def test_it_lasts_a_month_at_most():
	activity = new_activity(ends_on=datetime(2026, 11, 20, 10) + timedelta(days=MAX_DAYS)).insert()
	with pytest.raises(frappe.ValidationError, match="31 days at most"):
		activity.update({"ends_on": activity.ends_on + timedelta(minutes=1)}).save()


def test_one_of_long_ago_that_lasts_longer_can_still_be_done():
	activity = new_activity().insert()
	activity.db_set("ends_on", "2027-11-20 10:00:00")
	activity.reload()
	assert activity.update({"state": "Done"}).save().done_on


def test_the_name_is_that_of_the_customer_else_of_the_prospect():
	customer, prospect = make_customer(), make_prospect()
	activity = new_activity(customer=customer.name, prospect=prospect.name).insert()
	assert activity.customer_name == customer.customer_name
	activity.update({"customer": None}).save()
	assert activity.customer_name == prospect.prospect_name
	activity.update({"prospect": None, "customer_name": "Whoever"}).save()
	assert activity.customer_name is None


def test_the_prospect_is_that_of_the_opportunity():
	prospect = make_prospect()
	opportunity = make_opportunity(make_seller().name)
	opportunity.db_set({"prospect": prospect.name})
	assert new_activity(opportunity=opportunity.name).insert().prospect == prospect.name


@pytest.mark.parametrize("party", ["customer", "prospect"])
def test_an_opportunity_of_another_is_refused(party):
	opportunity = make_opportunity(make_seller().name)
	opportunity.db_set("prospect", make_prospect().name)
	other = make_customer() if party == "customer" else make_prospect()
	with pytest.raises(frappe.ValidationError, match=other.name):
		new_activity(opportunity=opportunity.name, **{party: other.name}).insert()


def test_colours_of_the_prospect_come_before_that_of_the_type():
	prospect = make_prospect(color="#112233", text_color="#ffffff")
	activity = new_activity(prospect=prospect.name).insert()
	assert (activity.color, activity.text_color) == ("#112233", "#ffffff")
	assert new_activity(prospect=prospect.name, color="#000000").insert().color == "#000000"
	assert new_activity(prospect=make_prospect().name).insert().color == "#f9a8d4"


def test_what_the_system_notes_is_not_taken_from_whoever_saves():
	sent = {"origin_key": "Proforma/PF-1", "announced": 0, "overdue_told": 1, "escalated": 1, "settled": 1}
	activity = new_activity(**sent).insert()
	assert not (activity.origin_key or activity.overdue_told or activity.escalated or activity.settled)
	activity.reload()
	activity.update({**sent, "remind_at": now_datetime()}).save()
	assert not (activity.origin_key or activity.overdue_told or activity.remind_at)
	assert activity.announced


class TestFinishing:
	@pytest.fixture
	def seller(self):
		return make_seller()

	@pytest.fixture
	def activity(self, seller):
		frappe.set_user(seller.user)
		opportunity = make_opportunity(seller.name)
		return new_activity(
			opportunity=opportunity.name, notes="<p>Ask for the boss</p>", priority="High"
		).insert()

	def test_it_says_what_came_of_it(self, activity):
		answer = finish_activity(activity.name, "Quotation made", "Wants 3 < 5\nand soon")
		assert answer == {"activity": activity.name, "next": None}
		activity.reload()
		assert (activity.state, activity.result) == ("Done", "Quotation made")
		assert activity.done_on
		assert activity.notes == "<p>Ask for the boss</p><p>Wants 3 &lt; 5<br>and soon</p>"

	def test_the_next_one_is_about_the_same(self, activity):
		plan = {"activity_type": "Call", "starts_on": "2026-11-23 10:00:00", "notes": "Bring <samples>"}
		following = frappe.get_doc(
			"Cronus Activity", finish_activity(activity.name, next_activity=plan)["next"]
		)
		for fieldname in ("subject", "seller", "customer", "customer_name", "opportunity", "priority"):
			assert following.get(fieldname) == activity.get(fieldname), fieldname
		assert (following.state, following.activity_type) == ("Pending", "Call")
		assert following.starts_on == datetime(2026, 11, 23, 10)
		assert following.ends_on == datetime(2026, 11, 23, 10, 15)
		assert "&lt;samples&gt;" in following.notes and "boss" not in following.notes

	def test_the_plan_may_be_text_and_names_its_subject(self, activity):
		plan = '{"activity_type": "Call", "starts_on": "2026-11-23 10:00", "subject": "Close it"}'
		following = finish_activity(activity.name, next_activity=plan)["next"]
		assert frappe.db.get_value("Cronus Activity", following, "subject") == "Close it"

	def test_only_what_is_pending_is_finished(self, activity):
		finish_activity(activity.name)
		with pytest.raises(frappe.ValidationError, match="no longer pending"):
			finish_activity(activity.name)
		with pytest.raises(frappe.ValidationError, match="no longer pending"):
			postpone_activity(activity.name, "2026-11-23 10:00:00")
		assert reopen_activity(activity.name) == {"activity": activity.name, "state": "Pending"}
		finish_activity(activity.name)

	def test_another_seller_does_neither(self, activity):
		frappe.set_user("Administrator")
		frappe.set_user(make_seller().user)
		for act in (
			lambda: finish_activity(activity.name),
			lambda: postpone_activity(activity.name, "2026-11-23 10:00:00"),
			lambda: reopen_activity(activity.name),
			lambda: suggested_times.suggest_next(activity.name),
			lambda: suggest(activity.name),
		):
			with pytest.raises(frappe.PermissionError):
				act()

	def test_reopened_it_has_no_result(self, activity):
		finish_activity(activity.name, "No answer")
		reopen_activity(activity.name)
		activity.reload()
		assert not (activity.result or activity.done_on)

	def test_the_next_working_day_is_suggested(self, activity):
		activity.reload()
		suggested = suggested_times.suggest_next(activity.name)
		assert suggested["starts_on"].time() == activity.starts_on.time()
		assert suggested["starts_on"].date() > now_datetime().date()
		assert WorkingDays.from_settings().is_working(suggested["starts_on"].date())
		assert (suggested["activity_type"], suggested["subject"]) == ("Visit", activity.subject)

	# Thanksgiving's week of 2026: a Wednesday, a Thursday before the week end, and a Saturday.
	@pytest.mark.parametrize(
		"now, days",
		[
			("2026-11-25 09:00", {"tomorrow": 26, "three_working_days": 30, "monday": 30}),
			("2026-11-27 09:00", {"working_day": 30, "three_working_days": 2, "monday": 30}),
			("2026-11-22 09:00", {"tomorrow": 23, "three_working_days": 25, "monday": 23}),
		],
	)
	def test_postponing_falls_on_working_days(self, activity, monkeypatch, now, days):
		now = datetime.fromisoformat(now)
		monkeypatch.setattr(user_days, "company_now", lambda: now)
		activity.reload()
		suggested = {row["choice"]: row["starts_on"] for row in suggest(activity.name)}
		assert suggested.pop("hour") == now + timedelta(hours=1)
		assert {choice: moment.day for choice, moment in suggested.items()} == days
		assert {moment.time() for moment in suggested.values()} == {activity.starts_on.time()}
		assert {row["starts_on"].time() for row in suggest()[1:]} == {now.time()}

	def test_a_holiday_is_no_day_to_postpone_to(self, activity, monkeypatch):
		monkeypatch.setattr(user_days, "company_now", lambda: datetime(2026, 11, 25, 9))
		holidays = [datetime(2026, 11, day).date() for day in (26, 30)]
		monkeypatch.setattr(WorkingDays, "from_settings", lambda: WorkingDays(range(5), holidays))
		assert [row["starts_on"].day for row in suggest(activity.name)] == [25, 27, 2, 1]

	def test_it_is_postponed_to_a_day_at_its_hour(self, activity):
		activity.reload()
		moved = postpone_activity(activity.name, day="2026-11-30")
		assert moved["starts_on"] == datetime.combine(date(2026, 11, 30), activity.starts_on.time())
		with pytest.raises(frappe.ValidationError, match="mañana"):
			postpone_activity(activity.name, day="mañana")

	def test_postponing_keeps_the_length(self, activity):
		moved = postpone_activity(activity.name, "2026-11-30 16:00:00")
		assert moved["starts_on"] == datetime(2026, 11, 30, 16)
		assert moved["ends_on"] == datetime(2026, 11, 30, 17, 30)

	@pytest.mark.parametrize("value", ["", "soon", "12", "2026-02-30 10:00", "2026-11-30T10:00:00+00:00"])
	def test_a_date_that_is_none_is_refused(self, activity, value):
		with pytest.raises(frappe.ValidationError, match="not a date and time"):
			postpone_activity(activity.name, value)


def test_comments_and_files_are_of_those_who_see_the_activity():
	from frappe.desk.form.utils import add_comment

	seller = make_seller()
	frappe.set_user(seller.user)
	activity = new_activity().insert()

	def comment_and_attach():
		user = frappe.session.user
		comment = add_comment("Cronus Activity", activity.name, "<p>They will think about it</p>", user, user)
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": "plan.txt",
				"content": "a plan",
				"attached_to_doctype": "Cronus Activity",
				"attached_to_name": activity.name,
				"is_private": 1,
			}
		).insert()
		return comment, file

	comment, file = comment_and_attach()
	assert comment.name and file.attached_to_name == activity.name
	frappe.set_user("Administrator")
	frappe.set_user(make_seller().user)
	with pytest.raises(frappe.PermissionError):
		comment_and_attach()
	assert not frappe.get_list("File", {"name": file.name}, order_by="name asc")
