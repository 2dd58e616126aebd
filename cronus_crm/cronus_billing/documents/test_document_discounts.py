"""Discounts that are given as an amount."""

import frappe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cronus_crm.cronus_billing.documents.document_preview import preview_document
from cronus_crm.cronus_billing.documents.document_totals import Line, compute_totals
from cronus_crm.cronus_billing.printing.printed_document import printed_document
from tests.scaffold import (
	credit_note_of,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_seller,
	new_proforma,
)


@given(
	st.lists(
		st.integers(1, 10**12).map(lambda cents: Line(1, cents / 100, tax_rate=12)), min_size=1, max_size=6
	),
	st.integers(0, 10**9),
	st.booleans(),
)
def test_the_discount_is_the_amount_that_was_written(lines, parts, included):
	whole = sum(round(line.price * 100) for line in lines)
	discount = whole * parts // 10**9 / 100
	assert compute_totals(lines, taxes_included=included, fixed_discount=discount).discount == discount


@pytest.fixture
def seller():
	return make_seller().name


def offer(seller, line=None, **fields):
	items = [{"product": ensure_product(), "quantity": 1, "price": 8500, **(line or {})}]
	return issue_proforma(seller, items=items, **fields)


@pytest.mark.parametrize(("line", "fields"), [({"fixed_discount": 7500}, {}), ({}, {"fixed_discount": 7500})])
def test_seven_thousand_five_hundred_off_is_a_thousand_there_and_in_what_follows(seller, line, fields):
	proforma = offer(seller, line, **fields)
	discounted = proforma.items[0] if line else proforma
	assert (proforma.grand_total, discounted.discount_percent) == (1000, 88.235294118)
	invoice = invoice_of(proforma)
	assert invoice.grand_total == 1000
	credit_note_of(invoice)
	assert invoice.balance == 0


def test_a_part_has_its_part_of_the_discount(seller):
	proforma = offer(seller, {"quantity": 3, "price": 100, "fixed_discount": 30})
	assert invoice_of(proforma, quantity=1).grand_total == 90


@pytest.mark.parametrize(
	("line", "fields", "says"),
	[
		({"fixed_discount": 8500.01}, {}, r"(?s)Line 1.*nor above.*8,500\.00"),
		({"fixed_discount": -1}, {}, "(?s)Line 1.*negative"),
		({}, {"fixed_discount": 8501}, "whole document.*nor above"),
		({"price": 0}, {"fixed_discount": 1}, "whole document.*nor above"),
	],
)
def test_a_discount_above_what_it_is_taken_from_is_refused(seller, line, fields, says):
	items = [{"product": ensure_product(), "quantity": 1, "price": 8500, **line}]
	with pytest.raises(frappe.ValidationError, match=says):
		new_proforma(seller, items=items, **fields).insert()


def test_of_amount_and_percentage_the_one_that_has_changed_counts(seller):
	items = [{"product": ensure_product(), "quantity": 1, "price": 1000}]
	draft = new_proforma(seller, items=items, fixed_discount=100).insert()
	assert (draft.discount_percent, draft.grand_total) == (10, 900)
	draft.items[0].quantity = 2
	draft.save()
	assert (draft.discount_percent, draft.grand_total) == (5, 1900)
	draft.discount_percent = 50
	draft.save()
	assert (draft.fixed_discount, draft.grand_total) == (0, 1000)
	draft.fixed_discount = 1
	draft.save()
	assert draft.grand_total == 1999
	draft.fixed_discount = 0
	draft.save()
	assert (draft.discount_percent, draft.grand_total) == (0, 2000)


def test_the_form_and_the_paper_show_the_amount(seller):
	proforma = offer(seller, {"fixed_discount": 500}, fixed_discount=1000)
	printed = printed_document(proforma, [])
	assert printed.table.pages[0][0]["discount"] == "500.00"
	assert printed.discount == "Discount, already in the amounts: $ 1,000.00"
	sent = {"doctype": "Proforma", "customer": proforma.customer, "fixed_discount": 1000}
	line = {"name": "one", "product": ensure_product(), "quantity": 1, "price": 8000}
	preview = preview_document({**sent, "items": [line]})
	assert (preview["totals"]["discount_percent"], preview["totals"]["grand_total"]) == (12.5, 7000)
