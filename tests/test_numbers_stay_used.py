"""A number that was used is not given again."""

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger.verify import find_differences
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from cronus_crm.visibility.replaced.replacement import replace_all
from tests.scaffold import (
	credit_note_of,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	new_proforma,
	pay,
)

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def seller():
	replace_all()
	return make_seller()


def issue_next(source, doctype: str):
	(name,) = convert_documents(source.doctype, [source.name], doctype)
	document = frappe.get_doc(doctype, name)
	document.submit()
	return document


MAKERS = {
	"Proforma": lambda seller: issue_proforma(seller.name),
	"Cronus Order": lambda seller: issue_next(issue_proforma(seller.name), "Cronus Order"),
	"Cronus Delivery Note": lambda seller: issue_next(issue_proforma(seller.name), "Cronus Delivery Note"),
	"Cronus Sales Note": lambda seller: issue_next(issue_proforma(seller.name), "Cronus Sales Note"),
	"Invoice": lambda seller: invoice_of(issue_proforma(seller.name)),
	"credit note": lambda seller: credit_note_of(invoice_of(issue_proforma(seller.name))),
	"Cronus Payment": lambda seller: pay(invoice_of(issue_proforma(seller.name))),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_the_number_of_an_issued_document_stays_used(kind, seller):
	first = MAKERS[kind](seller)
	first.reload()
	first.cancel()
	frappe.delete_doc(first.doctype, first.name)
	second = MAKERS[kind](seller)
	assert second.name != first.name
	assert second.docstatus == 1
	assert entry_of(second)
	assert list(find_differences()) == []
	explained = {"deleted_doctype": first.doctype, "deleted_name": first.name}
	assert frappe.db.exists("Deleted Document", explained)


def test_a_draft_gives_its_number_back(seller):
	first = new_proforma(seller.name).insert()
	frappe.delete_doc(first.doctype, first.name)
	assert new_proforma(seller.name).insert().name == first.name


def test_the_number_of_a_deleted_customer_stays_used(seller):
	first = make_customer(seller.name)
	frappe.delete_doc("Cronus Customer", first.name)
	assert make_customer(seller.name).name != first.name
