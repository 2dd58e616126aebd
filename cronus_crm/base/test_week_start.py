"""A week begins where it does in the country."""

from datetime import datetime

import frappe
import pytest

from cronus_crm.base.user_days import get_user_days
from cronus_crm.base.week_start import find_first_weekday

SETTINGS, FIELD = "System Settings", "first_day_of_the_week"


@pytest.mark.parametrize(
	"country, weekday",
	[
		*((name, "Monday") for name in ("Ecuador", "Chile", "Argentina", "Uruguay", "Spain", "Costa Rica")),
		*((name, "Sunday") for name in ("Brazil", "Mexico", "Peru", "Colombia", "Paraguay", "United States")),
		("Egypt", "Saturday"),
		("Nowhere", None),
		(None, None),
	],
)
def test_the_week_of_a_country(country, weekday):
	assert find_first_weekday(country) == weekday


def test_a_new_country_brings_its_week_unless_a_day_is_chosen_with_it():
	def save(**fields) -> str:
		settings = frappe.get_doc(SETTINGS)
		settings.update(fields)
		settings.flags.ignore_mandatory = True
		settings.save()
		assert frappe.db.get_default(FIELD) == settings.get(FIELD)
		return settings.get(FIELD)

	save(country="Mexico", first_day_of_the_week="Sunday")
	assert save(country="Ecuador") == "Monday"
	assert save(country="Brazil") == "Sunday"
	assert save(country="Chile", first_day_of_the_week="Saturday") == "Saturday"
	assert save(first_day_of_the_week="Wednesday") == "Wednesday"
	assert save(session_expiry="10:00") == "Wednesday"


def test_this_week_ends_where_the_country_says():
	# Friday, 27 November 2026.
	for weekday, day in (("Monday", 30), ("Sunday", 29), ("Saturday", 28)):
		frappe.db.set_single_value(SETTINGS, FIELD, weekday)
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		assert get_user_days(now=datetime(2026, 11, 27, 12)).next_week.day == day
