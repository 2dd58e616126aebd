"""Proposes what each column of a file becomes, by its heading."""

from collections.abc import Sequence

from cronus_crm.cronus_exchange.targets.target import Target, TargetField
from cronus_crm.cronus_exchange.values.cell_texts import simplify

# Languages in which templates are written, and read again.
LANGUAGES = ("en", "es")


def propose_columns(target: Target, headings: Sequence[str]) -> list[str | None]:
	"""The key of a field for each heading; None for one that nobody knows, and for a second column of the
	same field."""
	known = index_headings(target.list_fields())
	found, taken = [], set()
	for heading in headings:
		key = known.get(simplify(heading))
		found.append(key if key not in taken else None)
		taken.add(key)
	return found


def index_headings(fields: Sequence[TargetField]) -> dict[str, str]:
	"""Keys of fields by the headings that mean them, simplified: templates' headings in every language
	first, then names of fields, then aliases; an earlier field of the target before a later one."""
	found: dict[str, str] = {}
	for known in fields:
		for language in LANGUAGES:
			found.setdefault(simplify(known.write_heading(language)), known.key)
	for known in fields:
		found.setdefault(simplify(known.key), known.key)
		if known.part is fields[0].part:
			found.setdefault(simplify(known.fieldname), known.key)
	for known in fields:
		for alias in known.aliases:
			found.setdefault(simplify(alias), known.key)
	found.pop("", None)
	return found
