"""What a row will do: the outcome that a dry run shows, and the records that a run writes."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from frappe.model.document import Document

from cronus_crm.cronus_exchange.comparing.cell_readers import RowValues
from cronus_crm.cronus_exchange.targets.target import Part

NEW, CHANGED, UNCHANGED = "New", "Changed", "Unchanged"
WRONG, DOUBLED, SIMILAR, LEFT_OUT = "Wrong", "Doubled", "Likely double", "Left out"
WRITTEN, REFUSED = "Written", "Refused"

# Outcomes that a run writes.
WRITING = (NEW, CHANGED)

# Keys of a row that are kept, the most certain first.
KEPT_KEYS = ("key_1", "key_2", "key_3", "key_4")


@dataclass
class Write:
	"""A record that one or more rows write.

	name: of the stored record; None for a new one. values: what is set. changes: of a stored record, values
	before and after by field. above: the record that it belongs to. line: the first row that writes it.
	written: whether it has been, in this transaction. doc: as it was saved by then.
	"""

	part: Part
	line: int
	name: str | None = None
	values: dict[str, Any] = field(default_factory=dict)
	changes: dict[str, list] = field(default_factory=dict)
	above: "Write | None" = None
	written: bool = False
	doc: Document | None = None

	@property
	def is_new(self) -> bool:
		return self.name is None

	@property
	def does_something(self) -> bool:
		return self.is_new or bool(self.changes)


@dataclass
class RowPlan:
	"""read: the values of the row. keys: hashes by which other rows of the same record are found.
	whole_key: hash of all that the row is about; two rows with the same one are doubled. reasons, notes:
	translated. writes: records in the order in which they are written."""

	read: RowValues
	title: str = ""
	outcome: str = UNCHANGED
	reasons: list[str] = field(default_factory=list)
	notes: list[str] = field(default_factory=list)
	keys: tuple[str | None, ...] = ()
	whole_key: str | None = None
	writes: list[Write] = field(default_factory=list)
	is_shown: bool = True

	@property
	def line(self) -> int:
		return self.read.row.line

	@property
	def root(self) -> Write | None:
		return self.writes[0] if self.writes else None

	def refuse(self, reason: str, outcome: str = WRONG) -> None:
		self.outcome = outcome
		self.reasons.append(reason)

	def list_changes(self) -> dict:
		"""Changes for the dry run: by “part.field”, [before, after]."""
		found = {}
		for write in self.writes:
			for fieldname, change in write.changes.items():
				found[f"{write.part.name}.{fieldname}"] = [shown(value) for value in change]
		return found


def shown(value: Any) -> Any:
	"""A value as JSON takes it."""
	if isinstance(value, tuple | list):
		return ", ".join(map(str, value))
	return value if isinstance(value, int | float) or value is None else str(value)


def hash_key(*parts: str) -> str:
	"""A short hash of parts of a key."""
	return hashlib.sha1("\n".join(parts).encode(), usedforsecurity=False).hexdigest()[:24]
