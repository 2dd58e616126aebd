"""How amounts of money are rounded: the decimals of currencies. Pure functions: no framework, no database.

The number of decimals is that of the Unicode CLDR (by babel), which follows ISO 4217: none for CLP, PYG and
JPY, three for KWD, two for a currency that it does not know. The framework's Currency is not asked: on a new
site it gives a hundred centavos to the Chilean peso and two decimals to the guaraní, and its formats are how
a site likes to see numbers. Amounts of issued documents must not depend on what a site likes to see.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision


@cache
def currency_decimals(currency: str | None) -> int:
	"""How many decimals amounts in a currency have. currency: its ISO code; two for any other, and for
	None."""
	return get_currency_precision(currency or "")


def smallest_amount(decimals: int) -> Decimal:
	"""The smallest amount with these decimals: 0.01 for two."""
	return Decimal(1).scaleb(-decimals)


def as_decimal(number: float | int | str | None) -> Decimal:
	"""The decimal number that a float is displayed as: 0.1 becomes one tenth, not the nearest binary
	fraction."""
	return Decimal(str(number or 0))


def round_decimal(amount: Decimal, decimals: int) -> Decimal:
	"""The amount rounded half away from zero."""
	return amount.quantize(smallest_amount(decimals), rounding=ROUND_HALF_UP)


def round_amount(amount: float | Decimal | None, currency: str | None) -> float:
	"""The amount rounded to the decimals of its currency, half away from zero."""
	return float(round_decimal(as_decimal(amount), currency_decimals(currency)))


def add_amounts(*amounts: float | None) -> float:
	"""The exact sum of amounts that were rounded when they arose. A difference is the sum with a negative.

	It is not rounded again: a document that is older than the rounding by currency may have more decimals,
	and its balance must come to zero as well.
	"""
	return float(sum(map(as_decimal, amounts), Decimal(0)))


def round_settlement(amount: float | None, balance: float | None, currency: str | None) -> float:
	"""An amount that settles a balance, rounded to the decimals of their currency.

	A balance with more decimals than the currency has, of a document that is older than the rounding by
	currency, can be settled in full: by any amount that is less than the smallest one away from it.
	"""
	owed, smallest = as_decimal(balance), smallest_amount(currency_decimals(currency))
	settles = owed % smallest and abs(as_decimal(amount) - owed) < smallest
	return float(owed) if settles else round_amount(amount, currency)
