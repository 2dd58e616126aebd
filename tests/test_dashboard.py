"""The dashboard: its figures are those of the reports, whoever looks, and it is locked for others."""

import json

import frappe
import pytest
from frappe.desk.desktop import get_desktop_page
from frappe.desk.query_report import run

from cronus_crm.cronus_analytics.dashboard import dashboard_cards, dashboard_values
from cronus_crm.cronus_analytics.ledger import totals
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
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

WORKSPACE = "Cronus Dashboard"
PERIOD = {"from_date": "2019-03-01", "to_date": "2019-03-31"}
REPORTS = (
	"Cronus Pipeline",
	"Cronus Potential",
	"Cronus Deal Funnel",
	"Cronus Won Deals",
	"Cronus Loss Reasons",
	"Cronus Revenue Trend",
	"Cronus Year against Year",
	"Cronus Follow-up by Period",
)


@pytest.fixture
def team():
	"""A manager with a seller who sold something in March, and a stranger who sold more."""
	manager = make_seller(roles=(SELLER, MANAGER))
	seller = make_seller(manager.name, roles=(SELLER, VIEWER))
	stranger = make_seller()
	for owner, value in ((seller, 100), (seller, 250), (stranger, 9_000)):
		make_opportunity(owner.name, value=value, opened_on="2019-03-01", stage="Proposal")
		make_opportunity(owner.name, value=value, opened_on="2019-03-01", closed_on="2019-03-05", stage="Won")
		invoice_of(issue_proforma(owner.name, posting_date="2019-03-05"), posting_date="2019-03-06")
	return frappe._dict(manager=manager, seller=seller, stranger=stranger)


def figures_of_reports(filters: dict) -> dict:
	"""The figures of the cards, from the last row of the reports, which is their total."""

	def total(report, **others):
		return run(report, {**filters, **others}, ignore_prepared_report=True)["result"][-1]

	pipeline, won = total("Cronus Pipeline"), total("Cronus Won Deals")
	return {
		"deals_in_progress": pipeline["number"],
		"amount_in_progress": pipeline["amount"],
		"won_deals": won["won"],
		"amount_won": won["won_amount"],
		"average_won_value": won["average"],
		"deal_conversion": won["conversion"],
		"amount_invoiced": total("Cronus Revenue Trend", of="Invoiced")["amount"],
	}


def figures_of_cards(filters: dict) -> dict:
	cards = dashboard_values.read_cards_and_charts(
		cards=[{"name": name, "filters": filters} for name in dashboard_cards.CARDS]
	)["cards"]
	return {name: card["value"] for name, card in zip(dashboard_cards.CARDS, cards, strict=True)}


def test_cards_say_what_the_reports_say_to_each_reader(team):
	for user in (team.manager.user, team.seller.user, make_user(ADMINISTRATOR)):
		frappe.set_user(user)
		assert figures_of_cards(PERIOD) == figures_of_reports(PERIOD), user


def test_a_manager_sees_the_sums_of_the_team(team):
	frappe.set_user(team.manager.user)
	assert figures_of_cards(PERIOD) == {
		"deals_in_progress": 2,
		"amount_in_progress": 350,
		"won_deals": 2,
		"amount_won": 350,
		"average_won_value": 175,
		"deal_conversion": 100,
		"amount_invoiced": 400,
	}
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		figures_of_cards({**PERIOD, "seller": team.stranger.name})


def test_credit_notes_and_cancelled_documents_are_not_revenue(team):
	frappe.set_user("Administrator")
	invoice = invoice_of(issue_proforma(team.seller.name))
	credit_note_of(invoice, quantity=1)
	invoice_of(issue_proforma(team.seller.name)).cancel()
	frappe.set_user(team.manager.user)
	assert dashboard_cards.amount_invoiced({"from_date": frappe.utils.nowdate()})["value"] == 100


def test_each_card_and_the_cards_together_say_the_same(team):
	frappe.set_user(team.manager.user)
	together = figures_of_cards(PERIOD)
	for name in dashboard_cards.CARDS:
		assert getattr(dashboard_cards, name)(json.dumps(PERIOD))["value"] == together[name]


@pytest.mark.parametrize("roles", [(SELLER,), (BILLING,)], ids=["seller", "billing"])
def test_without_the_role_the_dashboard_is_locked_and_says_who_opens_it(team, roles):
	frappe.set_user(make_user(*roles))
	with pytest.raises(frappe.PermissionError):
		dashboard_values.read_cards_and_charts(cards=[{"name": "won_deals"}])
	with pytest.raises(frappe.PermissionError):
		dashboard_cards.won_deals()
	for report in REPORTS:
		with pytest.raises(frappe.PermissionError):
			run(report, PERIOD, ignore_prepared_report=True)
	assert dashboard_cards.list_dashboard_roles() == [MANAGER, VIEWER, ADMINISTRATOR]
	workspace = get_desktop_page(json.dumps({"name": "Cronus CRM", "title": "Cronus CRM", "public": 1}))
	assert not workspace["number_cards"]["items"]
	assert "cronus-dashboard" in {item["link_to"] for item in workspace["shortcuts"]["items"]}


@pytest.mark.parametrize("role", [MANAGER, VIEWER, ADMINISTRATOR])
def test_the_dashboard_has_all_its_charts_and_cards(site, role):
	frappe.set_user(make_user(role))
	page = get_desktop_page(json.dumps({"name": WORKSPACE, "title": WORKSPACE, "public": 1}))
	workspace = frappe.get_cached_doc("Workspace", WORKSPACE)
	assert len(page["charts"]["items"]) == len(workspace.charts)
	assert len(page["number_cards"]["items"]) == len(workspace.number_cards)


def test_every_block_of_the_workspaces_names_something_of_them(site):
	for name in (WORKSPACE, "Cronus CRM"):
		workspace = frappe.get_doc("Workspace", name)
		labels = {
			"chart": {row.label for row in workspace.charts},
			"number_card": {row.label for row in workspace.number_cards},
			"shortcut": {row.label for row in workspace.shortcuts},
			"card": {row.label for row in workspace.links if row.type == "Card Break"},
		}
		for block in json.loads(workspace.content):
			if block["type"] in labels:
				assert block["data"][f"{block['type']}_name"] in labels[block["type"]], block


def test_every_chart_is_that_of_a_report(team):
	for row in frappe.get_doc("Workspace", WORKSPACE).charts:
		chart = frappe.get_doc("Dashboard Chart", row.chart_name)
		assert (chart.chart_type, chart.use_report_chart) == ("Report", 1)
		filters = {**json.loads(chart.filters_json), **PERIOD}
		answer = run(chart.report_name, filters, ignore_prepared_report=True)
		asked = [{"report_name": chart.report_name, "filters": filters}]
		assert dashboard_values.read_cards_and_charts(charts=asked)["charts"] == [answer["chart"]]


def test_a_chart_is_for_those_who_may_open_its_report(team):
	asked = [{"report_name": "Cronus Pipeline"}]
	frappe.set_user(make_seller().user)
	with pytest.raises(frappe.PermissionError, match="may not open"):
		dashboard_values.read_cards_and_charts(charts=asked)
	frappe.set_user(team.manager.user)
	assert dashboard_values.read_cards_and_charts(charts=asked)
	with pytest.raises(frappe.PermissionError, match="may not open"):
		dashboard_values.read_cards_and_charts(charts=[{"report_name": "ToDo"}])


def test_a_page_reads_once_what_its_cards_and_charts_share(team, monkeypatch):
	frappe.set_user(team.manager.user)
	read, questions = totals._query_sums, []
	monkeypatch.setattr(totals, "_query_sums", lambda *asked: questions.append(asked) or read(*asked))
	cards = [{"name": name, "filters": PERIOD} for name in dashboard_cards.CARDS]
	charts = [
		{"report_name": chart.report_name, "filters": {**json.loads(chart.filters_json), **PERIOD}}
		for chart in frappe.get_all("Dashboard Chart", {"module": "Cronus Analytics"}, ["*"], order_by="name")
	]
	together = dashboard_values.read_cards_and_charts(cards, charts)
	assert len(questions) == len(set(map(repr, questions)))
	assert together["charts"] == dashboard_values.read_cards_and_charts(charts=charts)["charts"]
	assert together["cards"] == dashboard_values.read_cards_and_charts(cards=cards)["cards"]
	# The next page asks anew, and so does another user.
	assert len(questions) > len(set(map(repr, questions)))


def test_a_card_that_is_not_there_is_told(team):
	frappe.set_user(team.manager.user)
	with pytest.raises(frappe.ValidationError, match="no card called"):
		dashboard_values.read_cards_and_charts(cards=[{"name": "profit"}])
