"""Amounts written out in words, for printed documents. Pure functions: no framework, no database."""

import re
from decimal import Decimal

from babel.numbers import get_currency_name
from num2words import num2words

from cronus_crm.base.amounts import as_decimal, currency_decimals, round_decimal

# First words of currency names that are feminine in Spanish. The ending -a is no sure sign: it is "el
# lempira".
_FEMININE = ("corona", "grivna", "libra", "lira", "rupia")
_MILLION = 1_000_000


def amount_in_words(amount: float | Decimal | str, currency: str, language: str) -> str:
	"""The amount in capitals, its cents as a fraction: "SON: MIL DOSCIENTOS PESOS MEXICANOS CON 50/100".

	amount: rounded to the decimals of its currency, half away from zero. currency: its ISO code; an unknown
	one is written as it is. language: Spanish ("es", "es-MX") or, for any other, English.

	A currency without decimals shows none, unless the amount has them: a document that is older than the
	rounding by currency. One with three has a fraction of 1000.
	"""
	exact, decimals = as_decimal(amount), currency_decimals(currency)
	if not decimals and round_decimal(exact, 2) % 1:
		decimals = 2
	exact = round_decimal(exact, decimals)
	units = 10**decimals
	whole, cents = divmod(int(abs(exact) * units), units)
	write = _write_spanish if _is_spanish(language) else _write_english
	fraction = f"{cents:0{decimals}d}/{units}" if decimals else None
	return write(whole, fraction, currency, exact < 0).upper()


def _is_spanish(language: str) -> bool:
	return re.split("[-_]", language)[0].lower() == "es"


def _write_spanish(whole: int, fraction: str | None, currency: str, negative: bool) -> str:
	name = _currency_name(currency, whole, "es")
	number = num2words(whole, lang="es")
	number = _use_feminine_form(number) if name.startswith(_FEMININE) else _use_masculine_form(number)
	# "Un millón de dólares", but "un millón un dólares".
	preposition = "de " if whole and whole % _MILLION == 0 and name != currency else ""
	cents = f" con {fraction}" if fraction else ""
	return f"Son: {'menos ' if negative else ''}{number} {preposition}{name}{cents}"


def _write_english(whole: int, fraction: str | None, currency: str, negative: bool) -> str:
	cents = f" and {fraction}" if fraction else ""
	name = _currency_name(currency, whole, "en")
	return f"Say: {'minus ' if negative else ''}{num2words(whole, lang='en')} {name}{cents}"


def _currency_name(currency: str, count: int, language: str) -> str:
	return get_currency_name(currency, count=1 if count == 1 else 2, locale=language)


def _use_masculine_form(number: str) -> str:
	"""The form of a Spanish number before a masculine noun, "mil" and "millones": veintiún, treinta y un."""
	number = re.sub(r"veintiuno(?= (?:mil|\w+illones)\b|$)", "veintiún", number)
	return re.sub(r"\buno(?= (?:mil|\w+illones)\b|$)", "un", number)


def _use_feminine_form(number: str) -> str:
	"""The form of a Spanish number before a feminine noun: doscientas mil una libras. Millions stay
	masculine: doscientos millones de libras."""
	millions, below = re.match(r"(.*\w*ill(?:ones|ón)\b)?(.*)", number).groups()
	below = re.sub(r"cientos\b", "cientas", below)
	below = re.sub(r"quinientos\b", "quinientas", below)
	below = re.sub(r"uno$", "una", below)
	return _use_masculine_form(millions or "") + _use_masculine_form(below)
