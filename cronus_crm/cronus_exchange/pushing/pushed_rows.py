"""A row that a source has told, on its way through the engine."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from cronus_crm.cronus_exchange.differing.kept_values import Kept
from cronus_crm.cronus_exchange.pushing import codes

# Longest value that an answer repeats.
_MAX_SHOWN = 140


def make_key(source: str, kind: str, external_id: str) -> str:
	"""The name of the Cronus External Record of a record: equal for the same record of the same source only.
	kind: as in rows (“customer”)."""
	return hashlib.sha256(f"{source}\n{kind}\n{external_id}".encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Reference:
	"""Another record of the source that a row names. fieldname: of its data, for messages. kind: as in
	rows (“customer”). is_optional: a row goes in without it."""

	fieldname: str
	kind: str
	external_id: str
	is_optional: bool = False


@dataclass
class KnownRecord:
	"""What a source has told of a record before (a Cronus External Record). doctype, name: what it is here;
	None while it is nothing yet, because its row waits or was refused. version, row_hash, told: of the row
	that was accepted last; told: its `data`. state: of the record. pending: the row that waits, as it was
	told; None without one. waits_since: since when. stored_name: the record as it was told, before it was
	merged into another one, which is `name`. kept: for the decision about the next row. is_asked: people want
	to be told it again."""

	key: str
	kind: str
	external_id: str
	doctype: str | None = None
	name: str | None = None
	version: str | None = None
	row_hash: str | None = None
	told: dict = field(default_factory=dict)
	state: str = ""
	pending: dict | None = None
	waits_since: Any = None
	stored_name: str | None = None
	kept: Kept = field(default_factory=Kept)
	is_asked: bool = False

	@property
	def is_here(self) -> bool:
		return bool(self.name)


@dataclass
class PushedRow:
	"""A row of a batch.

	number: its place in the batch, from 1; of rows that were told earlier and have waited, 0 and below, each
	another. kind, external_id, version, data: as told; version as text, None without one. is_cancelled:
	“cancelled” is true. row_hash: of all that the row says. references: what `RowKind.list_references` has
	found. known: what was told of the record before. values: whatever `RowKind.read` wants to keep for
	`RowKind.write`.

	What has become of it: outcome, one of `codes.OUTCOMES`, None while that is open; code, fieldname, value,
	message (translated) of one that is refused or waits; doctype, name: the record here; changes: of a record
	that was there, {field: [before, after]}; notes: translated; differs: True where the record here is not as
	told, because people have changed what the source does not decide; kept: columns of `kept_values.keep`;
	awaited: what it waits for.
	"""

	number: int
	kind: str
	external_id: str
	version: str | None
	data: dict
	is_cancelled: bool = False
	row_hash: str = ""
	references: list[Reference] = field(default_factory=list)
	known: KnownRecord | None = None
	values: dict[str, Any] = field(default_factory=dict)

	outcome: str | None = None
	code: str | None = None
	fieldname: str | None = None
	value: str | None = None
	message: str | None = None
	doctype: str | None = None
	name: str | None = None
	changes: dict[str, list] = field(default_factory=dict)
	notes: list[str] = field(default_factory=list)
	differs: bool = False
	kept: dict[str, str] = field(default_factory=dict)
	awaited: Reference | None = None

	@property
	def is_open(self) -> bool:
		"""True while nothing has been decided about it."""
		return self.outcome is None

	def refuse(self, code: str, message: str, fieldname: str | None = None, value: Any = None) -> None:
		"""Refuses the row. code: of `codes.CODES`. message: translated, as plain text, says what to do."""
		self._decide(codes.REFUSED, code, message, fieldname, value)

	def wait(self, reference: Reference, message: str) -> None:
		"""Lets the row wait for another record of its source."""
		self.awaited = reference
		self._decide(codes.WAITING, codes.WAITS_FOR, message, reference.fieldname, reference.external_id)

	def finish(self, outcome: str, doctype: str, name: str, changes: dict[str, list] | None = None) -> None:
		"""The row is done. outcome: one of `codes.ACCEPTED`. changes: see above."""
		self.outcome, self.doctype, self.name = outcome, doctype, name
		self.changes = changes or {}

	def reopen(self) -> None:
		"""Forgets what was decided, after what was written has been rolled back."""
		self.outcome = self.code = self.fieldname = self.value = self.message = None
		self.doctype = self.name = self.awaited = None
		self.changes = {}

	def start_anew(self) -> None:
		"""Forgets all that a transaction has found out, before it is tried again."""
		self.reopen()
		self.known, self.values, self.notes, self.differs, self.kept = None, {}, [], False, {}

	def _decide(self, outcome: str, code: str, message: str, fieldname: str | None, value: Any) -> None:
		self.outcome, self.code, self.message, self.fieldname = outcome, code, message, fieldname
		self.value = None if value is None else str(value)[:_MAX_SHOWN]
