"""How an amount is divided into instalments, and a payment among them. Pure arithmetic."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from cronus_crm.cronus_billing.documents.document_totals import CENT, as_decimal


def split_total(total: float, percentages: Sequence[float]) -> list[float]:
	"""The parts of a total, to the cent; they sum to it.

	Each part is rounded down and the last one takes the rest, so that none is ever negative.
	"""
	whole = as_decimal(total)
	parts = [
		(whole * as_decimal(percentage) / 100).quantize(CENT, rounding=ROUND_DOWN)
		for percentage in percentages[:-1]
	]
	return [float(part) for part in (*parts, whole - sum(parts, Decimal(0)))]


def fill_instalments(paid: float, amounts: Sequence[float]) -> list[float]:
	"""What is paid of each of these amounts, the first ones first."""
	left = as_decimal(paid)
	filled = []
	for amount in amounts:
		filled.append(min(left, as_decimal(amount)))
		left -= filled[-1]
	return [float(part) for part in filled]
