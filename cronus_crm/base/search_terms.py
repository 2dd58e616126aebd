"""What a record is found by, and what somebody who searches means: words without accents and capitals, and
numbers without what is written between their digits.

The *tokens* of a record are its words, each with a sign that says how it is found::

    =word     by any part of it of three letters or more
    +number   a telephone or tax id: by any part of it of four characters or more
    @word     by its beginning
    #pf-1-2   the number of a document: by the whole, and from each of its parts on

The *terms* that follow from them are what the index holds: the beginnings by which each token is found.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import frappe
import phonenumbers

from cronus_crm.base import text_folding

# Fewer characters are found at the beginning of a word only: inside of words they are everywhere.
MIN_INSIDE, MIN_IN_NUMBER = 3, 4
MIN_LENGTH = 2

# The longest term of the index; of a longer word, its beginning.
TERM_LENGTH = 32

# Of what somebody searches for, and of what a record is found by: more is no name.
MAX_TEXT, MAX_WORDS, MAX_TOKENS = 140, 8, 80

_WORDS = re.compile(r"\w+")
_INSIDE_WORDS = str.maketrans("", "", "'.")
_TELEPHONES = re.compile(r"\+?\d[\d\s().+-]*")
_MIN_TELEPHONE = 6
_PARTS = re.compile(r"[^\W\d]+|\d+")
_MEXICO, _OLD_MEXICAN = 52, re.compile(r"1(\d{10})")


@dataclass(frozen=True)
class Question:
	"""What somebody searches for. words: all of them have to be in a record. numbers: one of them is enough;
	the same number as it may be stored."""

	words: tuple[str, ...] = ()
	numbers: tuple[str, ...] = ()

	def __bool__(self) -> bool:
		return bool(self.words or self.numbers)


def split_words(text: str | None) -> list[str]:
	"""The words of a text, folded. Points and apostrophes are no separators: “S.A.” is sa, “O'Brien” is
	obrien."""
	return _WORDS.findall(text_folding.fold(text or "").translate(_INSIDE_WORDS))


def make_tokens(
	texts: Iterable[str | None] = (),
	telephones: Iterable[str | None] = (),
	tax_ids: Iterable[str | None] = (),
	emails: Iterable[str | None] = (),
	numbers: Iterable[str | None] = (),
) -> str:
	"""The tokens of a record, separated by spaces, from its values; see the docstring of the module."""
	tokens = [f"#{'-'.join(parts)}" for parts in map(_split_number, numbers) if parts]
	tokens += [f"={word}" for text in texts for word in split_words(text)]
	for text in telephones:
		found = (re.sub(r"\D", "", number) for number in _TELEPHONES.findall(text or ""))
		tokens += [f"+{digits}" for digits in found if len(digits) >= _MIN_TELEPHONE]
	tokens += [f"+{''.join(words)}" for words in map(split_words, tax_ids) if words]
	for email in emails:
		local, _at, domain = (email or "").partition("@")
		tokens += [f"={word}" for word in split_words(local)]
		tokens += [f"@{word}" for word in split_words(domain)]
	return " ".join(list(dict.fromkeys(tokens))[:MAX_TOKENS])


def _split_number(number: str | None) -> list[str]:
	return [part for word in split_words(number) for part in _PARTS.findall(word)]


def make_terms(tokens: str) -> set[tuple[int, str]]:
	"""The terms of the index for the tokens of a record: (1 for a part inside of a word and else 0, term)."""
	terms = set()
	for token in tokens.split():
		sign, text = token[0], token[1:]
		if sign == "#":
			terms |= _make_terms_of_number(text.split("-"))
			continue
		terms.add((0, text[:TERM_LENGTH]))
		if sign != "@":
			shortest = MIN_IN_NUMBER if sign == "+" else MIN_INSIDE
			terms |= {(1, text[place : place + TERM_LENGTH]) for place in range(1, len(text) - shortest + 1)}
	return terms


def _make_terms_of_number(parts: list[str]) -> set[tuple[int, str]]:
	"""PF-2026-00012 is found from each part on, and by its counter without zeros."""
	last = parts[-1]
	whole = {(0, "".join(parts[place:])[:TERM_LENGTH]) for place in range(len(parts))}
	return whole | {(0, last.lstrip("0")[:TERM_LENGTH] or "0")}


def read_question(text: str | None) -> Question:
	"""What somebody means who searches for a text. Empty (False) where nothing can be found by it: fewer than
	two letters or digits, or only signs."""
	words = split_words((text or "")[:MAX_TEXT])[:MAX_WORDS]
	whole = "".join(words)
	if len(whole) < MIN_LENGTH:
		return Question()
	numbers = _list_numbers(text, whole) if any(sign.isdigit() for sign in whole) else ()
	# Groups of digits are one number: a record that has each of them somewhere is not meant.
	if numbers and not any(sign.isalpha() for sign in whole):
		return Question(numbers=numbers)
	return Question(tuple(dict.fromkeys(words)), numbers)


def _list_numbers(text: str, whole: str) -> tuple[str, ...]:
	"""A number as it may be stored: as it is written, without leading zeros, and as a telephone without the
	code of its country."""
	shapes = [whole, whole.lstrip("0"), _strip_country(text, whole)]
	return tuple(dict.fromkeys(shape[:TERM_LENGTH] for shape in shapes if len(shape) >= MIN_LENGTH))


def _strip_country(text: str, digits: str) -> str:
	if not digits.isdecimal() or not 8 <= len(digits) <= 15:
		return ""
	written = "+" + digits if text.strip().startswith("+") else digits
	try:
		number = phonenumbers.parse(written, _site_region())
	except phonenumbers.NumberParseException:
		return ""
	national = phonenumbers.national_significant_number(number)
	old = _OLD_MEXICAN.fullmatch(national) if number.country_code == _MEXICO else None
	return old[1] if old else national


def _site_region() -> str | None:
	"""The country of telephones without a code, by its ISO code."""
	country = frappe.get_system_settings("country")
	# From the cache: the codes of countries do not change.
	code = country and frappe.get_cached_value("Country", country, "code")
	return code.upper() if code else None
