"""Reports as a manager meets them: what figures lead to, what is printed, what is left of another report."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from tests.browser import SPANISH
from tests.scaffold import (
	MANAGER,
	SELLER,
	VIEWER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_opportunity,
	make_seller,
	make_user,
)

# The reports with figures that count records, and for each kind of rows the filters.
COUNTING = {
	"Cronus Seller Efficiency": [{"by": by} for by in ("Seller", "Team", "Work centre")],
	"Cronus Follow-up by Period": [{"by": by} for by in ("Seller", "Manager", "Work centre")],
	"Cronus Won Deals": [{"by": "Seller"}, {"by": "Customer"}],
	"Cronus Pipeline": [{"by": "Seller"}],
	"Cronus Potential": [{}],
	"Cronus Loss Reasons": [{}],
	"Cronus Deal Funnel": [{}],
	"Cronus Revenue Trend": [{"of": "Won deals"}, {"of": "Invoiced"}],
}

# Gives back, of each count in the table, the figure and how many records its link leads to.
COUNT_RECORDS = """async () => {
	const report = frappe.query_report, found = [];
	const escape = (value) => String(value ?? "");
	for (const row of report.data) {
		for (const column of report.columns) {
			const value = row[column.fieldname];
			if (column.fieldtype !== "Int" || column.hidden || !value) continue;
			const html = report.report_settings.formatter(value, [], column, row, escape);
			const link = new DOMParser().parseFromString(html, "text/html").querySelector("a");
			const where = `${JSON.stringify(report.get_filter_values())} ${column.fieldname}`;
			if (!link) { found.push([where, value, null]); continue; }
			const url = new URL(link.getAttribute("href"), location.href);
			const doctype = frappe.router.doctype_layout_map?.[url.pathname.split("/").pop()]
				|| frappe.router.routes[url.pathname.split("/").pop()]?.doctype;
			const filters = [...url.searchParams].map(([name, text]) => {
				const [child, field] = name.includes(".") ? name.split(".") : [doctype, name];
				let test = ["=", text];
				try { const parsed = JSON.parse(text); if (Array.isArray(parsed)) test = parsed; } catch {}
				return [child, field, ...test];
			});
			const number = await frappe.xcall("frappe.desk.reportview.get_count",
				{ doctype, filters, fields: [], distinct: true });
			found.push([where, value, number]);
		}
	}
	return found;
}"""


@pytest.fixture(scope="module")
def team(site):
	frappe.set_user("Administrator")
	manager = make_seller(user=make_user(SELLER, MANAGER, VIEWER, **SPANISH))
	first = make_seller(manager.name, work_center=frappe.db.get_value("Cronus Work Center", {}))
	second = make_seller(manager.name)
	for seller, number in ((first, 2), (second, 1)):
		for _number in range(number):
			proforma = issue_proforma(seller.name, quantity=4)
			credit_note_of(invoice_of(proforma, quantity=2), quantity=1)
		issue_proforma(seller.name)
		invoice_of(issue_proforma(seller.name))
		make_opportunity(seller.name, value=10, stage="Proposal")
		make_opportunity(seller.name, value=10, stage="Won", opened_on="2026-01-02")
		make_opportunity(seller.name, value=10, stage="Not won", loss_reason="Price")
	frappe.db.commit()
	return frappe._dict(manager=manager, first=first, second=second)


@pytest.mark.parametrize("report", COUNTING)
def test_every_count_leads_to_as_many_records(team, desk, report):
	page = desk(team.manager.user)
	for filters in COUNTING[report]:
		page.goto(f"/app/query-report/{report}?" + "&".join(f"{k}={v}" for k, v in filters.items()))
		expect(page.locator(".datatable .dt-row-0").first).to_be_visible()
		counts = page.evaluate(COUNT_RECORDS)
		assert counts, filters
		assert not [each for each in counts if each[1] != each[2]]


def test_a_report_shows_nothing_of_the_one_before(team, desk):
	page = desk(team.manager.user, at="/app/query-report/Cronus Seller Efficiency")
	expect(page.get_by_text("Conversión: de las proformas del período")).to_be_visible()
	expect(page.locator(".report-summary")).to_be_visible()
	# It asks for a customer first, so that no answer of its own comes.
	page.evaluate("frappe.set_route('query-report', 'Cronus Statement of Account')")
	page.wait_for_function("() => frappe.query_report.report_name === 'Cronus Statement of Account'")
	expect(page.get_by_text("Conversión: de las proformas del período")).not_to_be_visible()
	expect(page.locator(".report-summary")).not_to_be_visible()
	expect(page.locator(".chart-wrapper")).not_to_be_visible()


def test_a_print_says_filters_and_definitions(team, desk):
	page = desk(team.manager.user, at="/app/query-report/Cronus Seller Efficiency?by=Team")
	expect(page.locator(".datatable .dt-row-0").first).to_be_visible()
	assert page.evaluate("frappe.model.can_print(frappe.query_report.report_doc.ref_doctype)")
	html = page.evaluate("frappe.query_report.get_filters_html_for_print()")
	assert "Equipos" in html
	assert "Conversión: de las proformas del período" in html
	applied = page.evaluate(
		"frappe.query_report.get_applied_filters(frappe.query_report.get_filter_values())"
	)
	assert applied["Filas"] == "Equipos"


def test_the_chart_of_counts_has_whole_numbers_names_and_legend(team, desk):
	page = desk(team.manager.user, at="/app/query-report/Cronus Follow-up by Period")
	expect(page.locator(".cronus-legend")).to_contain_text("Proformas")
	axis = page.locator(".chart-wrapper .y.axis text").all_text_contents()
	assert axis
	assert not [label for label in axis if re.search(r"[.,]\d\d$", label)]
	labels = page.locator(".chart-wrapper .x.axis text").all_text_contents()
	assert any(team.first.name.replace(" ", "") in label.replace(" ", "") for label in labels)
