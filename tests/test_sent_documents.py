"""Documents sent to customers over HTTP: a real mail server, links that strangers open, who may send what."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlparse

import frappe
import pytest
import requests
from frappe.utils import getdate

from tests.mailbox import open_mailbox
from tests.scaffold import BILLING, issue_proforma, make_customer, make_seller, make_user, new_proforma
from tests.visibility.clients import Client, make_api_key, text_of

API = "cronus_crm.api.sending"
KEY = "Document Share Key"
MAIL = {"recipients": "rosa@example.com", "subject": "The offer", "text": "Here <it> is.\nBye."}


@pytest.fixture(scope="module")
def people(site, server):
	"""Two sellers who do not see each other, and whoever bills."""
	frappe.set_user("Administrator")
	sellers = [make_seller() for _seller in range(2)]
	users = {"own": sellers[0].user, "other": sellers[1].user, "billing": make_user(BILLING)}
	clients = {who: Client(who, server, make_api_key(user)) for who, user in users.items()}
	frappe.db.commit()
	return frappe._dict(clients=clients, seller=sellers[0], server=server)


@pytest.fixture
def proforma(people):
	customer = make_customer(people.seller.name, email="ventas@example.com", country="Ecuador")
	document = issue_proforma(people.seller.name, customer=customer.name)
	frappe.db.commit()
	return document


def ask(people, who, method, doc, **arguments):
	return people.clients[who].ask(f"{API}.{method}", doctype=doc.doctype, name=doc.name, **arguments)


def history_of(doc, medium) -> list:
	frappe.db.rollback()
	return frappe.get_all(
		"Communication",
		{"reference_name": doc.name, "communication_medium": medium},
		["subject", "content", "recipients", "phone_no"],
	)


def start_chat(people, doc, who="own", **arguments) -> str:
	"""Sends by WhatsApp; returns the address of the PDF."""
	answer = ask(people, who, "start_chat", doc, **{"text": "Buen día", "phone": "0991234567", **arguments})
	assert answer.status_code == 200, answer.text
	address = answer.json()["message"]
	assert address.startswith("https://wa.me/593991234567?text=")
	return unquote(urlparse(address).query.removeprefix("text=")).splitlines()[-1]


def open_link(people, link: str) -> requests.Response:
	"""As somebody without an account."""
	asked = urlparse(link)
	return requests.get(f"{people.server}{asked.path}?{asked.query}", timeout=60)


def test_a_seller_mails_a_proforma_with_its_pdf_and_nothing_else(people, proforma):
	with open_mailbox() as mailbox:
		proposed = ask(people, "own", "propose_mail", proforma).json()["message"]
		assert proposed["refusal"] == ""
		assert proposed["recipients"] == "ventas@example.com"
		assert proforma.name in proposed["subject"] and proforma.name in proposed["text"]
		answer = ask(people, "own", "send_mail", proforma, **MAIL, cc="jefe@example.com")
		assert answer.status_code == 200, answer.text
		mailbox.collect(proforma.name)
	arrived = {address for addresses in mailbox.recipients for address in addresses}
	assert arrived == {"jefe@example.com", "rosa@example.com"}
	message = mailbox.messages[0]
	assert message["Subject"] == "The offer"
	assert "Here <it> is." in message.get_body(("plain",)).get_content()
	(attachment,) = message.iter_attachments()
	assert attachment.get_filename() == f"Proforma-{proforma.name}.pdf"
	assert attachment.get_content().startswith(b"%PDF")
	(line,) = history_of(proforma, "Email")
	assert line.recipients == "rosa@example.com"
	told = people.clients["own"].ask("cronus_crm.api.customers.read_history", customer=proforma.customer)
	assert [item["title"] for item in told.json()["message"]["items"] if item["kind"] == "E-mail"] == [
		"The offer"
	]


def test_without_an_account_it_is_said_who_can_set_one_up(people, proforma):
	manager = make_user("System Manager")
	frappe.db.set_value("User", manager, "full_name", "Zoila Campos")
	frappe.db.commit()
	proposed = ask(people, "own", "propose_mail", proforma).json()["message"]
	assert "cannot send e-mail yet" in proposed["refusal"]
	refused = ask(people, "own", "send_mail", proforma, **MAIL)
	assert refused.status_code == 417
	assert not history_of(proforma, "Email")


@pytest.mark.parametrize(
	("change", "said"),
	[
		({"recipients": ""}, "Write to whom"),
		({"recipients": "rosa"}, "rosa"),
		({"cc": "a@b"}, "a@b"),
		({"recipients": ", ".join(f"u{n}@example.com" for n in range(21))}, "at most 20"),
	],
)
def test_wrong_addresses_are_sentences(people, proforma, change, said):
	answer = ask(people, "own", "send_mail", proforma, **{**MAIL, **change})
	assert answer.status_code == 417
	assert said in answer.text
	assert not history_of(proforma, "Email")


@pytest.mark.parametrize("method", ["propose_mail", "send_mail", "propose_chat", "start_chat"])
def test_nobody_sends_what_they_may_not_see_and_no_drafts(people, proforma, method):
	arguments = {"send_mail": MAIL, "start_chat": {"text": "x"}}.get(method, {})
	refused = ask(people, "other", method, proforma, **arguments)
	assert refused.status_code == 403
	assert proforma.customer_name not in refused.text
	draft = new_proforma(people.seller.name).insert()
	frappe.db.commit()
	assert "issued" in ask(people, "own", method, draft, **arguments).text
	nothing = frappe._dict(doctype="Cronus Customer", name=proforma.customer)
	assert ask(people, "own", method, nothing, **arguments).status_code == 417
	guest = requests.post(
		f"{people.server}/api/method/{API}.{method}",
		json={"doctype": proforma.doctype, "name": proforma.name, **arguments},
		timeout=60,
	)
	assert guest.status_code == 403
	assert not history_of(proforma, "Email") and not history_of(proforma, "Chat")


def test_a_chat_has_a_link_that_strangers_open_and_one_line_in_the_history(people, proforma):
	link = start_chat(people, proforma)
	(line,) = history_of(proforma, "Chat")
	assert (line.phone_no, line.content) == ("+593991234567", "Buen día")
	assert link not in line.content
	answer = open_link(people, link)
	assert answer.headers["Content-Type"] == "application/pdf"
	assert f"Proforma-{proforma.name}" in answer.headers["Content-Disposition"]
	assert proforma.name in text_of(answer)
	told = people.clients["own"].ask("cronus_crm.api.customers.read_history", customer=proforma.customer)
	kinds = [item["kind"] for item in told.json()["message"]["items"]]
	assert kinds.count("Message") == 1
	# The same PDF and link for a second message on the same day.
	assert start_chat(people, proforma, who="billing") == link


def test_a_repeated_request_sends_once(people, proforma):
	client = people.clients["own"]
	arguments = {"doctype": proforma.doctype, "name": proforma.name, "text": "x", "phone": "+593991234567"}
	for _attempt in range(2):
		answer = client.call(
			"POST",
			f"/api/method/{API}.start_chat",
			json=arguments,
			headers={"Idempotency-Key": f"chat-{proforma.name}"},
		)
		assert answer.status_code == 200, answer.text
	assert len(history_of(proforma, "Chat")) == 1


def assert_closed(people, link: str) -> None:
	answer = open_link(people, link)
	assert answer.status_code == 404
	assert "not valid" in answer.text
	assert answer.headers["Content-Type"].startswith("text/html")


def test_a_link_ends_with_its_day(people, proforma):
	link = start_chat(people, proforma)
	key = parse_qs(urlparse(link).query)["key"][0]
	name = frappe.db.get_value(KEY, {"key": key})
	days = frappe.db.get_single_value("Cronus CRM Settings", "shared_link_days")
	assert frappe.db.get_value(KEY, name, "expires_on") == getdate() + timedelta(days=days)
	frappe.db.set_value(KEY, name, "expires_on", getdate() - timedelta(days=1))
	frappe.db.commit()
	assert_closed(people, link)


def test_a_link_ends_with_the_document(people, proforma):
	link = start_chat(people, proforma)
	frappe.db.rollback()
	proforma.reload()
	proforma.cancel()
	frappe.db.commit()
	assert_closed(people, link)


def test_a_link_ends_with_its_file(people, proforma):
	link = start_chat(people, proforma)
	frappe.db.rollback()
	(file,) = frappe.get_all("File", {"attached_to_name": proforma.name}, pluck="name")
	frappe.delete_doc("File", file)
	frappe.db.commit()
	assert_closed(people, link)


def test_a_key_opens_its_own_pdf_and_nothing_else(people, proforma):
	link = start_chat(people, proforma)
	key = parse_qs(urlparse(link).query)["key"][0]
	# Altered, guessed, a pattern of the database, another of the framework's keys.
	other_key = proforma.get_document_share_key()
	text = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "secret.txt",
			"content": frappe.generate_hash(),
			"is_private": 1,
			"attached_to_doctype": "Cronus Customer",
			"attached_to_name": proforma.customer,
		}
	).insert()
	of_customer = text.get_document_share_key()
	frappe.db.commit()
	address = link.split("?")[0]
	for wrong in (key.upper(), f"{key} ", key[:-1], "", "%", "_" * len(key), other_key, of_customer):
		assert_closed(people, f"{address}?key={wrong}")
	# By the framework's own pages the key opens no document.
	for page in (
		f"/printview?doctype=Proforma&name={proforma.name}&key={key}",
		f"/api/method/frappe.utils.print_format.download_pdf?doctype=Proforma&name={proforma.name}&key={key}",
		f"/api/resource/Proforma/{proforma.name}?key={key}",
	):
		answer = requests.get(f"{people.server}{page}", timeout=60)
		assert proforma.customer_name not in answer.text
		assert answer.headers["Content-Type"] != "application/pdf"
