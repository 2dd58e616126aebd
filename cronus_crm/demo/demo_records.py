"""Records the documents that the demo makes, and removes exactly these.

Documents are recorded in groups that are removed together or not at all: a deal with its prospect, proforma,
invoices and activities; a customer with its contacts, addresses and branches; a seller. A group stays when a
document from outside the demo links to it, and with it the groups that it links to itself.

The record is stored in the table of default values (DefaultValue) under a parent of its own: it is written in
the transaction of the documents and needs no DocType.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.base.record_links import find_dynamic_links, find_links
from cronus_crm.cronus_analytics.cases import case_totals
from cronus_crm.cronus_analytics.ledger import recount_totals, totals
from cronus_crm.cronus_analytics.ledger.entries import ENTRY, ORIGIN
from cronus_crm.demo.past_documents import commit_without_notices, import_mode
from cronus_crm.visibility import search_index

DEFAULTS_PARENT = "cronus_demo"
SELLER = "Cronus Seller"
GROUPS_PER_ROW = 100

Key = tuple[str, str]
Group = list[Key]

# Deleted by SQL, thousands at a time: their deletion has no other effect than on their rows, ledger entries
# and attachments, which are deleted here.
BULK_DOCTYPES = (
	"Cronus Activity",
	"Cronus External Document",
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
# (DocType or table, field of the type, field of the name) by which the framework links to documents, and we
# note that they changed; deleted with them.
ATTACHMENTS = (
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
	("Cronus Changed Record", "record_doctype", "record_name"),
	("__global_search", "doctype", "name"),
)
# DocTypes of the framework that count as work of people; its other DocTypes are written automatically.
WRITTEN_BY_PEOPLE = frozenset({"Contact", "Address", "Communication", "Event"})


class DemoRecord:
	"""Collects the groups of documents while the demo is made."""

	def __init__(self) -> None:
		self._groups: dict[object, Group] = defaultdict(list)

	def add(self, doc: Document, group: object = None) -> Document:
		"""Records a document and gives it back. group: any hashable key; by default a group of its own."""
		self._groups[group or (doc.doctype, doc.name)].append((doc.doctype, doc.name))
		return doc

	def save(self) -> None:
		groups = list(self._groups.values())
		for start in range(0, len(groups), GROUPS_PER_ROW):
			row = json.dumps(groups[start : start + GROUPS_PER_ROW], ensure_ascii=False)
			frappe.defaults.add_default(f"{start:06d}", row, DEFAULTS_PARENT)


def read_groups() -> list[Group]:
	"""The recorded groups in the order in which they were made."""
	rows = frappe.get_all(
		"DefaultValue", filters={"parent": DEFAULTS_PARENT}, pluck="defvalue", order_by="defkey asc"
	)
	return [[(doctype, name) for doctype, name in group] for row in rows for group in json.loads(row)]


def remove_demo() -> tuple[int, Group]:
	"""Removes the recorded documents in one transaction, and commits.

	Gives back the number of removed documents, and those that stay because people have used them since. Their
	record is deleted too: a second call does not remove them.
	"""
	groups = read_groups()
	kept = _find_used_groups(groups)
	gone = [key for number, group in enumerate(groups) if number not in kept for key in group]
	with import_mode():
		_delete_records(gone)
		for doctype, name in reversed(_put_superiors_first(gone)):
			if doctype not in BULK_DOCTYPES and frappe.db.exists(doctype, name):
				_delete_master(doctype, name)
	recount_totals.repair()
	totals.delete_empty_rows()
	case_totals.delete_empty_rows()
	_restart_counters(gone)
	frappe.defaults.clear_default(parent=DEFAULTS_PARENT)
	commit_without_notices()
	frappe.clear_cache()
	return len(gone), [key for number in sorted(kept) for key in groups[number]]


def _put_superiors_first(keys: Group) -> Group:
	"""The keys with the sellers among them in the order of the tree, as people have it by now: the framework
	deletes nobody to whom others report."""
	sellers = [name for doctype, name in keys if doctype == SELLER]
	places = frappe.get_all(SELLER, {"name": ("in", sellers or [""])}, ["name", "lft"], order_by="name asc")
	lft = {row.name: row.lft for row in places}
	in_order = iter(sorted(sellers, key=lambda name: lft.get(name, 0)))
	return [(doctype, next(in_order) if doctype == SELLER else name) for doctype, name in keys]


def _find_used_groups(groups: list[Group]) -> set[int]:
	"""Indexes of the groups that documents from outside link to, and of those that these groups link to."""
	group_of = {key: number for number, group in enumerate(groups) for key in group}
	needs: dict[int, set[int]] = defaultdict(set)
	kept: set[int] = set()
	for source, target in _find_references(group_of):
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


def _find_references(targets: dict[Key, int]) -> Iterator[tuple[Key, Key]]:
	"""Pairs of a document and the target that it links to."""
	names: dict[str, list[str]] = defaultdict(list)
	for doctype, name in targets:
		names[doctype].append(name)
	for doctype in names:

		def counts(source: str, target: str = doctype) -> bool:
			return _is_work_of_people(source, target)

		for find in (find_links, find_dynamic_links):
			for source, name in find(doctype, names[doctype], counts):
				if counts(source[0]):
					yield source, (doctype, name)


def _is_work_of_people(doctype: str, target: str) -> bool:
	"""True when a link from this DocType is work of a person, False when it was written automatically.

	target: the DocType that it links to.
	"""
	meta = frappe.get_meta(doctype)
	# Ledger and totals are derived from documents.
	if meta.module == "Cronus Analytics":
		return False
	# The framework makes a Contact of every user.
	if meta.istable or (doctype in WRITTEN_BY_PEOPLE and target != "User"):
		return True
	return frappe.local.module_app.get(frappe.scrub(meta.module)) != "frappe"


def _delete_records(keys: Group) -> None:
	for doctype in BULK_DOCTYPES:
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
		_delete_attachments(doctype, names)
		frappe.db.delete(doctype, {"name": ("in", names)})
		search_index.index_records(doctype, names)


def _delete_attachments(doctype: str, names: list[str]) -> None:
	attached = {"attached_to_doctype": doctype, "attached_to_name": ("in", names)}
	# ignore_permissions: called by a bench command, which no user's permissions limit.
	for file in frappe.get_all("File", filters=attached, pluck="name", order_by="name asc"):
		frappe.delete_doc("File", file, force=True, ignore_permissions=True, delete_permanently=True)
	# After the files, because deleting a file adds a comment to its document.
	for companion, type_field, name_field in ATTACHMENTS:
		# Frappe 15 has no Permission Log.
		if companion.startswith("__") or frappe.db.table_exists(companion):
			frappe.db.delete(companion, {type_field: doctype, name_field: ("in", names)})


def _delete_master(doctype: str, name: str) -> None:
	if doctype == "User":
		_delete_user_records(name)
	# ignore_permissions: called by a bench command. force: remaining links were found not to be work of
	# people.
	frappe.delete_doc(
		doctype,
		name,
		force=True,
		ignore_permissions=True,
		ignore_on_trash=doctype == "User",
		delete_permanently=True,
	)
	_delete_attachments(doctype, [name])


def _delete_user_records(name: str) -> None:
	"""Deletes what belongs to a user, as the framework does when a user is deleted.

	The framework refuses to delete the last System Manager; the demo may be that one, so the check is
	replaced.
	"""
	settings = {"ignore_permissions": True, "delete_permanently": True}
	frappe.delete_doc("Notification Settings", name, **settings)
	for contact in frappe.get_all("Contact", filters={"user": name}, pluck="name", order_by="name asc"):
		# The framework makes a contact of each user; one that people have linked to a customer stays.
		if not frappe.db.exists("Dynamic Link", {"parenttype": "Contact", "parent": contact}):
			frappe.delete_doc("Contact", contact, force=True, **settings)
			_delete_attachments("Contact", [contact])
	user = frappe.get_doc("User", name)
	user.a_system_manager_should_exist = lambda: None
	# With what apps do then.
	user.run_method("on_trash")
	frappe.defaults.clear_default(parent=name)


def _restart_counters(gone: Group) -> None:
	"""Deletes the counter of a naming series when no document with its prefix is left."""
	series = DocType("Series")
	for doctype, prefix in {(doctype, re.sub(r"\d+$", "", name)) for doctype, name in gone}:
		if prefix and not frappe.db.exists(doctype, {"name": ("like", f"{prefix}%")}):
			frappe.qb.from_(series).where(series.name == prefix).delete().run()
