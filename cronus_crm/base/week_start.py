"""The weekday on which a week begins: that of the country, by the tables of CLDR, in the system settings.

The setting steers the agenda, the date pickers, “this week” in filters and in the pending activities. The
framework begins every week on Sunday until somebody changes it, also where weeks begin on Monday, as in
Ecuador, Chile and Argentina; in Brazil, Mexico, Peru and others they do begin on Sunday.
"""

import frappe
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from frappe.model.document import Document

from cronus_crm.base.country_formats import was_chosen

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_SETTINGS = "System Settings"
_FIELD = "first_day_of_the_week"


def find_first_weekday(country: str | None) -> str | None:
	"""The first weekday of a country (a record of Country), in English; None where that is not known."""
	territory = ((country and frappe.db.get_value("Country", country, "code")) or "").upper()
	for language in get_official_languages(territory, de_facto=True):
		try:
			return WEEKDAYS[Locale(language.split("_")[0], territory).first_week_day]
		except UnknownLocaleError:  # CLDR has the language, not as it is written there
			continue
	return None


def on_country_change(settings: Document, method: str | None = None) -> None:
	"""Event `validate` of System Settings: a new country brings its week, unless a day is chosen with it."""
	if not settings.has_value_changed("country") or settings.has_value_changed(_FIELD):
		return
	settings.set(_FIELD, find_first_weekday(settings.country) or settings.get(_FIELD))


def set_by_country() -> None:
	"""Sets the first weekday by the country of the site, unless somebody has chosen one."""
	weekday = find_first_weekday(frappe.db.get_single_value(_SETTINGS, "country"))
	if weekday and not was_chosen(_FIELD):
		frappe.db.set_single_value(_SETTINGS, _FIELD, weekday)
		# Where the desk reads it; the framework copies it there when somebody saves the settings.
		frappe.db.set_default(_FIELD, weekday)
		frappe.clear_document_cache(_SETTINGS, _SETTINGS)
