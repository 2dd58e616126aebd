"""Telephones are shown as people of the company's country read them."""

import frappe
import pytest

from cronus_crm.base.phone_texts import show_phones


@pytest.fixture(autouse=True)
def in_ecuador(site, monkeypatch):
	monkeypatch.setattr(frappe, "get_system_settings", lambda key: "Ecuador" if key == "country" else None)


@pytest.mark.parametrize(
	"written, shown",
	(
		("0991234567", "099 123 4567"),
		("+593 99 123 4567", "099 123 4567"),
		("593991234567", "099 123 4567"),
		("+52 55 1234 5678", "+52 55 1234 5678"),
		("+573105551234", "+57 310 5551234"),
		("022345678 ext. 12", "(02) 234-5678 ext. 12"),
		("0991234567 / 0987654321", "099 123 4567 / 098 765 4321"),
		("0991234567 (solo WhatsApp, 9-17 h)", "099 123 4567 (solo WhatsApp, 9-17 h)"),
		("12345", "12345"),
		("llamar a Ana", "llamar a Ana"),
		("", ""),
		(None, None),
	),
)
def test_a_text_is_shown_with_its_telephones_in_the_national_form(written, shown):
	assert show_phones(written) == shown


def test_a_telephone_of_another_country_is_shown_with_its_code():
	assert show_phones("55 1234 5678", "Mexico") == "+52 55 1234 5678"
	assert show_phones("0991234567", "Mexico") == "0991234567"


def test_what_is_shown_is_shown_the_same_again():
	for text in ("0991234567", "+573105551234", "022345678 ext. 12"):
		assert show_phones(show_phones(text)) == show_phones(text)
