"""Telephones as people of the company's country read and dial them. Stored, they stay as they were
written."""

import frappe
import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher


def show_phones(text: str | None, country: str | None = None) -> str | None:
	"""A text with its telephones in the national form where they are of the company's country, and in the
	international one otherwise: “0991234567” as “099 123 4567” in Ecuador. Words, and what is no number of
	any country, stay as they are written.

	country: name of the Country of numbers without a country code; by default, the company's.
	"""
	if not text:
		return text
	home = _find_region(frappe.get_system_settings("country"))
	region = _find_region(country) or home
	shown, end = [], 0
	for match in PhoneNumberMatcher(text, region):
		is_ours = phonenumbers.region_code_for_number(match.number) == home
		form = PhoneNumberFormat.NATIONAL if is_ours else PhoneNumberFormat.INTERNATIONAL
		shown += [text[end : match.start], phonenumbers.format_number(match.number, form)]
		end = match.end
	return "".join([*shown, text[end:]])


def _find_region(country: str | None) -> str | None:
	# From the cache: the codes of countries do not change.
	code = country and frappe.get_cached_value("Country", country, "code")
	return code.upper() if code else None
