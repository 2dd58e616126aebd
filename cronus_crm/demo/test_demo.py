"""The demo, a small one, made on the site and taken away again."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import frappe
import pytest
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, nowdate
from frappe.utils.password import check_password

from cronus_crm.cronus_analytics.figures import customer_alerts, customer_figures
from cronus_crm.cronus_analytics.figures.customer_figures import Documents
from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.demo import (
	company_facts,
	company_story,
	customer_writer,
	demo_company,
	story_parts,
	word_lists,
)
from cronus_crm.visibility import rule
from tests.scaffold import issue_proforma, make_seller, mark_set_up

PASSWORD = "Sal-de-la-c0sta"
TODAY = date(2026, 11, 20)
# A sixteenth of the deals; the people and the customers are all there.
SCALE = 0.06

pytestmark = pytest.mark.usefixtures("restored")


@dataclass
class Prepared:
	"""before: the numbers of documents without the demo; theirs: a document that is not of the demo."""

	result: demo_company.Result
	before: dict[str, int]
	settings: dict
	theirs: Document


def prepare() -> Prepared:
	"""The demo on a site whose people have answered the setup wizard and have begun to work."""
	mark_set_up()
	theirs = issue_proforma(make_seller().name)
	before, settings = counts(), frappe.get_doc("System Settings").as_dict()
	return Prepared(make(), before, settings, theirs)


def make() -> demo_company.Result:
	return demo_company.make_demo("es", PASSWORD, today=TODAY, scale=SCALE)


def counts() -> dict[str, int]:
	"""Number of documents of every DocType, and of the counters of names."""
	doctypes = frappe.get_all(
		"DocType", filters={"issingle": 0, "is_virtual": 0}, pluck="name", order_by="name asc"
	)
	series = frappe.qb.DocType("Series")
	numbers = {doctype: frappe.db.count(doctype) for doctype in doctypes}
	# Of what others have counted and taken back an empty row may be left.
	for totals in ("Cronus Total", "Cronus Case Total"):
		numbers[totals] = frappe.db.count(totals, {"number": ("!=", 0)})
	counters = frappe.qb.from_(series).select(series.name).run(pluck=True)
	return numbers | {f"Series {name}": 1 for name in counters}


def of_demo(doctype: str, fields: list[str], **filters) -> list[frappe._dict]:
	filters = {"seller": ("in", list(story_parts.list_sellers())), **filters}
	return frappe.get_all(doctype, filters=filters, fields=fields, order_by="name asc")


def test_everything_is_made_and_agrees_with_the_ledger(prepared):
	counted = prepared.result.counts
	customers = len(company_facts.CUSTOMERS) + len(company_facts.SUPPLIERS) + len(company_facts.DEPARTMENTS)
	assert counted["Cronus Customer"] == customers
	assert (counted["Cronus Seller"], counted["Cronus Product"]) == (12, 15)
	assert list(verify.find_differences()) == []


def test_cases_keep_the_moments_of_the_story():
	fields = ["opened_on", "first_answered_on", "first_answer_state", "first_answer_taken"]
	cases = frappe.get_all("Cronus Case", fields=fields, order_by="name asc")
	answered = [case for case in cases if case.first_answer_state == "Met"]
	assert answered
	for case in answered:
		assert case.first_answered_on.date() == case.opened_on.date()
		# Two hours, of which some may be no working time.
		assert 0 < case.first_answer_taken <= 120
	assert "Missed" in {case.first_answer_state for case in cases}


def test_the_erp_has_told_customers_and_documents_and_not_all_went_in():
	told = {"source": company_facts.ERP}
	kinds = Counter(frappe.get_all("Cronus External Document", told, pluck="kind", order_by="name asc"))
	assert kinds == {"Invoice": 4, "Proforma": 1, "Credit Note": 1, "Order": 1}
	states = Counter(frappe.get_all("Cronus External Record", told, pluck="state", order_by="name asc"))
	assert states == {"In Step": 11, "Waiting": 1, "Refused": 1}
	counts = ["rows_total", "rows_created", "rows_unchanged", "rows_waiting", "rows_refused"]
	runs = frappe.get_all("Cronus Exchange Run", told, counts, order_by="batch asc", as_list=True)
	assert [tuple(run) for run in runs] == [(4, 0, 4, 0, 0), (9, 7, 0, 1, 1)]


def test_a_second_time_changes_nothing():
	once = counts()
	assert make() == demo_company.Result({})
	assert counts() == once


def test_exactly_what_was_made_is_cleared_also_sellers_who_were_moved_below_each_other(prepared):
	first, last = company_facts.TEAMS[0], company_facts.TEAMS[-1]
	below = [(first.manager, last.sellers[0]), (last.sellers[0], last.sellers[-1])]
	for seller, superior in below:
		frappe.get_doc("Cronus Seller", seller).update({"parent_cronus_seller": superior}).save()
	number, kept = demo_company.clear_demo()
	assert kept == []
	assert number == sum(prepared.result.counts.values())
	after = counts()
	changed = {key: (prepared.before.get(key), number) for key, number in after.items()}
	assert {key: pair for key, pair in changed.items() if pair[0] != pair[1]} == {}
	assert not demo_company.demo_exists()
	# What others have is not touched.
	for doctype, name in (("Proforma", prepared.theirs.name), ("Cronus Seller", prepared.theirs.seller)):
		assert frappe.db.exists(doctype, name)


def test_a_site_that_is_set_up_keeps_its_settings(prepared):
	assert frappe.get_doc("System Settings").as_dict() == prepared.settings


def test_customers_have_credit_and_every_alert_is_somebodys():
	names = [customer.name for customer in company_facts.CUSTOMERS]
	fields = ["name", "credit_limit", "alerts_since", *customer_alerts.ALERTS]
	customers = of_demo("Cronus Customer", fields, customer_name=("in", names))
	owed = customer_figures.sum_owed_by_customer(Documents(whole_company=True))
	used = [
		owed[row.name].total / row.credit_limit for row in customers if row.credit_limit and row.name in owed
	]
	assert sum(part >= 1 for part in used) in (1, 2)
	assert not all(row.credit_limit for row in customers)
	for alert in customer_alerts.ALERTS:
		held = [row for row in customers if row[alert]]
		assert 0 < len(held) < len(customers)
		assert all(row.alerts_since for row in held)


def test_some_have_nearly_used_their_credit():
	account = company_story.tell_story(TODAY, "es", SCALE).accounts[0]
	limits = [customer_writer._choose_credit_limit(place, account, debt=10_000) for place in range(8)]
	used = [10_000 / limit if limit else 0 for limit in limits]
	assert sum(part >= 1 for part in used) == 2
	assert sum(0.85 < part < 1 for part in used) == 3
	assert used[7] == 0


def test_who_is_who():
	assert list(demo_company.users_by_role()) == [
		"Cronus Seller",
		"Cronus Sales Manager",
		"Cronus Dashboard Viewer",
		"Cronus Billing User",
		"Cronus Service Agent",
		"Cronus Service Lead",
		"Cronus Administrator",
	]
	for role, email in demo_company.users_by_role().items():
		roles = set(frappe.get_roles(email))
		assert role in roles
		assert "System Manager" not in roles
		assert check_password(email, PASSWORD) == email
		assert frappe.db.get_value("User", email, "language") == "es"
	assert len(rule.visible_sellers(user=demo_company.users_by_role()["Cronus Sales Manager"])) == 4
	assert len(rule.visible_sellers(user=demo_company.users_by_role()["Cronus Seller"])) == 1


def test_a_demo_of_before_has_nobody_for_roles_that_came_later():
	agent = demo_company.users_by_role()["Cronus Service Agent"]
	frappe.db.delete("User", {"name": agent})
	assert len(demo_company.users_by_role()) == 6
	assert agent not in demo_company.users_by_role().values()


def test_documents_bear_the_dates_of_the_story():
	told = company_story.tell_story(TODAY, "es", SCALE)
	invoices = of_demo("Invoice", ["posting_date"], is_return=0)
	assert sorted(row.posting_date for row in invoices) == sorted(
		bill.on for deal in told.deals for bill in deal.bills
	)
	proforma = of_demo("Proforma", ["creation", "posting_date", "owner", "seller"])[0]
	assert getdate(proforma.creation) == proforma.posting_date
	assert proforma.owner == frappe.db.get_value("Cronus Seller", proforma.seller, "user")


def test_documents_stand_as_the_story_says():
	deals = [deal for deal in company_story.tell_story(TODAY, "es", SCALE).deals if deal.bills]
	orders = of_demo("Cronus Order", ["*"], docstatus=1)
	assert len(orders) == sum(bool(deal.ordered_on) for deal in deals) > 0
	billed = {deal.title for deal in deals if deal.ordered_on and deal.is_billed}
	for order in orders:
		deal = frappe.db.get_value("Cronus Opportunity", order.opportunity, "title")
		assert (order.state == "Completed") == (deal in billed)
	notes = of_demo("Cronus Delivery Note", ["state"]) + of_demo("Cronus Sales Note", ["state"])
	assert notes and {note.state for note in notes} <= {"Invoiced", "Issued"}
	bills = [bill for deal in deals for bill in deal.bills]
	invoices = of_demo("Invoice", ["state"], docstatus=1, is_return=0)
	assert sum(row.state == "Paid" for row in invoices) == sum(bill.paid == 1 for bill in bills)


def test_those_who_buy_much_have_prices_of_their_own():
	(wholesale,) = word_lists.PRICE_LISTS["es"]
	lines = frappe.get_all(
		"Cronus Document Item",
		filters={
			"parenttype": "Proforma",
			"parent": ("in", [row.name for row in of_demo("Proforma", ["name"])]),
		},
		pluck="price_source",
		order_by="name asc",
	)
	assert any(wholesale in source for source in lines)
	assert _("Price of the product") in lines


def test_prospects_stand_as_the_story_says():
	told = company_story.tell_story(TODAY, "es", SCALE)
	proformas = {deal.number for deal in told.deals if deal.proforma_on}
	states = Counter(
		"Quoted" if lead.state == "Open" and lead.deal in proformas else lead.state for lead in told.leads
	)
	found = of_demo("Cronus Prospect", ["*"])
	assert Counter(row.state for row in found) == states
	for row in found:
		assert (row.light == "Grey") == (row.state in ("Converted", "Cancelled"))
		assert bool(row.quotation) == (row.state == "Quoted") or row.state == "Cancelled"
		converted = (row.customer, row.contact, row.opportunity, row.converted_on, row.converted_by)
		assert all(converted) if row.state == "Converted" else not any(converted)
		if row.appointment:
			kept = frappe.get_doc("Cronus Activity", row.appointment)
			assert (kept.prospect, kept.starts_on) == (row.name, row.appointment_on)


def test_deals_know_their_way_and_what_won_them():
	reasons = {(deal.title, deal.loss_reason) for deal in company_story.tell_story(TODAY, "es", SCALE).deals}
	for row in of_demo("Cronus Opportunity", ["name", "title", "stage", "state", "won_by", "light"]):
		stays = frappe.get_all(
			"Cronus Stage Change", {"parent": row.name}, ["*"], order_by="idx asc", limit_page_length=0
		)
		assert (stays[-1].stage, stays[-1].left_on) == (row.stage, None)
		assert (row.title, stays[-1].loss_reason) in reasons
		assert all(stay.duration == (stay.left_on - stay.entered_on).total_seconds() for stay in stays[:-1])
		assert bool(row.won_by) == (row.state == "Won")
		assert (row.light == "Grey") == (row.state in ("Won", "Not won"))


def test_customers_have_people_addresses_and_criteria():
	customer = frappe.get_doc("Cronus Customer", {"customer_name": company_facts.CUSTOMERS[0].name})
	assert [row.synchronised for row in customer.criteria] == [0, 0, 1]
	links = frappe.get_all(
		"Dynamic Link",
		{"link_doctype": "Cronus Customer", "link_name": customer.name},
		["parenttype", "parent"],
		order_by="idx asc",
	)
	assert {row.parenttype for row in links} == {"Contact", "Address"}
	contact = frappe.get_doc("Contact", next(row.parent for row in links if row.parenttype == "Contact"))
	assert contact.email_id and contact.mobile_no
	deals = of_demo("Cronus Opportunity", ["contact"], customer=customer.name)
	assert all(frappe.db.get_value("Contact", deal.contact, "company_name") for deal in deals)


def test_holidays_of_a_site_that_has_its_own_are_kept():
	settings = frappe.get_doc("Cronus CRM Settings")
	assert len(settings.holidays) == 3 * len(word_lists.HOLIDAYS["es"])
	settings.holidays = []
	settings.append("holidays", {"date": "2026-11-27", "description": "Ours"})
	settings.save()
	writer = demo_company._DemoWriter(company_story.tell_story(TODAY, "es", SCALE), "es", PASSWORD, None)
	writer.write_settings()
	assert [row.description for row in frappe.get_doc("Cronus CRM Settings").holidays] == ["Ours"]
	assert not writer.writer.counts


def test_contacts_that_people_have_tied_and_deals_that_they_went_on_with_stay_whole():
	customer = frappe.get_doc("Cronus Customer", {"customer_name": company_facts.CUSTOMERS[1].name})
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": "Somebody's own",
			"links": [{"link_doctype": "Cronus Customer", "link_name": customer.name}],
		}
	).insert()
	of_others = of_demo("Proforma", ["name"], state="Expired", customer=("!=", customer.name))
	proforma = frappe.get_doc("Proforma", of_others[0].name)
	activity = frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": "Somebody's own",
			"activity_type": "Call",
			"seller": proforma.seller,
			"starts_on": nowdate(),
			"opportunity": proforma.opportunity,
		}
	).insert()
	_number, kept = demo_company.clear_demo()
	for doc in (contact, activity, proforma):
		assert frappe.db.exists(doc.doctype, doc.name)
	assert frappe.db.exists("Cronus Opportunity", proforma.opportunity)
	# With the contact, those that the demo has made stay with their customer.
	of_people = sorted([customer.name, proforma.customer])
	assert sorted(name for doctype, name in kept if doctype == "Cronus Customer") == of_people
	assert "Contact" in {doctype for doctype, _name in kept}
	assert list(verify.find_differences()) == []


def test_nobody_is_told_about_the_past():
	assert of_demo("Cronus Activity", ["name"], announced=0) == []


def test_names_of_documents_rise_with_their_dates():
	for doctype in ("Proforma", "Cronus Order", "Cronus Delivery Note", "Cronus Sales Note", "Invoice"):
		filters = {"is_return": 0} if doctype == "Invoice" else {}
		dates = [row.posting_date for row in of_demo(doctype, ["name", "posting_date"], **filters)]
		assert dates == sorted(dates)


def test_what_people_have_used_since_stays():
	customer = frappe.get_doc("Cronus Customer", {"customer_name": company_facts.CUSTOMERS[0].name})
	theirs = issue_proforma(customer.seller, customer=customer.name)
	_number, kept = demo_company.clear_demo()
	assert ("Cronus Customer", customer.name) in kept
	assert ("Cronus Seller", customer.seller) in kept
	assert ("User", frappe.db.get_value("Cronus Seller", customer.seller, "user")) in kept
	# The superior too, because the seller reports there; nobody else.
	assert [doctype for doctype, _name in kept].count("Cronus Seller") == 2
	assert [doctype for doctype, _name in kept].count("Cronus Customer") == 1
	assert not {doctype for doctype, _name in kept} & {"Cronus Opportunity", "Proforma", "Cronus Prospect"}
	assert frappe.db.exists("Proforma", theirs.name)
	assert list(verify.find_differences()) == []


def test_whom_people_have_put_sellers_below_stays():
	team = company_facts.TEAMS[0]
	group = frappe.get_doc(
		{"doctype": "Cronus Seller", "seller_name": "Somebody's team", "is_group": 1}
		| {"parent_cronus_seller": team.sellers[0]}
	).insert()
	theirs = make_seller(group.name)
	moved = frappe.get_doc("Cronus Seller", company_facts.TEAMS[-1].sellers[0])
	moved.update({"parent_cronus_seller": group.name}).save()
	_number, kept = demo_company.clear_demo()
	sellers = {name for doctype, name in kept if doctype == "Cronus Seller"}
	assert sellers == {team.manager, team.sellers[0]}
	assert rule.list_team(team.manager) == (team.manager, team.sellers[0], group.name, theirs.name)
