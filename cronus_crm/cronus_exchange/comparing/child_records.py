"""Plans the further records of rows: branches, and contacts with the telephones that do not fit elsewhere."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from frappe import _

from cronus_crm.cronus_exchange.comparing import stored_records
from cronus_crm.cronus_exchange.comparing.cell_readers import is_same
from cronus_crm.cronus_exchange.comparing.row_plans import DOUBLED, WRONG, RowPlan, Write
from cronus_crm.cronus_exchange.comparing.stored_records import Stored
from cronus_crm.cronus_exchange.targets.contact_part import missing_texts
from cronus_crm.cronus_exchange.targets.target import Part

if TYPE_CHECKING:
	from cronus_crm.cronus_exchange.comparing.compare import Comparer


class ChildRecords:
	"""Plans the parts after the first one. comparer: of the import."""

	def __init__(self, comparer: "Comparer"):
		self.comparer = comparer
		self.settings = comparer.settings
		self.planned: dict[tuple, Write] = {}

	def plan(self, plans: Sequence[RowPlan]) -> None:
		"""Adds the `Write` of each further record of the rows."""
		plans = [plan for plan in plans if plan.writes and plan.outcome not in (WRONG, DOUBLED)]
		names = {plan.root.name for plan in plans if plan.root.name}
		for part in self.comparer.target.parts[1:]:
			if part.find_person:
				self._move_several(plans)
			wanted = [plan for plan in plans if any(value for value in plan.read.values[part.name].values())]
			if not wanted:
				continue
			stored = self._find_stored(part, names)
			for plan in wanted:
				self._plan_part(plan, part, stored)

	def _find_stored(self, part: Part, names: set[str]) -> dict[str, list[Stored]]:
		fieldnames, doctype = self.comparer.fieldnames[part.name], self.comparer.root.doctype
		if part.find_person:
			return stored_records.find_contacts(part, doctype, names, fieldnames)
		if part.linked:
			return stored_records.find_linked(part, doctype, names, fieldnames)
		return stored_records.find_branches(part, names, fieldnames)

	def _move_several(self, plans: Sequence[RowPlan]) -> None:
		"""What a cell has besides the value that its field takes becomes rows of the contact; a row without a
		person gets one with the name of the record."""
		for plan in plans:
			contact = plan.read.values["Contact"]
			for texts in plan.read.several.values():
				plural = "emails" if "@" in texts[0] else "phones"
				contact[plural] = tuple(dict.fromkeys((*(contact.get(plural) or ()), *texts)))
			if plan.read.several and not contact.get("first_name"):
				contact["first_name"] = plan.root.values.get(self.comparer.root.needs) or plan.title
				plan.notes.append(
					_("further telephones and mails became those of a contact with the same name")
				)

	def _plan_part(self, plan: RowPlan, part: Part, stored: dict[str, list[Stored]]) -> None:
		from cronus_crm.cronus_exchange.comparing.compare import child_key

		values = {
			name: value for name, value in plan.read.values[part.name].items() if value not in (None, "")
		}
		key = child_key(part, values)
		place = (part.name, id(plan.root), key)
		found = self._match(part, values, stored.get(plan.root.name, []))
		if values.pop("name", None) and not found:
			plan.refuse(_("{0}: there is none with this number").format(_(part.name)))
			return
		if not found and not values.get(part.needs):
			plan.refuse(_("{0}: a new one needs a name").format(_(part.name)))
			return
		write = self.planned.get(place)
		if not write:
			write = self.planned[place] = Write(
				part, plan.line, found.name if found else None, above=plan.root
			)
		plan.writes.append(write)
		if found:
			self._compare(plan, write, values, found)
		for name, value in values.items():
			before = write.values.get(name)
			if isinstance(before, tuple):
				value = tuple(dict.fromkeys((*before, *value)))
			write.values[name] = value

	def _match(self, part: Part, values: dict, candidates: list[Stored]) -> Stored | None:
		if part.find_person:
			return stored_records.match_person(candidates, values)
		for name in part.keys:
			key = stored_records.compare_key(name, values.get(name))
			for candidate in candidates:
				if key and stored_records.compare_key(name, candidate.values.get(name)) == key:
					return candidate
		return None

	def _compare(self, plan: RowPlan, write: Write, values: dict, stored: Stored) -> None:
		raw = plan.read.raw[write.part.name]
		for name, value in values.items():
			if isinstance(value, tuple):
				known = stored.values["emails" if name == "emails" else "phones"]
				if added := missing_texts(known, value):
					write.changes[name] = [[], added]
			elif not is_same(stored.values.get(name), value, raw.get(name)):
				write.changes[name] = [stored.values.get(name), value]
		if self.settings.clears:
			for name, value in plan.read.values[write.part.name].items():
				if (
					name != "name"
					and value in (None, "")
					and stored.values.get(name) not in (None, "", 0, set())
				):
					write.changes[name], write.values[name] = [stored.values[name], None], None


def group_by_part(writes: Sequence[Write]) -> dict[str, list[Write]]:
	"""Writes by the name of their part, in their order."""
	found = defaultdict(list)
	for write in writes:
		found[write.part.name].append(write)
	return found
