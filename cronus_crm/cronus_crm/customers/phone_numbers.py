"""The telephone numbers in a field that people write as they like: with an extension, or two in one."""

import re

from frappe.utils import validate_phone_number

# Fewer digits are no number of their own: a group of one, or an extension.
_MIN_DIGITS = 6

_SEPARATORS = re.compile(r"\s*(?:[/;,|\n]|\b(?:y|o|and|or)\b)\s*", re.IGNORECASE)
_EXTENSION = re.compile(
	r"[\s,;]*(?:\bext(?:ensi[oó]n)?|\banexo|\binterno|\bint|\bx|#)[.:\s]*(\d{1,6})\b", re.IGNORECASE
)


def split_phone_numbers(text: str | None) -> list[str]:
	"""The numbers in a text, each as the framework accepts it in a contact: an extension follows after #.

	So "02 234-5678 ext. 12 / 099 123 4567" gives ["02 234-5678#12", "099 123 4567"]. Words are left out, and
	what has fewer than six digits or more than twenty characters.
	"""
	numbers = []
	for part in _SEPARATORS.split(_EXTENSION.sub(r"#\1", text or "")):
		number = " ".join(re.sub(r"[^\d #+*().-]", " ", part).split())
		if len(re.sub(r"\D", "", number.split("#")[0])) >= _MIN_DIGITS and validate_phone_number(number):
			numbers.append(number)
	return list(dict.fromkeys(numbers))
