"""Errors of the framework and of controllers as codes of rows."""

from collections.abc import Sequence

import frappe

from cronus_crm.cronus_exchange.pushing import codes
from cronus_crm.cronus_exchange.values.formats import TooLong, UnknownValue, WrongValue

# The first that fits counts.
_CODES: Sequence[tuple[type[Exception], str]] = (
	(UnknownValue, codes.UNKNOWN_VALUE),
	(TooLong, codes.TOO_LONG),
	(WrongValue, codes.BAD_VALUE),
	(frappe.PermissionError, codes.NOT_PERMITTED),
	(frappe.DuplicateEntryError, codes.KEY_TAKEN),
	(frappe.UniqueValidationError, codes.KEY_TAKEN),
	(frappe.MandatoryError, codes.MISSING_FIELD),
	(frappe.CharacterLengthExceededError, codes.TOO_LONG),
	(frappe.LinkValidationError, codes.UNKNOWN_VALUE),
	(frappe.DoesNotExistError, codes.UNKNOWN_VALUE),
)


def find_code(error: Exception) -> str:
	"""The code of a row that this error has refused."""
	return next((code for kind, code in _CODES if isinstance(error, kind)), codes.FAILED)
