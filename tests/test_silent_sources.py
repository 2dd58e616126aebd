"""Administrators are told once of a silent source, and once when it speaks again."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from cronus_crm.api import exchange
from cronus_crm.cronus_exchange.watching.silence import list_administrators, watch_source
from tests.scaffold import ADMINISTRATOR, make_user
from tests.sources import SOURCE, make_source

pytestmark = pytest.mark.usefixtures("site")


def hours_ago(hours: float):
	return add_to_date(now_datetime(), minutes=-round(hours * 60))


@pytest.fixture
def source():
	"""A source that counts as silent after six hours, and has told something eight hours ago."""
	frappe.set_user("Administrator")
	made = make_source(silent_after_hours=6)
	set_values(made, watched_from=hours_ago(48), last_told_on=hours_ago(8))
	return made


def set_values(source, **values) -> None:
	frappe.db.set_value(SOURCE, source.name, values)


def notices(source, user: str = "Administrator") -> list[str]:
	return frappe.get_all(
		"Notification Log",
		{"for_user": user, "subject": ("like", f"%{source.name}%")},
		pluck="subject",
		order_by="creation asc",
	)


def test_each_administrator_is_told_once_and_once_when_it_speaks_again(source):
	user = make_user(ADMINISTRATOR, language="es")
	assert user in list_administrators()
	for _run in range(3):
		watch_source(source.name)
	assert len(notices(source)) == len(notices(source, user)) == 1
	assert "has told nothing since" in notices(source)[0]
	set_values(source, last_told_on=now_datetime())
	for _run in range(3):
		watch_source(source.name)
	assert len(notices(source)) == len(notices(source, user)) == 2
	assert "tells again" in notices(source)[1]
	set_values(source, last_told_on=hours_ago(7))
	watch_source(source.name)
	assert len(notices(source)) == 3


def test_a_scheduler_that_was_down_tells_later(source):
	set_values(source, last_told_on=hours_ago(300), watched_from=hours_ago(400))
	watch_source(source.name)
	assert len(notices(source)) == 1
	# It has spoken and is silent again, while nobody looked.
	set_values(source, last_told_on=hours_ago(100))
	watch_source(source.name)
	assert len(notices(source)) == 1
	assert frappe.db.get_value(SOURCE, source.name, "silent_since") is not None


def test_nobody_is_told_of_a_source_that_is_off_or_not_watched_or_not_silent_for_so_long(source):
	for values in ({"enabled": 0}, {"silent_after_hours": 0}, {"last_told_on": hours_ago(5)}):
		former = frappe.db.get_value(SOURCE, source.name, list(values), as_dict=True)
		set_values(source, **values)
		watch_source(source.name)
		assert notices(source) == []
		set_values(source, **former)


def test_a_source_that_was_switched_off_while_silent_is_forgotten(source):
	watch_source(source.name)
	exchange.switch_source(source.name, 0)
	watch_source(source.name)
	assert len(notices(source)) == 1
	exchange.switch_source(source.name, 1)
	watch_source(source.name)
	# Its hours count from now.
	assert len(notices(source)) == 1
	set_values(source, watched_from=hours_ago(7))
	watch_source(source.name)
	assert len(notices(source)) == 2


def test_the_page_says_so_before_anybody_was_told(source):
	(row,) = [row for row in exchange.list_sources() if row["name"] == source.name]
	assert row["silent_since"] and row["is_watched"] and row["enabled"]
