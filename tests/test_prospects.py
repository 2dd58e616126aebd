"""Prospects over HTTP, with keys of their sellers, and converted by several processes at once."""

from io import BytesIO

import frappe
import pytest
from PIL import Image

from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect, proforma_for
from cronus_crm.cronus_crm.prospects import conversion
from tests.scaffold import ensure_product, make_seller
from tests.test_exactly_once import Together
from tests.visibility.clients import Client, make_api_key

METHOD = "/api/method/cronus_crm.api.prospects."
PDF = "/api/method/frappe.utils.print_format.download_pdf"


def picture() -> bytes:
	buffer = BytesIO()
	Image.new("RGB", (40, 20), "tomato").save(buffer, "PNG")
	return buffer.getvalue()


@pytest.fixture(scope="module")
def sellers(site, server):
	"""Two sellers who do not see each other, as (seller, client)."""
	frappe.set_user("Administrator")
	ensure_product()
	both = [make_seller() for _seller in range(2)]
	clients = [Client(seller.name, server, make_api_key(seller.user)) for seller in both]
	frappe.db.commit()
	return list(zip(both, clients, strict=True))


@pytest.fixture
def prospect(sellers):
	doc = make_prospect(sellers[0][0].name, email=f"{frappe.generate_hash(length=8)}@example.com")
	frappe.db.commit()
	return doc


def test_a_prospect_is_written_quoted_and_converted_over_rest(sellers):
	_seller, client = sellers[0]
	made = client.post("/api/resource/Cronus Prospect", prospect_name="Over REST", phone="55 1234 5678")
	assert made.status_code == 200, made.text
	name = made.json()["data"]["name"]
	proforma = client.post(
		"/api/resource/Proforma", prospect=name, items=[{"product": ensure_product(), "quantity": 1}]
	)
	assert proforma.status_code == 200, proforma.text
	assert proforma.json()["data"]["customer_name"] == "Over REST"
	follow_up = client.post(
		f"{METHOD}add_follow_up",
		prospect=name,
		result="Quotation made",
		next_activity={"activity_type": "Call", "starts_on": "2030-01-02 10:00:00"},
	)
	assert follow_up.json()["message"]["state"] == "Quoted"
	page = client.get(f"{METHOD}list_follow_ups", prospect=name).json()["message"]
	assert [row["state"] for row in page["rows"]] == ["Pending", "Done"]
	converted = client.post(f"{METHOD}convert", prospect=name, opportunity=True)
	assert sorted(converted.json()["message"]["made"]) == ["contact", "customer", "opportunity"]
	undone = client.post(f"{METHOD}undo_conversion", prospect=name)
	assert undone.json()["message"] == "Quoted", undone.text


def test_what_changes_something_answers_to_post_only(sellers, prospect):
	client = sellers[0][1]
	for method in ("add_follow_up", "reopen", "convert", "undo_conversion"):
		answer = client.get(f"{METHOD}{method}", prospect=prospect.name, result="Information")
		assert answer.status_code == 403, method
	answer = client.get(f"{METHOD}merge", prospect=prospect.name, into=prospect.name)
	assert answer.status_code == 403


def test_another_seller_is_refused_and_finds_nothing(sellers, prospect):
	(_mine, _client), (other, stranger) = sellers
	own = make_prospect(other.name)
	frappe.db.commit()
	attempts = {
		"add_follow_up": {"prospect": prospect.name, "result": "Information"},
		"reopen": {"prospect": prospect.name},
		"convert": {"prospect": prospect.name},
		"undo_conversion": {"prospect": prospect.name},
		"merge": {"prospect": prospect.name, "into": own.name},
	}
	for method, arguments in attempts.items():
		assert stranger.post(f"{METHOD}{method}", **arguments).status_code == 403, method
	assert stranger.get(f"{METHOD}list_follow_ups", prospect=prospect.name).status_code == 403
	assert stranger.get(f"{METHOD}find_duplicates", email=prospect.email).json()["message"] == []
	refused = stranger.post(
		"/api/resource/Proforma", prospect=prospect.name, items=[{"product": ensure_product(), "quantity": 1}]
	)
	assert refused.status_code == 403
	assert prospect.prospect_name not in refused.text


def test_the_pdf_of_the_follow_up_is_for_who_sees_the_prospect(sellers, prospect):
	(_seller, client), (_other, stranger) = sellers
	frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{prospect.name}.png",
			"content": picture(),
			"is_private": 1,
			"attached_to_doctype": prospect.doctype,
			"attached_to_name": prospect.name,
		}
	).insert()
	frappe.db.commit()
	asked = {"doctype": prospect.doctype, "name": prospect.name, "format": "Cronus Prospect Follow-up"}
	answer = client.get(PDF, **asked)
	assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
	assert b"/Subtype /Image" in answer.content
	assert stranger.get(PDF, **asked).status_code == 403


def test_of_four_conversions_at_once_one_makes_a_customer(site, prospect):
	proforma_for(prospect)
	frappe.db.commit()
	answers = Together(site).run(conversion.convert_prospect, *[(prospect.name,)] * 4)
	assert sorted(answers)[-1] == "ok"
	assert answers.count("ok") == 1, answers
	assert frappe.db.count("Cronus Customer", {"email": prospect.email}) == 1
	assert frappe.db.count("Contact", {"email_id": prospect.email}) == 1
