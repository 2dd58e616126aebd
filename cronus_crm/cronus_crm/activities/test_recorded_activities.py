from datetime import date, datetime, timedelta

import frappe
import pytest

from cronus_crm.base import user_days
from cronus_crm.cronus_crm.activities import activity_parties, recorded_activities, suggested_times
from cronus_crm.cronus_crm.activities.activity_parties import find_parties
from cronus_crm.cronus_crm.activities.recorded_activities import plan_activity, record_activity
from tests.scaffold import MANAGER, make_customer, make_opportunity, make_seller, unique

DOCTYPE = "Cronus Activity"
TOMORROW = "2026-11-26 10:00:00"


@pytest.fixture
def noon(monkeypatch):
	"""Noon of a Wednesday."""
	now = datetime(2026, 11, 25, 12)
	for module in (user_days, recorded_activities):
		monkeypatch.setattr(module, "company_now", lambda: now)
	return now


@pytest.fixture
def seller(site):
	return make_seller()


@pytest.fixture
def customer(seller):
	customer = make_customer(seller.name, customer_name=unique("Ñandú e Hijos"), phone="02 234-5678")
	frappe.set_user(seller.user)
	return customer


def make_contact(customer: str, **fields):
	links = [{"link_doctype": "Cronus Customer", "link_name": customer}]
	return frappe.get_doc(
		{"doctype": "Contact", "first_name": unique("Contacto"), "links": links, **fields}
	).insert()


def read(name: str):
	return frappe.get_doc(DOCTYPE, name)


class TestRecord:
	def test_what_happened_and_its_next_step(self, customer, seller, noon):
		made = record_activity(
			{
				"activity_type": "Call",
				"party_doctype": "Cronus Customer",
				"party": customer.name,
				"notes": "Quiere 3 <sillas>\nLlama el lunes",
				"result": "Information",
			},
			{"subject": "Enviar propuesta", "starts_on": TOMORROW, "activity_type": "Task"},
		)
		done, following = read(made["activity"]), read(made["next"])
		assert (done.state, done.result, done.starts_on, done.done_on) == ("Done", "Information", noon, noon)
		assert (done.customer, done.seller, done.subject) == (
			customer.name,
			seller.name,
			"Quiere 3 &lt;sillas&gt;",
		)
		assert done.notes == "<p>Quiere 3 &lt;sillas&gt;<br>Llama el lunes</p>"
		assert (following.state, following.customer, following.subject) == (
			"Pending",
			customer.name,
			"Enviar propuesta",
		)
		assert following.starts_on == datetime.fromisoformat(TOMORROW)

	def test_a_next_step_without_a_moment_is_on_the_next_working_day(self, customer, noon):
		made = record_activity({"activity_type": "Call", "customer": customer.name}, {"subject": "Insistir"})
		following = read(made["next"])
		assert (following.starts_on, following.activity_type) == (datetime(2026, 11, 26, 12), "Call")

	def test_nothing_is_recorded_when_the_next_step_is_wrong(self, customer, noon):
		before = frappe.db.count(DOCTYPE)
		frappe.db.savepoint("untouched")
		with pytest.raises(frappe.ValidationError, match="mañana"):
			record_activity(
				{"activity_type": "Call", "customer": customer.name}, {"subject": "x", "starts_on": "mañana"}
			)
		frappe.db.rollback(save_point="untouched")  # as the request does
		assert frappe.db.count(DOCTYPE) == before

	def test_what_is_still_to_come_has_not_happened(self, customer, noon):
		with pytest.raises(frappe.ValidationError, match="still to come"):
			record_activity({"activity_type": "Call", "customer": customer.name, "starts_on": TOMORROW})

	def test_a_visit_of_yesterday_was_done_yesterday(self, customer, noon):
		made = record_activity(
			{"activity_type": "Visit", "customer": customer.name, "starts_on": "2026-11-24 10:00:00"}
		)
		done = read(made["activity"])
		assert done.done_on == datetime(2026, 11, 24, 10)
		assert done.ends_on == datetime(2026, 11, 24, 11, 30)

	def test_it_may_finish_what_was_planned(self, customer, noon):
		planned = plan_activity({"activity_type": "Call", "starts_on": TOMORROW, "customer": customer.name})
		pending = recorded_activities.list_pending_with("Cronus Customer", customer.name)
		assert [row.name for row in pending] == [planned["activity"]]
		made = record_activity({"finishes": planned["activity"], "notes": "Hecho"}, {"starts_on": TOMORROW})
		assert made["activity"] == planned["activity"]
		assert read(made["activity"]).state == "Done"
		assert read(made["next"]).customer == customer.name

	def test_what_another_has_planned_is_not_finished(self, customer, noon):
		planned = plan_activity({"activity_type": "Call", "starts_on": TOMORROW, "customer": customer.name})
		frappe.set_user("Administrator")
		frappe.set_user(make_seller().user)
		with pytest.raises(frappe.PermissionError):
			record_activity({"finishes": planned["activity"]})
		with pytest.raises(frappe.PermissionError):
			recorded_activities.list_pending_with("Cronus Customer", customer.name)

	@pytest.mark.parametrize(
		"values, message",
		[
			({"origin_key": "x"}, "origin_key"),
			({"state": "Done"}, "state"),
			({"notes": {"a": 1}}, "notes"),
			({"party_doctype": "User", "party": "Administrator"}, "with a customer"),
			({"activity_type": "Nada"}, "Nada"),
			({"result": "Nada"}, "Result"),
		],
	)
	def test_other_values_are_refused_with_a_sentence(self, customer, noon, values, message):
		with pytest.raises(frappe.ValidationError, match=message):
			record_activity({"activity_type": "Call", **values})


class TestPlan:
	def test_the_subject_is_the_first_line_of_the_notes_else_type_and_customer(self, customer, noon):
		values = {"activity_type": "Call", "starts_on": TOMORROW, "customer": customer.name}
		assert plan_activity(values)["subject"] == f"Call · {customer.customer_name}"
		assert plan_activity({**values, "notes": "Pedir RUC\n123"})["subject"] == "Pedir RUC"
		assert plan_activity({**values, "notes": "a" * 200})["subject"] == "a" * 139 + "…"

	def test_a_contact_brings_its_customer_and_an_opportunity_too(self, customer, seller, noon):
		frappe.set_user("Administrator")
		contact, opportunity = make_contact(customer.name), make_opportunity(seller.name, customer.name)
		frappe.set_user(seller.user)
		values = {"activity_type": "Call", "starts_on": TOMORROW}
		for doctype, name, field in (
			("Contact", contact.name, "contact"),
			("Cronus Opportunity", opportunity.name, "opportunity"),
		):
			made = read(plan_activity({**values, "party_doctype": doctype, "party": name})["activity"])
			assert (made.get(field), made.customer) == (name, customer.name)

	def test_only_for_sellers_of_ones_own_team(self, noon):
		manager = make_seller(roles=("Cronus Seller", MANAGER))
		member, stranger = make_seller(manager.name), make_seller()
		frappe.set_user(manager.user)
		values = {"activity_type": "Call", "starts_on": TOMORROW}
		assert read(plan_activity({**values, "seller": member.name})["activity"]).seller == member.name
		assert read(plan_activity(values)["activity"]).seller == manager.name
		with pytest.raises(frappe.PermissionError):
			plan_activity({**values, "seller": stranger.name})

	def test_an_activity_of_somebody_without_a_seller_is_for_that_of_the_customer(
		self, customer, seller, noon
	):
		frappe.set_user("Administrator")
		made = plan_activity({"activity_type": "Call", "starts_on": TOMORROW, "customer": customer.name})
		assert read(made["activity"]).seller == seller.name


class TestFindParties:
	def test_by_name_without_accents_and_by_telephone_however_written(self, customer):
		word = customer.customer_name.split()[-1]
		for text in ("nandu e", f"Hijos {word}", "234-5678", "2345678", customer.name):
			assert customer.name in [row["name"] for row in find_parties(text, 20)], text
		assert find_parties("%%") == find_parties("a") == []

	def test_all_kinds_in_one_search(self, customer, seller):
		frappe.set_user("Administrator")
		name = unique("Fulano")
		prospect = frappe.get_doc(
			{"doctype": "Cronus Prospect", "prospect_name": name, "seller": seller.name}
		).insert()
		contact = make_contact(customer.name, first_name=name)
		opportunity = make_opportunity(seller.name, customer.name, title=f"Techo de {name}")
		frappe.set_user(seller.user)
		assert [(row["doctype"], row["name"]) for row in find_parties(name)] == [
			("Cronus Prospect", prospect.name),
			("Contact", contact.name),
			("Cronus Opportunity", opportunity.name),
		]

	def test_not_what_belongs_to_others(self, customer):
		frappe.set_user("Administrator")
		contact = make_contact(customer.name)
		opportunity = make_opportunity(customer.seller, customer.name, title=unique("Techo"))
		frappe.set_user(make_seller().user)
		assert find_parties(customer.customer_name) == []
		assert find_parties(contact.first_name) == []
		assert find_parties(opportunity.title) == []
		for doctype, name in (("Cronus Customer", customer.name), ("Contact", contact.name)):
			with pytest.raises(frappe.PermissionError):
				activity_parties.find_fields(doctype, name)

	def test_a_contact_of_two_brings_only_the_customer_that_is_seen(self, customer, seller):
		frappe.set_user("Administrator")
		hidden = make_customer(make_seller().name)
		contact = make_contact(hidden.name)
		contact.append("links", {"link_doctype": "Cronus Customer", "link_name": customer.name})
		contact.save()
		frappe.set_user(seller.user)
		assert activity_parties.find_fields("Contact", contact.name) == {
			"contact": contact.name,
			"customer": customer.name,
		}


@pytest.mark.parametrize(
	"now, times",
	[
		(
			"2026-11-25 09:20",
			{"tomorrow": "26 09:30", "three_working_days": "30 09:30", "monday": "30 09:30"},
		),
		(
			"2026-11-27 23:00",
			{"working_day": "30 09:00", "three_working_days": "02 09:00", "monday": "30 09:00"},
		),
	],
)
def test_moments_for_a_new_activity(site, monkeypatch, now, times):
	monkeypatch.setattr(user_days, "company_now", lambda: datetime.fromisoformat(now))
	found = {row["choice"]: f"{row['starts_on']:%d %H:%M}" for row in suggested_times.suggest_times()}
	assert found == times
	assert all(row["day"] > date(2026, 11, 25) for row in suggested_times.suggest_times())
	assert suggested_times.suggest_next_working_day() - datetime.fromisoformat(now) < timedelta(days=4)
