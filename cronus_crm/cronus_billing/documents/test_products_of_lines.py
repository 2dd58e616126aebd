import frappe
import pytest

from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from tests.scaffold import credit_note_of, ensure_product, invoice_of, issue_proforma, make_seller, unique


@pytest.fixture
def other_product():
	product = frappe.copy_doc(frappe.get_doc("Cronus Product", ensure_product()))
	product.product_code = unique("P")
	return product.insert().name


def test_a_credit_note_has_the_products_of_its_invoice(other_product):
	note = credit_note_of(invoice_of(issue_proforma(make_seller().name)), issue=False)
	note.items[0].product = other_product
	with pytest.raises(frappe.ValidationError, match="Line 1: it was made from a line of"):
		note.save()


@pytest.mark.parametrize("doctype", ("Cronus Order", "Invoice"))
def test_a_line_keeps_the_product_of_the_line_that_it_was_made_from(doctype, other_product):
	proforma = issue_proforma(make_seller().name)
	draft = frappe.get_doc(doctype, convert_documents("Proforma", proforma.name, doctype)[0])
	draft.items[0].product = other_product
	with pytest.raises(frappe.ValidationError, match="Line 1: it was made from a line of"):
		draft.save()
	draft.reload().append("items", {"product": other_product, "quantity": 1, "price": 1})
	assert len(draft.save().items) == 2
