"""Telephones, e-mails and web sites as people write them: with words, several in a cell, without scheme.

What a value becomes for comparisons is in cronus_crm/prospects/duplicates.py; here it stays as it is written,
in the characters that the framework accepts.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import phonenumbers
from frappe import _
from frappe.utils import validate_email_address

from cronus_crm.cronus_exchange.reading.rows import Cell
from cronus_crm.cronus_exchange.values.cell_texts import clean_text, restore_identifier
from cronus_crm.cronus_exchange.values.formats import Formats, WrongValue

# The framework's limit of a telephone, see `frappe.utils.PHONE_NUMBER_PATTERN`.
_MAX_PHONE = 20
_MIN_DIGITS = 6

_BETWEEN = re.compile(r"\s*[/,;|\n]\s*|\s+(?:y|e|o|u|and|or)\s+", re.IGNORECASE)
_LABELS = re.compile(
	r"\b(?:tel[eé]fonos?|telfs?|tel[eé]f|tels?|tlf|fonos?|ph(?:one)?|celular(?:es)?|cels?|m[oó]vil(?:es)?|mobile|"
	r"whats\s?app|wsp|fax|pbx|central|oficina|directo|convencional|contacto)\b\s*[.:]*",
	re.IGNORECASE,
)
_EXTENSION = re.compile(
	r"[,\s(]*\b(?:extensi[oó]n|ext|interno|int|anexo|x)\b[.:\s]*(\d{1,6})\)?", re.IGNORECASE
)
_NAME_BEFORE_MAIL = re.compile(r"[^<>@,;|\n]*<([^<>@\s]+@[^<>@\s]+)>")
_ODD_DASHES = str.maketrans("–—‐‑‒", "-----")
_ALLOWED = re.compile(r"[0-9 +_\-.*#()]+")
_SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.\-]*)://")
_HOST = re.compile(r"(?=.{4,253}$)(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{1,62}")


@dataclass(frozen=True)
class Several:
	"""Values of one cell, the first one first. notes: what was completed in them, translated."""

	values: tuple[str, ...] = ()
	notes: tuple[str, ...] = ()


def read_phones(cell: Cell, formats: Formats) -> Several:
	"""The telephones in a cell: words removed, extensions as “#104”, an area code that only the first one has
	given to the others, which is noted.

	Raises WrongValue for a part that is no telephone.
	"""
	text = clean_text(cell, formats, lines=True).translate(_ODD_DASHES)
	if not text:
		return Several()
	text = _EXTENSION.sub(r" #\1", _LABELS.sub(" ", restore_identifier(text)))
	found, notes = [], []
	for part in _BETWEEN.split(text):
		phone = " ".join(part.split()).strip(" .:-")
		if not phone or phone.lower() in formats.empty_words:
			continue
		if phone.startswith("#") and found and "#" not in found[-1]:
			found[-1] = f"{found[-1]} {phone}"
			continue
		phone = _check_phone(restore_identifier(phone), text)
		completed = _complete_area_code(phone, found[0], formats.country) if found else None
		if completed:
			notes.append(
				_("{0} was read as {1}, with the area code of the first one").format(phone, completed)
			)
		if (completed or phone) not in found:
			found.append(completed or phone)
	return Several(tuple(found), tuple(notes))


def _check_phone(phone: str, text: str) -> str:
	"""The telephone in at most 20 characters. Raises WrongValue for one that is none."""
	digits = sum(character.isdigit() for character in phone.split("#")[0])
	if not _ALLOWED.fullmatch(phone) or digits < _MIN_DIGITS:
		raise WrongValue(
			_("{0} is not a telephone: “{1}” has letters, or fewer than six digits.").format(text, phone)
		)
	if len(phone) > _MAX_PHONE:
		phone = re.sub(r"[ .()_-]", "", phone)
	if len(phone) > _MAX_PHONE:
		raise WrongValue(_("{0} is longer than a telephone. Separate several by a semicolon.").format(phone))
	return phone


def _complete_area_code(phone: str, first: str, country: str | None) -> str | None:
	"""A telephone with the area code of the first one of its cell, if only that makes it a valid number."""
	known = _parse(first, country)
	if not known or not phonenumbers.is_valid_number(known):
		return None
	here = _parse(phone, country)
	if here and phonenumbers.is_valid_number(here):
		return None
	digits = re.sub(r"\D", "", phone)
	national = phonenumbers.national_significant_number(known)
	if not 0 < len(national) - len(digits) <= 4:
		return None
	completed = _parse(f"+{known.country_code}{national[: len(national) - len(digits)]}{digits}", country)
	if not completed or not phonenumbers.is_valid_number(completed):
		return None
	return phonenumbers.format_number(completed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _parse(phone: str, country: str | None):
	try:
		return phonenumbers.parse(phone.split("#")[0], country)
	except phonenumbers.NumberParseException:
		return None


def read_emails(cell: Cell, formats: Formats) -> Several:
	"""The e-mail addresses in a cell. Raises WrongValue for a part that is none."""
	text = clean_text(cell, formats, lines=True)
	found = []
	# As mail programs write them: “Ana Paredes <ana@example.com>”.
	text = _NAME_BEFORE_MAIL.sub(r" \1 ", text.replace("mailto:", ""))
	for part in re.split(r"[\s/,;|]+|\s+(?:y|e|o|and|or)\s+", text):
		address = part.strip("<>()[]:'\"")
		if not address or address.lower() in ("y", "e", "o", "and", "or"):
			continue
		if not validate_email_address(address) or not address.isascii():
			raise WrongValue(_("{0} is not an e-mail address.").format(address))
		if address.lower() not in [known.lower() for known in found]:
			found.append(address)
	return Several(tuple(found))


def read_website(cell: Cell, formats: Formats) -> str | None:
	"""The web site in a cell, completed with https:// where it has no scheme; None for an empty one.

	Raises WrongValue for what is no address of a web site.
	"""
	text = clean_text(cell, formats)
	if not text:
		return None
	match = _SCHEME.match(text)
	if match and match[1].lower() not in ("http", "https"):
		raise WrongValue(_("{0} is not the address of a web site.").format(text))
	address = f"{match[1].lower()}://{text[match.end() :]}" if match else f"https://{text.lstrip('/')}"
	try:
		parts = urlsplit(address)
		host = (parts.hostname or "").lower()
	except ValueError:
		host = ""
	if not _HOST.fullmatch(host) or " " in address or "@" in parts.netloc:
		raise WrongValue(
			_("{0} is not the address of a web site. Write one, as in www.example.com.").format(text)
		)
	return parts._replace(netloc=parts.netloc.lower()).geturl()
