"""The rows of a batch as they were sent: what is a row, and what is none.

Nothing that a program sends may become an error of the server, so each value is looked at before anything
else reads it.
"""

import json
import math
from hashlib import sha256
from typing import Any

import frappe
from frappe import _

from cronus_crm.cronus_exchange.pushing import codes, versions
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow
from cronus_crm.cronus_exchange.pushing.row_kinds import load_kinds

MAX_ROWS = 1000
MAX_BATCH_LENGTH = 140
MAX_ID_LENGTH = 140

# Of the data of one row: characters as JSON, values, and how deep they stand in each other.
_MAX_CHARACTERS = 1_000_000
_MAX_VALUES = 50_000
_MAX_DEPTH = 8
_MAX_NUMBER = 10**18

_FIELDS = frozenset({"kind", "id", "version", "data", "cancelled", "disabled"})


class WrongBatch(frappe.ValidationError):
	"""The request is no batch, and changes nothing."""


def read_batch_key(batch: Any) -> str:
	"""The key of a batch. Raises WrongBatch for one that is empty, too long, or has invisible characters."""
	text = batch.strip() if isinstance(batch, str) else ""
	if not 0 < len(text) <= MAX_BATCH_LENGTH or not text.isprintable():
		frappe.throw(
			_("Give the batch a key of its own in “batch”: 1 to {0} characters, without line breaks.").format(
				MAX_BATCH_LENGTH
			),
			WrongBatch,
		)
	return text


def read_list(rows: Any) -> list:
	"""The rows of a request. Raises WrongBatch for what is no list, and for too many."""
	if isinstance(rows, str):
		try:
			rows = json.loads(rows)
		except (ValueError, RecursionError):
			rows = None
	if not isinstance(rows, list):
		frappe.throw(_("“rows” has to be a list of rows, as JSON."), WrongBatch)
	if not 0 < len(rows) <= MAX_ROWS:
		frappe.throw(
			_("A batch has 1 to {0} rows, and this one has {1}. Send several batches.").format(
				MAX_ROWS, len(rows)
			),
			WrongBatch,
		)
	return rows


def hash_batch(rows: list, is_history: bool) -> str:
	"""A hash of all that a batch says. Raises WrongBatch for rows that are nested without end."""
	try:
		return sha256(_write([rows, is_history]).encode()).hexdigest()
	except (ValueError, RecursionError):
		frappe.throw(_("“rows” has to be a list of rows, as JSON."), WrongBatch)


def read_rows(rows: list) -> list[PushedRow]:
	"""The rows of a batch; those that are none are refused."""
	return [read_row(told, number) for number, told in enumerate(rows, start=1)]


def read_row(told: Any, number: int) -> PushedRow:
	"""A row as it was told; refused where it is none."""
	row = PushedRow(number, "", "", None, {})
	if not isinstance(told, dict):
		row.refuse(codes.BAD_ROW, _("A row has to be an object with kind, id and data."))
		return row
	row.kind, row.external_id = _show(told.get("kind")), _show(told.get("id"))
	if wrong := _find_wrong(told):
		row.refuse(*wrong)
		return row
	_read_fields(row, told)
	return row


def _read_fields(row: PushedRow, told: dict) -> None:
	for name in told:
		if name not in _FIELDS:
			row.refuse(codes.UNKNOWN_FIELD, _("A row has no {0}.").format(_show(name)), _show(name))
			return
	if row.kind not in load_kinds():
		row.refuse(
			codes.UNKNOWN_KIND,
			_("There is no kind {0}. Use one of: {1}.").format(row.kind, ", ".join(sorted(load_kinds()))),
			"kind",
			row.kind,
		)
		return
	if not _read_id(row, told.get("id")):
		return
	try:
		row.version = versions.read_version(told.get("version"))
	except versions.WrongVersion as wrong:
		row.refuse(codes.BAD_VALUE, str(wrong), "version", told["version"])
		return
	_read_data(row, told)


def _read_id(row: PushedRow, told: Any) -> bool:
	if external_id := read_external_id(told):
		row.external_id = external_id
		return True
	if told in (None, ""):
		row.refuse(codes.MISSING_FIELD, _("A row needs an id, that of the record in the ERP."), "id")
	else:
		row.refuse(
			codes.BAD_VALUE,
			_("An id is a text of at most {0} characters, without line breaks, or a whole number.").format(
				MAX_ID_LENGTH
			),
			"id",
			told,
		)
	return False


def read_external_id(told: Any) -> str | None:
	"""An external id as it is kept; None for what is none."""
	if isinstance(told, bool) or not isinstance(told, int | str):
		return None
	text = str(told).strip()
	return text if 0 < len(text) <= MAX_ID_LENGTH and text.isprintable() else None


def _read_data(row: PushedRow, told: dict) -> None:
	data = told.get("data")
	if data is None:
		data = {}
	if not isinstance(data, dict):
		row.refuse(codes.BAD_VALUE, _("“data” has to be an object: values by field."), "data", data)
		return
	for flag in ("cancelled", "disabled"):
		if told.get(flag) not in (None, True, False):
			row.refuse(codes.BAD_VALUE, _("{0} is true or false.").format(flag), flag, told[flag])
			return
	if told.get("disabled") is not None:
		data = {**data, "disabled": told["disabled"]}
	row.data, row.is_cancelled = data, bool(told.get("cancelled"))
	if not data and not row.is_cancelled:
		row.refuse(codes.MISSING_FIELD, _("The row says nothing: “data” is missing."), "data")
		return
	text = _write([data, row.is_cancelled])
	if len(text) > _MAX_CHARACTERS:
		row.refuse(
			codes.TOO_LONG, _("The data of a row has at most {0} characters.").format(_MAX_CHARACTERS), "data"
		)
	row.row_hash = sha256(text.encode()).hexdigest()[:32]


def _find_wrong(told: dict) -> tuple | None:
	"""What cannot be kept of a row, as arguments of `PushedRow.refuse`: numbers that are none, texts with
	half characters, and what is nested too deeply or has too many values."""
	left, seen = [(value, _show(name), 1) for name, value in told.items()], 0
	while left:
		value, name, depth = left.pop()
		seen += 1
		if depth > _MAX_DEPTH or seen > _MAX_VALUES:
			return codes.BAD_ROW, _("The row is nested too deeply, or has too many values."), name
		if isinstance(value, dict):
			left += [(key, name, depth + 1) for key in value]
			left += [(child, name if depth > 1 else _show(key), depth + 1) for key, child in value.items()]
		elif isinstance(value, list):
			left += [(child, name, depth + 1) for child in value]
		elif isinstance(value, int | float) and not _is_number(value):
			return codes.BAD_VALUE, _("This is not a number, or too large for one."), name
		elif isinstance(value, str) and not _is_text(value):
			return codes.BAD_VALUE, _("The text has characters that are none, or NUL."), name
	return None


def _is_number(value: int | float) -> bool:
	return math.isfinite(value) if isinstance(value, float) else abs(value) < _MAX_NUMBER


def _is_text(value: str) -> bool:
	if "\0" in value:
		return False
	try:
		value.encode()
	except UnicodeEncodeError:
		return False
	return True


def _show(value: Any) -> str:
	"""A value for an answer, whatever it is."""
	text = value if isinstance(value, str) else "" if value is None else json.dumps(value, default=str)[:140]
	return text[:MAX_ID_LENGTH].encode(errors="replace").decode()


def _write(value: Any) -> str:
	return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
