"""What a report's file for a spreadsheet says besides its rows: filters, definitions, names as shown."""

import csv
import json
from io import StringIO

import frappe
import pytest
from frappe.desk import query_report

from cronus_crm.visibility.replaced import replacement
from tests.scaffold import (
	MANAGER,
	SELLER,
	invoice_of,
	issue_proforma,
	make_opportunity,
	make_seller,
	make_user,
)

REPORTS = [
	("Cronus Seller Efficiency", {}),
	("Cronus Follow-up by Period", {}),
	("Cronus Won Deals", {}),
	("Cronus Pipeline", {}),
	("Cronus Potential", {}),
	("Cronus Loss Reasons", {}),
	("Cronus Deal Funnel", {}),
	("Cronus Revenue Trend", {"of": "Invoiced"}),
	("Cronus Year against Year", {}),
	("Cronus Customer Portfolio", {}),
	("Cronus Invoices Owed", {}),
	("Cronus Purchase Peaks", {}),
	("Cronus Products Sold", {}),
	("Cronus Order Status", {}),
	("Cronus Issued Documents", {}),
	("Cronus Activity Log", {}),
	("Cronus Prospects by Origin", {}),
]


@pytest.fixture(scope="module")
def manager(site):
	frappe.set_user("Administrator")
	replacement.replace_all()
	manager = make_seller(user=make_user(SELLER, MANAGER, language="es"))
	seller = make_seller(manager.name)
	invoice_of(issue_proforma(seller.name))
	make_opportunity(seller.name, stage="Not won", loss_reason="Price", value=7)
	frappe.db.commit()
	return manager


def rows_of_file(report, filters, file_format="CSV", **applied):
	"""The rows that are written, before they become bytes."""
	written = []
	make = query_report.build_xlsx_data

	def keep(*args, **kwargs):
		result = make(*args, **kwargs)
		written.append(result[0])
		return result

	query_report.build_xlsx_data = keep
	try:
		params = frappe._dict(
			report_name=report,
			file_format_type=file_format,
			filters=filters,
			applied_filters=applied,
			visible_idx="[]",
			include_filters=0,
		)
		_name, _ending, content = query_report._export_query(params, {}, populate_response=False)
	finally:
		query_report.build_xlsx_data = make
	return written[0], content


@pytest.mark.parametrize("file_format", ["CSV", "Excel"])
@pytest.mark.parametrize(("report", "filters"), REPORTS)
def test_a_file_has_filters_columns_totals_and_definitions(manager, report, filters, file_format):
	frappe.set_user(manager.user)
	shown = query_report.run(report, dict(filters))
	rows, _content = rows_of_file(report, dict(filters), file_format, Desde="01-01-2026")
	assert rows[0] == ["Desde", "01-01-2026"]
	heads = [column["label"] for column in shown["columns"] if not column.get("hidden")]
	assert heads in rows
	table = rows[rows.index(heads) + 1 :]
	end = table.index([])
	assert len(table[:end]) == len(shown["result"])
	(definitions,) = table[end + 1]
	assert "<" not in definitions
	assert len(definitions) > 20
	assert all(
		sentence in frappe.utils.strip_html(shown["message"]) for sentence in definitions.split(". ")[:1]
	)


def test_names_of_masters_are_those_that_the_desk_shows(manager):
	frappe.set_user(manager.user)
	frappe.local.lang = "es"
	rows, _content = rows_of_file("Cronus Loss Reasons", {})
	frappe.local.lang = "en"
	assert any("Precio" in row for row in rows)


def test_a_file_made_by_a_job_has_no_formulas(manager):
	frappe.set_user("Administrator")
	seller = make_seller(manager.name, seller_name="=1+1 " + frappe.generate_hash(length=6))
	frappe.set_user(manager.user)
	params = {"report_name": "Cronus Seller Efficiency", "file_format_type": "CSV", "filters": "{}"}
	params |= {"visible_idx": json.dumps([]), "applied_filters": {}}
	_name, _ending, content = query_report._export_query(frappe._dict(params), {}, populate_response=False)
	text = content.decode() if isinstance(content, bytes) else content
	cells = {cell for row in csv.reader(StringIO(text)) for cell in row}
	assert f"'{seller.name}" in cells
	assert not [cell for cell in cells if cell.startswith("=")]


def test_a_report_of_another_app_is_as_the_framework_writes_it(site):
	frappe.set_user("Administrator")
	data = frappe._dict(
		columns=[{"label": "A", "fieldname": "a", "fieldtype": "Data"}],
		result=[{"a": 1}],
		message="<p>x</p>",
	)
	assert query_report.build_xlsx_data(data, [], 0)[0] == [["A"], [1]]
