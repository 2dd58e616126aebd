"""Nobody learns what is not theirs, by any way that the framework offers. Over HTTP, with keys."""

import frappe
import pytest

from tests.visibility import ways_around
from tests.visibility.attacks import ATTACKS
from tests.visibility.checks import check_attack, check_path
from tests.visibility.clients import text_of
from tests.visibility.mutations import BRANCHES
from tests.visibility.paths import PATHS


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.id)
def test_a_way_tells_nobody_what_is_not_theirs(path, world, clients):
	check_path(path, world, clients)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_nobody_writes_themselves_into_a_portfolio(attack, world, clients):
	check_attack(attack, world, clients)


@pytest.mark.parametrize("expression", ways_around.HOSTILE_EXPRESSIONS)
@pytest.mark.parametrize("method", ["frappe.client.get_list", "frappe.desk.reportview.get"])
def test_sql_in_the_place_of_a_field_is_refused(method, expression, clients):
	"""Also where it tells of no record: of the database itself, or by the time that it takes."""
	for asked in ({"fields": [expression]}, {"order_by": expression}, {"group_by": expression}):
		sent = {"doctype": "Cronus Stage", "fields": ["name"], **asked}
		answer = clients["sol"].ask(method, **sent)
		assert not answer.ok, f"{sent}: {text_of(answer)[:300]}"


@pytest.mark.parametrize("field", ways_around.HOSTILE_NAMES)
def test_sql_in_the_name_of_a_filter_is_refused_before_it_is_read(field, clients):
	"""A document that it finds may be one's own: then it tells of others whether what it asks is true."""
	filters = {field.format(doctype="Cronus Customer"): "x"}
	answer = clients["sol"].ask("frappe.client.get", doctype="Cronus Customer", filters=filters)
	assert answer.status_code == 417, f"{answer.status_code} {text_of(answer)[:300]}"


@pytest.mark.parametrize("mutation", BRANCHES, ids=lambda mutation: mutation.id)
def test_what_the_mutation_check_changes_is_there(mutation):
	assert mutation.source()


def test_a_customer_that_moved_is_not_told_by_old_documents(world, clients):
	customer = frappe.get_doc(
		{
			"doctype": "Cronus Customer",
			"customer_name": frappe.generate_hash(),
			"seller": world.records["sol"]["Cronus Seller"],
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": "Before it moved",
			"activity_type": "Follow-up",
			"starts_on": "2040-01-01 09:00:00",
			"customer": customer.name,
			"seller": customer.seller,
		}
	).insert()
	customer.seller = world.records["ana"]["Cronus Seller"]
	customer.notes = world.token("ana", "Cronus Customer", "notes of a customer that moved")
	customer.save()
	frappe.db.commit()
	answer = clients["sol"].ask(
		"frappe.client.get_list",
		doctype="Cronus Activity",
		fields=["name", "customer.notes"],
		filters={"customer": customer.name},
	)
	assert customer.notes not in text_of(answer)


def test_a_row_of_a_contact_is_not_told_by_its_name(world, clients):
	contact = world.records["ana"]["Contact"]
	row, email = frappe.db.get_value("Contact Email", {"parent": contact}, ["name", "email_id"])
	assert email not in text_of(clients["sol"].get(f"/api/resource/Contact Email/{row}"))
