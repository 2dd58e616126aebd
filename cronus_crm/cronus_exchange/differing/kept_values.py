"""What is kept of a record besides its last row, so that the next one can be decided: see `conflicts.py`.

It stands in columns of its Cronus External Record, as JSON: `values_told`, the values that were told last, by
fieldname, as our record has them; `accepted`; `differing`, since when each field differs. Whoever writes told
rows reads them with the record, gives :func:`keep` what was decided, and writes the columns that it gives
back.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import now

from cronus_crm.cronus_exchange.differing import conflicts
from cronus_crm.cronus_exchange.differing.conflicts import Decision, Difference
from cronus_crm.cronus_exchange.differing.record_values import read_values

IN_STEP, DIFFERS = "In Step", "Differs"
COLUMNS = ("values_told", "accepted", "differing")


@dataclass(frozen=True)
class Kept:
	"""values: told last, by fieldname. accepted: of those, the ones over which somebody has kept ours.
	differing: by fieldname, since when (as text)."""

	values: dict[str, Any] = field(default_factory=dict)
	accepted: dict[str, Any] = field(default_factory=dict)
	differing: dict[str, str] = field(default_factory=dict)


def read_kept(row: dict) -> Kept:
	"""What is kept of a record, from the columns of its Cronus External Record."""
	return Kept(*(json.loads(row.get(column) or "{}") for column in COLUMNS))


def decide(
	stored: Mapping[str, Any],
	told: Mapping[str, Any],
	kept: Kept,
	owned: Collection[str],
	held: Collection[str] = (),
) -> Decision:
	"""What a told row changes in a stored record: set `write` in it by `record_values.write_values`, save it
	while `told_now.telling`, and give what follows to :func:`keep`.

	stored: the record's values by fieldname; those of a contact as `record_values.leave_out_others` gives
	them. told: as our record would have them. owned: see `owned_fields.owned_of_source`. held: the fields
	that belong to another source, see `owned_fields.find_held`.
	"""
	return conflicts.decide(told, stored, kept.values, owned, kept.accepted, held)


def keep(
	stored: Mapping[str, Any], told: Mapping[str, Any], kept: Kept, decision: Decision | None = None
) -> dict[str, Any]:
	"""The columns of the Cronus External Record after a told row was written; `state` is among them.

	stored: the record's values as it was saved, of all that was told now or before. told: the row's values.
	kept: what was kept before. decision: None for a new record, of which all was written.
	"""
	written = told if decision is None else decision.write
	values = conflicts.note_told(kept.values, told, {name: stored.get(name) for name in written})
	accepted = kept.accepted if decision is None else decision.accepted
	return compare(stored, Kept(values, accepted, kept.differing))


def compare(stored: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
	"""The columns of the Cronus External Record by what stands in the record now."""
	differing = conflicts.find_differing(kept.values, stored, kept.accepted)
	return {
		"values_told": as_json(kept.values),
		"accepted": as_json(kept.accepted),
		"differing": as_json({name: kept.differing.get(name) or now()[:19] for name in differing}),
		"state": DIFFERS if differing else IN_STEP,
	}


def read_stored(doc: Document, kept: Kept, told: Mapping[str, Any] | None = None) -> dict[str, Any]:
	"""The values of a record of all that was told of it. told: by the row that is being written."""
	told = {**kept.values, **(told or {})}
	return read_values(doc, told, told)


def list_differing(doc: Document, kept: Kept) -> dict[str, Difference]:
	"""What differs between a record and what was told of it."""
	return conflicts.find_differing(kept.values, read_stored(doc, kept), kept.accepted)


def as_json(values: Mapping[str, Any]) -> str:
	return frappe.as_json(values, indent=None)
