"""Median and mean of many equal values, given as how often each occurs."""

from bisect import bisect_left
from collections import Counter
from itertools import accumulate

from frappe.utils import flt


def median(numbers: Counter) -> float | None:
	"""The median of a multiset, {value: how often it occurs}; None of an empty one.

	Of an even number of values it is the mean of the two in the middle.
	"""
	values = sorted(numbers)
	up_to = list(accumulate(numbers[value] for value in values))
	if not values:
		return None
	middle = [values[bisect_left(up_to, place)] for place in ((up_to[-1] + 1) // 2, up_to[-1] // 2 + 1)]
	return sum(middle) / 2


def mean(numbers: Counter) -> float | None:
	"""The mean of a multiset, with two decimals; None of an empty one."""
	number = sum(numbers.values())
	return flt(sum(value * times for value, times in numbers.items()) / number, 2) if number else None
