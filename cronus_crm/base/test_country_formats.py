"""Numbers and times are written as in the country, unless somebody has chosen otherwise."""

import frappe
import pytest

from cronus_crm.base.country_formats import find_number_format

SETTINGS = "System Settings"
FIELDS = ("number_format", "float_precision", "time_format")


def save(**fields) -> tuple:
	settings = frappe.get_doc(SETTINGS)
	settings.update(fields)
	settings.flags.ignore_mandatory = True
	settings.save()
	return tuple(settings.get(name) for name in FIELDS)


@pytest.mark.parametrize(
	"code, expected",
	[
		*((code, "#.###,##") for code in ("ar", "bo", "cl", "co", "cr", "es", "py", "uy", "ve", "br")),
		*((code, "#,###.##") for code in ("ec", "mx", "pe", "gt", "pa", "do", "sv")),
	],
)
def test_the_numbers_of_a_country(code, expected):
	assert find_number_format(frappe.db.get_value("Country", {"code": code})) == expected


def test_a_country_that_is_not_known_has_none():
	assert find_number_format("Atlantis") is None
	assert find_number_format(None) is None


def test_the_wizard_of_the_framework_does_not_decide():
	frappe.db.set_single_value(SETTINGS, "country", "")
	sent = {"float_precision": "3", "time_format": "HH:mm:ss", "number_format": "#,###.##"}
	assert save(country="Spain", **sent) == ("#.###,##", "2", "HH:mm")
	assert frappe.db.get_default("time_format") == "HH:mm"


def test_a_new_country_brings_its_form_unless_another_is_chosen_with_it():
	save(country="Mexico", number_format="#,###.##")
	assert save(country="Chile")[0] == "#.###,##"
	assert save(country="Mexico", number_format="# ###.##")[0] == "# ###.##"
	assert save(float_precision="4", country="Peru")[1] == "4"
	assert save(session_expiry="11:00")[1] == "4"
