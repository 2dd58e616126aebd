"""Credit notes of parts of an invoice: together they come to the invoice, whatever the parts are."""

from decimal import Decimal

import frappe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cronus_crm.base.amounts import as_decimal, round_decimal
from cronus_crm.cronus_billing.documents.document_totals import Line, compute_totals
from cronus_crm.cronus_billing.money.credit_notes import Rest
from cronus_crm.patches.v0_7 import count_returned_amounts
from tests.scaffold import credit_note_of, ensure_product, invoice_of, issue_proforma, make_seller, pay


def thousandths(most: int):
	return st.integers(1, most).map(lambda number: number / 1000)


lines = st.lists(
	st.builds(
		Line,
		quantity=thousandths(20_000),
		price=thousandths(10**6),
		discount_percent=st.sampled_from([0, 5, 33.333, 88.235294118, 100]),
		tax_rate=st.sampled_from([0, 5, 8.875, 12, 19]),
	),
	min_size=1,
	max_size=5,
)


@given(lines, st.sampled_from([0, 0.5, 7.77, 50]), st.booleans(), st.sampled_from([0, 2, 3]), st.data())
def test_the_parts_of_a_line_come_to_the_line(sold, discount, included, decimals, data):
	totals = compute_totals(sold, discount, included, decimals)
	for line, net, gross in zip(sold, totals.net_amounts, totals.gross_amounts, strict=True):
		whole, net = as_decimal(line.quantity), as_decimal(net)
		tax = as_decimal(gross) - net
		rest, parts = Rest(whole, net, tax), []
		while rest.quantity:
			part = data.draw(st.integers(1, int(rest.quantity * 1000))) / Decimal(1000)
			parts.append(rest.take(part if len(parts) < 9 else rest.quantity, decimals))
		assert [sum(amounts) for amounts in zip(*parts, strict=True)] == [net, tax]
		for amount in (amount for part in parts for amount in part):
			assert amount >= 0
			assert amount == round_decimal(amount, decimals)


@pytest.fixture
def seller():
	return make_seller().name


def bill(seller, price=0.35, quantity=3, rate=12, **fields):
	line = {"product": ensure_product(), "quantity": quantity, "price": price, "tax_rate": rate}
	return invoice_of(issue_proforma(seller, items=[line], **fields))


@pytest.mark.parametrize(
	("line", "fields"),
	[
		({}, {}),
		({"price": 0.335, "rate": 15}, {}),
		({"price": 9.99, "quantity": 7}, {"discount_percent": 33.33}),
		({"price": 1.05, "quantity": 4}, {"taxes_included": 1}),
	],
)
def test_what_is_returned_one_by_one_leaves_nothing_owed(seller, line, fields):
	invoice = bill(seller, **line, **fields)
	notes = [credit_note_of(invoice, quantity=1) for _one in range(int(invoice.items[0].quantity))]
	assert (invoice.balance, invoice.state) == (0, "Paid")
	for fieldname in ("net_total", "tax_total", "grand_total"):
		assert sum(as_decimal(note.get(fieldname)) for note in notes) == as_decimal(invoice.get(fieldname))


def test_the_part_that_is_issued_last_takes_the_rest_whatever_was_drafted_first(seller):
	invoice = bill(seller)
	drafts = [credit_note_of(invoice, quantity=1, issue=False) for _part in range(3)]
	for draft in drafts[::-1]:
		draft.reload()
		draft.submit()
	invoice.reload()
	assert invoice.balance == 0


def test_a_cancelled_part_is_left_for_the_next(seller):
	invoice = bill(seller)
	first, second = credit_note_of(invoice, quantity=1), credit_note_of(invoice, quantity=1)
	first.cancel()
	credit_note_of(invoice)
	assert invoice.balance == 0
	second.cancel()
	credit_note_of(invoice)
	assert invoice.balance == 0


def test_all_that_was_paid_is_in_favour_and_no_cent_more(seller):
	invoice = bill(seller)
	pay(invoice)
	notes = [credit_note_of(invoice, quantity=1) for _part in range(3)]
	assert sum(as_decimal(note.balance) for note in notes) == as_decimal(invoice.grand_total)


def test_a_cheaper_part_leaves_the_others_what_they_cost(seller):
	invoice = bill(seller, price=100, quantity=2, rate=0)
	draft = credit_note_of(invoice, quantity=1, issue=False)
	draft.items[0].price = 50
	draft.save()
	draft.submit()
	assert draft.grand_total == 50
	assert credit_note_of(invoice).grand_total == 100


def test_a_part_above_its_share_is_refused(seller):
	invoice = bill(seller, price=100, quantity=2, rate=0)
	draft = credit_note_of(invoice, quantity=1, issue=False)
	draft.items[0].price = 100.05
	with pytest.raises(frappe.ValidationError, match="in the invoice that quantity comes to"):
		draft.save()


def test_parts_from_before_are_counted_once(seller):
	invoice = bill(seller)
	first = credit_note_of(invoice, quantity=1)
	for row in (invoice.items[0], first.items[0]):
		row.db_set({"returned_net": 0, "returned_tax": 0})
	for _time in range(2):
		count_returned_amounts.execute()
	credit_note_of(invoice)
	assert invoice.balance == 0
