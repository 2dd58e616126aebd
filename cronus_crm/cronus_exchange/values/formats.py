"""How values are written in a file: what the user chooses, after a proposal."""

from dataclasses import dataclass, field

DECIMAL_MARKS = {"Comma": ",", "Point": "."}
THOUSANDS_MARKS = {"None": "", "Point": ".", "Comma": ",", "Space": " ", "Apostrophe": "'"}
DATE_ORDERS = ("DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM-DD")

# Cells that people write instead of leaving one empty, in lower case; the proposal of `empty_words`.
EMPTY_WORDS = (
	"n/a",
	"na",
	"n.a.",
	"n/d",
	"nd",
	"-",
	"--",
	"—",
	"s/n",
	"s/d",
	"null",
	"none",
	"ninguno",
	"no aplica",
)


@dataclass(frozen=True)
class Formats:
	"""decimal_mark, thousands_mark: keys of the mappings above. date_order: one of DATE_ORDERS.
	first_of_partial: a date without day, or without day and month, is its first day; else it is refused.
	two_digit_years: a year 50 to 99 is of 1900, 00 to 49 of 2000; else they are refused.
	country: ISO code (two letters) of telephones without country code; None if unknown.
	tax_country: ISO code of the tax ids. empty_words: cells that count as empty, in lower case.
	other_names: what names of records and options in the file are called here, by those names simplified.
	"""

	decimal_mark: str = "Comma"
	thousands_mark: str = "None"
	date_order: str = "DD/MM/YYYY"
	first_of_partial: bool = False
	two_digit_years: bool = False
	country: str | None = None
	tax_country: str | None = None
	empty_words: frozenset[str] = field(default_factory=lambda: frozenset(EMPTY_WORDS))
	other_names: dict[str, str] = field(default_factory=dict)


class WrongValue(Exception):
	"""A cell that cannot be read as its field needs it. Its text, translated, says why and what to do."""


class UnknownValue(WrongValue):
	"""It names a record, or an option, that there is not."""


class TooLong(WrongValue):
	"""More characters than the field takes."""
