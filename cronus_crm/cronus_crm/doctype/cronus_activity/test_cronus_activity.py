from datetime import datetime

import frappe
import pytest

from tests.scaffold import make_opportunity, make_seller, make_user


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
