"""Data Import refuses the cells that REST refuses, before it makes another number or day of them."""

import csv
import io
import json

import frappe
import pytest
from frappe.core.doctype.data_import.importer import Importer

from tests.scaffold import ensure_product, make_customer, make_seller, unique

NUMBERS = ("12,50", "1.234,50", "1,234.50", "$ 15", "2,5", "ten")
DATES = (
	"31-12-10",
	"1/12/10",
	"01/12/2010",
	"31/12/2026",
	"1926-11-26",
	"2062-11-26",
	"2026-11-26T08:26:00Z",
)


def import_csv(doctype: str, *rows: dict) -> Importer:
	"""Imports rows as new documents, as the desk does with a file."""
	text = io.StringIO()
	writer = csv.DictWriter(text, fieldnames=list(rows[0]))
	writer.writeheader()
	writer.writerows(rows)
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "rows.csv", "content": text.getvalue(), "is_private": 1}
	).insert()
	asked = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": doctype,
			"import_type": "Insert New Records",
			"import_file": file.file_url,
		}
	).insert()
	return Importer(doctype, data_import=asked)


def warnings_of(importer: Importer) -> str:
	importer.import_file.get_payloads_for_import()
	return json.dumps([w for w in importer.import_file.get_warnings() if w.get("type") != "info"])


@pytest.fixture
def proforma():
	seller = make_seller()
	return {
		"customer": make_customer(seller.name).name,
		"seller": seller.name,
		"posting_date": "2026-11-20",
		"items.product": ensure_product(),
		"items.quantity": "2.5",
		"items.price": "12.50",
	}


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("field", ("items.price", "items.quantity", "discount_percent", "exchange_rate"))
def test_no_number_is_made_of_a_cell_that_is_none(proforma, field, value):
	assert f"{value}</strong> is not a number" in warnings_of(
		import_csv("Proforma", {**proforma, field: value})
	)


@pytest.mark.parametrize("value", DATES)
def test_no_date_is_guessed(proforma, value):
	for field in ("posting_date", "valid_until"):
		found = warnings_of(import_csv("Proforma", {**proforma, field: value}))
		assert f"{value}</strong> is not a date from 1970" in found
	activity = {"subject": "x", "activity_type": "Call", "seller": proforma["seller"], "starts_on": value}
	assert "is not a date and time" in warnings_of(import_csv("Cronus Activity", activity))


def test_a_refused_cell_imports_nothing(proforma):
	importer = import_csv("Proforma", proforma, {**proforma, "items.price": "12,50"})
	try:
		assert importer.import_data() is None
	finally:
		importer.after_import()
	assert "12,50" in frappe.db.get_value("Data Import", importer.data_import.name, "template_warnings")
	assert not frappe.db.exists("Proforma", {"customer": proforma["customer"]})


def test_what_a_machine_writes_is_read(proforma):
	importer = import_csv("Proforma", proforma)
	assert warnings_of(importer) == "[]"
	doc = importer.import_file.get_payloads_for_import()[0].doc
	assert (doc["items"][0].price, doc["items"][0].quantity, str(doc.posting_date)[:10]) == (
		12.5,
		2.5,
		"2026-11-20",
	)


def test_the_words_for_yes_and_no_are_read():
	row = {"title": unique("Prices"), "currency": "USD", "disabled": "Yes"}
	assert warnings_of(import_csv("Cronus Price List", row)) == "[]"
