"""What is kept of a record besides its last row, so that the next one can be decided: see `conflicts.py`.

It stands in columns of its Cronus External Record, as JSON: `values_told`, the values that were told last, by
fieldname, as our record has them; `accepted`; `differing`, since when each field differs. Whoever writes told
rows reads them with the record, gives :func:`keep` what was decided, and writes the columns that it gives
back.
"""

import json
from collections.abc import Collection
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
	doc: Document,
	told: dict[str, Any],
	kept: Kept,
	owned: Collection[str],
	owned_by_others: Collection[str] = (),
) -> Decision:
	"""What a told row changes in a stored record: set `write` in it by `record_values.write_values`, save it
	while `told_now.telling`, and give what follows to :func:`keep`.

	told: by fieldname, as our record has them. owned: see `owned_fields.owned_of_source`.
	"""
	stored = read_values(doc, told, told)
	return conflicts.decide(told, stored, kept.values, owned, kept.accepted, owned_by_others)


def keep(doc: Document, told: dict[str, Any], kept: Kept, decision: Decision | None = None) -> dict[str, Any]:
	"""The columns of the Cronus External Record after a told row was written; `state` is among them, and
	`asked_on`, which is empty again.

	doc: as it was saved. told: the row's values. kept: what was kept before. decision: None for a new record,
	of which all was written.
	"""
	written = told if decision is None else decision.write
	values = conflicts.note_told(kept.values, told, read_values(doc, written, told))
	accepted = kept.accepted if decision is None else decision.accepted
	return {**compare(doc, Kept(values, accepted, kept.differing)), "asked_on": None}


def compare(doc: Document, kept: Kept) -> dict[str, Any]:
	"""The columns of the Cronus External Record by what stands in the record now, without `asked_on`."""
	differing = list_differing(doc, kept)
	return {
		"values_told": _as_json(kept.values),
		"accepted": _as_json(kept.accepted),
		"differing": _as_json({name: kept.differing.get(name) or now()[:19] for name in differing}),
		"state": DIFFERS if differing else IN_STEP,
	}


def list_differing(doc: Document, kept: Kept) -> dict[str, Difference]:
	"""What differs between a record and what was told of it."""
	return conflicts.find_differing(kept.values, read_values(doc, kept.values, kept.values), kept.accepted)


def _as_json(values: dict[str, Any]) -> str | None:
	return frappe.as_json(values, indent=None) if values else None
