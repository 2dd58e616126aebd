"""Spanish is complete: every string that people see has its translation, with the same placeholders."""

import re
from pathlib import Path

import frappe
import pytest
from babel.messages.pofile import read_po
from frappe.gettext.translate import generate_pot, get_catalog

PLACEHOLDER = re.compile(r"\{\d*\}|%\(\w+\)s|%s")


@pytest.fixture(scope="module")
def template(site):
	"""The messages of the code as it is, and those of the file that is kept."""
	path = Path(frappe.get_app_path("cronus_crm")) / "locale" / "main.pot"
	kept = path.read_bytes()
	try:
		generate_pot("cronus_crm")
		yield {m.id for m in get_catalog("cronus_crm") if m.id}, _ids(kept)
	finally:
		path.write_bytes(kept)


@pytest.fixture(scope="module")
def spanish():
	path = Path(frappe.get_app_path("cronus_crm")) / "locale" / "es.po"
	with path.open("rb") as file:
		return {message.id: message for message in read_po(file) if message.id}


def _ids(pot: bytes) -> set[str]:
	from io import BytesIO

	return {message.id for message in read_po(BytesIO(pot)) if message.id}


def test_the_template_is_that_of_the_code(template):
	code, kept = template
	assert code == kept, "run: bench generate-pot-file --app cronus_crm"


def test_every_message_is_in_spanish(template, spanish):
	code, _kept = template
	missing = sorted(message for message in code if message not in spanish or not spanish[message].string)
	assert missing == []


def test_nothing_is_fuzzy_or_left_over(template, spanish):
	code, _kept = template
	assert [message for message in spanish.values() if message.fuzzy] == []
	assert sorted(set(spanish) - code) == []


def test_placeholders_are_kept(spanish):
	for message in spanish.values():
		assert sorted(PLACEHOLDER.findall(message.id)) == sorted(PLACEHOLDER.findall(message.string)), (
			message.id
		)


def test_the_framework_shows_them(site):
	assert frappe._("Follow-up", lang="es") == "Seguimiento"
	assert frappe._("Cronus Opportunity", lang="es") == "Oportunidad"
	assert frappe._("Initial contact", lang="es") == "Contacto inicial"
