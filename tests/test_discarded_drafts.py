"""Drafts that are discarded, which Frappe 16 offers for documents that are issued."""

import frappe
import pytest
import requests
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.visibility import ownership
from tests.scaffold import (
	BILLING,
	SELLER,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	new_proforma,
	pay,
	unique,
)
from tests.visibility.clients import make_api_key

needs_discarding = pytest.mark.skipif(
	not hasattr(Document, "discard"), reason="this Frappe has no drafts that are discarded"
)


@pytest.fixture(scope="module")
def world(site, server):
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, BILLING))
	stranger = make_seller(user=make_user(SELLER))
	tokens = {who.name: make_api_key(who.user) for who in (seller, stranger)}
	frappe.db.commit()
	return frappe._dict(seller=seller.name, stranger=stranger.name, tokens=tokens, address=server)


def discard(world, doc, who: str | None = None) -> requests.Response:
	return requests.post(
		f"{world.address}/api/method/frappe.desk.form.save.discard",
		json={"doctype": doc.doctype, "name": doc.name},
		headers={"Authorization": f"token {world.tokens[who or world.seller]}"},
		timeout=60,
	)


def read_state(doc) -> tuple[int, str]:
	frappe.db.rollback()
	return frappe.db.get_value(doc.doctype, doc.name, ["docstatus", "state"])


def make_activity(seller: str):
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": unique("Activity"),
			"activity_type": "Call",
			"seller": seller,
			"starts_on": "2031-05-05 10:00:00",
		}
	).insert()


@needs_discarding
def test_the_discarded_draft_of_a_document_is_cancelled(world):
	proforma = new_proforma(world.seller).insert()
	invoice = invoice_of(issue_proforma(world.seller), issue=False)
	payment = pay(invoice_of(issue_proforma(world.seller)), issue=False)
	frappe.db.commit()
	for draft in (proforma, invoice, payment):
		assert discard(world, draft, world.stranger).status_code in (403, 404)
		assert read_state(draft) == (0, "Draft")
		assert discard(world, draft).ok
		assert read_state(draft) == (2, "Cancelled")


@needs_discarding
def test_what_is_never_issued_is_not_discarded(world):
	records = [
		make_activity(world.seller),
		make_opportunity(world.seller),
		make_customer(world.seller),
	]
	frappe.db.commit()
	for record in records:
		answer = discard(world, record)
		assert answer.status_code == 417
		assert "is not a draft and cannot be discarded" in answer.text
		frappe.db.rollback()
		assert frappe.db.get_value(record.doctype, record.name, "docstatus") == 0


def test_every_record_that_is_never_issued_refuses_it():
	"""By the event that the framework calls before it, where it does."""
	sales = set(sales_documents.registered_doctypes())
	ours = {doctype for doctype in ownership.governed_doctypes() if doctype.startswith("Cronus ")} - sales
	for doctype in sorted(ours):
		doc = frappe.new_doc(doctype)
		if doc.meta.is_submittable or doc.meta.istable:
			continue
		with pytest.raises(frappe.ValidationError, match="cannot be discarded"):
			doc.run_method("before_discard")
	frappe.new_doc("Proforma").run_method("before_discard")
	frappe.new_doc("ToDo").run_method("before_discard")
