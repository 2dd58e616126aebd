import pytest

from cronus_crm.cronus_billing.totals import Line, add_up, in_company_currency


def test_half_cents_go_up_as_written_not_as_binary():
	# 1.005 as a binary fraction is below 1.005; on paper it is a half.
	assert add_up([Line(1, 1.005)]).net_total == 1.01
	assert add_up([Line(3, 0.115)]).net_total == 0.35


def test_lines_as_shown_add_up_to_the_total():
	totals = add_up([Line(1, 0.335, tax_rate=15), Line(3, 33.333, 10, 15), Line(2, 10)])
	assert totals.net_amounts == (0.34, 90.0, 20.0)
	assert totals.net_total == 110.34
	assert totals.tax_total == 13.55  # 15 % of 90.34, once
	assert totals.grand_total == 123.89


def test_tax_is_reckoned_for_each_rate():
	totals = add_up([Line(1, 100, tax_rate=12), Line(1, 100, tax_rate=15), Line(1, 0.1, tax_rate=15)])
	assert totals.tax_total == 27.02  # 12.00 + 15.015 rounded up


def test_whole_discount_is_free():
	assert add_up([Line(5, 10, 100, 15)]).grand_total == 0


@pytest.mark.parametrize(
	("amount", "rate", "expected"), [(100, 1, 100), (10.05, 0.5, 5.03), (1, 3950.123, 3950.12)]
)
def test_amount_in_company_currency(amount, rate, expected):
	assert in_company_currency(amount, rate) == expected
