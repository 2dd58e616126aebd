"""A first proforma on a practice customer, and nothing left of it."""

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import entries, recount_totals
from cronus_crm.first_day import guide, practice, record_step
from tests.scaffold import ADMINISTRATOR, invoice_of, make_seller, make_user, new_proforma


@pytest.fixture(autouse=True)
def administrator(site):
	make_seller()
	frappe.db.set_single_value("Cronus CRM Settings", "default_tax", "VAT 15 %")
	frappe.set_user(make_user(ADMINISTRATOR))


def count_all() -> dict[str, int]:
	doctypes = ("Proforma", "Invoice", "Cronus Activity", "Cronus Sales Entry", "Cronus Customer")
	return {doctype: frappe.db.count(doctype) for doctype in doctypes}


def test_a_practice_leaves_nothing():
	# One that another test may have begun.
	practice.remove_practice()
	before = count_all()
	totals = sum(frappe.get_all("Cronus Total", pluck="amount", limit=0))
	begun = practice.start_practice()
	assert practice.start_practice() == begun
	proforma = new_proforma(begun["seller"], begun["customer"]).insert()
	proforma.submit()
	assert frappe.db.exists("Cronus Activity", {"reference_name": proforma.name})
	invoice_of(proforma)
	assert practice.remove_practice() >= 4
	assert count_all() == before
	assert practice.find_practice() == {"customer": None, "product": None}
	assert sum(frappe.get_all("Cronus Total", pluck="amount", limit=0)) == pytest.approx(totals)
	assert not list(entries.find_differences()) and not list(recount_totals.find_differences())
	assert practice.remove_practice() == 0


def test_a_removed_practice_stays_done():
	practice.start_practice()
	practice.remove_practice()
	# Without an issued proforma nobody has practised.
	assert frappe.defaults.get_defaults(guide.DEFAULTS_PARENT).get(guide.PRACTISED) is None
	begun = practice.start_practice()
	new_proforma(begun["seller"], begun["customer"]).insert().submit()
	practice.remove_practice()
	assert {step["name"]: step["state"] for step in guide.list_steps()}["practice"] == "done"


def test_nobody_else_s_records_go():
	other = new_proforma(make_seller().name).insert(ignore_permissions=True)
	practice.start_practice()
	practice.remove_practice()
	assert frappe.db.exists("Proforma", other.name)


def test_a_pasted_sheet_becomes_an_import():
	name = record_step.paste_sheet("Products", "Código\tNombre\tPrecio\nT1\tTornillo\t0,25\nT2\tTuerca\t0,15")
	doc = frappe.get_doc("Cronus Customer Import", name)
	assert (doc.target, doc.state) == ("Products", "File read")
	assert [column.heading for column in doc.columns] == ["Código", "Nombre", "Precio"]
	assert frappe.db.get_value("File", {"file_url": doc.file}, "is_private")


@pytest.mark.parametrize(
	"target, text", [("Products", ""), ("Products", "x"), ("User", "a\nb"), ("", "a\nb")]
)
def test_what_is_no_sheet_is_refused(target, text):
	with pytest.raises(frappe.ValidationError):
		record_step.paste_sheet(target, text)
