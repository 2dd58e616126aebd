"""How a commercial document adds up. Pure arithmetic: no framework, no database.

Rounding is stated here and nowhere else. Every amount that is shown is rounded to the cent, half up, once,
and what is above it is a sum or a difference of amounts that are shown:

1. A line comes to quantity × price × (1 - its discount), rounded.
2. The discount of the document is its percentage of the sum of the lines, rounded. Its cents are dealt out to
   the taxes, and those of each tax to its lines.
3. Where prices are without taxes, the base of a tax is the sum of its lines, and the tax is reckoned once, on
   that base. Where they include taxes, the sum of its lines is base and tax together; the base is reckoned
   from it once, and the tax is the rest.
4. The lines show both what they come to without taxes and with them. The side that was not reckoned line by
   line is dealt out from the base, or the tax, to the lines.

Dealing out gives each its share in whole cents, and the cents that are left to those with the largest
remainders: nobody is more than a cent away from their exact share, and no cent is lost. Which of two equal
lines gets the last cent follows from their amounts alone, so the order of the lines changes no total.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

CENT = Decimal("0.01")
_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)

# Enough for quantity × price × discount as floats write them, without a digit lost.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
	"""A line as it is written.

	price: for one unit, with or without taxes as the document says. discount_percent, tax_rate: percentages.
	tax: which tax it is; lines of the same tax and rate are taxed together.
	"""

	quantity: float
	price: float
	discount_percent: float = 0
	tax_rate: float = 0
	tax: str = ""


@dataclass(frozen=True)
class Tax:
	"""What the lines of one tax come to without it (base), and the tax on that."""

	tax: str
	rate: float
	base: float
	amount: float


@dataclass(frozen=True)
class Totals:
	"""What a document comes to, in its own currency. Amounts of lines are in the order of the lines.

	The sum of net_amounts is net_total, and that of gross_amounts is grand_total. The bases of the taxes come
	to net_total as well, and their amounts to tax_total.
	"""

	net_amounts: tuple[float, ...]
	gross_amounts: tuple[float, ...]
	discount: float
	taxes: tuple[Tax, ...]
	net_total: float
	tax_total: float
	grand_total: float


def as_decimal(number: float | int | str | None) -> Decimal:
	"""The number as it was written: 0.1 is a tenth, not the nearest binary fraction."""
	return Decimal(str(number or 0))


def to_cents(amount: Decimal) -> Decimal:
	"""Rounded to the cent, half away from zero."""
	return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def add_up(lines: Iterable[Line], discount_percent: float = 0, taxes_included: bool = False) -> Totals:
	"""The totals of a document's lines.

	discount_percent: of the whole document, from 0 to 100. taxes_included: the prices include their taxes.
	"""
	with localcontext(_EXACT):
		return _add_up(list(lines), as_decimal(discount_percent) / _HUNDRED, taxes_included)


def _add_up(lines: list[Line], discount: Decimal, taxes_included: bool) -> Totals:
	amounts = [_amount(line) for line in lines]
	groups: dict[tuple[str, Decimal], list[int]] = defaultdict(list)
	for place, line in enumerate(lines):
		groups[line.tax, as_decimal(line.tax_rate)].append(place)
	in_order = sorted(groups)
	off, discounts = _NOTHING, dict.fromkeys(in_order, _NOTHING)
	if discount:
		off = to_cents(sum(amounts, _NOTHING) * discount)
		of_groups = [sum((amounts[place] for place in groups[key]), _NOTHING) for key in in_order]
		discounts = dict(
			zip(in_order, _distribute(off, of_groups, lambda amount: amount * discount), strict=True)
		)

	net, gross, taxes = list(amounts), list(amounts), []
	for key in in_order:
		places = groups[key]
		own = [amounts[place] for place in places]
		if discounts[key]:
			own = _subtract(own, _distribute(discounts[key], own, lambda amount: amount * discount))
		without, with_tax = _tax(own, key[1] / _HUNDRED, taxes_included)
		for place, net_amount, gross_amount in zip(places, without, with_tax, strict=True):
			net[place], gross[place] = net_amount, gross_amount
		base = sum(without, _NOTHING)
		taxes.append(Tax(key[0], float(key[1]), float(base), float(sum(with_tax, _NOTHING) - base)))

	net_total, grand_total = sum(net, _NOTHING), sum(gross, _NOTHING)
	return Totals(
		net_amounts=tuple(map(float, net)),
		gross_amounts=tuple(map(float, gross)),
		discount=float(off),
		taxes=tuple(taxes),
		net_total=float(net_total),
		tax_total=float(grand_total - net_total),
		grand_total=float(grand_total),
	)


def _amount(line: Line) -> Decimal:
	"""quantity × price × (1 - discount), rounded to the cent."""
	amount = as_decimal(line.quantity) * as_decimal(line.price)
	if line.discount_percent:
		amount *= 1 - as_decimal(line.discount_percent) / _HUNDRED
	return to_cents(amount)


def _tax(amounts: list[Decimal], rate: Decimal, included: bool) -> tuple[list[Decimal], list[Decimal]]:
	"""The amounts of the lines of one tax without it, and with it. rate: a fraction."""
	if not rate:
		return amounts, amounts
	total = sum(amounts, _NOTHING)
	if included:
		base = to_cents(total / (1 + rate))
		return _distribute(base, amounts, lambda amount: amount / (1 + rate)), amounts
	shares = _distribute(to_cents(total * rate), amounts, lambda amount: amount * rate)
	return amounts, [amount + share for amount, share in zip(amounts, shares, strict=True)]


def _subtract(amounts: list[Decimal], shares: list[Decimal]) -> list[Decimal]:
	return [amount - share for amount, share in zip(amounts, shares, strict=True)]


def _distribute(total: Decimal, amounts: list[Decimal], share: Callable[[Decimal], Decimal]) -> list[Decimal]:
	"""Shares of a total in whole cents, by largest remainder.

	share: what is due to an amount, exactly; the total is the sum of what is due, rounded to the cent.
	"""
	due = [share(amount) for amount in amounts]
	shares = [amount.quantize(CENT, rounding=ROUND_FLOOR) for amount in due]
	left = int((total - sum(shares, _NOTHING)) / CENT)
	if left:
		by_remainder = sorted(
			range(len(due)), key=lambda place: (due[place] - shares[place], amounts[place]), reverse=True
		)
		for place in by_remainder[:left]:
			shares[place] += CENT
	return shares


def in_company_currency(amount: float, exchange_rate: float) -> float:
	"""An amount of a document in the company's currency, rounded to the cent.

	exchange_rate: units of the company's currency for one of the document's.
	"""
	return float(to_cents(as_decimal(amount) * as_decimal(exchange_rate)))
