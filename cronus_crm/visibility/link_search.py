"""The search of link fields for DocTypes of ours, as people write: without accents, with any apostrophe, and
with a space for _ or the other way round; what is found is sorted as Spanish does.

The framework leaves accents to the database, which folds them, but searches translated masters itself, letter
by letter; to the database an apostrophe and a typographic one are two signs, and _ is any sign at all.
"""

import frappe
from frappe import _
from frappe.utils import cint, cstr
from frappe.utils.data import make_filter_tuple

from cronus_crm.base import text_folding
from cronus_crm.base.arguments import read_filters
from cronus_crm.base.search_terms import read_question
from cronus_crm.visibility import record_search, search_index
from cronus_crm.visibility.replaced.replacement import Call

# So many records that the index finds are looked at by the filters of a field.
_CANDIDATES = 200

# Records in one answer, at most. More than the database can count would be an error.
_MOST = 10_000

# Of what the pattern finds, some is not what was asked for.
_SPARE = 5


def search(call: Call) -> list:
	"""The answer of the framework's `search_widget`, which the call is of, for a DocType of ours.

	Raises frappe.ValidationError for filters that are none.
	"""
	# A query of its own gives other meanings to names.
	call["filters"] = read_filters(call["filters"], None if call["query"] else call.text("doctype"))
	call["page_length"] = min(max(cint(call["page_length"]), 0), _MOST)
	meta = frappe.get_meta(call.text("doctype"))
	asked = cstr(call["txt"])
	if meta.translated_doctype:
		call["txt"] = ""
		return _sort(_keep(call(), asked, meta, call["as_dict"]), asked, meta, call["as_dict"])
	if found := _search_index(call, meta, asked):
		return found
	if not text_folding.needs_fold(asked):
		return _sort(call(), asked, meta, call["as_dict"])
	length = call["page_length"]
	call["txt"] = text_folding.make_like_pattern(asked)
	call["page_length"] = length * _SPARE
	found = _keep(call(), asked, meta, call["as_dict"])
	return _sort(found, asked, meta, call["as_dict"])[:length]


def _search_index(call: Call, meta, asked: str) -> list:
	"""What the index of the search bar finds: a telephone or tax id in any writing, words in any order. The
	framework applies the filters of the field and the rule. Empty where it finds nothing: then the
	framework's own search has other fields, as the customer of a document."""
	question = read_question(asked) if meta.name in search_index.list_sources() else None
	names = record_search.find_names(meta.name, question, _CANDIDATES) if question else []
	if not names:
		return []
	start, length = cint(call["start"]), cint(call["page_length"])
	shown = call.but(
		txt="", start=0, page_length=len(names), filters=_add_names(call["filters"], meta, names)
	)()
	if len(names) == _CANDIDATES and len(shown) < start + length:
		# The filters leave out most of the first candidates; so common a text the database finds quickly.
		return []
	places = {name: place for place, name in enumerate(names)}
	literal = _keep(shown, asked, meta, call["as_dict"])
	if literal:
		found = _sort(literal, asked, meta, call["as_dict"])
	else:
		found = sorted(shown, key=lambda row: places[row["name"] if call["as_dict"] else row[0]])
	return found[start : start + length] if length else found


def _add_names(filters: list | dict, meta, names: list[str]) -> list:
	"""Filters of a list, with the condition that a record is one of these."""
	if isinstance(filters, dict):
		filters = [make_filter_tuple(meta.name, field, value) for field, value in filters.items()]
	return [*filters, [meta.name, "name", "in", names]]


def applies_to(call: Call) -> bool:
	"""True for a search by the framework's own query, of a DocType of ours, that is not the check of a
	link."""
	is_check = "for_link_validation" in call and call["for_link_validation"]
	module = frappe.get_meta(call.text("doctype")).module or ""
	return module.startswith("Cronus ") and not call["query"] and not is_check


def _keep(rows: list, asked: str, meta, as_dict: bool) -> list:
	wanted = text_folding.fold(asked)
	return [
		row for row in rows if any(wanted in text_folding.fold(text) for text in _texts(row, meta, as_dict))
	]


def _sort(rows: list, asked: str, meta, as_dict: bool) -> list:
	"""Sorts by the label that the field shows; those that begin with what was asked for come first."""
	wanted = text_folding.fold(asked)

	def key(row):
		texts = _texts(row, meta, as_dict)
		label = (
			texts[1] if meta.show_title_field_in_link and meta.title_field and len(texts) > 1 else texts[0]
		)
		return not text_folding.fold(label).startswith(wanted), text_folding.sort_key(label)

	return sorted(rows, key=key)


def _texts(row, meta, as_dict: bool) -> list[str]:
	values = row.values() if as_dict else row
	return [_(cstr(value)) if meta.translated_doctype else cstr(value) for value in values]
