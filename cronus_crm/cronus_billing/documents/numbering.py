"""The numbers of commercial documents: one series for each kind and year, and for each work centre with a
code.

The framework counts a series in a row that stays locked until the transaction ends, and a rollback gives the
number back. So the only gaps are the numbers of drafts that were deleted.

History (`base/history.py`) keeps the numbers that it brings along, and takes others from the series of its
own year.
"""

import re

import frappe
from frappe.model.document import Document
from frappe.model.naming import get_default_naming_series, make_autoname, parse_naming_series
from frappe.query_builder import DocType
from frappe.utils import cint, getdate

from cronus_crm.base import history
from cronus_crm.base.name_counters import ensure_counter

_OWN_NUMBER = "cronus_own_number"

# Parts of a series that stand for the date, and how Python writes them.
_PARTS_OF_DATE = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d"}


def make_next_name(doc: Document) -> str:
	"""The next name in the series of a document. The code of its work centre is inserted before the year:
	PF-.YYYY.-.##### becomes PF-UIO-.YYYY.-.#####."""
	series = _find_series(doc)
	if number := doc.flags.get(_OWN_NUMBER):
		_count_own_number(series, doc, number)
		return number
	ensure_counter(series, doc)
	return make_autoname(series, doc=doc)


def keep_own_number(doc: Document) -> None:
	"""Event `before_naming`: remembers the name that a document of history was sent with, before the
	framework discards it."""
	doc.flags[_OWN_NUMBER] = doc.name if history.is_entered(doc.doctype) else None


def _find_series(doc: Document) -> str:
	# Data imports do not set default values.
	series = doc.naming_series = doc.naming_series or get_default_naming_series(doc.doctype)
	code = doc.work_center and frappe.get_cached_value("Cronus Work Center", doc.work_center, "series_code")
	if code:
		prefix, rest = series.split(".", 1)
		series = f"{prefix}{code}-.{rest}"
	if history.is_entered(doc.doctype) and doc.posting_date:
		for part, form in _PARTS_OF_DATE.items():
			series = series.replace(f".{part}.", f".{getdate(doc.posting_date):{form}}.")
	return series


def _count_own_number(series: str, doc: Document, number: str) -> None:
	"""Moves the counter of a series on to a number of history that is in it, so that it is not given
	again."""
	ensure_counter(series, doc)
	prefix = parse_naming_series(series, doc=doc, number_generator=lambda prefix, digits: "")
	found = re.fullmatch(re.escape(prefix) + r"(\d{1,9})", number)
	if found:
		counter = DocType("Series")
		query = frappe.qb.update(counter).set(counter.current, cint(found[1]))
		query.where((counter.name == prefix) & (counter.current < cint(found[1]))).run()
