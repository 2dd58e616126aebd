"""Amounts as a commercial document writes them out. Pure: no framework, no database."""

import re
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_name, get_currency_precision
from num2words import num2words

# First words of the names of currencies that are feminine in Spanish; the ending does not tell (el lempira).
_FEMININE = ("corona", "grivna", "libra", "lira", "rupia")
_MILLION = 1_000_000


def amount_in_words(amount: float | Decimal | str, currency: str, language: str) -> str:
	"""The amount in capitals, its cents as a fraction: "SON: MIL DOSCIENTOS PESOS MEXICANOS CON 50/100".

	amount: rounded to the cent, half away from zero. currency: its ISO code; an unknown one is written as
	it is. language: Spanish ("es", "es-MX") or, for any other, English.

	A currency that has no cents shows none, unless the amount has.
	"""
	exact = Decimal(str(amount)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
	whole, cents = divmod(int(abs(exact) * 100), 100)
	write = _in_spanish if _is_spanish(language) else _in_english
	without_cents = not cents and get_currency_precision(currency) == 0
	return write(whole, None if without_cents else f"{cents:02d}/100", currency, exact < 0).upper()


def _is_spanish(language: str) -> bool:
	return re.split("[-_]", language)[0].lower() == "es"


def _in_spanish(whole: int, fraction: str | None, currency: str, negative: bool) -> str:
	name = _name_of(currency, whole, "es")
	number = num2words(whole, lang="es")
	number = _feminine(number) if name.startswith(_FEMININE) else _shortened(number)
	# Un millón de dólares; un millón un dólares.
	of = "de " if whole and whole % _MILLION == 0 and name != currency else ""
	cents = f" con {fraction}" if fraction else ""
	return f"Son: {'menos ' if negative else ''}{number} {of}{name}{cents}"


def _in_english(whole: int, fraction: str | None, currency: str, negative: bool) -> str:
	cents = f" and {fraction}" if fraction else ""
	name = _name_of(currency, whole, "en")
	return f"Say: {'minus ' if negative else ''}{num2words(whole, lang='en')} {name}{cents}"


def _name_of(currency: str, count: int, language: str) -> str:
	return get_currency_name(currency, count=1 if count == 1 else 2, locale=language)


def _shortened(number: str) -> str:
	"""As a number stands before a masculine noun, "mil" and "millones": veintiún, treinta y un, ciento un."""
	number = re.sub(r"veintiuno(?= (?:mil|\w+illones)\b|$)", "veintiún", number)
	return re.sub(r"\buno(?= (?:mil|\w+illones)\b|$)", "un", number)


def _feminine(number: str) -> str:
	"""As it stands before a feminine noun: doscientas mil una libras, but doscientos millones."""
	millions, below = re.match(r"(.*\w*ill(?:ones|ón)\b)?(.*)", number).groups()
	below = re.sub(r"cientos\b", "cientas", below)
	below = re.sub(r"quinientos\b", "quinientas", below)
	below = re.sub(r"uno$", "una", below)
	return _shortened(millions or "") + _shortened(below)
