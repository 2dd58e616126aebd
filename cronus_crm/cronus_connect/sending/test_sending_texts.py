"""What a message says, in whose language, and what an administrator's own text may hold."""

import frappe
import pytest

from cronus_crm.base.message_templates import DOCUMENT_FIELDS, check_template
from cronus_crm.base.sales_documents import read_document
from cronus_crm.cronus_connect.sending import sending_texts, sent_documents
from tests.scaffold import issue_proforma, make_customer, make_seller

SETTINGS = "Cronus CRM Settings"


def write(doc, medium=sending_texts.EMAIL):
	recipient = sent_documents.find_recipient(doc)
	return sending_texts.write_message(medium, doc, read_document(doc), recipient)


def proforma_for(**customer):
	seller = make_seller()
	return issue_proforma(seller.name, customer=make_customer(seller.name, **customer).name, valid_until=None)


def make_contact(customer: str, **fields):
	contact = frappe.get_doc({"doctype": "Contact", **fields})
	contact.append("links", {"link_doctype": "Cronus Customer", "link_name": customer})
	contact.append("email_ids", {"email_id": fields["email_id"], "is_primary": 1})
	return contact.insert()


def save_settings(*rows):
	settings = frappe.get_doc(SETTINGS)
	settings.set("sending_texts", rows)
	settings.save()


@pytest.mark.parametrize("medium", [sending_texts.EMAIL, sending_texts.WHATSAPP])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_text_of_the_product_names_the_document(medium, language):
	proforma = proforma_for(language=language)
	message = write(proforma, medium)
	assert proforma.name in message.text
	assert frappe.format(proforma.valid_until, "Date") in message.text
	assert "{" not in message.text
	assert bool(message.subject) == (medium == sending_texts.EMAIL)


def test_the_text_is_in_the_language_of_the_customer():
	recipient = sent_documents.find_recipient(proforma_for(language="es"))
	assert recipient.language == "es"
	assert sent_documents.find_recipient(proforma_for()).language == sent_documents.site_language()


def test_the_recipient_is_the_primary_contact_and_then_the_customer():
	proforma = proforma_for(email="ventas@example.com", phone="02 234 5678")
	assert sent_documents.find_recipient(proforma).emails == ("ventas@example.com",)
	make_contact(proforma.customer, first_name="Rosa", email_id="rosa@example.com", is_primary_contact=1)
	recipient = sent_documents.find_recipient(proforma)
	assert recipient.emails == ("rosa@example.com", "ventas@example.com")
	assert (recipient.name, recipient.phone) == ("Rosa", "02 234 5678")


def test_of_own_texts_the_one_that_says_most_is_taken():
	proforma = proforma_for(language="es")
	save_settings(
		{"medium": "E-mail", "text": "any {{ number }}", "subject": "S"},
		{"medium": "E-mail", "kind": "Proforma", "text": "kind"},
		{"medium": "E-mail", "language": "es", "text": "{{ customer }}"},
		{"medium": "E-mail", "language": "en", "text": "english"},
		{"medium": "WhatsApp", "text": "chat"},
	)
	assert write(proforma).text == proforma.customer_name
	assert write(proforma_for(language="en")).text == "english"
	assert write(proforma_for(language="pt")).text == "kind"
	assert write(proforma, sending_texts.WHATSAPP).text == "chat"


@pytest.mark.parametrize(
	"text",
	[
		"{{ frappe.db }}",
		"{{ number.__class__ }}{{ ''.__class__.__mro__ }}",
		"{{ 1 / 0 }}",
		"{% include 'x' %}",
		"{{ range(3) }}",
		"{{ numbr }}",
		"{{ number",
	],
)
def test_a_text_that_cannot_be_filled_is_refused_with_its_fields(text):
	with pytest.raises(frappe.ValidationError, match="number"):
		save_settings({"medium": "WhatsApp", "text": text})


def test_all_fields_may_be_named():
	check_template(" ".join(f"{{{{ {field} }}}}" for field in DOCUMENT_FIELDS))


@pytest.mark.parametrize(
	("written", "country", "digits"),
	[
		("099 123 4567", "Ecuador", "593991234567"),
		("+593 99 123 4567", "Mexico", "593991234567"),
		("044 55 1234 5678 / 55 8765 4321", "Mexico", "525512345678"),
		("(0351) 155 123 456 ext. 4", "Argentina", "5493515123456"),
		("12345", "Ecuador", None),
		("<b>no</b>", "", None),
	],
)
def test_a_telephone_is_what_whatsapp_takes(written, country, digits):
	if digits:
		assert sent_documents.read_phone(written, country) == digits
		return
	with pytest.raises(frappe.ValidationError, match="country code"):
		assert not sent_documents.read_phone(written, country).isdigit()


def test_a_program_that_runs_wild_is_stopped(monkeypatch):
	frappe.set_user(make_seller().user)
	monkeypatch.setattr(sent_documents, "MOST_AN_HOUR", 2)
	sent_documents.count_sending()
	sent_documents.count_sending()
	with pytest.raises(frappe.RateLimitExceededError):
		sent_documents.count_sending()
