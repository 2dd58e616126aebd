"""What the framework says of our records is said in the language of who reads it."""

import json
import re

import frappe
import pytest
import requests
from frappe.desk.form import assign_to
from frappe.desk.notifications import notify_mentions
from frappe.share import add as share

from tests.scaffold import SELLER, ensure_product, make_customer, make_seller, make_user
from tests.visibility.clients import make_api_key


@pytest.fixture
def in_spanish(site):
	frappe.local.lang = "es"
	yield
	frappe.local.lang = "en"


@pytest.fixture
def seller(site):
	return make_seller(user=make_user(SELLER, language="es"))


def last_message() -> str:
	return frappe.local.message_log[-1]["message"]


def test_a_name_that_is_missing_is_named(in_spanish):
	for doctype, label in (
		("Cronus Product", "Código"),
		("Cronus Stage", "Etapa"),
		("Cronus Work Center", "Centro de trabajo"),
	):
		with pytest.raises(frappe.ValidationError, match=rf"^{label} es obligatorio"):
			frappe.get_doc({"doctype": doctype}).insert()


def test_a_value_that_may_not_change_is_named(in_spanish):
	product = frappe.get_doc("Cronus Product", ensure_product())
	assert product.meta.get_label("product_name") == "Producto"
	assert product.get_label_from_fieldname("product_name") == "Producto"
	# What is not ours stays as the framework has it.
	assert frappe.get_meta("ToDo").get_label("description") == "Description"


def notices_of(user: str) -> str:
	rows = frappe.get_all("Notification Log", {"for_user": user}, pluck="subject", order_by="creation asc")
	return "\n".join(rows)


def test_a_mention_is_told_in_the_language_of_who_is_mentioned(seller):
	customer = make_customer(seller.name)
	frappe.db.set_value("User", seller.user, "allowed_in_mentions", 1)
	mention = f'<span class="mention" data-id="{seller.user}" data-value="Ana">@Ana</span>'
	notify_mentions("Cronus Customer", customer.name, f"<div>{mention}</div>")
	told = notices_of(seller.user)
	assert "mencionó en un comentario en <strong>Cliente</strong>" in told
	assert customer.customer_name in told
	assert "Cronus Customer" not in told


def test_what_is_assigned_and_shared_is_told_with_the_words_of_the_desk(seller):
	customer = make_customer(seller.name)
	assign_to.add(
		{"doctype": "Cronus Customer", "name": customer.name, "assign_to": frappe.as_json([seller.user])}
	)
	share("Cronus Customer", customer.name, seller.user, notify=1)
	told = notices_of(seller.user)
	assert "<strong>Cliente</strong>" in told
	assert re.search("ha compartido un documento|compartió con usted", told)
	assert not re.search("Cronus|shared|assigned", told)
	todo = frappe.get_last_doc("ToDo", {"reference_name": customer.name})
	# Our Spanish of the framework's message.
	assert todo.description == f"Cliente {customer.name} está a su cargo"


def test_a_refusal_says_whom_to_ask_and_nothing_else(server):
	seller, stranger = (make_seller(user=make_user(SELLER)) for _seller in range(2))
	customer = make_customer(seller.name)
	headers = {"Authorization": f"token {make_api_key(stranger.user)}"}
	frappe.db.commit()
	address = f"{server}/api/resource/Cronus Customer/{customer.name}"
	for answer in (
		requests.get(address, headers=headers, timeout=60),
		requests.put(address, headers=headers, json={"customer_name": "Mine"}, timeout=60),
	):
		assert answer.status_code == 403
		messages = [json.loads(one)["message"] for one in json.loads(answer.json()["_server_messages"])]
		assert messages and all("Ask your manager" in message for message in messages)
		assert customer.customer_name not in answer.text
