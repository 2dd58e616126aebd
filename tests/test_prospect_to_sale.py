"""A prospect's way to a paid invoice, in every order of its steps: its opportunity has the value of what was
offered, and is won."""

import frappe
import pytest
from frappe.utils import getdate

from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.verify import find_differences
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect, proforma_for
from cronus_crm.cronus_crm.prospects.conversion import convert_prospect, undo_conversion
from tests.scaffold import (
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	new_proforma,
	pay,
)

OPPORTUNITY = "Cronus Opportunity"
STEPS = ("offer", "order", "invoice", "pay")


@pytest.fixture
def seller():
	return make_seller()


class Sale:
	"""The steps of one sale; each leaves its document in `self.documents`."""

	def __init__(self, prospect):
		self.prospect, self.documents, self.opportunity = prospect, {}, None

	def convert(self):
		made = convert_prospect(self.prospect.name, opportunity=not self.opportunity)
		self.opportunity = made["opportunity"]

	def draft(self):
		proforma = new_proforma(None, customer="none")
		proforma.update({"prospect": self.prospect.name, "customer": None})
		self.documents["offer"] = proforma.insert()
		return proforma

	def offer(self):
		self.documents["offer"] = proforma_for(self.prospect)

	def order(self):
		offer = self.documents["offer"]
		(name,) = document_chain.convert_documents("Proforma", [offer.name], "Cronus Order")
		self.documents["order"] = frappe.get_doc("Cronus Order", name).submit()

	def invoice(self):
		order = self.documents["order"]
		(name,) = document_chain.convert_documents("Cronus Order", [order.name], "Invoice")
		self.documents["invoice"] = frappe.get_doc("Invoice", name).submit()

	def pay(self):
		pay(self.documents["invoice"])

	def check_won(self):
		opportunity = frappe.get_doc(OPPORTUNITY, self.opportunity)
		assert (opportunity.state, opportunity.value, opportunity.base_value) == ("Won", 200, 200)
		assert opportunity.won_by == f"Invoice/{self.documents['invoice'].name}"
		for document in self.documents.values():
			if document.meta.has_field("opportunity"):
				assert document.reload().opportunity == self.opportunity
		assert self.prospect.reload().state == "Converted"
		found = totals.read_period_totals(
			["Deal won", "Deal opened"], getdate(), getdate(), scope=totals.Scope([opportunity.seller])
		)
		assert {(row.measure, row.number, row.amount) for row in found} == {
			("Deal won", 1, 200),
			("Deal opened", 1, 200),
		}
		assert (
			totals.read_current_totals(["Deal in progress"], scope=totals.Scope([opportunity.seller])) == []
		)
		assert list(find_differences()) == []


@pytest.mark.parametrize("position", range(len(STEPS) + 1))
def test_a_prospect_that_is_converted_at_any_step_ends_as_a_won_opportunity(position, seller):
	# Only who has a customer already can be sold to before the conversion.
	known = {"customer": make_customer(seller.name).name} if position > 1 else {}
	sale = Sale(make_prospect(seller.name, **known))
	for step in (*STEPS[:position], "convert", *STEPS[position:]):
		getattr(sale, step)()
	sale.check_won()


def test_so_does_one_whose_proforma_is_a_draft_when_it_is_converted(seller):
	sale = Sale(make_prospect(seller.name))
	sale.draft()
	sale.convert()
	assert frappe.db.get_value(OPPORTUNITY, sale.opportunity, "value") == 0
	sale.documents["offer"].reload().submit()
	assert frappe.db.get_value(OPPORTUNITY, sale.opportunity, "value") == 200
	for step in ("order", "invoice", "pay"):
		getattr(sale, step)()
	sale.check_won()


@pytest.mark.parametrize("before", [True, False])
def test_the_opportunity_that_a_prospect_has_is_the_one_of_its_documents(before, seller):
	sale = Sale(make_prospect(seller.name))
	steps = [sale.offer, lambda: own_opportunity(sale)]
	for step in reversed(steps) if before else steps:
		step()
	for step in ("convert", "order", "invoice", "pay"):
		getattr(sale, step)()
	sale.check_won()


def own_opportunity(sale):
	prospect = sale.prospect
	doc = {"doctype": OPPORTUNITY, "title": "Own", "prospect": prospect.name, "seller": prospect.seller}
	sale.opportunity = frappe.get_doc({**doc, "stage": "Initial contact"}).insert().name


def test_what_a_seller_without_billing_sees_is_linked_the_same(seller):
	frappe.set_user(seller.user)
	sale = Sale(make_prospect(seller.name))
	sale.offer()
	sale.convert()
	frappe.set_user("Administrator")
	for step in ("order", "invoice", "pay"):
		getattr(sale, step)()
	sale.check_won()


def test_a_value_that_somebody_entered_stays(seller):
	sale = Sale(make_prospect(seller.name))
	sale.offer()
	sale.convert()
	opportunity = frappe.get_doc(OPPORTUNITY, sale.opportunity)
	opportunity.update({"value": 5000}).save()
	proforma_for(sale.prospect)
	assert opportunity.reload().value == 5000
	assert not opportunity.valued_by_documents


def test_several_offers_add_up_and_a_cancelled_one_is_taken_back(seller):
	sale = Sale(make_prospect(seller.name))
	sale.offer()
	sale.convert()
	second = proforma_for(sale.prospect)
	assert second.opportunity == sale.opportunity
	assert frappe.db.get_value(OPPORTUNITY, sale.opportunity, "value") == 400
	second.cancel()
	assert frappe.db.get_value(OPPORTUNITY, sale.opportunity, "value") == 200
	sale.order()
	assert frappe.db.get_value(OPPORTUNITY, sale.opportunity, "value") == 200
	assert list(find_differences()) == []


def test_any_opportunity_without_a_value_takes_that_of_its_documents(seller):
	opportunity = make_opportunity(seller.name)
	offer = offer_for(opportunity)
	assert opportunity.reload().value == 200
	invoice = invoice_of(offer)
	assert (opportunity.reload().state, opportunity.value) == ("Won", 200)
	invoice.cancel()
	offer.reload().cancel()
	assert (opportunity.reload().state, opportunity.value) == ("Open", 0)
	assert list(find_differences()) == []


def offer_for(opportunity):
	return issue_proforma(opportunity.seller, customer=opportunity.customer, opportunity=opportunity.name)


def test_undoing_the_conversion_unlinks_the_documents(seller):
	sale = Sale(make_prospect(seller.name))
	sale.offer()
	offer, draft = sale.documents["offer"], sale.draft()
	sale.convert()
	assert draft.reload().opportunity == sale.opportunity
	undo_conversion(sale.prospect.name)
	for proforma in (offer, draft):
		assert (proforma.reload().opportunity, proforma.customer) == (None, None)
	assert not frappe.db.exists(OPPORTUNITY, sale.opportunity)
	assert list(find_differences()) == []


def test_a_prospect_has_ordered_when_its_opportunity_is_won_and_no_longer_when_it_is_not(seller):
	sale = Sale(make_prospect(seller.name))
	own_opportunity(sale)
	opportunity = frappe.get_doc(OPPORTUNITY, sale.opportunity)
	opportunity.update({"stage": "Won"}).save()
	assert sale.prospect.reload().state == "Ordered"
	opportunity.update({"stage": "Proposal"}).save()
	assert sale.prospect.reload().state == "Open"
	opportunity.update({"stage": "Won"}).save()
	opportunity.delete()
	assert sale.prospect.reload().state == "Open"
