"""With whom an activity is: one search over customers, prospects, contacts and opportunities.

`find_parties` is the only place that knows how they are searched: an index can take the place of its queries
as long as it gives the same rows.
"""

import re
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, cstr

from cronus_crm.base import text_folding
from cronus_crm.base.texts import read_text
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE
from cronus_crm.visibility import rule

MOST_PARTIES = 20
_SHORTEST_TEXT = 2
# Digits that make a text a telephone: fewer are in every number.
_FEWEST_DIGITS = 4


@dataclass(frozen=True)
class _Kind:
	"""How records of a DocType are searched.

	label: the field that people know them by. searched: further fields in which a text is looked for.
	detail: the fields that tell one from another. filters: which can be chosen.
	"""

	doctype: str
	label: str
	searched: tuple[str, ...]
	detail: tuple[str, ...]
	filters: tuple[list, ...] = ()
	phone_key: str | None = "phone_key"


_KINDS = (
	_Kind(
		"Cronus Customer",
		"customer_name",
		("name", "code", "tax_id", "phone", "email"),
		("city", "phone"),
		(["disabled", "=", 0], ["merged_into", "is", "not set"]),
	),
	_Kind(
		"Cronus Prospect",
		"prospect_name",
		("name", "company_name", "tax_id", "phone", "email"),
		("company_name", "phone"),
		# Whoever became a customer is found as one.
		(["state", "!=", "Converted"],),
	),
	_Kind("Contact", "full_name", ("email_id", "phone", "mobile_no"), ("company_name", "phone"), (), None),
	_Kind(
		OPPORTUNITY,
		"title",
		("name",),
		("customer_name", "prospect_name"),
		(["state", "in", STATES_IN_COURSE[OPPORTUNITY]],),
		None,
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
	wanted = " ".join(cstr(text).split())
	if len(wanted) < _SHORTEST_TEXT:
		return []
	limit = min(max(cint(limit), 1), MOST_PARTIES)
	found = []
	for kind in _KINDS:
		if frappe.has_permission(kind.doctype, "read"):
			found += _find_of_kind(kind, wanted, limit)
	found.sort(key=lambda row: _rank(row["label"], wanted))
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


def _find_of_kind(kind: _Kind, wanted: str, limit: int) -> list[dict]:
	pattern = f"%{_escape_like(text_folding.make_like_pattern(wanted))}%"
	conditions = [[kind.doctype, field, "like", pattern] for field in (kind.label, *kind.searched)]
	digits = re.sub(r"\D", "", wanted)
	if kind.phone_key and len(digits) >= _FEWEST_DIGITS:
		conditions.append([kind.doctype, kind.phone_key, "like", f"%{digits.lstrip('0')}%"])
	rows = frappe.get_list(
		kind.doctype,
		fields=list(dict.fromkeys(("name", kind.label, *kind.detail))),
		filters=[[kind.doctype, *condition] for condition in kind.filters],
		or_filters=conditions,
		order_by="modified desc",
		limit=limit,
	)
	return [_build_party(kind, row) for row in rows]


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


def _escape_like(text: str) -> str:
	return text.replace("\\", "\\\\").replace("%", "\\%")


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
