"""How numbers and amounts of money are written, with the separators of the site.

The framework's `fmt_money` alone does not do: with the format "#.###" of a Chilean site it cuts the cents of
dollars off, and without a currency it shows at most two decimals. What is left to it are the separators and
the symbol.
"""

from decimal import Decimal

from frappe.utils import fmt_money

from cronus_crm.base.amounts import as_decimal, currency_decimals, round_decimal


def format_number(number: float | Decimal | None, decimals: int) -> str:
	"""The number rounded to these decimals, with all of them."""
	rounded = round_decimal(as_decimal(number), decimals)
	whole, _point, fraction = f"{abs(rounded):f}".partition(".")
	sign = "-" if rounded < 0 else ""
	return sign + fmt_money(int(whole), precision=0) + (_decimal_separator() + fraction if fraction else "")


def _decimal_separator() -> str:
	"""That of the site's format of numbers; for a format without decimals, the one that goes with its
	thousands separator."""
	half = fmt_money(0.5, precision=1)
	if half[1:2] and half.endswith("5"):
		return half[1:-1]
	return "," if "." in fmt_money(1000, precision=0) else "."


def format_amount(amount: float | Decimal | None, currency: str | None) -> str:
	"""The amount with the decimals of its currency, without its symbol."""
	return format_number(amount, currency_decimals(currency))


def format_money(amount: float | Decimal | None, currency: str | None) -> str:
	"""The amount with the decimals and the symbol of its currency."""
	# The framework knows on which side the symbol stands, and whether the site shows any.
	return fmt_money(0, precision=0, currency=currency).replace("0", format_amount(amount, currency))
