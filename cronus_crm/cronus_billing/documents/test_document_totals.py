from dataclasses import replace
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cronus_crm.base.amounts import as_decimal, round_decimal
from cronus_crm.cronus_billing.documents.document_totals import (
	Line,
	compute_totals,
	convert_to_company_currency,
)
from tests.depth import times_depth

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
	return round_decimal(amount, 2)


def test_half_cents_go_up_as_written_not_as_binary():
	# 1.005 as a binary fraction is below 1.005; on paper it is a half.
	assert compute_totals([Line(1, 1.005)]).net_total == 1.01
	assert compute_totals([Line(3, 0.115)]).net_total == 0.35


# Worked out by hand: lines, discount of the document, taxes included; what the lines come to, taxes (rate,
# base, amount) and total.
CASES = {
	"one tax": ([Line(1, 100, tax_rate=15)], 0, False, (100,), [(15, 100, 15)], 115),
	"lines are rounded, and the tax once on their sum": (
		[Line(1, 0.335, tax_rate=15), Line(3, 33.333, 10, 15), Line(2, 10)],
		*(0, False, (0.34, 90, 20), [(0, 20, 0), (15, 90.34, 13.55)], 123.89),
	),
	"each tax on its own": (
		[Line(1, 100, tax_rate=12), Line(1, 100, tax_rate=15), Line(1, 0.1, tax_rate=15)],
		# 12.00 and 15.015
		*(0, False, (100, 100, 0.1), [(12, 100, 12), (15, 100.1, 15.02)], 227.12),
	),
	"a discount of a line": ([Line(3, 10, 33.33, 16)], 0, False, (20,), [(16, 20, 3.2)], 23.2),
	"a discount of the document is that part of each tax": (
		[Line(1, 100, tax_rate=15), Line(1, 50)],
		*(10, False, (90, 45), [(0, 45, 0), (15, 90, 13.5)], 148.5),
	),
	"both discounts, the second on what the first has left": (
		[Line(1, 200, 50, 19)],
		*(10, False, (90,), [(19, 90, 17.1)], 107.1),
	),
	"cents of a discount go to the largest remainders": (
		# 5.00 of 100.00: 1.667, 1.6665 and 1.6665
		[Line(1, 33.33, tax_rate=15), Line(1, 33.33, tax_rate=12), Line(1, 33.34)],
		*(5, False, (31.67, 31.66, 31.67), [(0, 31.67, 0), (12, 31.66, 3.8), (15, 31.67, 4.75)], 103.55),
	),
	"a discount of half a cent each": (
		# 0.015 of 0.15 is two cents, and there are three lines
		[Line(1, 0.05), Line(1, 0.05), Line(1, 0.05)],
		*(10, False, (0.04, 0.04, 0.05), [(0, 0.13, 0)], 0.13),
	),
	"free by the line": ([Line(5, 10, 100, 15)], 0, False, (0,), [(15, 0, 0)], 0),
	"free by the document": (
		[Line(5, 10, 0, 15), Line(1, 3)],
		100,
		False,
		(0, 0),
		[(0, 0, 0), (15, 0, 0)],
		0,
	),
	"a tax that is included": ([Line(3, 9.99, tax_rate=15)], 0, True, (26.06,), [(15, 26.06, 3.91)], 29.97),
	"of included prices the base is dealt out to the lines": (
		# 2.00 / 1.12 = 1.7857; 0.8839 and 0.9018
		[Line(1, 0.99, tax_rate=12), Line(1, 1.01, tax_rate=12)],
		*(0, True, (0.89, 0.9), [(12, 1.79, 0.21)], 2),
	),
	"included, with a discount of the document": (
		# 10 % of 12.30 is off: 10.35 and 0.72
		[Line(1, 11.5, tax_rate=15), Line(2, 0.4)],
		*(10, True, (9, 0.72), [(0, 0.72, 0), (15, 9, 1.35)], 11.07),
	),
	"nothing at all": ([], 0, False, (), [], 0),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_documents_that_were_worked_out_by_hand(case):
	lines, discount, included, net, taxes, total = case
	totals = compute_totals(lines, discount, included)
	assert totals.net_amounts == net
	assert [(tax.rate, tax.base, tax.amount) for tax in totals.taxes] == taxes
	assert totals.grand_total == total


def test_taxes_of_the_same_rate_are_told_apart_by_name():
	totals = compute_totals([Line(1, 10, tax="Exempt"), Line(1, 20, tax="Export"), Line(1, 5, tax="Exempt")])
	assert [(tax.tax, tax.base) for tax in totals.taxes] == [("Exempt", 15), ("Export", 20)]


def number(most: int, decimals: int) -> st.SearchStrategy[float]:
	return st.integers(0, most * 10**decimals).map(lambda units: units / 10**decimals)


RATES = (0, 12, 12.5, 15, 16, 19)
percent = st.sampled_from((0, 5, 10, 33.33, 99.99, 100)) | number(100, 2)
line = st.builds(Line, number(500, 3), number(2_000, 4), percent, st.sampled_from(RATES))
lines = st.lists(line, max_size=12)
any_document = given(lines, percent, st.booleans())
thorough = settings(max_examples=times_depth(150), deadline=None, database=None)


def total(amounts) -> Decimal:
	return sum(map(as_decimal, amounts), Decimal(0))


@thorough
@any_document
def test_the_sum_of_what_is_shown_is_the_total(lines, discount, included):
	totals = compute_totals(lines, discount, included)
	assert (
		total(totals.net_amounts) == total(tax.base for tax in totals.taxes) == as_decimal(totals.net_total)
	)
	assert total(totals.gross_amounts) == as_decimal(totals.grand_total)
	assert total(tax.amount for tax in totals.taxes) == as_decimal(totals.tax_total)
	assert as_decimal(totals.net_total) + as_decimal(totals.tax_total) == as_decimal(totals.grand_total)
	shown = (*totals.net_amounts, *totals.gross_amounts, totals.discount)
	assert all(amount >= 0 and as_decimal(amount) == to_cents(as_decimal(amount)) for amount in shown)


@thorough
@given(lines, percent, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_no_total(lines, discount, included, random):
	shuffled = random.sample(lines, len(lines))
	totals, others = (compute_totals(each, discount, included) for each in (lines, shuffled))
	assert replace(totals, net_amounts=(), gross_amounts=()) == replace(
		others, net_amounts=(), gross_amounts=()
	)
	assert sorted(totals.net_amounts) == sorted(others.net_amounts)


@thorough
@any_document
def test_the_discount_of_the_document_holds_as_a_whole_and_to_a_cent_in_each_line(lines, discount, included):
	whole, less = compute_totals(lines, 0, included), compute_totals(lines, discount, included)
	before, after = (
		(whole.gross_amounts, less.gross_amounts) if included else (whole.net_amounts, less.net_amounts)
	)
	assert total(before) - total(after) == as_decimal(less.discount)
	assert as_decimal(less.discount) == to_cents(total(before) * as_decimal(discount) / 100)
	for amount, rest in zip(before, after, strict=True):
		assert abs(as_decimal(amount) * (1 - as_decimal(discount) / 100) - as_decimal(rest)) < CENT


@thorough
@any_document
def test_each_tax_is_its_rate_of_its_base(lines, discount, included):
	for tax in compute_totals(lines, discount, included).taxes:
		due = as_decimal(tax.base) * as_decimal(tax.rate) / 100
		if included:
			assert abs(as_decimal(tax.amount) - due) < CENT
		else:
			assert as_decimal(tax.amount) == to_cents(due)


@thorough
@any_document
def test_each_line_pays_its_tax_to_the_cent(lines, discount, included):
	totals = compute_totals(lines, discount, included)
	for line, net, gross in zip(lines, totals.net_amounts, totals.gross_amounts, strict=True):
		assert abs(as_decimal(net) * (1 + as_decimal(line.tax_rate) / 100) - as_decimal(gross)) < 2 * CENT


@thorough
@given(lines, percent)
def test_a_printed_document_comes_to_the_same_as_one_with_its_taxes_included(lines, discount):
	"""Taxes that were added, taken as included: the same bases and taxes come out of the printed amounts."""
	added = compute_totals(lines, discount)
	printed = [
		Line(1, gross, tax_rate=line.tax_rate) for line, gross in zip(lines, added.gross_amounts, strict=True)
	]
	included = compute_totals(printed, 0, taxes_included=True)
	assert (included.taxes, included.grand_total) == (added.taxes, added.grand_total)


@thorough
@given(lines, percent)
def test_taxes_that_were_included_are_the_same_within_a_cent_when_they_are_added(lines, discount):
	included = compute_totals(lines, discount, taxes_included=True)
	printed = [
		Line(1, net, tax_rate=line.tax_rate) for line, net in zip(lines, included.net_amounts, strict=True)
	]
	for one, other in zip(included.taxes, compute_totals(printed).taxes, strict=True):
		assert one.base == other.base
		assert abs(as_decimal(one.amount) - as_decimal(other.amount)) <= CENT


@thorough
@given(lines, st.booleans())
def test_a_discount_of_nothing_changes_nothing_and_one_of_everything_leaves_nothing(lines, included):
	assert compute_totals(lines, 0, included).discount == 0
	free = compute_totals(lines, 100, included)
	assert (free.net_total, free.tax_total, free.grand_total) == (0, 0, 0)
	assert not any(free.gross_amounts)


def test_a_hundred_lines_take_no_time_that_anybody_notices():
	document = [Line(1 + n / 7, 10 + n / 3, n % 30, RATES[n % 6]) for n in range(100)]
	took = []
	for _run in range(20):
		started = perf_counter()
		compute_totals(document, 7.5, taxes_included=True)
		took.append(perf_counter() - started)
	# 1 ms on a machine of 2023; the rest is for one that has other work to do.
	assert min(took) < 0.01


@pytest.mark.parametrize(
	("amount", "rate", "expected"), [(100, 1, 100), (10.05, 0.5, 5.03), (1, 3950.123, 3950.12)]
)
def test_amount_in_company_currency(amount, rate, expected):
	assert convert_to_company_currency(amount, rate, 2) == expected


@pytest.mark.parametrize(
	("decimals", "lines", "total"),
	[
		(0, [Line(3, 1990, tax_rate=15)], 6866),  # 895.5 of tax
		(0, [Line(1, 12.5, tax_rate=10)] * 2, 29),  # 13 + 13, and 2.6 of tax
		(3, [Line(3, 0.1115, tax_rate=5)], 0.352),  # 0.3345 is 0.335, and 0.01675 of tax
	],
)
def test_amounts_have_the_decimals_of_the_currency(decimals, lines, total):
	assert compute_totals(lines, decimals=decimals).grand_total == total


@given(
	st.lists(
		st.builds(
			Line,
			quantity=st.integers(1, 10**6).map(lambda number: number / 1000),
			price=st.integers(0, 10**7).map(lambda number: number / 1000),
			discount_percent=st.integers(0, 1000).map(lambda number: number / 10),
			tax_rate=st.sampled_from([0, 5, 8.875, 12, 19]),
		),
		min_size=1,
		max_size=8,
	),
	st.integers(0, 100),
	st.booleans(),
	st.sampled_from([0, 2, 3]),
)
def test_no_amount_is_finer_than_the_currency(lines, discount, included, decimals):
	totals = compute_totals(lines, discount, included, decimals)
	shown = [*totals.net_amounts, *totals.gross_amounts, totals.discount, totals.grand_total]
	shown += [amount for tax in totals.taxes for amount in (tax.base, tax.amount)]
	assert all(as_decimal(amount) == round_decimal(as_decimal(amount), decimals) for amount in shown)
	assert sum(map(as_decimal, totals.gross_amounts)) == as_decimal(totals.grand_total)
