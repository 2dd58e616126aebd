"""Customers, branches, contacts, products and prices that a source tells.

What they have in common is here; how each of them finds a record that is here already, but was never told, is
in `adoption.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import frappe
from frappe import _

from cronus_crm.cronus_crm.sellers import reassignment_notices
from cronus_crm.cronus_exchange.comparing import stored_records
from cronus_crm.cronus_exchange.comparing.cell_readers import is_change
from cronus_crm.cronus_exchange.comparing.row_plans import Write, shown
from cronus_crm.cronus_exchange.comparing.stored_records import Stored
from cronus_crm.cronus_exchange.differing import kept_values
from cronus_crm.cronus_exchange.differing.kept_values import Kept
from cronus_crm.cronus_exchange.differing.record_values import (
	LINKS,
	choose_link,
	leave_out_others,
	overwrite,
)
from cronus_crm.cronus_exchange.merging.customer_merges import follow_merges
from cronus_crm.cronus_exchange.owning import owned_fields
from cronus_crm.cronus_exchange.pushing import adoption, codes, external_records
from cronus_crm.cronus_exchange.pushing.batch_reading import read_external_id
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow, Reference
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext, RowKind
from cronus_crm.cronus_exchange.pushing.row_values import DataReader
from cronus_crm.cronus_exchange.running.part_records import RecordWriter
from cronus_crm.cronus_exchange.running.quiet_events import has_automations
from cronus_crm.cronus_exchange.targets import customer_target, price_target, product_target
from cronus_crm.cronus_exchange.targets.target import Part

CUSTOMER = customer_target.TARGET.part("Customer")
BRANCH = customer_target.TARGET.part("Branch")
# Of what an ERP tells, mails and telephones are overwritten; a file only adds to them.
CONTACT = replace(customer_target.TARGET.part("Contact"), merge=overwrite)
PRODUCT = product_target.TARGET.root
PRICE = price_target.TARGET.root


class MasterKind(RowKind):
	"""A kind whose rows are records of a part of a target.

	references: fields that name other records of the source, and their kinds. needed: those without which no
	new record can be. aliases: other names of fields. complete: gives the values of a new record that are not
	told. adopt: finds records that are here and were never told, see `adoption.py`.
	"""

	def __init__(
		self,
		name: str,
		label: str,
		rank: int,
		part: Part,
		adopt: Callable[[Part, Sequence[PushedRow], PushContext], dict[int, Stored]],
		references: dict[str, str] | None = None,
		needed: Sequence[str] = (),
		aliases: dict[str, str] | None = None,
		complete: Callable[[PushedRow, PushContext], None] | None = None,
	):
		self.name, self.label, self.rank, self.part = name, label, rank, part
		self.adopt, self.complete = adopt, complete
		self.references, self.needed, self.aliases = references or {}, needed, aliases or {}
		# Contacts come in with their customers, as in an import.
		self.import_doctype = CUSTOMER.doctype if part is CONTACT else part.doctype

	def list_references(self, row: PushedRow) -> list[Reference]:
		found = ((name, kind, read_external_id(row.data.get(name))) for name, kind in self.references.items())
		return [Reference(name, kind, external_id) for name, kind, external_id in found if external_id]

	def read(self, rows: Sequence[PushedRow], context: PushContext) -> None:
		reader = self._make_reader(context)
		reader.read(rows)
		for row in _list_open(rows):
			self._read_references(row, context)
		rows = _list_open(rows)
		stored = self._find_stored(rows, context)
		names = {found.name for found in stored.values()}
		held = owned_fields.find_held(self.part.doctype, names, context.source.name)
		for row in rows:
			if found := stored.get(row.number):
				self._compare(row, found, context, held.get(found.name, {}))
			else:
				self._complete_new(row, context)

	def _make_reader(self, context: PushContext) -> DataReader:
		key = "reader", self.name
		if key not in context.memo:
			context.memo[key] = DataReader(self.part, context, self.references, self.aliases)
		return context.memo[key]

	def _read_references(self, row: PushedRow, context: PushContext) -> None:
		"""Sets the names of what the row names in the ERP's words; the engine has seen to it that it is
		here."""
		if row.is_cancelled:
			row.refuse(
				codes.UNKNOWN_FIELD,
				_("Only documents are cancelled. Tell disabled instead."),
				"cancelled",
			)
			return
		for fieldname, kind in self.references.items():
			told = row.data.get(fieldname)
			if fieldname not in row.data:
				continue
			if told in (None, ""):
				row.values[fieldname] = None
			elif not (external_id := read_external_id(told)):
				row.refuse(
					codes.BAD_VALUE, _("{0} is the id of a {1}.").format(fieldname, kind), fieldname, told
				)
			else:
				row.values[fieldname] = context.find(kind, external_id).name

	def _find_stored(self, rows: Sequence[PushedRow], context: PushContext) -> dict[int, Stored]:
		"""The stored records of rows, by the number of the row: those that were told before, and those that
		are here already and no row has told yet."""
		fieldnames = sorted(
			{
				name
				for row in rows
				for name in (*row.values, *_find_kept(row).values)
				if name not in self.references
			}
		)
		fieldnames += [name for name in self.references if frappe.get_meta(self.part.doctype).has_field(name)]
		names = {row.known.name for row in rows if row.known and row.known.is_here}
		records = stored_records.find_by_names(self.part, names, fieldnames)
		if self.part.find_person:
			stored_records.add_mails_and_phones([stored.values for stored in records.values()])
		found = {
			row.number: records[row.known.name]
			for row in rows
			if row.known and row.known.is_here and row.known.name in records
		}
		new = [row for row in rows if row.number not in found]
		found |= self.adopt(self.part, new, context) if new else {}
		if self.part is CONTACT:
			stored_records.add_links([stored.values for stored in found.values()])
		return found

	def _compare(self, row: PushedRow, stored: Stored, context: PushContext, held: Mapping[str, str]) -> None:
		"""Plans the change of a stored record, or finishes a row that changes nothing. held: the fields that
		belong to other sources."""
		row.name = stored.name
		if not stored.may_write:
			row.refuse(codes.NOT_PERMITTED, _("You may not change {0}.").format(stored.name))
			return
		if self._is_of_merged(row, stored, context):
			return
		self._check_fixed(row, stored)
		self._leave_branch(row)
		told = self._list_told(row)
		values = _list_stored(stored, told, _find_kept(row))
		decision = kept_values.decide(values, told, _find_kept(row), self._list_owned(context), held)
		changes = {name: [values.get(name), value] for name, value in decision.write.items()}
		part = self.part
		if part is CONTACT:
			part = replace(part, merge=partial(overwrite, former=values))
		write = Write(part, row.number, stored.name, values=row.values, changes=changes)
		row.values = {"write": write, "told": told, "decision": decision}
		if row.is_open and not changes:
			self._keep(row, values)
			row.finish(codes.UNCHANGED, self.part.doctype, stored.name)

	def _list_told(self, row: PushedRow) -> dict[str, Any]:
		"""What the row tells of the record itself. Whose a branch is never changes."""
		parents = self.references if self.part is BRANCH else ()
		return {name: value for name, value in row.values.items() if name not in parents}

	def _leave_branch(self, row: PushedRow) -> None:
		"""A contact that goes to another customer leaves the branch of the former one, unless the row says to
		which branch it goes."""
		before = _find_kept(row).values
		moves = self.part is CONTACT and before.get("branch") and "customer" in row.values
		if moves and row.values["customer"] != follow_merges(before.get("customer") or ""):
			row.values.setdefault("branch", None)

	def _list_owned(self, context: PushContext) -> set[str]:
		return {fieldname for doctype, fieldname in context.owned if doctype == self.part.doctype}

	def _keep(self, row: PushedRow, values: Mapping[str, Any]) -> None:
		"""Notes what has to be kept of a row for the next one. values: of the record, as it is now."""
		row.kept = kept_values.keep(values, row.values["told"], _find_kept(row), row.values["decision"])
		row.differs = row.kept.pop("state") == kept_values.DIFFERS

	def _is_of_merged(self, row: PushedRow, stored: Stored, context: PushContext) -> bool:
		"""Whether a row is about a customer that was merged into another one, of which the source tells rows
		of its own: then those decide."""
		known = row.known
		if not known or not known.is_here or known.stored_name == known.name:
			return False
		others = external_records.find_told_names(self.part.doctype, [stored.name], context.source.name)
		if stored.name not in others:
			for key in self.part.keys:
				row.values.pop(key, None)
			return False
		row.notes.append(
			_("{0} was merged into {1}, of which other rows tell.").format(known.stored_name, known.name)
		)
		row.finish(codes.UNCHANGED, self.part.doctype, stored.name)
		return True

	def _check_fixed(self, row: PushedRow, stored: Stored) -> None:
		"""Refuses a row that moves a record to another customer or product, or renames it: that would be
		another record. A contact may move."""
		for fieldname in self.needed:
			if row.values.get(fieldname, "") is None:
				row.refuse(codes.MISSING_FIELD, _("{0} cannot be emptied.").format(fieldname), fieldname)
		fixed = {self.part.parent_field, *self.references} if self.part is not CUSTOMER else set()
		if frappe.get_meta(self.part.doctype).autoname == f"field:{self.part.needs}":
			fixed.add(self.part.needs)
		for fieldname in sorted(fixed - {None}):
			value, before = row.values.get(fieldname), stored.values.get(fieldname)
			if value and before and is_change(before, value):
				row.refuse(
					codes.CONFLICT,
					_("It is of {0} and cannot be given to {1}. Tell it with another id.").format(
						before, value
					),
					fieldname,
					row.data.get(fieldname),
				)

	def _complete_new(self, row: PushedRow, context: PushContext) -> None:
		told = self._list_told(row)
		if self.complete:
			self.complete(row, context)
		for fieldname in (*self.needed, self.part.needs):
			if row.values.get(fieldname) in (None, ""):
				row.refuse(codes.MISSING_FIELD, _("A new record needs {0}.").format(fieldname), fieldname)
				return
		write = Write(self.part, row.number, None, row.values, above=self._find_above(row))
		row.values = {"write": write, "told": told, "decision": None}

	def _find_above(self, row: PushedRow) -> Write | None:
		"""The records to which a new one belongs: the customer, and of a contact also the branch."""
		if not self.part.parent:
			return None
		above = Write(CUSTOMER, row.number, row.values.pop("customer"))
		branch = row.values.pop("branch", None) if self.part is CONTACT else None
		return Write(BRANCH, row.number, branch, above=above) if branch else above

	def write(self, rows: Sequence[PushedRow], context: PushContext) -> None:
		is_quiet = context.is_history or not has_automations(self.part.doctype)
		writer = RecordWriter(frappe.get_system_settings("country"), is_quiet)
		writes = [_begin_again(row.values["write"]) for row in rows]
		new = [write for write in writes if write.is_new]
		if new and is_quiet:
			writer.insert_together(new)
		for write in writes:
			if write in new and not is_quiet:
				writer.insert(write)
			elif write not in new:
				writer.update(write)
		before = {entry.line: entry for entry in writer.entries}
		for row, write in zip(rows, writes, strict=True):
			is_new = row.values["write"].is_new
			changes = {} if is_new else _list_changes(before[row.number])
			kept = _find_kept(row) if not is_new else Kept()
			self._keep(row, kept_values.read_stored(write.doc, kept, row.values["told"]))
			row.finish(codes.CREATED if is_new else codes.UPDATED, self.part.doctype, write.name, changes)
		if not context.is_history:
			_tell_sellers(rows, self.part.doctype)


def _begin_again(write: Write) -> Write:
	"""The same, unwritten: a row is written once more where others of its chunk have failed."""
	return Write(write.part, write.line, write.name, dict(write.values), write.changes, write.above)


def _list_open(rows: Sequence[PushedRow]) -> list[PushedRow]:
	return [row for row in rows if row.is_open]


def _find_kept(row: PushedRow) -> Kept:
	"""What was told before of a record; nothing of one that was found here by its values."""
	return row.known.kept if row.known and row.known.is_here else Kept()


def _list_stored(stored: Stored, told: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
	"""The values of a stored record of all that is or was told; of a contact with its telephones."""
	if "links" not in stored.values:
		return stored.values
	links = {
		name: choose_link(name, stored.values["links"][doctype], told.get(name), kept.values.get(name))
		for name, doctype in LINKS.items()
	}
	values = {**stored.values, "mobiles": stored.values["phones"], **links}
	return leave_out_others(values, {**kept.values, **told})


def _list_changes(entry) -> dict[str, list]:
	return {
		name: [shown(entry.before.get(name)), shown(value)]
		for name, value in entry.after.items()
		if name != "modified"
	}


def _tell_sellers(rows: Sequence[PushedRow], doctype: str) -> None:
	"""Tells the sellers of records that went from one to another, many in one notice."""
	given: dict[tuple, int] = {}
	for row in rows:
		if "seller" in row.changes:
			former, new = row.changes["seller"]
			given[former, new] = given.get((former, new), 0) + 1
	for (former, new), number in given.items():
		reassignment_notices.tell_of_many(former, new, number, doctype)


def _complete_customer(row: PushedRow, context: PushContext) -> None:
	if not row.values.get("seller") and context.source.default_seller:
		row.values["seller"] = context.source.default_seller


def _complete_product(row: PushedRow, context: PushContext) -> None:
	row.values["product_code"] = row.values.get("product_code") or row.external_id


KINDS = [
	MasterKind(
		"product",
		"Product",
		10,
		PRODUCT,
		adoption.find_products,
		aliases={"code": "product_code"},
		complete=_complete_product,
	),
	MasterKind(
		"customer",
		"Customer",
		20,
		CUSTOMER,
		adoption.find_customers,
		references={"parent_customer": "customer"},
		complete=_complete_customer,
	),
	MasterKind(
		"branch",
		"Branch",
		30,
		BRANCH,
		adoption.find_branches,
		references={"customer": "customer"},
		needed=("customer",),
	),
	MasterKind(
		"contact",
		"Contact",
		40,
		CONTACT,
		adoption.find_contacts,
		references={"customer": "customer", "branch": "branch"},
		needed=("customer",),
	),
	MasterKind(
		"price",
		"Price",
		50,
		PRICE,
		adoption.find_prices,
		references={"product": "product"},
		needed=("product", "price_list"),
	),
]
