"""Reads and writes the documents of an ERP, many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import frappe
from frappe.query_builder import DocType
from frappe.utils import now

from cronus_crm.cronus_exchange.external_documents.papers import (
	DOCUMENT,
	INSTALMENT,
	ITEM,
	ORIGIN,
	SETTLING,
	Paper,
)

_ROWS = 500  # in one statement
_OF_ORIGIN = ("kind", "external_id", "document", "document_key", "named", "amount", "taken", "base_taken")


@dataclass
class Gathered:
	"""The documents that a change of some may change. papers: by name. complete, targets: see
	`settlement.settle`."""

	papers: dict[str, Paper] = field(default_factory=dict)
	complete: set[str] = field(default_factory=set)
	targets: set[str] = field(default_factory=set)


def load_papers(names: Collection[str]) -> dict[str, Paper]:
	"""The documents with these names, as far as they are here."""
	if not names:
		return {}
	documents = frappe.get_all(DOCUMENT, {"name": ("in", names)}, ["*"], order_by="name asc")
	found = [document.name for document in documents]
	origins = _load_rows(ORIGIN, found, _OF_ORIGIN)
	parts = _load_rows(INSTALMENT, found, ("due_date", "amount", "balance"))
	return {one.name: Paper.from_rows(one, origins[one.name], parts[one.name]) for one in documents}


def _load_rows(doctype: str, parents: Sequence[str], fields: Sequence[str]) -> dict[str, list]:
	rows = defaultdict(list)
	if parents:
		of = {"parenttype": DOCUMENT, "parent": ("in", parents)}
		for row in frappe.get_all(doctype, of, ["parent", *fields], order_by="parent asc, idx asc"):
			rows[row.parent].append(row)
	return rows


def gather(names: Iterable[str], named: Mapping[str, Iterable[str]]) -> Gathered:
	"""The documents with these names and all around them that change with them.

	named: by name, the names of the origins that they are about to name.
	"""
	reading = _Reading(named)
	changed = set(names)
	reading.load(changed)
	# Who names them changes with them, and what all these take of others.
	naming = reading.load_claimants(changed)
	targets = changed | reading.load_behind(changed | naming)
	also = reading.load_claimants(targets - changed) if targets != changed else set()
	settling = {
		name for name in naming | also if name in reading.papers and reading.papers[name].kind in SETTLING
	} - targets
	returning = reading.load_claimants(settling)
	complete = changed | naming | also | returning
	reading.load_behind(complete)
	here = reading.papers.keys()
	return Gathered(reading.papers, (complete & here) | changed, (targets | settling) & here | changed)


class _Reading:
	"""Documents that were read so far; those that are not here are not asked for twice."""

	def __init__(self, named: Mapping[str, Iterable[str]]):
		self.named = named
		self.papers: dict[str, Paper] = {}
		self._asked: set[str] = set()

	def load(self, names: Iterable[str]) -> None:
		missing = set(names) - self._asked
		self._asked |= missing
		self.papers |= load_papers(sorted(missing))

	def load_claimants(self, names: Collection[str]) -> set[str]:
		"""Those that name some of these, or were made from what does."""
		if not names:
			return set()
		found = set(
			frappe.get_all(
				ORIGIN,
				{"parenttype": DOCUMENT, "document_key": ("in", sorted(names))},
				pluck="parent",
				distinct=True,
				order_by="parent asc",
			)
		)
		self.load(found)
		return found

	def load_behind(self, names: Collection[str]) -> set[str]:
		"""All that these name, now or from now on, and what is behind it; those that are here."""
		found: set[str] = set()
		waiting = set(names)
		while waiting:
			keys = {key for name in waiting for key in self._list_named(name)} - found
			self.load(keys)
			found |= keys
			waiting = keys
		return found & self.papers.keys()

	def _list_named(self, name: str) -> Iterator[str]:
		yield from self.named.get(name, ())
		if paper := self.papers.get(name):
			yield from (one.key for one in paper.named)
			yield from paper.taken


@dataclass(frozen=True)
class Written:
	"""What is written of a document: its columns, and the rows of its tables without those of the
	framework."""

	columns: dict
	origins: list[dict]
	parts: list[dict]


def make_written(paper: Paper) -> Written:
	"""What a document looks like in the database."""
	return Written(
		paper.to_columns(),
		list(_make_origin_rows(paper)),
		[
			{
				"due_date": part.due_date,
				"amount": part.amount,
				"balance": part.balance,
				"paid": paper.round(part.amount - part.balance),
				"base_amount": base_amount,
				"base_balance": base_balance,
			}
			for part, (base_amount, base_balance) in zip(paper.parts, paper.list_base_parts(), strict=True)
		],
	)


def _make_origin_rows(paper: Paper) -> Iterator[dict]:
	named = {one.key: one for one in paper.named}
	for key in (*named, *(key for key in paper.taken if key not in named)):
		one, taken = named.get(key), paper.taken.get(key)
		yield {
			"kind": one.kind if one else None,
			"external_id": one.external_id if one else None,
			"document": key if taken else None,
			"document_key": key,
			"named": int(bool(one)),
			"amount": one.amount if one else 0,
			"taken": taken.amount if taken else 0,
			"base_taken": taken.base_amount if taken else 0,
		}


def write_papers(
	papers: Mapping[str, Paper],
	now_written: Mapping[str, Written],
	before: Mapping[str, Written],
	items: Mapping[str, Sequence[dict]],
	told: Collection[str],
) -> None:
	"""Writes documents that are new or differ from `before`.

	now_written: how they are to be. before: how those were that were here. items: the lines of those whose
	lines were told. told: the names of those that were told now, by themselves and not by others.
	"""
	moment = now()
	new: list[dict] = []
	rows: dict[str, list[dict]] = {ORIGIN: [], INSTALMENT: [], ITEM: []}
	gone: dict[str, list[str]] = {ORIGIN: [], INSTALMENT: [], ITEM: []}
	for name, paper in papers.items():
		written, former = now_written[name], before.get(name)
		tables = (
			(ORIGIN, "origins", written.origins, former.origins if former else []),
			(INSTALMENT, "instalments", written.parts, former.parts if former else []),
		)
		if name in items:
			tables += ((ITEM, "items", items[name], None),)
		for doctype, fieldname, values, earlier in tables:
			if values != earlier:
				rows[doctype] += _make_rows(doctype, fieldname, name, values, paper.owner, moment)
				if former:
					gone[doctype].append(name)
		if former:
			_update(name, written.columns, former.columns, moment, is_told=name in told)
		else:
			new.append(_make_row(name, paper.owner, moment) | written.columns | {"told_on": moment})
	if new:
		_insert(DOCUMENT, new)
	for doctype, parents in gone.items():
		if parents:
			frappe.db.delete(doctype, {"parenttype": DOCUMENT, "parent": ("in", parents)})
	for doctype, values in rows.items():
		if values:
			_insert(doctype, values)


def _make_row(name: str, owner: str, moment: str) -> dict:
	return {
		"name": name,
		"creation": moment,
		"modified": moment,
		"owner": owner,
		"modified_by": frappe.session.user,
		"idx": 0,
	}


def _make_rows(
	doctype: str, fieldname: str, parent: str, values: Iterable[dict], owner: str, moment: str
) -> Iterator[dict]:
	for idx, row in enumerate(values, start=1):
		yield {
			**_make_row(frappe.generate_hash(length=10), owner, moment),
			"docstatus": 1,
			"parent": parent,
			"parenttype": DOCUMENT,
			"parentfield": fieldname,
			**row,
			"idx": idx,
		}


def _insert(doctype: str, rows: list[dict]) -> None:
	# Past the controller, which refuses people: what is told was checked row by row.
	columns = list(rows[0])
	values = [[row[column] for column in columns] for row in rows]
	frappe.db.bulk_insert(doctype, columns, values, chunk_size=_ROWS)


def _update(name: str, columns: dict, former: dict, moment: str, is_told: bool) -> None:
	changed = {column: value for column, value in columns.items() if former[column] != value}
	if is_told:
		changed["told_on"] = moment
	if not changed:
		return
	table = DocType(DOCUMENT)
	query = frappe.qb.update(table).where(table.name == name)
	query = query.set(table.modified, moment).set(table.modified_by, frappe.session.user)
	for column, value in changed.items():
		query = query.set(table[column], value)
	query.run()
