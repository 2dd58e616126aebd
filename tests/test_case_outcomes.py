"""What becomes of a case: an opportunity, an activity, a place in the history and in the search; and its
likely doubles."""

import frappe
import pytest

from cronus_crm.api import activities, customers, opportunities, search
from cronus_crm.api import cases as api
from cronus_crm.api import pending as pending_page
from cronus_crm.cronus_service.cases import case_board
from tests.scaffold import (
	AGENT,
	SELLER,
	ensure_product,
	make_case,
	make_customer,
	make_seller,
	make_user,
	unique,
)

CASE = "Cronus Case"


@pytest.fixture
def seller(site):
	return make_seller()


@pytest.fixture
def case(seller):
	return make_case(make_customer(seller.name).name, subject=unique("Quiere otra impresora"))


def test_an_agent_makes_an_opportunity_for_the_seller_who_is_told(case, seller):
	frappe.db.set_value(CASE, case.name, "product", ensure_product())
	frappe.set_user(make_user(AGENT))
	name = api.make_opportunity(case.name)["opportunity"]
	assert not frappe.has_permission("Cronus Opportunity", "read", doc=name)
	frappe.set_user("Administrator")
	made = frappe.get_doc("Cronus Opportunity", name)
	assert (made.customer, made.seller, made.title) == (case.customer, seller.name, case.subject)
	assert [row.product for row in made.products] == [ensure_product()]
	assert frappe.db.get_value(CASE, case.name, "opportunity") == name
	told = {"document_type": "Cronus Opportunity", "document_name": name, "for_user": seller.user}
	assert frappe.db.count("Notification Log", told) == 1
	with pytest.raises(frappe.ValidationError, match="already"):
		api.make_opportunity(case.name)


def test_a_seller_makes_an_opportunity_of_a_case_of_theirs_and_of_no_other(case, seller):
	frappe.set_user(make_user(SELLER))
	with pytest.raises(frappe.PermissionError):
		api.make_opportunity(case.name)
	frappe.set_user(seller.user)
	name = api.make_opportunity(case.name, "Segunda impresora")["opportunity"]
	assert frappe.get_doc("Cronus Opportunity", name).title == "Segunda impresora"


def test_a_case_without_customer_makes_no_opportunity(site):
	case = make_case(account_kind="Supplier", account_name="Papelera", customer="")
	with pytest.raises(frappe.ValidationError, match="Say first whose"):
		api.make_opportunity(case.name)


def test_the_next_step_of_a_case_is_an_activity_in_pending_of_who_planned_it(case):
	agent = make_user(AGENT)
	frappe.set_user(agent)
	planned = activities.plan(
		{
			"activity_type": "Call",
			"starts_on": "2026-12-01 10:00:00",
			"customer": case.customer,
			"reference_doctype": CASE,
			"reference_name": case.name,
			"subject": unique("Llamar"),
		}
	)
	doc = frappe.get_doc("Cronus Activity", planned["activity"])
	assert (doc.seller, doc.owner, doc.reference_name) == (None, agent, case.name)
	assert planned["activity"] in frappe.as_json(pending_page.get_overview())


def test_a_case_stands_in_the_history_of_its_customer_for_those_who_see_it(case, seller):
	def kinds():
		return [item["kind"] for item in customers.read_history(case.customer, kinds=["Case"])["items"]]

	frappe.set_user(seller.user)
	assert kinds() == ["Case"]
	frappe.set_user(make_user(AGENT))
	assert kinds() == ["Case"]
	frappe.set_user("Administrator")
	frappe.get_doc("Cronus CRM Settings").update({"customers_open_to_all": 1}).save()
	frappe.db.value_cache.clear()
	frappe.set_user(make_seller().user)
	assert kinds() == []


def test_cases_are_among_the_connections_of_their_account(case):
	for doctype in ("Cronus Customer", "Cronus Prospect"):
		data = frappe.get_meta(doctype).get_dashboard_data()
		assert [group for group in data.transactions if CASE in group["items"]], doctype


def test_a_case_is_found_by_words_and_folio_by_those_who_see_it(case, seller):
	def found(text):
		groups = {group["doctype"]: group["records"] for group in search.find_records(text)}
		return [record["name"] for record in groups.get(CASE, [])]

	for user in (seller.user, make_user(AGENT)):
		frappe.set_user(user)
		assert case.name in found(case.name)
		assert case.name in found(case.subject)
	frappe.set_user(make_seller().user)
	assert found(case.subject) == []


def test_cases_of_the_account_with_alike_words_are_proposed(case, seller):
	words = case.subject.split()[-1]
	frappe.set_user(make_user(AGENT))
	found = api.find_likely_doubles(f"ÓTRA IMPRESORA {words}", customer=case.customer)
	assert [row["name"] for row in found] == [case.name]
	assert api.find_likely_doubles("Factura equivocada", customer=case.customer) == []
	assert api.find_likely_doubles(case.subject, customer=case.customer, exclude=case.name) == []
	assert api.find_likely_doubles(case.subject) == []
	frappe.set_user(make_seller().user)
	assert api.find_likely_doubles(case.subject, customer=case.customer) == []


def test_the_board_has_a_column_for_each_state_and_counts_what_is_seen(case, seller):
	case_board.make_board()
	columns = [row.column_name for row in frappe.get_doc("Kanban Board", "Cases").columns]
	assert columns[:3] == ["New", "Open", "Waiting for the customer"]
	frappe.get_doc(
		{"doctype": "Cronus Case State", "state_name": "En taller", "category": "Open", "position": 25}
	).insert()
	assert "En taller" in [row.column_name for row in frappe.get_doc("Kanban Board", "Cases").columns]
	frappe.set_user(seller.user)
	assert api.count_columns() == {"New": 1}
	frappe.set_user("Administrator")
	api.move(case.name, "New", "Open")
	with pytest.raises(frappe.ValidationError, match="by now"):
		api.move(case.name, "New", "Solved")
	assert api.count_columns([["Cronus Case", "name", "=", case.name]]) == {"Open": 1}
	assert api.count_columns({"name": case.name, "priority": "Medium"}) == {"Open": 1}
	# Those that are over are not counted.
	api.move(case.name, "Open", "Solved")
	assert api.count_columns({"name": case.name}) == {}
	assert opportunities.sum_columns()["currency"]


def test_a_case_is_passed_on_to_a_team_that_the_agent_does_not_see(case):
	agent, other = make_user(AGENT), make_user(AGENT)
	mine, theirs = (
		frappe.get_doc(
			{"doctype": "Cronus Service Team", "team_name": unique("Team"), "members": [{"user": user}]}
		)
		.insert()
		.name
		for user in (agent, other)
	)
	frappe.get_doc("Cronus Service Settings").update({"agents_see_their_team": 1}).save()
	frappe.db.value_cache.clear()
	doc = frappe.get_doc(CASE, case.name)
	doc.update({"team": mine, "agent": agent}).save()
	frappe.set_user(agent)
	with pytest.raises(frappe.ValidationError, match="Choose the team"):
		api.pass_on(case.name)
	api.pass_on(case.name, team=theirs, agent=other)
	assert not frappe.has_permission(CASE, "read", doc=case.name)
	with pytest.raises(frappe.PermissionError):
		api.pass_on(case.name, team=mine)
	assert {row["user"] for row in api.list_agents(theirs)} == {other}
	frappe.set_user("Administrator")
	assigned = {"reference_type": CASE, "reference_name": case.name, "status": "Open"}
	assert frappe.get_all("ToDo", assigned, ["allocated_to", "assigned_by"]) == [
		{"allocated_to": other, "assigned_by": agent}
	]
	assert not frappe.db.exists("DocShare", {"share_doctype": CASE, "share_name": case.name})


def test_whoever_visits_an_account_is_told_of_its_open_cases(case, seller):
	make_case(case.customer, state="Waiting for the customer")
	late = make_case(case.customer)
	late.db_set("solution_state", "Missed")
	make_case(case.customer, state="Closed")
	told = {"number": 3, "unanswered": 2, "missed": 1}
	frappe.set_user(seller.user)
	assert api.count_open(customer=case.customer) == told
	assert customers.analyse(case.customer)["cases"] == told
	assert customers.analyse(case.customer, as_of="2026-01-31")["cases"] is None
	frappe.set_user(make_user(SELLER))
	with pytest.raises(frappe.PermissionError):
		api.count_open(customer=case.customer)
