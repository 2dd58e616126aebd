"""Texts as people compare and sort them: without accents, capitals and the shape of an apostrophe; Ñ after
N."""

import unicodedata

# Which of them a keyboard or a word processor writes is an accident.
_APOSTROPHES = "'’‘ʼ´`′"

# What stands in a pattern of LIKE for one of the signs that are folded.
_ANY_SIGN = "_"

_ANY_APOSTROPHE = {ord(sign): _ANY_SIGN for sign in _APOSTROPHES}
_FOLDED_SIGNS = {ord(sign): "'" for sign in _APOSTROPHES} | {ord("_"): " ", ord("\u00a0"): " "}
# A backslash is no sign by itself in a pattern; 15 doubles it, and 16 does not.
_ANY_OF_FOLDED = {ord(sign): _ANY_SIGN for sign in (*_APOSTROPHES, "_", " ", "\u00a0", "\\")}
_TILDE = "\u0303"


def fold(text: str) -> str:
	"""A text for comparing: small letters without accents; every apostrophe is ', and _ is a space."""
	decomposed = unicodedata.normalize("NFD", text.translate(_FOLDED_SIGNS).casefold())
	return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def needs_fold(text: str) -> bool:
	"""True for a text with signs that the database does not fold by itself, as it does with accents and
	capitals."""
	return text.translate(_ANY_OF_FOLDED) != text.replace(_ANY_SIGN, "\0")


def make_like_pattern(text: str) -> str:
	"""A text for LIKE that finds it with any of its signs written otherwise, and some texts too many: compare
	what is found with :func:`fold`."""
	return text.translate(_ANY_OF_FOLDED)


def fold_apostrophes(pattern: str) -> str:
	"""A pattern of LIKE that matches with any apostrophe in the place of each of its own."""
	return pattern.translate(_ANY_APOSTROPHE)


def sort_key(text: str) -> tuple[str, str]:
	"""A key for sorting names as Spanish does: accents and capitals count last, and Ñ is a letter after N."""
	decomposed = unicodedata.normalize("NFD", text.translate(_FOLDED_SIGNS).casefold())
	with_enye = decomposed.replace("n" + _TILDE, "n\U0010ffff")
	return "".join(letter for letter in with_enye if not unicodedata.combining(letter)), text
