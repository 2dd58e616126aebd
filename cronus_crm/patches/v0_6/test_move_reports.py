"""Reports that stood in another module, on a site of the version before."""

import frappe
import pytest
from frappe.modules.import_file import import_file
from frappe.utils import add_days, now_datetime

from cronus_crm.patches.v0_6 import move_reports

BEFORE = {"Cronus Order Status": "Cronus Billing", "Cronus Activity Log": "Cronus Analytics"}


@pytest.fixture(params=BEFORE)
def report(site, request):
	"""A report where it stood before, with what a site may have made of it."""
	name = request.param
	frappe.db.set_value(
		"Report", name, {"module": BEFORE[name], "modified": "2026-11-22 05:00:00"}, update_modified=False
	)
	role = frappe.get_doc(
		{"doctype": "Custom Role", "report": name, "roles": [{"role": "Cronus Sales Manager"}]}
	).insert()
	saved = frappe.get_doc(
		{
			"doctype": "Report",
			"report_name": frappe.generate_hash(length=8),
			"report_type": "Custom Report",
			"reference_report": name,
			"ref_doctype": frappe.db.get_value("Report", name, "ref_doctype"),
			"module": BEFORE[name],
			"is_standard": "No",
		}
	).insert()
	chart = frappe.get_doc(
		{
			"doctype": "Dashboard Chart",
			"chart_name": frappe.generate_hash(length=8),
			"chart_type": "Report",
			"report_name": name,
			"use_report_chart": 1,
			"filters_json": "{}",
			"is_public": 0,
		}
	).insert()
	return frappe._dict(name=name, roles=roles_of(name), role=role, saved=saved, chart=chart)


def roles_of(report: str) -> list[str]:
	return [row.role for row in frappe.get_doc("Report", report).roles]


def migrate(report: str) -> None:
	"""What `migrate` does with the file of a report, and then this patch."""
	import_file(move_reports.MODULES[report], "report", report)
	move_reports.execute()


def assert_moved(report) -> None:
	stored = frappe.get_doc("Report", report.name)
	assert stored.module == move_reports.MODULES[report.name]
	assert stored.execute_module({})[0]
	assert roles_of(report.name) == report.roles != []
	assert [row.role for row in report.role.reload().roles] == ["Cronus Sales Manager"]
	assert report.chart.reload().report_name == report.name
	assert frappe.get_doc("Report", report.saved.name).run_query_report({}, "Administrator")[0]


def test_a_report_is_run_where_it_stands_now(report):
	with pytest.raises(ImportError):
		frappe.get_doc("Report", report.name).execute_module({})
	migrate(report.name)
	assert_moved(report)


def test_a_report_that_the_site_has_changed_since_is_too(report):
	later = add_days(now_datetime(), 1)
	frappe.db.set_value(
		"Report", report.name, {"prepared_report": 1, "modified": later}, update_modified=False
	)
	migrate(report.name)
	assert_moved(report)
	assert frappe.db.get_value("Report", report.name, "prepared_report") == 1
