"""The conflict rule: which of the values that an ERP tells are written, and which differ from ours.

For each field that is told:

- What another ERP owns of this record, and has told, is left to that one: ours stays, and differs.
- What the ERP owns is written, whatever stands here.
- What nobody has changed here since it was told last is written.
- What somebody has changed here since then stays, and differs until both sides say the same.
- What was never told before is written where nothing stands here; otherwise ours stays, and differs.

Of several ERPs that own a field, it belongs to the one that told the record first (:func:`find_holders`). So
what stands in a field does not depend on which of them told it last, and two ERPs with customers of their own
may both own the same fields.

What the ERP owns is left alone where a person has decided for ours (*take ours*), until the ERP tells another
value. What a row does not tell is left alone, and keeps what was told of it before.

It is a pure function of values by fieldname, as our records hold them: names of linked records, not external
ids; dates and numbers, not the texts of a request. Values may come from the database or from JSON.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

Values = Mapping[str, Any]

# The columns of numbers in the database keep so many digits after the point.
_DECIMALS = 9


@dataclass(frozen=True)
class Difference:
	"""theirs: what the ERP has told. ours: what stands here."""

	theirs: Any
	ours: Any


class Teller(NamedTuple):
	"""A source that has told a record. owned: the fields of such records that it owns. told: the fields of
	this record that it has told."""

	source: str
	owned: Collection[str]
	told: Collection[str]


@dataclass(frozen=True)
class Decision:
	"""write: what is to be written, by fieldname; only what changes something. differing: what stays as it is
	here although the ERP tells something else. accepted: of what a person has decided to keep, the values of
	the ERP for which that still holds."""

	write: dict[str, Any] = field(default_factory=dict)
	differing: dict[str, Difference] = field(default_factory=dict)
	accepted: dict[str, Any] = field(default_factory=dict)


def decide(
	told: Values,
	stored: Values,
	told_before: Values | None = None,
	owned: Collection[str] = (),
	accepted: Values | None = None,
	held: Collection[str] = (),
) -> Decision:
	"""Decides for each told field, by the rule above.

	told: what the row tells. stored: what the record has now; a field that is missing is empty. told_before:
	what :func:`note_told` gave back after the row before; None or {} for a record that was not told before.
	owned: the fields that belong to the ERP. accepted: by field, the told value over which a person has
	decided to keep ours. held: the fields that belong to another ERP, see :func:`find_holders`.

	Writes nothing and raises nothing. The caller writes `write`, and keeps `note_told(…)` and `accepted`.
	"""
	told_before, accepted = told_before or {}, accepted or {}
	decision = Decision(accepted={name: value for name, value in accepted.items() if name not in told})
	for fieldname, theirs in told.items():
		ours = stored.get(fieldname)
		if are_same(theirs, ours):
			continue
		if fieldname in accepted and are_same(accepted[fieldname], theirs):
			decision.accepted[fieldname] = theirs
		elif fieldname not in held and (fieldname in owned or _is_untouched(fieldname, ours, told_before)):
			decision.write[fieldname] = theirs
		else:
			decision.differing[fieldname] = Difference(theirs, ours)
	return decision


def _is_untouched(fieldname: str, ours: Any, told_before: Values) -> bool:
	"""Whether nobody has changed a field here since it was told last."""
	return are_same(ours, told_before.get(fieldname))


def find_holders(tellers: Iterable[Teller]) -> dict[str, str]:
	"""Which source each field of a record belongs to: of those that own it and have told it, the one that
	told the record first.

	tellers: of one record, in the order in which they told it first.
	"""
	holders: dict[str, str] = {}
	for teller in tellers:
		for fieldname in teller.owned:
			if fieldname in teller.told:
				holders.setdefault(fieldname, teller.source)
	return holders


def note_told(told_before: Values | None, told: Values, written: Values | None = None) -> dict[str, Any]:
	"""What has to be kept as told, for the next decision: what this row tells over what earlier ones told.

	written: the values of the fields that were written, as the record has them after the save, since a
	controller may have put them into another form, such as a tax id without points. Without it, each of these
	would look as if somebody had changed it here.
	"""
	return {**(told_before or {}), **told, **(written or {})}


def find_differing(told: Values, stored: Values, accepted: Values | None = None) -> dict[str, Difference]:
	"""What differs now between all that was told last and what stands here, without what a person has decided
	to keep; also of what the ERP owns, which may differ by ways that no check of ours sees."""
	accepted = accepted or {}
	return {
		fieldname: Difference(theirs, stored.get(fieldname))
		for fieldname, theirs in told.items()
		if not are_same(theirs, stored.get(fieldname))
		and not (fieldname in accepted and are_same(accepted[fieldname], theirs))
	}


def are_same(one: Any, other: Any) -> bool:
	"""Whether two values of a field say the same. Nothing, an empty text, 0 and an empty list do. Numbers are
	compared as the database keeps them, moments without their fractions of a second, lists (of mails or
	telephones) without order, capitals and signs between digits."""
	return _as_compared(one) == _as_compared(other)


def _as_compared(value: Any) -> Any:
	if isinstance(value, bool | int | float | Decimal):
		return _compare_number(value)
	if isinstance(value, datetime):
		return str(value.replace(microsecond=0))
	if isinstance(value, date):
		return str(value)
	if isinstance(value, list | tuple | set | frozenset):
		return frozenset(text for one in value if (text := _compare_in_list(one))) or None
	return str(value or "").strip().replace("\r\n", "\n") or None


def _compare_number(value: bool | int | float | Decimal) -> float | None:
	return round(float(value), _DECIMALS) or None


def _compare_in_list(value: Any) -> str:
	return "".join(character for character in str(value or "").casefold() if character not in " -.()")
