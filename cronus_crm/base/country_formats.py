"""How numbers and times are written: by the country, in the system settings.

The setup wizard of the framework writes three decimals and seconds, so that two units read as 2.000, which is
two thousand where a point separates thousands, and nine o'clock as 09:00:00. What a person has chosen stays.
"""

import frappe
from frappe.geo.country_info import get_country_info
from frappe.model.document import Document

_SETTINGS = "System Settings"
DECIMALS, TIME = "2", "HH:mm"

# What the wizard of the framework, or nobody, has chosen.
_UNCHOSEN = {
	"float_precision": ("", "3", 3, None),
	"time_format": ("HH:mm:ss", "", None),
}

# Where the framework's table has nothing or another form than the country: by ISO code, by the tables of
# CLDR.
_NUMBER_FORMATS = dict.fromkeys(("bo", "es", "py", "ve"), "#.###,##")
# Formats of amounts without decimals, and of the same for numbers: the framework makes the same change.
_WITH_DECIMALS = {"#.###": "#.###,##", "#,###": "#,###.##"}


def find_number_format(country: str | None) -> str | None:
	"""How a country (a record of Country) writes numbers, such as "#.###,##"; None where that is not
	known."""
	code = country and frappe.db.get_value("Country", country, "code")
	if not code:
		return None
	found = _NUMBER_FORMATS.get(code) or get_country_info(country).get("number_format")
	return _WITH_DECIMALS.get(found, found)


def on_country_change(settings: Document, method: str | None = None) -> None:
	"""Event `validate` of System Settings: a new country brings its form of numbers, two decimals and times
	without seconds, the first one its form of dates too, unless something else is chosen with it."""
	if not settings.has_value_changed("country") or not settings.country:
		return
	if _is_of_wizard(settings) or not settings.has_value_changed("number_format"):
		settings.number_format = find_number_format(settings.country) or settings.number_format
	if _is_of_wizard(settings) and not settings.has_value_changed("date_format"):
		settings.date_format = frappe.db.get_value("Country", settings.country, "date_format")
	for fieldname, value in (("float_precision", DECIMALS), ("time_format", TIME)):
		if settings.get(fieldname) in _UNCHOSEN[fieldname]:
			settings.set(fieldname, value)


def _is_of_wizard(settings: Document) -> bool:
	"""True while the site is being set up: the framework sends its own form with the country."""
	before = settings.get_doc_before_save()
	return not (before and before.country)


def set_by_country() -> None:
	"""Writes decimals and times on a site where nobody has chosen them."""
	stored = frappe.get_doc(_SETTINGS)
	for fieldname, value in (("float_precision", DECIMALS), ("time_format", TIME)):
		if stored.get(fieldname) in _UNCHOSEN[fieldname] and not was_chosen(fieldname):
			frappe.db.set_single_value(_SETTINGS, fieldname, value)
			# Where the desk reads it; the framework copies it there when somebody saves the settings.
			frappe.db.set_default(fieldname, value)
	frappe.clear_document_cache(_SETTINGS, _SETTINGS)


def was_chosen(fieldname: str) -> bool:
	"""True when the history of the system settings has a change of a field."""
	changed = {"ref_doctype": _SETTINGS, "data": ("like", f'%"{fieldname}"%')}
	return bool(frappe.db.exists("Version", changed))
