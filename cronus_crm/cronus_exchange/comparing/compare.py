"""Compares rows with what is stored and with the rows before them: what each of them will do."""

from collections.abc import Iterable, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from cronus_crm.cronus_exchange.comparing import stored_records
from cronus_crm.cronus_exchange.comparing.cell_readers import CellReaders, RowValues, is_change, is_same
from cronus_crm.cronus_exchange.comparing.child_records import ChildRecords
from cronus_crm.cronus_exchange.comparing.earlier_rows import EarlierRow, EarlierRows
from cronus_crm.cronus_exchange.comparing.import_settings import ImportSettings
from cronus_crm.cronus_exchange.comparing.row_plans import (
	CHANGED,
	DOUBLED,
	KEPT_KEYS,
	LEFT_OUT,
	NEW,
	UNCHANGED,
	WRONG,
	RowPlan,
	Write,
	hash_key,
)
from cronus_crm.cronus_exchange.comparing.stored_records import Stored, StoredIndex
from cronus_crm.cronus_exchange.reading.rows import Row
from cronus_crm.cronus_exchange.values.cell_texts import simplify
from cronus_crm.cronus_exchange.values.formats import WrongValue
from cronus_crm.visibility import rule


class Comparer:
	"""Plans rows, chunk by chunk. settings: of the import."""

	def __init__(self, settings: ImportSettings):
		self.settings, self.target = settings, settings.target
		self.root = self.target.root
		self.readers = CellReaders(
			self.target, settings.columns, settings.formats, settings.refuses_wrong_tax_ids
		)
		self.first_values = self._read_first_values()
		self.earlier_rows = EarlierRows(settings.name)
		mapped = [known for known in settings.columns if known]
		self.fieldnames = {
			part.name: [known.fieldname for known in mapped if known.part is part]
			for part in self.target.parts
		}
		self.parts_mapped = [part for part in self.target.parts[1:] if self.fieldnames[part.name]]
		self.team = set(rule.visible_sellers(self.root.doctype)) if self.target.has_seller else set()

	def _read_first_values(self) -> dict[str, Any]:
		"""The values of new records where a row says nothing. Raises frappe.ValidationError for one that its
		field does not take."""
		found = {}
		for known, text in self.settings.first_values:
			read = RowValues(Row(0, ()), {}, {})
			try:
				self.readers.prefetch(known, text)
				found[known.fieldname] = self.readers.read_cell(text, known, read)
			except WrongValue as wrong:
				frappe.throw(f"{known.write_heading()}: {frappe.utils.escape_html(str(wrong))}")
		return found

	def plan_rows(self, rows: Iterable[Row]) -> list[RowPlan]:
		"""The plan of each row, in their order; those with the same record share their `Write`."""
		plans = [self._start_plan(read) for read in self.readers.read_rows(rows)]
		if not plans:
			return []
		keys = {key for plan in plans for key in (*plan.keys, plan.whole_key) if key}
		earlier = self.earlier_rows.find(keys, plans[0].line)
		# Rows whose record is not there yet are planned again, so that those of this chunk find it.
		before = [
			self._start_plan(read)
			for read in self.readers.read_rows(row.row for row in earlier if not row.record)
		]
		for plan in before:
			plan.is_shown = False
		everything = [*before, *plans]
		self._find_roots(everything, [row for row in earlier if row.record])
		ChildRecords(self).plan(everything)
		for plan in everything:
			self._decide(plan)
		return plans

	def _start_plan(self, read: RowValues) -> RowPlan:
		plan = RowPlan(read, notes=list(read.notes))
		values = read.values[self.root.name]
		plan.title = str(values.get(self.root.needs) or next((v for v in values.values() if v), "") or "")[
			:140
		]
		if read.errors:
			for error in read.errors:
				plan.refuse(error)
			return plan
		if not any(value not in (None, "") for value in values.values()):
			plan.refuse(_("it says nothing about {0}").format(_(self.root.name)))
			return plan
		for error in self.target.check(read.values) if self.target.check else ():
			plan.refuse(error)
		plan.keys = self._hash_keys(values)
		plan.whole_key = self._hash_whole(plan)
		return plan

	def _hash_keys(self, values: dict) -> tuple[str | None, ...]:
		"""A hash for each key that the row has; without any, one of its name."""
		if self.root.all_keys:
			return (hash_key("all", stored_records.join_keys(self.root, values)), None, None, None)
		keys = [
			hash_key(name, key) if (key := stored_records.compare_key(name, values.get(name))) else None
			for name in self.root.keys
		]
		keys += [None] * (len(KEPT_KEYS) - len(keys))
		if not any(keys):
			keys[0] = hash_key("name", simplify(str(values.get(self.root.needs) or "")))
		return tuple(keys)

	def _hash_whole(self, plan: RowPlan) -> str:
		parts = [next(key for key in plan.keys if key)]
		for part in self.target.parts[1:]:
			values = plan.read.values[part.name]
			parts.append(child_key(part, values))
		return hash_key(*parts)

	def _find_roots(self, plans: Sequence[RowPlan], written: list[EarlierRow]) -> None:
		"""Gives each plan the `Write` of its root record: a stored one, that of an earlier row, or a new
		one."""
		values = [plan.read.values[self.root.name] for plan in plans if plan.outcome != WRONG]
		fieldnames = self.fieldnames[self.root.name]
		index = stored_records.find_by_keys(self.root, values, fieldnames)
		records = stored_records.find_by_names(self.root, {row.record for row in written}, fieldnames)
		seen: dict[str, Write] = {}
		lines: dict[str, int] = {row.whole_key: row.line for row in written if row.whole_key}
		by_key = {
			key: records[row.record] for row in written if row.record in records for key in row.keys if key
		}
		writes: dict[str, Write] = {}
		for plan in plans:
			if plan.outcome == WRONG:
				continue
			if (first := lines.setdefault(plan.whole_key, plan.line)) != plan.line:
				plan.refuse(self._say_doubled(first), DOUBLED)
				continue
			write = next((seen[key] for key in plan.keys if key in seen), None)
			stored = None if write else self._match(plan, index, by_key)
			if plan.outcome == WRONG:
				continue
			if stored:
				write = writes.setdefault(stored.name, Write(self.root, plan.line, stored.name))
			write = write or Write(self.root, plan.line)
			plan.writes.append(write)
			for key in filter(None, plan.keys):
				seen.setdefault(key, write)
			self._compare_root(plan, write, stored or (records.get(write.name) if write.name else None))

	def _say_doubled(self, line: int) -> str:
		return _(
			"it is the same as line {0}. Take one of the two out, or write what tells them apart"
		).format(line)

	def _match(self, plan: RowPlan, index: StoredIndex, by_key: dict[str, Stored]) -> Stored | None:
		"""The stored record of a row by its most certain key; the row is refused where that is not one that
		may be written."""
		values = plan.read.values[self.root.name]
		found = self._find_visible(plan, index)
		if plan.outcome == WRONG:
			return None
		label = _(self.root.doctype)
		if not found and values.get("name"):
			plan.refuse(_("there is no {0} {1}").format(label, values["name"]))
		if not found:
			return next((by_key[key] for key in plan.keys if key in by_key), None)
		if len(found) > 1:
			names = ", ".join(stored.name for stored in found)
			plan.refuse(
				_("several records of {0} have this: {1}. Write the code of one").format(label, names)
			)
			return None
		if found[0].merged:
			self._keep_own_keys(plan, found[0])
		elif conflict := self._find_conflict(values, found[0]):
			plan.refuse(conflict)
			return None
		return found[0]

	def _find_visible(self, plan: RowPlan, index: StoredIndex) -> list[Stored]:
		"""The stored records with the most certain key of a row, as far as the user may see them. The row is
		refused where a key that no two records may have is that of another one, in the words of the form;
		whose it is, and whether another key is known, stays untold."""
		values = plan.read.values[self.root.name]
		if self.root.all_keys:
			return index.by_key.get(("all", stored_records.join_keys(self.root, values)), [])
		for name in self.root.keys:
			found = index.find(name, values.get(name))
			if visible := [stored for stored in found if stored.may_write]:
				return visible
			if found and name not in ("name", *stored_records.SHARED_KEYS):
				plan.refuse(
					_("{0} {1} is that of another record. Each has one of its own").format(
						_(self._label(name)), values[name]
					)
				)
				return []
		return []

	def _keep_own_keys(self, plan: RowPlan, survivor: Stored) -> None:
		"""The keys of a row that is about a merged record are not those of the one that it was merged
		into."""
		values = plan.read.values[self.root.name]
		for name in self.root.keys:
			values.pop(name, None)
		plan.notes.append(
			_("{0} was merged into {1}, which is written").format(survivor.merged, survivor.name)
		)

	def _find_conflict(self, values: dict, stored: Stored) -> str | None:
		"""Why a stored record, found by one key, is not the row's by a more certain one."""
		for name in self.root.keys:
			mine, theirs = (
				stored_records.compare_key(name, record.get(name)) for record in (values, stored.values)
			)
			if mine and theirs:
				if mine == theirs:
					return None
				return _("{0} has another {1} there: {2}").format(
					stored.name, _(self._label(name)), stored.values[name]
				)
		return None

	def _label(self, fieldname: str) -> str:
		return next(
			(
				known.label
				for known in self.settings.columns
				if known and known.part is self.root and known.fieldname == fieldname
			),
			fieldname,
		)

	def _compare_root(self, plan: RowPlan, write: Write, stored: Stored | None) -> None:
		"""Adds what the row says to the record: it completes what earlier rows say and does not contradict
		it."""
		raw = plan.read.raw[self.root.name]
		for fieldname, value in plan.read.values[self.root.name].items():
			if fieldname == "name":
				continue
			if value is None and not (self.settings.clears and write.name):
				continue
			said = write.values.get(fieldname)
			if fieldname == self.root.needs and said and value and simplify(said) == simplify(value):
				continue
			if said is not None and not is_same(said, value, raw.get(fieldname)):
				if value is not None:
					plan.refuse(
						_("{0}: line {1} says {2} of the same record, and this one {3}").format(
							_(self._label(fieldname)), write.line, said, value
						)
					)
				continue
			write.values[fieldname] = value
			if stored and fieldname not in write.changes:
				self._compare_value(plan, write, stored, fieldname, value, raw.get(fieldname))

	def _compare_value(
		self, plan: RowPlan, write: Write, stored: Stored, fieldname: str, value: Any, raw: str | None
	) -> None:
		before = stored.values.get(fieldname)
		if not is_change(before, value, raw):
			return
		several = plan.read.several.get((self.root.name, fieldname))
		if several and before:
			# What is there stays; what is new becomes rows of the contact.
			return
		write.changes[fieldname] = [before, value]

	def _decide(self, plan: RowPlan) -> None:
		"""The outcome of a plan, from what it writes and from what the user wants written."""
		if plan.outcome in (WRONG, DOUBLED) or not plan.root:
			return
		self._refuse_doubts(plan)
		if plan.outcome == WRONG:
			return
		root = plan.root
		if root.is_new:
			self._complete_new(plan)
			if plan.outcome == WRONG:
				return
		elif "seller" in root.changes and root.changes["seller"][1] not in self.team:
			plan.refuse(_("{0} is not a seller of your team").format(root.changes["seller"][1]))
			return
		if root.is_new and not self.settings.creates:
			plan.refuse(_("it is not there, and only records that are there are updated"), LEFT_OUT)
		elif not root.is_new and not self.settings.updates and not self._is_ours(root):
			plan.refuse(_("it is there already: {0}").format(root.name), LEFT_OUT)
		elif any(write.is_new for write in plan.writes):
			plan.outcome = NEW
		else:
			plan.outcome = CHANGED if any(write.changes for write in plan.writes) else UNCHANGED

	def _refuse_doubts(self, plan: RowPlan) -> None:
		"""Refuses a row that would write a spoiled text; one that is stored so comes back unchanged."""
		for (part, fieldname), reason in plan.read.doubts.items():
			write = next((write for write in plan.writes if write.part.name == part), None)
			if write and (write.is_new or fieldname in write.changes):
				plan.refuse(reason)

	def _is_ours(self, root: Write) -> bool:
		"""True for a record that this import has created: its further rows belong to it."""
		filters = {"customer_import": self.settings.name, "record_name": root.name, "action": "Created"}
		return bool(frappe.db.exists("Cronus Import Journal", filters))

	def _complete_new(self, plan: RowPlan) -> None:
		"""Gives a new record its seller, and refuses a row that lacks what it needs."""
		values = plan.root.values
		for fieldname, value in self.first_values.items():
			if values.get(fieldname) in (None, ""):
				values[fieldname] = value
		if self.target.complete:
			self.target.complete(values)
		if values.get(self.root.needs) in (None, ""):
			plan.refuse(_("a new record needs {0}").format(_(self._needed_label())))
			return
		if not self.target.has_seller:
			return
		sellers = self.settings.sellers
		if not (self.settings.seller_by_column and values.get("seller")):
			if not sellers:
				plan.refuse(_("it has no seller. Choose one for rows without"))
				return
			values["seller"] = sellers[cint(plan.root.line) % len(sellers)]
		if values["seller"] not in self.team:
			plan.refuse(_("{0} is not a seller of your team").format(values["seller"]))

	def _needed_label(self) -> str:
		return next(
			known.label
			for known in self.target.list_fields()
			if known.part is self.root and known.fieldname == self.root.needs
		)


def child_key(part, values: dict) -> str:
	"""What tells a record of a further part from the others of the same root; "" for a row without one."""
	if part.find_person:
		return stored_records.person_key(values) or ",".join(values.get("emails") or ())
	keys = (stored_records.compare_key(name, values.get(name)) for name in part.keys)
	return next((key for key in keys if key), "")
