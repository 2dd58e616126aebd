"""The search of link fields for DocTypes of ours, as people write: without accents, with any apostrophe, and
with a space for _ or the other way round; what is found is sorted as Spanish does.

The framework leaves accents to the database, which folds them, but searches translated masters itself, letter
by letter; to the database an apostrophe and a typographic one are two signs, and _ is any sign at all.
"""

import frappe
from frappe import _
from frappe.utils import cint, cstr

from cronus_crm.base import text_folding
from cronus_crm.base.arguments import read_filters
from cronus_crm.visibility.replaced.replacement import Call

# Of what the pattern finds, some is not what was asked for.
_SPARE = 5


def search(call: Call) -> list:
	"""The answer of the framework's `search_widget`, which the call is of, for a DocType of ours.

	Raises frappe.ValidationError for filters that are none.
	"""
	call["filters"] = read_filters(call["filters"])
	meta = frappe.get_meta(call.text("doctype"))
	asked = cstr(call["txt"])
	if meta.translated_doctype:
		call["txt"] = ""
		return _sort(_keep(call(), asked, meta, call["as_dict"]), asked, meta, call["as_dict"])
	if not text_folding.needs_fold(asked):
		return _sort(call(), asked, meta, call["as_dict"])
	length = cint(call["page_length"])
	call["txt"] = text_folding.make_like_pattern(asked)
	call["page_length"] = length * _SPARE
	found = _keep(call(), asked, meta, call["as_dict"])
	return _sort(found, asked, meta, call["as_dict"])[:length]


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
