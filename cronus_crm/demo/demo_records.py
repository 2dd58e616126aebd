"""What the demo has made, so that exactly that can be taken away again.

Documents are recorded in groups that stand or fall together: a deal with its prospect, its proforma, its
invoices and its activities; a customer with its contacts, addresses and branches; a seller. A group that
something of other people's points at stays, and so does what it needs itself.

The record is kept in the table of default values, under a parent of its own: in the database, thus in the
same transaction as the documents, and read by nobody else.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.base.record_links import find_dynamic_links, find_links
from cronus_crm.cronus_analytics.ledger import recount_totals, totals
from cronus_crm.cronus_analytics.ledger.entries import ENTRY, ORIGIN
from cronus_crm.demo.past_documents import commit_quietly, importing

PARENT = "cronus_demo"
GROUPS_IN_A_ROW = 100

Key = tuple[str, str]
Group = list[Key]

# Thousands of them, with nothing to do when they go but to take along what hangs on them.
RECORDS = (
	"Cronus Activity",
	"Cronus Payment",
	"Invoice",
	"Cronus Sales Note",
	"Cronus Delivery Note",
	"Cronus Order",
	"Proforma",
	"Cronus Opportunity",
	"Cronus Prospect",
	"Contact",
	"Address",
	"Cronus Customer Branch",
	"Cronus Holiday",
)
# What the framework hangs on documents, and the fields by which it does: it goes with them.
COMPANIONS = (
	("Version", "ref_doctype", "docname"),
	("Comment", "reference_doctype", "reference_name"),
	("ToDo", "reference_type", "reference_name"),
	("DocShare", "share_doctype", "share_name"),
	("Tag Link", "document_type", "document_name"),
	("View Log", "reference_doctype", "reference_name"),
	("Document Follow", "ref_doctype", "ref_docname"),
	("Notification Log", "document_type", "document_name"),
	("Activity Log", "reference_doctype", "reference_name"),
	("Permission Log", "for_doctype", "for_document"),
	("__global_search", "doctype", "name"),
)
# People write these about a customer; the framework's other DocTypes only accompany documents.
WRITTEN_BY_PEOPLE = frozenset({"Contact", "Address", "Communication", "Event"})


class Record:
	"""Collects what is made. The number of a group comes from whoever makes it."""

	def __init__(self) -> None:
		self._groups: dict[object, Group] = defaultdict(list)

	def add(self, doc: Document, group: object = None) -> Document:
		"""Records a document, in a group of its own unless one is given, and gives it back."""
		self._groups[group or (doc.doctype, doc.name)].append((doc.doctype, doc.name))
		return doc

	def save(self) -> None:
		groups = list(self._groups.values())
		for start in range(0, len(groups), GROUPS_IN_A_ROW):
			row = json.dumps(groups[start : start + GROUPS_IN_A_ROW], ensure_ascii=False)
			frappe.defaults.add_default(f"{start:06d}", row, PARENT)


def recorded() -> list[Group]:
	"""The groups on record, in the order in which they were made."""
	rows = frappe.get_all("DefaultValue", filters={"parent": PARENT}, pluck="defvalue", order_by="defkey asc")
	return [[(doctype, name) for doctype, name in group] for row in rows for group in json.loads(row)]


def remove() -> tuple[int, Group]:
	"""Takes away what is on record, in one transaction.

	Gives back how many documents went, and those that stay because people have used them since. What stays is
	no longer on record: it is theirs now.
	"""
	groups = recorded()
	kept = _used(groups)
	gone = [key for number, group in enumerate(groups) if number not in kept for key in group]
	with importing():
		_delete_records(gone)
		for doctype, name in reversed(gone):
			if doctype not in RECORDS and frappe.db.exists(doctype, name):
				_delete_master(doctype, name)
	recount_totals.repair()
	totals.drop_empty()
	_restart_counters(gone)
	frappe.defaults.clear_default(parent=PARENT)
	commit_quietly()
	frappe.clear_cache()
	return len(gone), [key for number in sorted(kept) for key in groups[number]]


def _used(groups: list[Group]) -> set[int]:
	"""Numbers of the groups that documents of others point at, and of those that these need."""
	group_of = {key: number for number, group in enumerate(groups) for key in group}
	needs: dict[int, set[int]] = defaultdict(set)
	kept: set[int] = set()
	for source, target in _references(group_of):
		if source in group_of:
			needs[group_of[source]].add(group_of[target])
		else:
			kept.add(group_of[target])
	waiting = list(kept)
	while waiting:
		for number in needs[waiting.pop()] - kept:
			kept.add(number)
			waiting.append(number)
	return kept


def _references(targets: dict[Key, int]) -> Iterator[tuple[Key, Key]]:
	"""Who points at the targets, as (document, target)."""
	names: dict[str, list[str]] = defaultdict(list)
	for doctype, name in targets:
		names[doctype].append(name)
	for doctype in names:

		def counts(source: str, target: str = doctype) -> bool:
			return _counts(source, target)

		for find in (find_links, find_dynamic_links):
			for source, name in find(doctype, names[doctype], counts):
				if counts(source[0]):
					yield source, (doctype, name)


def _counts(doctype: str, target: str) -> bool:
	"""True when a document that points at the target is work of somebody, not a companion of the target."""
	meta = frappe.get_meta(doctype)
	# Figures are counted from documents: nobody has written them.
	if meta.module == "Cronus Analytics":
		return False
	# The framework makes a Contact of every user.
	if meta.istable or (doctype in WRITTEN_BY_PEOPLE and target != "User"):
		return True
	return frappe.local.module_app.get(frappe.scrub(meta.module)) != "frappe"


def _delete_records(keys: Group) -> None:
	for doctype in RECORDS:
		names = [name for key, name in keys if key == doctype]
		if not names:
			continue
		entries = frappe.get_all(
			ENTRY,
			filters={"source_doctype": doctype, "source_name": ("in", names)},
			pluck="name",
			order_by="name asc",
		)
		if entries:
			frappe.db.delete(ORIGIN, {"parent": ("in", entries)})
			frappe.db.delete(ENTRY, {"name": ("in", entries)})
		for table in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(table.options, {"parenttype": doctype, "parent": ("in", names)})
		_delete_companions(doctype, names)
		frappe.db.delete(doctype, {"name": ("in", names)})


def _delete_companions(doctype: str, names: list[str]) -> None:
	attached = {"attached_to_doctype": doctype, "attached_to_name": ("in", names)}
	# A command, which nobody's rights limit.
	for file in frappe.get_all("File", filters=attached, pluck="name", order_by="name asc"):
		frappe.delete_doc("File", file, force=True, ignore_permissions=True, delete_permanently=True)
	# After the files: a file that goes is noted in a comment.
	for companion, type_field, name_field in COMPANIONS:
		# 15 logs no rights.
		if companion.startswith("__") or frappe.db.table_exists(companion):
			frappe.db.delete(companion, {type_field: doctype, name_field: ("in", names)})


def _delete_master(doctype: str, name: str) -> None:
	if doctype == "User":
		_sign_off(name)
	# What still points at it is gone too, or was found not to count.
	frappe.delete_doc(
		doctype,
		name,
		force=True,
		ignore_permissions=True,
		ignore_on_trash=doctype == "User",
		delete_permanently=True,
	)
	_delete_companions(doctype, [name])


def _sign_off(name: str) -> None:
	"""What the framework does when a user is deleted, which it refuses for the last System Manager."""
	settings = {"ignore_permissions": True, "delete_permanently": True}
	frappe.delete_doc("Notification Settings", name, **settings)
	for contact in frappe.get_all("Contact", filters={"user": name}, pluck="name", order_by="name asc"):
		# One that somebody has tied to a customer is no longer only the framework's.
		if not frappe.db.exists("Dynamic Link", {"parenttype": "Contact", "parent": contact}):
			frappe.delete_doc("Contact", contact, force=True, **settings)
	user = frappe.get_doc("User", name)
	user.a_system_manager_should_exist = lambda: None
	user.on_trash()
	frappe.defaults.clear_default(parent=name)


def _restart_counters(gone: Group) -> None:
	"""A counter of names of which no document is left begins again."""
	series = DocType("Series")
	for doctype, prefix in {(doctype, re.sub(r"\d+$", "", name)) for doctype, name in gone}:
		if prefix and not frappe.db.exists(doctype, {"name": ("like", f"{prefix}%")}):
			frappe.qb.from_(series).where(series.name == prefix).delete().run()
