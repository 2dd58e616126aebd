import frappe
import pytest
from frappe.utils import getdate, nowdate

from tests.scaffold import ensure_product, make_opportunity, make_seller


@pytest.fixture
def seller():
	return make_seller().name


def test_the_stage_gives_state_and_probability(seller):
	deal = make_opportunity(seller)
	assert (deal.state, deal.probability) == ("Open", 10)
	deal.update({"stage": "Negotiation"}).save()
	assert (deal.state, deal.probability) == ("Open", 75)
	deal.update({"probability": 60}).save()
	assert deal.probability == 60
	deal.update({"stage": "Won"}).save()
	assert (deal.state, deal.probability, getdate(deal.closed_on)) == ("Won", 100, getdate(nowdate()))


def test_a_lost_deal_needs_its_reason(seller):
	deal = make_opportunity(seller)
	deal.stage = "Not won"
	with pytest.raises(frappe.MandatoryError, match="why the deal was not won"):
		deal.save()
	deal.reload()
	deal.update({"stage": "Not won", "loss_reason": "Price"}).save()
	assert deal.state == "Not won"
	deal.update({"stage": "Proposal"}).save()
	assert (deal.loss_reason, deal.closed_on) == (None, None)


def test_with_products_the_value_is_theirs(seller):
	rows = [{"product": ensure_product(), "quantity": 3, "price": 10.5}, {"product": "TEST-1", "quantity": 1}]
	assert make_opportunity(seller, products=rows, value=7).value == 31.5


@pytest.mark.parametrize(
	("wrong", "says"),
	[
		({"customer": None, "prospect_name": None}, "whose opportunity"),
		({"value": -1}, "cannot be negative"),
		({"probability": 101}, "percentage"),
		({"products": [{"product": "TEST-1", "quantity": 0}]}, "row 1"),
		({"stage": "Won", "opened_on": "2026-05-02", "closed_on": "2026-05-01"}, "before it was opened"),
		({"stage": "No such stage"}, "No such stage"),
	],
)
def test_bad_input_is_refused(seller, wrong, says):
	ensure_product()
	deal = make_opportunity(seller)
	with pytest.raises(frappe.ValidationError, match=says):
		deal.update(wrong).save()
