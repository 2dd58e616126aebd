"""Every DocType of ours stands in the table of ownership, and in the world in which leaks are looked for."""

from pathlib import Path

import frappe
import pytest

from cronus_crm.visibility import ownership
from cronus_crm.visibility.ownership import CLOSED, INTEGRATOR_ROLE, OPEN, OWNERSHIP, BySeller, RowOf
from tests.visibility.world import GOVERNED

pytestmark = pytest.mark.usefixtures("site")

ADMINISTRATING = {"System Manager", "Cronus Administrator"}


def our_modules() -> list[str]:
	return frappe.get_all("Module Def", {"app_name": "cronus_crm"}, pluck="name", order_by="name asc")


def our_doctypes() -> dict[str, bool]:
	"""Those of the app's modules, and of each whether it is a row."""
	rows = frappe.get_all(
		"DocType", {"module": ("in", our_modules())}, ["name", "istable"], order_by="name asc"
	)
	return {row.name: bool(row.istable) for row in rows}


def test_every_doctype_of_ours_has_its_line():
	placed = [set(OWNERSHIP), OPEN, CLOSED]
	for doctype in our_doctypes():
		lines = sum(doctype in names for names in placed)
		assert lines == 1, (
			f"{doctype} stands {lines} times in visibility/ownership.py: it needs one line there"
		)


def test_the_table_names_what_exists():
	for doctype in {*OWNERSHIP, *OPEN, *CLOSED}:
		assert frappe.db.exists("DocType", doctype), doctype


def test_whatever_belongs_to_sellers_is_in_the_world_of_the_leak_test():
	missing = set(ownership.governed_doctypes()) - set(GOVERNED)
	assert not missing, (
		f"Add to GOVERNED in tests/visibility/world.py, with a record in a portfolio: {missing}"
	)
	assert set(GOVERNED) <= set(ownership.governed_doctypes())


def test_every_report_is_asked_by_the_leak_test():
	folder = Path(__file__).parent / "visibility"
	asked = "".join(file.read_text() for file in folder.rglob("*.py"))
	ours = {"module": ("in", our_modules()), "is_standard": "Yes"}
	reports = frappe.get_all("Report", ours, pluck="name", order_by="name asc")
	missing = [report for report in reports if f'"{report}"' not in asked]
	assert not missing, f"Add to _OF_TOTALS in tests/visibility/paths.py, or a way of their own: {missing}"


def test_a_row_of_a_governed_document_has_its_line():
	"""A table of rows that nobody entered is read by its own name, past the document."""
	for doctype in ownership.governed_doctypes():
		for field in frappe.get_meta(doctype).get_table_fields():
			assert isinstance(ownership.find_ownership(field.options), RowOf), (
				f"{doctype}.{field.fieldname}: {field.options}"
			)


def test_the_fields_that_the_table_names_exist():
	for doctype, owned in OWNERSHIP.items():
		meta = frappe.get_meta(doctype)
		for attribute in (
			"seller_field",
			"fieldname",
			"doctype_field",
			"name_field",
			"about_field",
			"user_field",
		):
			if (fieldname := getattr(owned, attribute, None)) and fieldname != "name":
				assert meta.get_field(fieldname) or fieldname in ("parent", "parenttype"), (
					f"{doctype}.{fieldname}"
				)


def test_what_has_a_seller_is_open_to_those_alone_who_see_all_sellers():
	for doctype in OPEN:
		meta = frappe.get_meta(doctype)
		sellers = [field.fieldname for field in meta.fields if field.options == "Cronus Seller"]
		roles = {rule.role for rule in meta.permissions if rule.read}
		assert not sellers or roles <= ADMINISTRATING | {INTEGRATOR_ROLE}, (
			f"{doctype} names a seller in {sellers} and is open to {roles}"
		)


def test_what_is_closed_is_read_by_administrators_alone():
	for doctype in CLOSED:
		roles = {rule.role for rule in frappe.get_meta(doctype).permissions if rule.read}
		assert roles <= ADMINISTRATING, f"{doctype} is read by {roles - ADMINISTRATING}"


def test_a_table_of_another_app_counts(monkeypatch):
	theirs = {"Note": BySeller("owner")}
	monkeypatch.setattr(ownership, "OF_ANOTHER_APP", theirs, raising=False)
	hooks = [*frappe.get_hooks("cronus_ownership"), "cronus_crm.visibility.ownership.OF_ANOTHER_APP"]
	monkeypatch.setattr(frappe, "get_hooks", lambda *args, **kwargs: hooks)
	try:
		frappe.local.request_cache.clear()
		assert ownership.find_ownership("Note") == theirs["Note"]
		assert ownership.is_governed("Note")
		assert ownership.is_governed("Proforma")
	finally:
		frappe.local.request_cache.clear()
