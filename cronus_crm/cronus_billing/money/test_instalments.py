from hypothesis import given
from hypothesis import strategies as st

from cronus_crm.base.amounts import as_decimal
from cronus_crm.cronus_billing.money.instalments import fill_instalments, split_total

cents = st.integers(0, 10**12).map(lambda number: number / 100)


@given(cents, st.integers(1, 24))
def test_parts_sum_to_the_whole_and_none_is_negative(total, number):
	percentages = [round(100 / number, 2)] * (number - 1)
	parts = split_total(total, [*percentages, 100 - sum(percentages)])
	assert sum(map(as_decimal, parts)) == as_decimal(total)
	assert min(parts) >= 0


def test_the_last_part_takes_the_cents():
	assert split_total(100, [33.33, 33.33, 33.34]) == [33.33, 33.33, 33.34]
	assert split_total(0.05, [10] * 10) == [0] * 9 + [0.05]


@given(st.lists(cents, min_size=1, max_size=12), st.integers(0, 100))
def test_the_first_are_filled_first(amounts, percent):
	paid = float(round(sum(map(as_decimal, amounts)) * percent / 100, 2))
	filled = fill_instalments(paid, amounts)
	assert sum(map(as_decimal, filled)) == as_decimal(paid)
	open_parts = [position for position, amount in enumerate(amounts) if filled[position] < amount]
	assert all(filled[position] == 0 for position in open_parts[1:])
