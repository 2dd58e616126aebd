"""Divides a total into instalments, and a payment among instalments. Pure arithmetic, in one currency."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from cronus_crm.base.amounts import as_decimal, smallest_amount


def split_total(total: float, percentages: Sequence[float], decimals: int = 2) -> list[float]:
	"""The instalments of a total by percentages. decimals: of the currency.

	Each part = total × percentage / 100, rounded down; the last is the total minus the others. So the parts
	sum to the total, and none is negative.
	"""
	whole = as_decimal(total)
	parts = [
		(whole * as_decimal(percentage) / 100).quantize(smallest_amount(decimals), rounding=ROUND_DOWN)
		for percentage in percentages[:-1]
	]
	return [float(part) for part in (*parts, whole - sum(parts, Decimal(0)))]


def fill_instalments(paid: float, amounts: Sequence[float]) -> list[float]:
	"""Allocates a paid amount to these amounts in their order, each up to its amount; returns what is paid of
	each."""
	left = as_decimal(paid)
	filled = []
	for amount in amounts:
		filled.append(min(left, as_decimal(amount)))
		left -= filled[-1]
	return [float(part) for part in filled]
