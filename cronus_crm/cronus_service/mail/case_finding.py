"""Which case a message is about."""

import re

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_service.cases import reopening
from cronus_crm.cronus_service.cases.case_states import CASE, OVER
from cronus_crm.cronus_service.cases.conversation import follow_merges
from cronus_crm.cronus_service.cases.senders import belongs_to_case

LOG = "Cronus Case Mail"

# [CS-2026-00001], also of a series of the company's own.
_FOLIO = re.compile(r"\[\s*([A-Za-z0-9][A-Za-z0-9/._-]{3,60})\s*\]|\b(CS-\d{4}-\d{5,})\b")


def find_case_by_references(ids: list[str]) -> str | None:
	"""The case of the nearest of these messages that is about one, whoever wrote it; that into which it was
	merged."""
	wanted = [each for each in reversed(ids) if each]
	if not wanted:
		return None
	# The message may be on its way since before it was moved to another case.
	said = frappe.get_all(
		"Communication",
		{"message_id": ("in", wanted), "reference_doctype": CASE},
		["message_id", "reference_name"],
		order_by="creation asc",
	)
	by_id = {row.message_id: row.reference_name for row in said}
	opened = frappe.get_all(CASE, {"message_id": ("in", wanted)}, ["message_id", "name"], order_by="name asc")
	for row in opened:
		by_id.setdefault(row.message_id, row.name)
	for each in wanted:
		if each in by_id and frappe.db.exists(CASE, by_id[each]):
			return follow_merges(by_id[each])
	return None


def find_received(message_id: str) -> frappe._dict | None:
	"""The message of theirs in a case with this Message-ID, as {"name", "reference_name"}: one that the log
	has forgotten, or that the framework has taken in. None without it."""
	about = {"message_id": message_id, "reference_doctype": CASE, "sent_or_received": "Received"}
	return frappe.db.get_value("Communication", about, ["name", "reference_name"], as_dict=True)


def find_named_case(subject: str) -> str | None:
	"""The case whose folio stands in a subject, as it is written there."""
	for match in list(_FOLIO.finditer(subject))[:20]:
		if name := frappe.db.get_value(CASE, {"name": match[1] or match[2]}, "name"):
			return name
	return None


def find_case_of_folio(subject: str, sender: str) -> tuple[str | None, str | None]:
	"""The case that a subject names, when the sender is one of its people; and the one that it names when
	not: (case, None) or (None, case). A stranger who writes a folio must not write into somebody's case."""
	named = find_named_case(subject)
	if not named:
		return None, None
	survivor = follow_merges(named)
	if any(belongs_to_case(sender, frappe.get_doc(CASE, name)) for name in {named, survivor}):
		return survivor, None
	return None, named


def find_open_continuation(case: Document) -> Document | None:
	"""The case that goes on where a message for this one would go: itself, or, when it is over and an answer
	reopens it no more, the one that was opened instead. None when a new one has to be opened."""
	if case.category not in OVER or reopening.may_reopen(case):
		return case
	later = frappe.get_all(LOG, {"earlier_case": case.name}, pluck="case", order_by="creation desc", limit=5)
	for name in later:
		if name and frappe.db.exists(CASE, name):
			next_case = frappe.get_doc(CASE, follow_merges(name))
			if next_case.category not in OVER or reopening.may_reopen(next_case):
				return next_case
	return None
