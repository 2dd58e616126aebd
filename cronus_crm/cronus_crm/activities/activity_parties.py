"""With whom an activity is: one search over customers, prospects, contacts and opportunities, by the index of
the search bar."""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, cstr

from cronus_crm.base import text_folding
from cronus_crm.base.search_terms import Question, read_question
from cronus_crm.base.texts import read_text
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE
from cronus_crm.visibility import record_search, rule

MOST_PARTIES = 20
# So many times as many are asked of the index: some may not be chosen.
_SPARE = 3


@dataclass(frozen=True)
class _Kind:
	"""Records of a DocType that an activity may be with.

	label: the field that people know them by. detail: the fields that tell one from another. filters: which
	can be chosen.
	"""

	doctype: str
	label: str
	detail: tuple[str, ...]
	filters: tuple[list, ...] = ()


_KINDS = (
	_Kind(
		"Cronus Customer",
		"customer_name",
		("city", "phone"),
		(["disabled", "=", 0], ["merged_into", "is", "not set"]),
	),
	_Kind(
		"Cronus Prospect",
		"prospect_name",
		("company_name", "phone"),
		# Whoever became a customer is found as one.
		(["state", "!=", "Converted"],),
	),
	_Kind("Contact", "full_name", ("company_name", "phone")),
	_Kind(
		OPPORTUNITY,
		"title",
		("customer_name", "prospect_name"),
		(["state", "in", STATES_IN_COURSE[OPPORTUNITY]],),
	),
)

# The field of an activity that links to a record of each kind.
PARTY_FIELDS = {
	"Cronus Customer": "customer",
	"Cronus Prospect": "prospect",
	"Contact": "contact",
	OPPORTUNITY: "opportunity",
}


def find_parties(text: str, limit: int | str = 12) -> list[dict]:
	"""The records that an activity may be with and whose name, number, tax id, telephone or e-mail contains a
	text; of each kind only what the user may read.

	text: from two characters on; accents and capitals do not count. limit: rows, at most MOST_PARTIES.

	Returns [{"doctype", "name", "label", "detail"}]: those whose label begins with the text come first, then
	those with a word that does; within them customers, prospects, contacts, opportunities.
	"""
	question = read_question(cstr(text))
	if not question:
		return []
	limit = min(max(cint(limit), 1), MOST_PARTIES)
	found = []
	for kind in _KINDS:
		if frappe.has_permission(kind.doctype, "read"):
			found += _find_of_kind(kind, question, limit)
	found.sort(key=lambda row: _rank(row["label"], cstr(text).strip()))
	return found[:limit]


def find_fields(doctype: str, name: str) -> dict[str, str]:
	"""The links of an activity with a record that `find_parties` gives: also the customer or the prospect
	that a contact belongs to, as far as the user may see it.

	Raises frappe.PermissionError for a record that the user may not see, frappe.ValidationError for one of
	another DocType, frappe.DoesNotExistError for none.
	"""
	if doctype not in PARTY_FIELDS:
		frappe.throw(
			_(
				"An activity is with a customer, a prospect, a contact or an opportunity, not with {0}."
			).format(frappe.bold(frappe.utils.escape_html(doctype)))
		)
	frappe.get_doc(doctype, name).check_permission("read")
	fields = {PARTY_FIELDS[doctype]: name}
	return {**fields, **(_find_owner_of_contact(name) if doctype == "Contact" else {})}


def _find_of_kind(kind: _Kind, question: Question, limit: int) -> list[dict]:
	names = record_search.find_names(kind.doctype, question, limit * _SPARE)
	if not names:
		return []
	rows = frappe.get_list(
		kind.doctype,
		fields=list(dict.fromkeys(("name", kind.label, *kind.detail))),
		filters=[[kind.doctype, "name", "in", names], *([kind.doctype, *filter] for filter in kind.filters)],
		order_by="name asc",
		limit=len(names),
	)
	rows.sort(key=lambda row: names.index(row.name))
	return [_build_party(kind, row) for row in rows[:limit]]


def _build_party(kind: _Kind, row: "frappe._dict") -> dict:
	label = read_text(row[kind.label]) or row.name
	details = [read_text(row[field]) for field in kind.detail if row[field]]
	return {
		"doctype": kind.doctype,
		"name": row.name,
		"label": label,
		"detail": " · ".join(detail for detail in details if detail != label),
	}


def _rank(label: str, wanted: str) -> int:
	label, wanted = text_folding.fold(label), text_folding.fold(wanted)
	if label.startswith(wanted):
		return 0
	return 1 if any(word.startswith(wanted) for word in label.split()) else 2


def _find_owner_of_contact(contact: str) -> dict[str, str]:
	"""The first customer, else the first prospect, that a contact is linked to and the user may see."""
	link = DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(link)
		.select(link.link_doctype, link.link_name)
		.where((link.parenttype == "Contact") & (link.parent == contact))
		.where(link.link_doctype.isin(["Cronus Customer", "Cronus Prospect"]))
		.orderby(link.link_doctype, link.idx)
		.run()
	)
	visible = [(doctype, name) for doctype, name in rows if rule.can_see(doctype, name)]
	return {PARTY_FIELDS[doctype]: name for doctype, name in visible[:1]}
