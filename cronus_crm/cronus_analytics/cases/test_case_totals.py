from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import frappe
import pytest

from cronus_crm.cronus_analytics.cases import account_cases, case_recount, case_times, service_figures
from cronus_crm.cronus_analytics.cases.case_times import CLASSES, find_class
from cronus_crm.cronus_analytics.cases.case_totals import (
	OPENED,
	OPENED_BY_PRODUCT,
	OPENED_BY_TYPE,
	SOLVED,
	read_totals,
)
from cronus_crm.cronus_analytics.cases.service_figures import find_percentile
from cronus_crm.cronus_service.doctype.cronus_case import cronus_case
from cronus_crm.cronus_service.portal import ratings
from cronus_crm.cronus_service.promises import case_promises, promise_notices
from cronus_crm.cronus_service.promises.case_promises import FIRST_ANSWER, SOLUTION
from tests.scaffold import ensure_product, make_customer, make_seller, make_user, unique

EVER = (date(2000, 1, 1), date(2100, 12, 31))
STATES = ("Open", "Waiting for the customer", "Waiting for us", "Solved", "Closed", "Cancelled")


def insert(doctype: str, **fields):
	return frappe.get_doc({"doctype": doctype, **fields}).insert(ignore_permissions=True)


def promise(**fields) -> str:
	return insert("Cronus Service Promise", promise_name=unique("Promise"), **fields).name


def make_team(lead: str | None = None, *members: str) -> str:
	rows = [{"user": user} for user in members]
	return insert("Cronus Service Team", team_name=unique("Team"), lead=lead, members=rows).name


@pytest.fixture
def team(site) -> str:
	frappe.db.set_value("Cronus Service Promise", {"disabled": 0}, "disabled", 1)
	return make_team()


class Company:
	"""Cases that are opened and changed at moments that tests choose."""

	def __init__(self, monkeypatch):
		self.now = datetime(2019, 3, 4, 9)  # a Monday, before all that others make
		for module in (cronus_case, case_promises, promise_notices, ratings):
			monkeypatch.setattr(module, "company_now", lambda: self.now)

	def open(self, **fields):
		fields = {"subject": unique("Case"), "customer": make_customer().name, **fields}
		return insert("Cronus Case", **fields)

	def change(self, case, **fields):
		case.reload()
		case.update(fields)
		return case.save(ignore_permissions=True)

	def ask(self, case):
		case.reload()
		ratings.mark_asked(case)
		return case.save(ignore_permissions=True)

	def rate(self, case, rating: int):
		case.reload()
		ratings.rate(case, rating)

	def answer(self, case):
		case.reload()
		case.set_on_server(last_from_us_on=self.now)
		return case.save(ignore_permissions=True)


@pytest.fixture
def company(monkeypatch, site):
	return Company(monkeypatch)


def count(team: str, *measures: str, by=("dimension",), period=EVER) -> dict:
	rows = read_totals(measures, *period, by=by, team=team)
	return {(row.measure, *(row[name] for name in by)): row.number for row in rows}


def test_cases_are_counted_on_the_days_of_what_happened(company, team):
	kind = insert("Cronus Case Type", type_name=unique("Type")).name
	product = ensure_product()
	case = company.open(team=team, case_type=kind, product=product)
	company.open(team=team, case_type=kind)
	company.now += timedelta(days=40)
	company.change(case, state="Solved")
	assert count(team, OPENED, SOLVED, by=("month",)) == {
		(OPENED, date(2019, 3, 1)): 2,
		(SOLVED, date(2019, 4, 1)): 1,
	}
	assert count(team, OPENED_BY_TYPE) == {(OPENED_BY_TYPE, kind): 2}
	assert count(team, OPENED_BY_PRODUCT) == {(OPENED_BY_PRODUCT, ""): 1, (OPENED_BY_PRODUCT, product): 1}
	assert count(team, OPENED, by=(), period=(date(2019, 3, 5), date(2019, 3, 31))) == {}
	assert list(case_recount.find_differences()) == []


def test_a_reopened_case_is_not_solved_and_a_cancelled_one_is_none(company, team):
	case = company.open(team=team)
	company.change(case, state="Solved")
	company.now += timedelta(days=60)
	company.change(case, state="Closed")
	assert count(team, SOLVED, by=("month",)) == {(SOLVED, date(2019, 3, 1)): 1}
	company.change(case, state="Open")
	assert count(team, OPENED, SOLVED, by=()) == {(OPENED,): 1}
	company.change(case, state="Cancelled")
	assert count(team, OPENED, SOLVED, by=()) == {}
	frappe.delete_doc("Cronus Case", company.open(team=team).name, ignore_permissions=True)
	assert count(team, OPENED, SOLVED, by=()) == {}
	assert list(case_recount.find_differences()) == []


def test_times_by_agent(company, team):
	promise(first_answer_minutes=60)
	agent, other = make_user("Cronus Service Agent"), make_user("Cronus Service Agent")
	for minutes in (10, 20, 90):
		company.now = datetime(2019, 3, 4, 9)
		case = company.open(team=team, agent=agent)
		company.now += timedelta(minutes=minutes)
		company.answer(case)
	# Nobody answers this one; and its agent changes after the time was missed.
	company.now = datetime(2019, 3, 4, 9)
	late = company.open(team=team, agent=agent)
	company.now += timedelta(minutes=61)
	company.change(late, agent=other)
	found = service_figures.read_times("agent", *EVER, team=team)
	times = found[agent][FIRST_ANSWER]
	assert (times.number, times.met, times.missed) == (3, 2, 1)
	assert find_percentile(times.minutes, 50) == 20
	assert (found[other][FIRST_ANSWER].number, found[other][FIRST_ANSWER].missed) == (0, 1)
	assert list(case_recount.find_differences()) == []


def test_times_of_a_part_of_a_month(company, team):
	promise(first_answer_minutes=60)
	first, last = make_user("Cronus Service Agent"), make_user("Cronus Service Agent")
	for day, agent, minutes in ((4, first, 10), (20, first, 90), (29, first, 10), (29, last, 10)):
		company.now = datetime(2019, 3, day, 9)
		case = company.open(team=team, agent=agent)
		company.now += timedelta(minutes=minutes)
		company.answer(case)

	def read(from_day: int, to_day: int) -> dict[str, tuple[int, int, int]]:
		found = service_figures.read_times("agent", date(2019, 3, from_day), date(2019, 3, to_day), team)
		times = {agent: by_promised[FIRST_ANSWER] for agent, by_promised in found.items()}
		return {agent: (of_it.number, of_it.met, of_it.missed) for agent, of_it in times.items()}

	# The whole month less its last days, and single days.
	assert read(1, 28) == {first: (2, 1, 1)}
	assert read(1, 29) == {first: (3, 2, 1), last: (1, 1, 0)}
	assert read(20, 22) == {first: (1, 0, 1)}
	assert read(21, 28) == {}


def test_what_the_scheduler_finds_missed_is_counted_once(company, team, monkeypatch):
	monkeypatch.setattr(promise_notices, "run_in_own_transaction", lambda function, *args: function(*args))
	promise(first_answer_minutes=60)
	case = company.open(team=team)
	loaded = frappe.get_doc("Cronus Case", case.name)
	company.now += timedelta(minutes=61)
	promise_notices.tell_due()
	loaded.update({"subject": "Another"}).save(ignore_permissions=True)
	assert service_figures.read_times("type", *EVER, team=team)[""][FIRST_ANSWER].missed == 1
	assert list(case_recount.find_differences()) == []


def test_by_account_the_same_as_by_agent(company, team):
	promise(first_answer_minutes=60, solution_minutes=120)
	customer = make_customer().name
	for minutes in (5, 61, 100, 130):
		company.now = datetime(2019, 3, 4, 9)
		case = company.open(team=team, customer=customer)
		company.now += timedelta(minutes=minutes)
		company.change(case, state="Solved")
	company.now = datetime(2019, 3, 4, 9)
	spam = company.open(team=team, customer=customer)
	company.answer(spam)
	company.change(spam, state="Cancelled")
	period = (date(2019, 3, 1), date(2019, 3, 31))
	by_type = service_figures.read_times("type", *period, team=team)[""]
	found = service_figures.read_times_by_account(*period, team=team)
	by_account = found.rows[customer]
	assert by_account == by_type == found.in_all and not found.left_out
	assert (by_account[SOLUTION].met, by_account[SOLUTION].missed) == (3, 1)
	with pytest.raises(frappe.ValidationError, match="at most 31 days"):
		service_figures.read_times_by_account(date(2019, 1, 1), date(2019, 12, 31))
	year = service_figures.read_times_by_account(date(2019, 1, 1), date(2019, 12, 31), customer=customer)
	assert year.rows[customer] == by_account and not year.left_out


def test_of_many_customers_the_busiest_are_shown_and_all_are_counted(company, team, monkeypatch):
	monkeypatch.setattr(account_cases, "MOST_ACCOUNTS", 2)
	promise(first_answer_minutes=60)
	seller = make_seller()
	customers = [make_customer(seller.name).name for _customer in range(3)]
	for customer, minutes in zip((*customers, *customers[:2]), (5, 70, 30, 40, 90), strict=True):
		company.now = datetime(2019, 3, 4, 9)
		case = company.open(team=team, customer=customer)
		company.now += timedelta(minutes=minutes)
		company.answer(case)
	march = (date(2019, 3, 1), date(2019, 3, 31))
	agent = make_user("Cronus Service Agent")
	frappe.get_doc("Cronus Service Team", team).update({"members": [{"user": agent}]}).save()
	frappe.db.set_single_value("Cronus Service Settings", "agents_see_their_team", 1)
	for user in ("Administrator", agent, seller.user):
		frappe.set_user(user)
		frappe.local.request_cache.clear()
		found = service_figures.read_times_by_account(*march, team=team)
		assert list(found.rows) == sorted(customers[:2]) and found.left_out, user
		assert [found.rows[customer][FIRST_ANSWER].number for customer in customers[:2]] == [2, 2]
		in_all = found.in_all[FIRST_ANSWER]
		assert (in_all.number, in_all.met, in_all.missed) == (5, 3, 2)
	one = service_figures.read_times_by_account(*march, team=team, customer=customers[2])
	assert (list(one.rows), one.left_out) == (customers[2:], False)


@pytest.mark.parametrize("longest_text", [1_048_576, 20])
def test_cases_without_customer_may_be_the_most(company, team, monkeypatch, longest_text):
	monkeypatch.setattr(account_cases, "MOST_ACCOUNTS", 2)
	few, many = make_customer().name, make_customer().name
	for customer in (few, many, many, "", "", None):
		company.now = datetime(2019, 3, 4, 9)
		whose = {"customer": customer} if customer else {"customer": "", "account_kind": "Department"}
		case = company.open(team=team, account_name="Compras", **whose)
		company.answer(case)
		if not customer:
			frappe.db.set_value("Cronus Case", case.name, "customer", customer, update_modified=False)
	frappe.db.sql("set session group_concat_max_len = %s", (longest_text,))
	try:
		found = service_figures.read_times_by_account(date(2019, 3, 1), date(2019, 3, 31), team=team)
	finally:
		frappe.db.sql("set session group_concat_max_len = default")
	numbers = {account: times[FIRST_ANSWER].number for account, times in found.rows.items()}
	assert (numbers, found.left_out) == ({"": 3, many: 2}, True)
	assert found.in_all[FIRST_ANSWER].number == 6


def test_by_customer_who_works_for_a_team_is_shown_its_cases(company, team):
	agent, customer = make_user("Cronus Service Agent"), make_customer().name
	theirs = make_team(None, agent)
	for where in (team, theirs):
		company.now = datetime(2019, 3, 4, 9)
		company.answer(company.open(team=where, agent=agent, customer=customer))
	frappe.db.set_single_value("Cronus Service Settings", "agents_see_their_team", 1)
	frappe.set_user(agent)
	march = (date(2019, 3, 1), date(2019, 3, 31))
	assert service_figures.read_times_by_account(*march).rows[customer][FIRST_ANSWER].number == 1
	assert service_figures.read_times("agent", *march)[agent][FIRST_ANSWER].number == 1


def test_ratings_count_on_the_day_of_the_question_with_whose_work_it_was(company, team):
	agent, other = make_user("Cronus Service Agent"), make_user("Cronus Service Agent")
	case = company.open(team=team, agent=agent, case_type="Fault")
	case = company.change(case, state="Solved")
	company.now = datetime(2019, 3, 6, 9)
	company.ask(case)
	assert count(team, "Satisfaction by agent", by=("dimension", "detail")) == {
		("Satisfaction by agent", agent, "0"): 1
	}
	company.now = datetime(2019, 4, 2, 9)
	company.change(case, agent=other, team=make_team(), case_type="Question")
	company.rate(case, 5)
	for by, key in (("agent", agent), ("type", "Fault")):
		measure = f"Satisfaction by {by}"
		found = count(team, measure, by=("month", "dimension", "detail"))
		assert found == {(measure, date(2019, 3, 1), key, "5"): 1}
	company.rate(case, 2)
	assert count(team, "Satisfaction by agent", by=("detail",)) == {("Satisfaction by agent", "2"): 1}
	assert list(case_recount.find_differences()) == []
	company.change(case, state="Cancelled")
	assert count(team, "Satisfaction by agent") == {}
	assert list(case_recount.find_differences()) == []


def test_a_random_story_comes_to_what_the_cases_say(company, team):
	random = Random(15)
	promise(first_answer_minutes=60, solution_minutes=600)
	teams, kinds = [team, make_team(), None], ["Question", "Fault", None]
	agents = [make_user("Cronus Service Agent") for _agent in range(2)] + [None]
	customer = make_customer().name
	cases = []
	for _step in range(120):
		company.now += timedelta(minutes=random.randrange(600))
		if len(cases) < 12:
			cases.append(
				company.open(team=random.choice(teams), case_type=random.choice(kinds), customer=customer)
			)
			continue
		case, field = (
			random.choice(cases),
			random.choice(["state", "state", "team", "agent", "type", "answer", "rate"]),
		)
		if field == "rate":
			if ratings.may_rate(frappe.get_doc("Cronus Case", case.name)):
				company.rate(case, random.randint(1, 5))
			continue
		if field == "answer":
			company.answer(case)
			continue
		fieldname, values = {
			"state": ("state", STATES),
			"team": ("team", teams),
			"agent": ("agent", agents),
			"type": ("case_type", kinds),
		}[field]
		company.change(case, **{fieldname: random.choice(values)})
	assert list(case_recount.find_differences()) == []


def test_wrong_totals_are_found_and_repaired(company, team):
	company.open(team=team)
	frappe.db.delete("Cronus Case Total", {"team": team, "measure": OPENED})
	frappe.db.set_value("Cronus Case Total", {"team": team, "measure": OPENED_BY_TYPE}, "number", 7)
	differences = list(case_recount.find_differences())
	assert len(differences) == 4
	assert "the cases come to 1, the totals say 7" in " ".join(
		map(case_recount.describe_difference, differences)
	)
	assert case_recount.repair() == 4
	assert list(case_recount.find_differences()) == []


def test_wrong_times_are_found_and_repaired(company, team):
	company.change(company.open(team=team), state="Solved")
	table = case_times.TIMES_TABLE
	of_team = table.team == team
	frappe.qb.update(table).set(table.from_0, 4).set(table.from_75, 2).where(of_team).run()
	lines = [case_recount.describe_difference(found) for found in case_recount.find_differences()]
	# Two times, each by agent and by type, by day and by month, in two classes.
	assert len(lines) == 16
	assert f"Solution time by type, 2019-03-01, {team}, 0: the cases come to 1, the totals say 4" in lines
	assert case_recount.repair() == 16
	frappe.qb.from_(table).where(of_team).delete().run()
	assert case_recount.repair() == 8
	assert list(case_recount.find_differences()) == []


def test_times_that_are_taken_back_leave_no_row(company, team):
	table = case_times.TIMES_TABLE
	rows = frappe.qb.from_(table).select(table.period).where(table.team == team)
	case = company.change(company.open(team=team), state="Solved")
	case_times.delete_empty_times()
	assert len(rows.run()) == 8
	company.change(case, state="Cancelled")
	assert len(rows.run()) == 8 and service_figures.read_times("type", *EVER, team=team) == {}
	case_times.delete_empty_times()
	assert rows.run() == ()


@pytest.mark.parametrize("merge", [False, True])
def test_renamed_masters_keep_their_figures(company, team, merge):
	kind = insert("Cronus Case Type", type_name=unique("Type")).name
	new = insert("Cronus Case Type", type_name=unique("Type")).name if merge else unique("Renamed")
	new_team = make_team() if merge else unique("Renamed")
	case = company.open(team=team, case_type=kind)
	company.change(case, state="Solved")
	frappe.rename_doc("Cronus Case Type", kind, new, merge=merge)
	frappe.rename_doc("Cronus Service Team", team, new_team, merge=merge)
	assert count(new_team, OPENED_BY_TYPE) == {(OPENED_BY_TYPE, new): 1}
	assert service_figures.read_times("type", *EVER, team=new_team)[new][SOLUTION].number == 1
	assert list(case_recount.find_differences()) == []


def test_who_sees_which_totals(company, team):
	agent = make_user("Cronus Service Agent")
	theirs = make_team(None, agent)
	company.open(team=theirs)
	company.open(team=team)

	def seen_by(user: str) -> int:
		frappe.set_user(user)
		frappe.local.request_cache.clear()
		return sum(number for where in (team, theirs) for number in count(where, OPENED, by=()).values())

	frappe.db.set_single_value("Cronus Service Settings", "agents_see_their_team", 0)
	assert seen_by(agent) == 2
	frappe.set_user("Administrator")
	frappe.db.set_single_value("Cronus Service Settings", "agents_see_their_team", 1)
	assert seen_by(agent) == 1
	assert seen_by(make_user("Cronus Service Lead")) == 2
	assert seen_by(make_user("Cronus Seller")) == 0
	assert seen_by(make_user()) == 0


def test_classes_of_minutes():
	assert list(CLASSES) == sorted({*CLASSES})
	assert [find_class(minutes) for minutes in (-3, 0, 9, 11, 12, 61, 10**7)] == [0, 0, 9, 10, 12, 60, 100000]


def test_percentiles_are_near_the_true_ones():
	random = Random(7)
	minutes = [int(random.lognormvariate(4.5, 1.2)) for _case in range(5_000)]
	classes = Counter(map(find_class, minutes))
	for percent in (50, 90):
		true = sorted(minutes)[len(minutes) * percent // 100 - 1]
		assert abs(find_percentile(classes, percent) - true) <= 0.03 * true
	assert find_percentile(Counter(), 50) is None
	assert find_percentile(Counter({7: 1}), 90) == 7
