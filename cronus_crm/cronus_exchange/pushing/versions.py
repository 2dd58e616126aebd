"""Versions of rows: which of two was told later.

A version is a whole number, or a text. Two that are numbers (also as text) are compared as numbers; else two
that are moments (ISO 8601; without a zone, they are UTC) as moments; else as texts, character by character.
"""

import re
from datetime import UTC, datetime
from typing import Any

from frappe import _

MAX_LENGTH = 100

_NUMBER = re.compile(r"-?\d{1,100}")


class WrongVersion(Exception):
	"""What is told as a version is none. Its text, translated, says why."""


def read_version(told: Any) -> str | None:
	"""A version as it is kept; None for none. Raises WrongVersion."""
	if told is None or told == "":
		return None
	if isinstance(told, bool) or not isinstance(told, int | str):
		raise WrongVersion(_("A version is a whole number or a text, as in 7 or 2026-11-27T10:00:00Z."))
	if isinstance(told, int) and not -(10**MAX_LENGTH) < told < 10**MAX_LENGTH:
		raise WrongVersion(_("A version has at most {0} characters.").format(MAX_LENGTH))
	text = str(told).strip()
	if len(text) > MAX_LENGTH:
		raise WrongVersion(_("A version has at most {0} characters.").format(MAX_LENGTH))
	if not text.isprintable():
		raise WrongVersion(_("A version has no line breaks and no invisible characters."))
	return text or None


def compare(first: str, second: str) -> int:
	"""Less than 0 when the first one is the older one, 0 when they are the same, more when it is newer."""
	for read in (_read_number, _read_moment):
		values = read(first), read(second)
		if None not in values:
			return (values[0] > values[1]) - (values[0] < values[1])
	return (first > second) - (first < second)


def sort_key(version: str | None) -> tuple:
	"""A key by which the versions of one record are sorted; those without one come first."""
	if version is None:
		return (0,)
	number = _read_number(version)
	if number is not None:
		return (1, number)
	moment = _read_moment(version)
	return (2, moment) if moment else (3, version)


def _read_number(text: str) -> int | None:
	return int(text) if _NUMBER.fullmatch(text) else None


def _read_moment(text: str) -> datetime | None:
	try:
		moment = datetime.fromisoformat(text)
	except ValueError:
		return None
	return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
