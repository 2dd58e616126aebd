from datetime import datetime, timedelta

import frappe
import pytest

from cronus_crm.cronus_analytics.cases import account_cases
from cronus_crm.cronus_analytics.cases.test_case_totals import Company, make_team, promise
from cronus_crm.cronus_analytics.report.cronus_case_load import cronus_case_load
from cronus_crm.cronus_analytics.report.cronus_case_reasons import cronus_case_reasons
from cronus_crm.cronus_analytics.report.cronus_case_trend import cronus_case_trend
from cronus_crm.cronus_analytics.report.cronus_satisfaction import cronus_satisfaction
from cronus_crm.cronus_analytics.report.cronus_service_times import cronus_service_times
from tests.scaffold import make_customer, make_seller, make_user

MARCH = {"from_date": "2019-03-01", "to_date": "2019-03-31"}


@pytest.fixture
def company(monkeypatch, site):
	frappe.db.set_value("Cronus Service Promise", {"disabled": 0}, "disabled", 1)
	return Company(monkeypatch)


@pytest.fixture
def team(company) -> str:
	return make_team()


def run(report, **filters) -> tuple[list[dict], dict]:
	"""Rows, and the summary by label."""
	_columns, rows, message, _chart, summary, _skip_total = report.execute(filters)
	assert message
	return rows, {figure["label"]: figure["value"] for figure in summary}


def test_load_by_agent_state_and_age(company, team):
	agent = make_user("Cronus Service Agent")
	company.now = datetime.combine(frappe.utils.getdate(), datetime.min.time()) + timedelta(hours=9)
	company.open(team=team, agent=agent)
	company.now -= timedelta(days=2)
	company.open(team=team, agent=agent, state="Waiting for us")
	company.now -= timedelta(days=5)
	company.open(team=team)
	company.open(team=team, state="Solved")
	rows, summary = run(cronus_case_load, team=team)
	assert [row["agent"] for row in rows] == [agent, None, "Total"]
	assert (rows[0]["new"], rows[0]["waiting_for_us"], rows[0]["number"]) == (1, 1, 2)
	assert [rows[0][f"age_{age}"] for age in (0, 1, 3, 7)] == [1, 1, 0, 0]
	assert [rows[1][f"age_{age}"] for age in (0, 1, 3, 7)] == [0, 0, 0, 1]
	assert rows[2]["oldest"] == company.now
	assert summary == {"Open cases": 3, "Waiting for us": 1, "Missed a time": 0}


def test_load_is_of_what_the_reader_sees(company, team):
	seller = make_seller()
	company.open(team=team, customer=make_customer(seller.name).name)
	company.open(team=team)
	frappe.set_user(seller.user)
	assert run(cronus_case_load, team=team)[1]["Open cases"] == 1
	frappe.set_user(make_user("Cronus Service Lead"))
	assert run(cronus_case_load, team=team)[1]["Open cases"] == 2
	frappe.set_user(make_user())
	assert run(cronus_case_load, team=team)[0] == []


def test_times_by_agent_type_and_account(company, team):
	promise(first_answer_minutes=60)
	agent, customer = make_user("Cronus Service Agent"), make_customer().name
	for minutes in (10, 30, 70):
		company.now = datetime(2019, 3, 4, 9)
		case = company.open(team=team, agent=agent, case_type="Fault", customer=customer)
		company.now += timedelta(minutes=minutes)
		company.answer(case)
	for by, key in (("Agent", agent), ("Type", "Fault"), ("Account", customer)):
		(row, _total), summary = run(cronus_service_times, by=by, team=team, **MARCH)
		assert row["of"] == key
		assert (row["answer_number"], row["answer_median"], row["answer_most"]) == (3, 29 * 60, 70 * 60)
		assert row["answer_met"] == 66.67 and row["solution_met"] is None
		assert summary["First answers"] == 3
	with pytest.raises(frappe.ValidationError, match="Agent, Type, Account"):
		run(cronus_service_times, by="Moon")


def test_by_customer_the_page_says_who_is_left_out(company, team, monkeypatch):
	monkeypatch.setattr(account_cases, "MOST_ACCOUNTS", 1)
	many, few = make_customer().name, make_customer().name
	for customer, rating in ((many, 5), (many, 1), (few, 4)):
		company.now = datetime(2019, 3, 4, 9)
		case = company.open(team=team, customer=customer)
		company.change(case, state="Solved")
		company.answer(case)
		company.ask(case)
		company.rate(case, rating)
	for report, number in ((cronus_service_times, "answer_number"), (cronus_satisfaction, "asked")):
		_columns, rows, note, *_others = report.execute({"by": "Account", "team": team, **MARCH})
		assert [(row["of"], row[number]) for row in rows] == [(many, 2), ("Total", 3)]
		assert "The 1 customers with the most cases are shown" in note
		_columns, rows, note, *_others = report.execute(
			{"by": "Account", "team": team, "customer": few, **MARCH}
		)
		assert [row[number] for row in rows] == [1, 1]
		assert "are shown" not in note


def test_trend_of_opened_solved_and_left(company, team):
	first, second = company.open(team=team), company.open(team=team)
	company.now = datetime(2019, 4, 10, 9)
	company.change(first, state="Solved")
	company.now = datetime(2019, 5, 2, 9)
	company.open(team=team)
	company.change(second, state="Closed")
	rows, summary = run(cronus_case_trend, team=team, from_date="2019-03-15", to_date="2019-05-31")
	assert [(row["opened"], row["solved"], row["backlog"]) for row in rows] == [
		(0, 0, 2),
		(0, 1, 1),
		(1, 1, 1),
		(1, 2, 1),
	]
	assert summary["Open at the end"] == 1
	assert run(cronus_case_trend, team=make_team())[0] == []


def test_reasons_and_products(company, team):
	for kind in ("Fault", "Fault", "Question", None):
		company.open(team=team, case_type=kind)
	company.now = datetime(2019, 2, 20, 9)
	company.open(team=team, case_type="Fault")
	rows, summary = run(cronus_case_reasons, team=team, **MARCH)
	assert [(row["of"], row["number"], row.get("share"), row["before"]) for row in rows] == [
		("Fault", 2, 50, 1),
		(None, 1, 25, 0),
		("Question", 1, 25, 0),
		("Total", 4, None, 1),
	]
	assert summary == {"Cases opened": 4}
	assert run(cronus_case_reasons, by="Product", team=team, **MARCH)[0][0]["number"] == 4


def test_satisfaction_by_agent_type_team_account_and_month(company, team):
	agent, customer = make_user("Cronus Service Agent"), make_customer().name
	for rating in (5, 4, 2, None):
		company.now = datetime(2019, 3, 4, 9)
		case = company.open(team=team, agent=agent, case_type="Fault", customer=customer)
		company.change(case, state="Solved")
		company.ask(case)
		company.now = datetime(2019, 4, 4, 9)
		if rating:
			company.rate(case, rating)
	keys = {"Agent": agent, "Type": "Fault", "Team": team, "Account": customer, "Month": "03-2019"}
	for by, key in keys.items():
		(row, total), summary = run(cronus_satisfaction, by=by, team=team, **MARCH)
		assert row["of"] == key
		assert (row["asked"], row["answered"], row["share"], row["mean"]) == (4, 3, 75, 3.67)
		assert (row["good"], row["satisfied"]) == (2, 66.67)
		assert (total["asked"], total["mean"], total["bold"]) == (4, 3.67, 1)
		assert summary == {"Asked": 4, "Answers": 3, "Mean": 3.67, "Satisfied": "66.67%"}
	assert run(cronus_satisfaction, by="Month", team=team, **MARCH)[0][0]["to_date"] == "2019-03-31"
	with pytest.raises(frappe.ValidationError, match="Agent, Type, Team, Month, Account"):
		run(cronus_satisfaction, by="Moon")


def test_satisfaction_is_of_what_the_reader_sees(company, team):
	seller, agent = make_seller(), make_user("Cronus Service Agent")
	for customer in (make_customer(seller.name).name, make_customer().name):
		case = company.open(team=team, customer=customer)
		company.change(case, state="Solved")
		company.ask(case)
	frappe.db.set_single_value("Cronus Service Settings", "agents_see_their_team", 1)
	for user, by, asked in (
		(seller.user, "Account", 1),
		(seller.user, "Agent", 0),
		(agent, "Agent", 0),
		(agent, "Account", 0),
		(make_user("Cronus Service Lead"), "Agent", 2),
		(make_user("Cronus Service Lead"), "Account", 2),
		(make_user(), "Account", 0),
	):
		frappe.set_user(user)
		frappe.local.request_cache.clear()
		rows = run(cronus_satisfaction, by=by, team=team, **MARCH)[0]
		assert (rows[-1]["asked"] if rows else 0) == asked, (user, by)
