"""How a commercial document adds up. Pure arithmetic: no framework, no database.

Each line is rounded to the cent, half up, and the totals are sums of what is shown; so that whoever adds up
the printed lines arrives at the printed total. Tax is reckoned once for each rate, on the sum of its lines.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
	"""A line as it is written. Price: without tax, for one unit. Discount and tax rate: percentages."""

	quantity: float
	price: float
	discount_percent: float = 0
	tax_rate: float = 0


@dataclass(frozen=True)
class Totals:
	"""What a document comes to, in its own currency."""

	net_amounts: tuple[float, ...]
	net_total: float
	tax_total: float
	grand_total: float


def exact(number: float | int | str | None) -> Decimal:
	"""The number as it was written: 0.1 is a tenth, not the nearest binary fraction."""
	return Decimal(str(number or 0))


def to_cents(amount: Decimal) -> Decimal:
	"""Rounded to the cent, half away from zero."""
	return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def net_amount(line: Line) -> Decimal:
	"""quantity × price × (1 - discount), rounded to the cent."""
	discount = 1 - exact(line.discount_percent) / 100
	return to_cents(exact(line.quantity) * exact(line.price) * discount)


def add_up(lines: Iterable[Line]) -> Totals:
	"""The totals of a document's lines."""
	amounts = []
	taxable: dict[Decimal, Decimal] = defaultdict(Decimal)
	for line in lines:
		amounts.append(net_amount(line))
		taxable[exact(line.tax_rate)] += amounts[-1]
	net = sum(amounts, Decimal(0))
	tax = sum((to_cents(base * rate / 100) for rate, base in taxable.items()), Decimal(0))
	return Totals(tuple(float(amount) for amount in amounts), float(net), float(tax), float(net + tax))


def in_company_currency(amount: float, exchange_rate: float) -> float:
	"""An amount of a document in the company's currency, rounded to the cent.

	exchange_rate: units of the company's currency for one of the document's.
	"""
	return float(to_cents(exact(amount) * exact(exchange_rate)))
