from hypothesis import given
from hypothesis import strategies as st

from cronus_crm.cronus_billing.instalments import fill, split
from cronus_crm.cronus_billing.totals import exact

cents = st.integers(0, 10**12).map(lambda number: number / 100)


@given(cents, st.integers(1, 24))
def test_parts_sum_to_the_whole_and_none_is_negative(total, number):
	percentages = [round(100 / number, 2)] * (number - 1)
	parts = split(total, [*percentages, 100 - sum(percentages)])
	assert sum(map(exact, parts)) == exact(total)
	assert min(parts) >= 0


def test_the_last_part_takes_the_cents():
	assert split(100, [33.33, 33.33, 33.34]) == [33.33, 33.33, 33.34]
	assert split(0.05, [10] * 10) == [0] * 9 + [0.05]


@given(st.lists(cents, min_size=1, max_size=12), st.integers(0, 100))
def test_the_first_are_filled_first(amounts, percent):
	paid = float(round(sum(map(exact, amounts)) * percent / 100, 2))
	filled = fill(paid, amounts)
	assert sum(map(exact, filled)) == exact(paid)
	open_parts = [position for position, amount in enumerate(amounts) if filled[position] < amount]
	assert all(filled[position] == 0 for position in open_parts[1:])
