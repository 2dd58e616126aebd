"""The totals of a commercial document. Pure arithmetic: no framework, no database.

The rules of rounding are defined only here. Each amount that is shown is rounded to the decimals of its
currency, half up, once (a unit below is the smallest amount with these decimals: a cent, a peso); the
amounts derived from it are sums or differences of amounts that are shown:

1. Amount of a line = quantity × price × (1 - discount of the line), rounded; with a discount as an amount,
   quantity × price, rounded, less the discount.
2. Discount of the document = its percentage × Σ amounts of the lines, rounded, or its amount. It is
distributed to the
   groups of lines with the same tax, and within a group to its lines.
3. Prices without taxes: base of a tax = Σ amounts of its lines; tax = base × rate, rounded once. Prices with
   taxes: Σ amounts of the lines = base + tax; base = that sum / (1 + rate), rounded once; tax = the
   difference.
4. The lines show a net amount (without tax) and a gross amount (with it). The tax or the base of the group,
   which was computed for the group as a whole, is distributed to its lines.

Amounts are distributed by the largest remainder method: each share is rounded down to whole units, and the
remaining units go to the shares with the largest remainders. So each share differs from its exact value by
less than a unit, and the shares sum to the total. Ties are decided by the amounts, not by the order of the
lines, so the order changes no total.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

from cronus_crm.base.amounts import as_decimal, round_decimal, smallest_amount

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)

# Enough digits for quantity × price × discount, each with up to 17 digits of a float, without rounding.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Line:
	"""The input of one line.

	price: for one unit, with or without taxes, see `compute_totals`. discount_percent, tax_rate: percentages.
	tax: the name of the tax; lines with the same name and rate form a group whose tax is computed at once.
	fixed_discount: an amount, which counts instead of the percentage; 0 for none.
	"""

	quantity: float
	price: float
	discount_percent: float = 0
	tax_rate: float = 0
	tax: str = ""
	fixed_discount: float = 0


@dataclass(frozen=True)
class Tax:
	"""A tax of the document. rate: a percentage. base: the sum of its lines without tax. amount: the tax."""

	tax: str
	rate: float
	base: float
	amount: float


@dataclass(frozen=True)
class Totals:
	"""The totals of a document, in its own currency; net_amounts and gross_amounts in the order of the lines.

	net_total = Σ net_amounts = Σ bases of the taxes. grand_total = Σ gross_amounts. tax_total = Σ amounts of
	the taxes = grand_total - net_total. discount: of the document, already subtracted from the amounts.
	"""

	net_amounts: tuple[float, ...]
	gross_amounts: tuple[float, ...]
	discount: float
	taxes: tuple[Tax, ...]
	net_total: float
	tax_total: float
	grand_total: float


def compute_totals(
	lines: Iterable[Line],
	discount_percent: float = 0,
	taxes_included: bool = False,
	decimals: int = 2,
	fixed_discount: float = 0,
) -> Totals:
	"""The totals of a document, by the rules of this module.

	discount_percent: of the whole document, from 0 to 100. taxes_included: whether prices include taxes.
	decimals: of the currency, see `amounts.currency_decimals`. fixed_discount: of the whole document, as an
	amount that counts instead of the percentage; 0 for none.
	"""
	with localcontext(_EXACT):
		lines = list(lines)
		discount = as_decimal(discount_percent) / _HUNDRED
		if fixed_discount:
			# As a fraction it is exact: rounded to the decimals of the currency, it is the amount again.
			discount = as_decimal(fixed_discount) / sum(
				(_compute_line_amount(line, decimals) for line in lines), _ZERO
			)
		return _compute_totals(lines, discount, taxes_included, decimals)


def _compute_totals(lines: list[Line], discount: Decimal, taxes_included: bool, decimals: int) -> Totals:
	amounts = [_compute_line_amount(line, decimals) for line in lines]
	groups: dict[tuple[str, Decimal], list[int]] = defaultdict(list)
	for index, line in enumerate(lines):
		groups[line.tax, as_decimal(line.tax_rate)].append(index)
	keys = sorted(groups)
	total_discount, discounts = _ZERO, dict.fromkeys(keys, _ZERO)
	if discount:
		total_discount = round_decimal(sum(amounts, _ZERO) * discount, decimals)
		group_amounts = [sum((amounts[index] for index in groups[key]), _ZERO) for key in keys]
		shares = _distribute(total_discount, group_amounts, lambda amount: amount * discount, decimals)
		discounts = dict(zip(keys, shares, strict=True))

	net, gross, taxes = list(amounts), list(amounts), []
	for key in keys:
		indexes = groups[key]
		own = [amounts[index] for index in indexes]
		if discounts[key]:
			shares = _distribute(discounts[key], own, lambda amount: amount * discount, decimals)
			own = _subtract_shares(own, shares)
		without, with_tax = _split_tax(own, key[1] / _HUNDRED, taxes_included, decimals)
		for index, net_amount, gross_amount in zip(indexes, without, with_tax, strict=True):
			net[index], gross[index] = net_amount, gross_amount
		base = sum(without, _ZERO)
		taxes.append(Tax(key[0], float(key[1]), float(base), float(sum(with_tax, _ZERO) - base)))

	net_total, grand_total = sum(net, _ZERO), sum(gross, _ZERO)
	return Totals(
		net_amounts=tuple(map(float, net)),
		gross_amounts=tuple(map(float, gross)),
		discount=float(total_discount),
		taxes=tuple(taxes),
		net_total=float(net_total),
		tax_total=float(grand_total - net_total),
		grand_total=float(grand_total),
	)


def _compute_line_amount(line: Line, decimals: int) -> Decimal:
	"""quantity × price × (1 - discount), rounded."""
	amount = as_decimal(line.quantity) * as_decimal(line.price)
	if line.fixed_discount:
		return round_decimal(amount, decimals) - as_decimal(line.fixed_discount)
	if line.discount_percent:
		amount *= 1 - as_decimal(line.discount_percent) / _HUNDRED
	return round_decimal(amount, decimals)


def _split_tax(
	amounts: list[Decimal], rate: Decimal, included: bool, decimals: int
) -> tuple[list[Decimal], list[Decimal]]:
	"""The net and the gross amounts of the lines of one group.

	amounts: of its lines, with tax where `included`. rate: a fraction, 0.12 for 12 %.
	"""
	if not rate:
		return amounts, amounts
	total = sum(amounts, _ZERO)
	if included:
		base = round_decimal(total / (1 + rate), decimals)
		return _distribute(base, amounts, lambda amount: amount / (1 + rate), decimals), amounts
	tax = round_decimal(total * rate, decimals)
	shares = _distribute(tax, amounts, lambda amount: amount * rate, decimals)
	return amounts, [amount + share for amount, share in zip(amounts, shares, strict=True)]


def _subtract_shares(amounts: list[Decimal], shares: list[Decimal]) -> list[Decimal]:
	return [amount - share for amount, share in zip(amounts, shares, strict=True)]


def _distribute(
	total: Decimal, amounts: list[Decimal], share: Callable[[Decimal], Decimal], decimals: int
) -> list[Decimal]:
	"""Distributes a total to amounts in whole units, by the largest remainder method.

	share: computes the exact share of an amount; the total is the sum of these shares, rounded.
	"""
	unit = smallest_amount(decimals)
	exact = [share(amount) for amount in amounts]
	shares = [amount.quantize(unit, rounding=ROUND_FLOOR) for amount in exact]
	left = int((total - sum(shares, _ZERO)) / unit)
	if left:
		by_remainder = sorted(
			range(len(exact)),
			key=lambda index: (exact[index] - shares[index], amounts[index]),
			reverse=True,
		)
		for index in by_remainder[:left]:
			shares[index] += unit
	return shares


def convert_to_company_currency(amount: float, exchange_rate: float, decimals: int) -> float:
	"""amount × exchange_rate, rounded.

	amount: in the currency of a document. exchange_rate: units of the company's currency for one of that.
	decimals: of the company's currency.
	"""
	return float(round_decimal(as_decimal(amount) * as_decimal(exchange_rate), decimals))
