"""The excerpt of a real pipeline, loaded on the site."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import frappe
import pytest
from frappe.utils import getdate

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.demo import pipeline
from cronus_crm.demo.demo_error import DemoError
from cronus_crm.visibility import rule

DATA = Path(__file__).parent / "test_data"
FIGURES = {"won": 46, "lost": 26, "open": 30, "amount_won": 156257.0}
BEST = ("Rosalina Dieter", 38620.0)
DOCTYPES = (
	"User",
	"Cronus Work Center",
	"Cronus Seller",
	"Cronus Business Line",
	"Cronus Customer",
	"Cronus Product",
	"Cronus Opportunity",
	"Proforma",
	"Invoice",
	"Cronus Activity",
	"Cronus Sales Entry",
)


pytestmark = pytest.mark.usefixtures("restored")


@dataclass
class Prepared:
	summary: pipeline.Summary
	increase: dict[str, int]


def prepare() -> Prepared:
	frappe.db.set_single_value("Cronus CRM Settings", "currency", "USD")
	before = counts()
	return Prepared(pipeline.load_pipeline(str(DATA / "iso"), "ymd"), increase(before))


def counts() -> dict[str, int]:
	return {doctype: frappe.db.count(doctype) for doctype in DOCTYPES}


def figures(summary: pipeline.Summary) -> dict:
	return {name: getattr(summary, name) for name in FIGURES}


def increase(before: dict[str, int]) -> dict[str, int]:
	return {doctype: number - before[doctype] for doctype, number in counts().items()}


def test_the_figures_of_a_load(prepared):
	summary = prepared.summary
	assert figures(summary) == FIGURES
	assert summary.loaded == 102
	assert summary.best[0] == BEST
	assert len(summary.best) == 5
	assert round(summary.win_rate, 4) == round(46 / 72, 4)
	assert prepared.increase["Cronus Opportunity"] == 102
	assert prepared.increase["Proforma"] == 82
	assert prepared.increase["Invoice"] == 46
	assert prepared.increase["Cronus Sales Entry"] == 82 + 46 + 46
	assert list(verify.find_differences()) == []


def test_a_second_run_with_the_other_dates_changes_nothing():
	once = counts()
	again = pipeline.load_pipeline(str(DATA / "us"), "mdy")
	assert again.loaded == 0
	assert figures(again) == FIGURES
	assert counts() == once


def test_nothing_is_loaded_of_what_is_refused():
	before = counts()
	with pytest.raises(DemoError):
		pipeline.load_pipeline(str(DATA / "us"), "dmy")
	assert counts() == before


def test_another_currency_is_refused():
	frappe.db.set_single_value("Cronus CRM Settings", "currency", "EUR")
	before = counts()
	with pytest.raises(DemoError, match="EUR"):
		pipeline.load_pipeline(str(DATA / "iso"), "ymd")
	assert counts() == before


def activity_of(name: str) -> frappe._dict | None:
	return frappe.db.get_value("Cronus Activity", {"reference_name": name}, "*", as_dict=True)


def test_what_becomes_of_each_kind_of_deal():
	won, lost, engaging, prospecting = (
		frappe.get_doc("Cronus Opportunity", {"external_key": key})
		for key in ("Z063OYW0", "3F5MZNEH", "BTUG5VDL", "FEL7FQQG")
	)
	assert (won.stage, won.value, won.customer_name) == ("Won", 4514, "Isdom")
	assert (won.opened_on, won.closed_on) == (getdate("2016-10-25"), getdate("2017-03-11"))
	proforma = frappe.get_doc("Proforma", f"PF-{won.external_key}")
	assert (proforma.state, proforma.net_total, proforma.opportunity) == ("Invoiced", 4821, won.name)
	assert (proforma.seller, proforma.work_center) == ("Darcel Schlecht", "Central")
	invoice = frappe.get_doc("Invoice", f"FAC-{won.external_key}")
	assert (invoice.state, invoice.net_total, invoice.balance) == ("Paid", 4514, 0)
	assert (invoice.posting_date, invoice.due_date) == (won.closed_on, won.closed_on)
	assert (invoice.items[0].product, invoice.items[0].source_name) == ("GTX Pro", proforma.name)
	assert not activity_of(invoice.name)
	follow_up = activity_of(proforma.name)
	assert (follow_up.state, follow_up.result) == ("Done", "Order made")
	assert getdate(follow_up.done_on) == won.closed_on

	assert (lost.stage, lost.loss_reason, lost.value) == ("Not won", "Not recorded", 0)
	follow_up = activity_of(f"PF-{lost.external_key}")
	assert (follow_up.state, follow_up.result) == ("Done", "Cancelled")
	assert getdate(follow_up.done_on) == lost.closed_on

	assert (engaging.stage, engaging.value, engaging.closed_on) == ("Negotiation", 4821, None)
	assert frappe.db.get_value("Proforma", f"PF-{engaging.external_key}", "state") == "Expired"
	assert activity_of(f"PF-{engaging.external_key}").state == "Pending"

	assert (prospecting.stage, prospecting.opened_on, prospecting.customer) == ("Initial contact", None, None)
	assert prospecting.prospect_name
	assert not frappe.db.exists("Proforma", {"opportunity": prospecting.name})


def test_deals_know_where_they_were_and_which_invoice_won_them():
	won = frappe.get_doc("Cronus Opportunity", {"external_key": "Z063OYW0"})
	assert won.won_by == "Invoice/FAC-Z063OYW0"
	engaged, closed = won.stage_log
	assert (engaged.stage, closed.stage, closed.left_on) == ("Negotiation", "Won", None)
	assert (getdate(engaged.entered_on), getdate(closed.entered_on)) == (won.opened_on, won.closed_on)
	assert engaged.duration == (won.closed_on - won.opened_on).days * 24 * 3600
	lost = frappe.get_doc("Cronus Opportunity", {"external_key": "3F5MZNEH"})
	assert [row.loss_reason for row in lost.stage_log] == [None, "Not recorded"]
	assert (lost.light, lost.won_by) == ("Grey", None)
	engaging = frappe.get_doc("Cronus Opportunity", {"external_key": "BTUG5VDL"})
	assert [row.stage for row in engaging.stage_log] == ["Negotiation"]
	assert engaging.stalled


def test_history_looks_like_history_and_tells_nobody():
	proforma = frappe.get_doc("Proforma", "PF-Z063OYW0")
	assert proforma.creation == datetime(2016, 10, 25, 9)
	assert proforma.owner == "darcel.schlecht@example.com"
	of_the_load = {"creation": ("<", "2018-01-01"), "reference_name": ("like", "PF-%")}
	assert frappe.db.exists("Cronus Activity", of_the_load)
	assert not frappe.db.exists("Cronus Activity", {**of_the_load, "announced": 0})
	assert not frappe.db.exists("Notification Log", {"for_user": "darcel.schlecht@example.com"})


def test_the_team_of_each_manager():
	assert frappe.db.get_value("Cronus Seller", "Darcel Schlecht", "parent_cronus_seller") == "Melvin Marxen"
	assert set(rule.visible_sellers(user="melvin.marxen@example.com")) == {
		"Melvin Marxen",
		"Darcel Schlecht",
		"Mei-Mei Johns",
	}
	roles = frappe.get_roles("melvin.marxen@example.com")
	assert {"Cronus Seller", "Cronus Sales Manager"} <= set(roles)
	assert "Cronus Sales Manager" not in frappe.get_roles("darcel.schlecht@example.com")
	assert "System Manager" not in frappe.get_roles("darcel.schlecht@example.com")


def test_customers_carry_what_the_files_say():
	bluth = frappe.get_doc("Cronus Customer", {"customer_name": "Bluth Company"})
	parent = frappe.db.get_value("Cronus Customer", bluth.parent_customer, "customer_name")
	assert (bluth.business_line, parent, bluth.annual_revenue) == (
		"Technology",
		"Acme Corporation",
		1_242_320_000,
	)
	assert bluth.seller and bluth.work_center
