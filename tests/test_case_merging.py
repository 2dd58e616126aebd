"""Merging leads everything to one case, also what comes later; splitting makes one of its own."""

import frappe
import pytest

from cronus_crm.api import cases as api
from cronus_crm.cronus_service.cases import case_merging, conversation
from tests.scaffold import (
	AGENT,
	SELLER,
	make_agent_of_team,
	make_case,
	make_customer,
	make_seller,
	make_user,
)

CASE = "Cronus Case"


@pytest.fixture
def customer(site):
	return make_customer(make_seller().name).name


@pytest.fixture
def pair(customer):
	return make_case(customer, subject="Impresora"), make_case(customer, subject="La impresora no imprime")


def say_everything(case: str) -> dict[str, list[str]]:
	"""Names of what is said about a case, by kind."""
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "foto.txt",
			"content": frappe.generate_hash(),
			"is_private": 1,
			"attached_to_doctype": CASE,
			"attached_to_name": case,
		}
	).insert()
	activity = frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": "Visitar",
			"activity_type": "Visit",
			"starts_on": "2026-12-01 10:00:00",
			"reference_doctype": CASE,
			"reference_name": case,
		}
	).insert()
	return {
		"Communication": [
			api.record_message(case, "No imprime")["message"],
			api.answer(case, "¿Enciende?")["message"],
		],
		"Comment": [api.add_note(case, "Es la tercera vez")["note"]],
		"File": [file.name],
		"Cronus Activity": [activity.name],
	}


def test_what_was_said_moves_and_the_merged_case_leads_there(pair):
	survivor, merged = pair
	said = say_everything(merged.name)
	api.merge(survivor.name, [merged.name])
	for doctype, (_type, field) in case_merging._BELONGINGS.items():
		for name in said[doctype]:
			assert frappe.db.get_value(doctype, name, field) == survivor.name, doctype
	merged.reload()
	assert (merged.merged_into, merged.category) == (survivor.name, "Closed")
	assert survivor.reload().last_from_us_on and survivor.last_from_them_on
	assert conversation.follow_merges(merged.name) == survivor.name


def test_later_messages_follow_over_several_merges(pair, customer):
	first, second = pair
	third = make_case(customer)
	api.merge(second.name, [first.name])
	api.merge(third.name, [second.name])
	assert frappe.db.get_value(CASE, first.name, "merged_into") == third.name
	message = frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"sent_or_received": "Received",
			"subject": f"Re: [{first.name}]",
			"content": "¿Novedades?",
			"reference_doctype": CASE,
			"reference_name": first.name,
		}
	).insert(ignore_permissions=True)
	assert message.reference_name == third.name
	assert third.reload().last_from_them_on


def test_a_merged_case_is_not_answered_nor_merged_again(pair, customer):
	survivor, merged = pair
	api.merge(survivor.name, [merged.name])
	with pytest.raises(frappe.ValidationError, match="was merged into"):
		api.answer(merged.name, "Hola")
	with pytest.raises(frappe.ValidationError, match="was merged into"):
		api.merge(make_case(customer).name, [merged.name])
	with pytest.raises(frappe.ValidationError, match="cannot be deleted"):
		frappe.delete_doc(CASE, survivor.name)


def test_cases_of_different_accounts_stay_apart(pair):
	survivor, _merged = pair
	other = make_case(make_customer(make_seller().name).name)
	with pytest.raises(frappe.ValidationError, match="same account"):
		api.merge(survivor.name, [other.name])
	unknown = make_case(account_kind="Supplier", account_name="Alguien", customer="")
	api.merge(survivor.name, [unknown.name])
	with pytest.raises(frappe.ValidationError, match="same account"):
		api.merge(make_case(account_kind="Supplier", account_name="x", customer="").name, [survivor.name])


@pytest.mark.parametrize("merged", [[], ["itself"]])
def test_a_case_is_not_merged_with_itself(pair, merged):
	survivor = pair[0].name
	with pytest.raises(frappe.ValidationError, match="two or more different"):
		api.merge(survivor, [survivor if name == "itself" else name for name in merged])


def test_merging_and_splitting_take_the_right_to_write(pair):
	survivor, merged = pair
	frappe.set_user(make_user(SELLER))
	with pytest.raises(frappe.PermissionError):
		api.merge(survivor.name, [merged.name])
	with pytest.raises(frappe.PermissionError):
		api.split(survivor.name, "Otra cosa")


def test_a_case_of_another_team_is_neither_merged_nor_split(customer):
	agent, team = make_agent_of_team()
	own, foreign = make_case(customer, team=team), make_case(customer)
	frappe.set_user(agent)
	for survivor, merged in ((own, foreign), (foreign, own)):
		with pytest.raises(frappe.PermissionError):
			api.merge(survivor.name, [merged.name])
	with pytest.raises(frappe.PermissionError):
		api.split(foreign.name, "Otra cosa")


def test_a_part_becomes_a_case_of_its_own(pair):
	case, other = pair
	frappe.set_user(make_user(AGENT))
	moved, stays = (api.record_message(case.name, text)["message"] for text in ("Y la factura", "No imprime"))
	name = api.split(case.name, "La factura", [moved])["case"]
	new = frappe.get_doc(CASE, name)
	assert (new.customer, new.seller, new.split_from) == (case.customer, case.seller, case.name)
	assert frappe.db.get_value("Communication", moved, "reference_name") == name
	assert frappe.db.get_value("Communication", stays, "reference_name") == case.name
	with pytest.raises(frappe.ValidationError, match="is no message of"):
		api.split(other.name, "x", [stays])
	with pytest.raises(frappe.MandatoryError):
		api.split(case.name, "")
