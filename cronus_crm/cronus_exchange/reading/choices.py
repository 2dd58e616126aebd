"""How a file is read: what the user chooses, after a proposal."""

from dataclasses import dataclass

# Encodings that can be chosen, with the name in Python.
ENCODINGS = {
	"UTF-8": "utf-8-sig",
	"UTF-16": "utf-16",
	"UTF-16 (little endian)": "utf-16-le",
	"UTF-16 (big endian)": "utf-16-be",
	"Windows-1252": "cp1252",
	"Mac Roman": "mac_roman",
	"DOS 850": "cp850",
}

# Separators that can be chosen, with their character.
SEPARATORS = {"Comma": ",", "Semicolon": ";", "Tab": "\t", "Bar": "|"}

# Quotation marks that can be chosen, with their character; None: none.
QUOTES = {"Double": '"', "Single": "'", "None": None}


@dataclass(frozen=True)
class ReadingChoices:
	"""encoding, separator, quote: keys of the mappings above, for text. sheet: of a workbook; None is its
	first. heading_line: number of the line with the headings, from 1; 0 is the first that is not empty."""

	encoding: str = "UTF-8"
	separator: str = "Comma"
	quote: str = "Double"
	sheet: str | None = None
	heading_line: int = 0
