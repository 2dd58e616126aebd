"""An issued document says whom it was for when it was issued, whatever became of the customer since."""

import frappe
import pytest

from cronus_crm.cronus_billing.documents import issued_party
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from cronus_crm.cronus_billing.printing.test_printed_document import add_address, page_of, words_of
from cronus_crm.patches.v0_7 import keep_issued_parties
from tests.scaffold import (
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	new_proforma,
	pay,
	unique,
)

OLD = ("1790012345001", "+593 2-234-5678", "The old warehouse", "old@example.com")
NEW = ("1790099999001", "+593 2-299-9999", "The new office", "new@example.com")


@pytest.fixture
def seller():
	return make_seller().name


@pytest.fixture
def customer(seller):
	tax_id, phone, line, email = OLD
	customer = make_customer(
		seller, customer_name=unique("Before and Sons"), tax_id=tax_id, phone=phone, email=email
	)
	customer.old_name, customer.address = customer.customer_name, add_address(customer, line)
	return customer


def change(customer) -> str:
	"""Everything about a customer changes; gives back its new name."""
	tax_id, phone, line, email = NEW
	stored = frappe.get_doc("Cronus Customer", customer.name)
	stored.update(
		{"customer_name": unique("After"), "tax_id": tax_id, "phone": phone, "email": email, "city": "Loja"}
	)
	stored.save()
	frappe.db.set_value("Address", customer.address.name, "address_line1", line)
	return stored.customer_name


def issue_all(seller: str, customer) -> list:
	proforma = issue_proforma(seller, customer=customer.name, quantity=10)
	made = [proforma]
	for doctype in ("Cronus Order", "Cronus Delivery Note", "Cronus Sales Note"):
		(name,) = convert_documents("Proforma", [proforma.name], doctype)
		made.append(frappe.get_doc(doctype, name))
		made[-1].submit()
	invoice = invoice_of(issue_proforma(seller, customer=customer.name))
	return [*made, invoice, pay(invoice), credit_note_of(invoice)]


def test_every_issued_document_is_printed_as_it_was_issued(seller, customer):
	made = issue_all(seller, customer)
	printed = [words_of(document.reload()) for document in made]
	new_name = change(customer)
	draft = new_proforma(seller, customer.name).insert()
	for document, before in zip(made, printed, strict=True):
		text = words_of(document.reload())
		assert text == before
		for said in (customer.old_name, *OLD, "Ecuador"):
			assert said in text, (document.doctype, said)
		assert not any(said in text for said in (new_name, *NEW))
	text = words_of(draft)
	assert all(said in text for said in (new_name, *NEW))
	assert not any(said in text for said in (customer.old_name, *OLD))


def test_it_is_kept_on_the_document_and_nobody_writes_it(seller, customer):
	draft = new_proforma(seller, customer.name, party_tax_id="MINE", party_name="Me").insert()
	assert not draft.party_name and "MINE" not in page_of(draft)
	draft.submit()
	assert (draft.party_name, draft.party_tax_id, draft.party_phone) == (customer.old_name, *OLD[:2])
	assert draft.party_address.split("\n") == [OLD[2], "Quito", "Ecuador"]
	draft.party_tax_id = "MINE"
	with pytest.raises(frappe.UpdateAfterSubmitError):
		draft.save()


def test_the_country_is_in_the_language_of_the_print(seller):
	customer = make_customer(seller, country="Spain", city="Cuenca")
	proforma = issue_proforma(seller, customer=customer.name)
	assert "Cuenca Spain" in words_of(proforma)
	# By the framework's translations, which not every bench has compiled.
	assert f"Cuenca {frappe._(customer.country, 'es')}" in words_of(proforma, "es")


def test_a_cancelled_document_keeps_it_and_what_amends_it_begins_anew(seller, customer):
	proforma = issue_proforma(seller, customer=customer.name)
	proforma.cancel()
	new_name = change(customer)
	frappe.db.set_single_value("Print Settings", "allow_print_for_cancelled", 1)
	assert OLD[0] in words_of(proforma.reload())
	amended = frappe.copy_doc(proforma)
	amended.update({"amended_from": proforma.name, "docstatus": 0})
	amended.insert()
	assert not amended.party_name
	assert new_name in words_of(amended)
	amended.submit()
	assert (amended.party_name, amended.party_tax_id) == (new_name, NEW[0])


def test_a_document_that_a_client_makes_up_has_no_party_of_its_own(seller, customer):
	proforma = issue_proforma(seller, customer=customer.name)
	stranger = make_seller()
	frappe.set_user(stranger.user)
	sent = {**proforma.as_dict(), "party_tax_id": "MADE-UP", "seller": stranger.name}
	assert "MADE-UP" not in page_of(frappe.get_doc({**sent, "name": "New"}))
	frappe.set_user("Administrator")
	assert "MADE-UP" not in page_of(frappe.get_doc(sent))
	frappe.set_user(stranger.user)
	kept = issued_party.find_kept_party("Proforma", proforma.name)
	assert kept.tax_id == OLD[0]


def test_what_was_issued_to_a_prospect_stays_so_after_its_conversion(seller):
	from cronus_crm.cronus_billing.documents.prospect_documents import _set_customer

	prospect = frappe.get_doc(
		{
			"doctype": "Cronus Prospect",
			"prospect_name": unique("Ana"),
			"phone": "099 111 2222",
			"seller": seller,
		}
	).insert()
	proforma = new_proforma(seller, prospect=prospect.name)
	proforma.customer = None
	proforma.insert().submit()
	customer = make_customer(seller, customer_name=unique("Ana and company"), tax_id=NEW[0])
	_set_customer([proforma.name], customer.name)
	text = words_of(proforma.reload())
	assert prospect.prospect_name in text
	assert NEW[0] not in text


def test_documents_of_an_older_release_have_what_is_known_of_today(seller, customer):
	made = issue_all(seller, customer)
	draft = new_proforma(seller, customer.name).insert()
	for document in made:
		frappe.db.set_value(document.doctype, document.name, dict.fromkeys(issued_party.FIELDS))
	one = made[0]
	frappe.db.set_value(one.doctype, one.name, {"party_name": "Kept", "party_tax_id": "KEPT"})
	change(customer)
	keep_issued_parties.execute()
	for document in made[1:]:
		document.reload()
		# The name is that which the document bears.
		assert (document.party_name, document.party_tax_id) == (customer.old_name, NEW[0])
		assert document.party_address.startswith(NEW[2])
	assert (one.reload().party_name, one.party_tax_id) == ("Kept", "KEPT")
	assert not draft.reload().party_name
