"""Documents as PDFs and by e-mail, over HTTP, with the keys of sellers and of whoever bills."""

from io import BytesIO
from zipfile import ZipFile

import frappe
import pytest

from tests.scaffold import BILLING, ensure_product, issue_proforma, make_customer, make_seller, make_user
from tests.visibility.clients import Client, make_api_key
from tests.visibility.clients import text_of as text_as_it_comes

FILES = "cronus_crm.api.files"
STATEMENT = "cronus_crm.api.files.download_statement"
PDF = "/api/method/frappe.utils.print_format.download_pdf"


@pytest.fixture(scope="module")
def world(site, server):
	"""Two sellers who do not see each other, each with a customer and its proformas, and whoever bills."""
	frappe.set_user("Administrator")
	ensure_product()
	sellers = [make_seller() for _seller in range(2)]
	users = {"own": sellers[0].user, "other": sellers[1].user, "billing": make_user(BILLING)}
	clients = {who: Client(who, server, make_api_key(user)) for who, user in users.items()}
	customers = [make_customer(seller.name, tax_id=frappe.generate_hash(length=13)) for seller in sellers]
	documents = [
		[issue_proforma(seller.name, customer=customer.name) for _document in range(2)]
		for seller, customer in zip(sellers, customers, strict=True)
	]
	frappe.db.commit()
	return frappe._dict(clients=clients, customers=customers, documents=documents, users=users)


def text_of(answer) -> str:
	"""The engine writes some spaces as tabs."""
	return " ".join(text_as_it_comes(answer).split())


def named(*documents) -> list:
	return [[document.doctype, document.name] for document in documents]


def download(client, customer, shape, documents):
	return client.ask(
		f"{FILES}.download_customer_file", customer=customer.name, shape=shape, documents=documents
	)


@pytest.mark.parametrize("who", ["own", "billing"])
def test_several_documents_are_one_pdf(world, who):
	answer = download(world.clients[who], world.customers[0], "pdf", named(*world.documents[0]))
	assert answer.status_code == 200, answer.text
	assert answer.headers["Content-Type"] == "application/pdf"
	text = text_of(answer)
	assert all(document.name in text for document in world.documents[0])
	assert world.customers[0].tax_id in text


def test_an_archive_says_what_it_has(world):
	answer = download(world.clients["own"], world.customers[0], "zip", named(*world.documents[0]))
	assert f"documents-{world.customers[0].name}-" in answer.headers["Content-Disposition"]
	with ZipFile(BytesIO(answer.content)) as archive:
		assert archive.namelist() == [f"Proforma-{document.name}.pdf" for document in world.documents[0]]


def test_all_are_named_to_whoever_sees_them(world):
	gathered = world.clients["own"].ask(
		f"{FILES}.start_customer_file", customer=world.customers[0].name, shape="zip"
	)
	assert sorted(gathered.json()["message"]["documents"]) == sorted(named(*world.documents[0]))


@pytest.mark.parametrize("method", ["start_customer_file", "download_customer_file"])
def test_another_seller_is_refused(world, method):
	answer = world.clients["other"].ask(
		f"{FILES}.{method}",
		customer=world.customers[0].name,
		shape="pdf",
		documents=named(*world.documents[0]),
	)
	assert answer.status_code == 403
	assert world.customers[0].customer_name not in answer.text


@pytest.mark.parametrize("method", ["start_customer_file", "download_customer_file"])
def test_one_foreign_document_refuses_all(world, method):
	answer = world.clients["other"].ask(
		f"{FILES}.{method}",
		customer=world.customers[1].name,
		shape="pdf",
		documents=named(*world.documents[1], world.documents[0][0]),
	)
	assert answer.status_code == 403
	assert world.customers[0].customer_name not in answer.text


def test_nothing_is_downloaded_by_a_link(world):
	asked = {"customer": world.customers[0].name, "shape": "pdf", "documents": "[]"}
	answer = world.clients["own"].get(f"/api/method/{FILES}.download_customer_file", **asked)
	assert answer.status_code == 403


@pytest.mark.parametrize("who, status", [("own", 200), ("billing", 200), ("other", 403)])
def test_a_statement_is_for_those_who_see_the_customer(world, who, status):
	customer = world.customers[0]
	answer = world.clients[who].get(f"/api/method/{STATEMENT}", customer=customer.name, language="es")
	assert answer.status_code == status
	if status == 200:
		assert answer.headers["Content-Type"] == "application/pdf"
		assert "Estado de cuenta" in text_of(answer)
		assert customer.tax_id in text_of(answer)
	else:
		assert customer.customer_name not in answer.text


@pytest.mark.parametrize("language, words", [("en", "SAY: TWO HUNDRED"), ("es", "SON: DOSCIENTOS")])
def test_a_pdf_is_in_the_language_that_is_asked_for(world, language, words):
	document = world.documents[0][0]
	asked = {"doctype": document.doctype, "name": document.name, "language": language}
	assert words in text_of(world.clients["own"].get(PDF, **asked))


def test_the_frameworks_print_of_several_takes_our_format(world):
	answer = world.clients["own"].get(
		"/api/method/frappe.utils.print_format.download_multi_pdf",
		doctype="Proforma",
		name=[document.name for document in world.documents[0]],
		format="Cronus Proforma",
	)
	assert text_of(answer).count("SAY: TWO HUNDRED") == 2


@pytest.fixture
def mailbox(site):
	"""An account that mails are sent from; they wait in the queue."""
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": frappe.generate_hash(),
			"email_id": f"{frappe.generate_hash(length=8)}@example.com",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "localhost",
			"password": "none",
		}
	)
	account.insert()
	frappe.db.commit()
	yield account
	account.delete()
	frappe.db.commit()


def test_a_seller_mails_a_proforma_with_its_pdf(world, mailbox):
	document, customer = world.documents[0][0], world.customers[0]
	message = {
		"recipients": "buyer@example.com",
		"subject": frappe.generate_hash(),
		"content": "Here it is.",
		"doctype": document.doctype,
		"name": document.name,
		"send_email": 1,
		"print_format": "Cronus Proforma",
	}
	make = "frappe.core.doctype.communication.email.make"
	refused = world.clients["other"].ask(make, **message)
	assert refused.status_code == 403
	sent = world.clients["own"].ask(make, **message)
	assert sent.status_code == 200, sent.text
	frappe.db.rollback()
	queued = frappe.get_last_doc("Email Queue", {"reference_name": document.name})
	(attachment,) = frappe.parse_json(queued.attachments)
	assert (attachment["print_format"], attachment["name"]) == ("Cronus Proforma", document.name)
	history = world.clients["own"].ask("cronus_crm.api.customers.read_history", customer=customer.name)
	titles = [item["title"] for item in history.json()["message"]["items"] if item["kind"] == "E-mail"]
	assert titles == [message["subject"]]
