"""Records that are here already when a source tells them for the first time: they were entered, imported, or
told by another source. Each function gives back the stored record of a row by its number.

A record that the source tells under another id is never taken. One that *another* source tells is taken by
its tax id alone: that is of the company, while codes and numbers are each ERP's own.
"""

from collections.abc import Iterable, Sequence

from frappe import _

from cronus_crm.cronus_exchange.comparing import stored_records
from cronus_crm.cronus_exchange.comparing.stored_records import Stored
from cronus_crm.cronus_exchange.pushing import codes, external_records
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext
from cronus_crm.cronus_exchange.targets.target import Part


def find_customers(part: Part, rows: Sequence[PushedRow], context: PushContext) -> dict[int, Stored]:
	"""By external key (as an import has written the ERP's id), code or tax id."""
	# The id itself may be the external key of an import.
	wanted = [
		{
			"external_key": row.external_id,
			**{name: row.values.get(name) for name in part.keys if row.values.get(name)},
		}
		for row in rows
	]
	index = stored_records.find_by_keys(part, wanted, _list_fields(rows))
	found = {stored.name for several in index.by_key.values() for stored in several}
	free = _Free(part, found, context)
	adopted = {}
	for row, values in zip(rows, wanted, strict=True):
		for name in ("external_key", "code", "tax_id"):
			candidates = free.choose(index.find(name, values.get(name)), shared=name == "tax_id")
			if len(candidates) > 1:
				row.refuse(
					codes.AMBIGUOUS,
					_(
						"Several customers here could be this one: {0}. Merge them, or correct their {1}."
					).format(", ".join(stored.name for stored in candidates), name),
					name,
					values.get(name),
				)
			elif candidates:
				adopted[row.number] = free.take(candidates[0])
			if candidates:
				break
	return adopted


def find_products(part: Part, rows: Sequence[PushedRow], context: PushContext) -> dict[int, Stored]:
	"""By the code that is told, or else by the id. Where another source has told a product with the code that
	no row has told, the new one gets a code that says whose it is."""
	wanted = [{"product_code": row.values.get("product_code") or row.external_id} for row in rows]
	index = stored_records.find_by_keys(part, wanted, _list_fields(rows))
	free = _Free(part, {stored.name for several in index.by_key.values() for stored in several}, context)
	adopted = {}
	for row, values in zip(rows, wanted, strict=True):
		there = index.find("product_code", values["product_code"])
		if candidates := free.choose(there):
			adopted[row.number] = free.take(candidates[0])
		elif there and not row.values.get("product_code"):
			row.values["product_code"] = f"{row.external_id} {context.source.name}"
	return adopted


def find_branches(part: Part, rows: Sequence[PushedRow], context: PushContext) -> dict[int, Stored]:
	"""By code or name among the branches of the customer."""
	parents = {row.values["customer"] for row in rows if row.values.get("customer")}
	stored = stored_records.find_branches(part, parents, _list_fields(rows))
	free = _Free(part, _list_names(stored.values()), context)
	return _match(rows, stored, free, ("code", "branch_name"))


def find_contacts(part: Part, rows: Sequence[PushedRow], context: PushContext) -> dict[int, Stored]:
	"""By name or mail among the contacts of the customer."""
	parents = {row.values["customer"] for row in rows if row.values.get("customer")}
	stored = stored_records.find_contacts(part, "Cronus Customer", parents, _list_fields(rows))
	free = _Free(part, _list_names(stored.values()), context)
	adopted = {}
	for row in rows:
		candidates = free.choose(stored.get(row.values.get("customer"), []), shared=True)
		if match := stored_records.match_person(candidates, row.values):
			adopted[row.number] = free.take(match)
	return adopted


def find_prices(part: Part, rows: Sequence[PushedRow], context: PushContext) -> dict[int, Stored]:
	"""By list, product, quantity and first day."""
	index = stored_records.find_by_keys(part, [row.values for row in rows], _list_fields(rows))
	free = _Free(part, {stored.name for several in index.by_key.values() for stored in several}, context)
	adopted = {}
	for row in rows:
		there = index.by_key.get(("all", stored_records.join_keys(part, row.values)), [])
		if candidates := free.choose(there):
			adopted[row.number] = free.take(candidates[0])
	return adopted


class _Free:
	"""Which of the records found nobody tells yet; those that are taken now are told from now on."""

	def __init__(self, part: Part, names: Iterable[str], context: PushContext):
		self.source = context.source.name
		self.claims = external_records.find_claims(part.doctype, names)

	def choose(self, candidates: Iterable[Stored], shared: bool = False) -> list[Stored]:
		"""shared: those that only other sources tell as well."""
		return [
			stored
			for stored in candidates
			if stored.may_write
			and self.source not in self.claims.get(stored.name, ())
			and (shared or not self.claims.get(stored.name))
		]

	def take(self, stored: Stored) -> Stored:
		self.claims.setdefault(stored.name, set()).add(self.source)
		return stored


def _match(
	rows: Sequence[PushedRow], stored: dict[str, list[Stored]], free: _Free, keys: Sequence[str]
) -> dict[int, Stored]:
	adopted = {}
	for row in rows:
		candidates = free.choose(stored.get(row.values.get("customer"), []), shared=True)
		for name in keys:
			key = stored_records.compare_key(name, row.values.get(name))
			same = [
				other
				for other in candidates
				if key and stored_records.compare_key(name, other.values.get(name)) == key
			]
			if same:
				adopted[row.number] = free.take(same[0])
				break
	return adopted


def _list_fields(rows: Sequence[PushedRow]) -> list[str]:
	return sorted({name for row in rows for name in row.values})


def _list_names(several: Iterable[list[Stored]]) -> set[str]:
	return {stored.name for records in several for stored in records}
