"""The numbers of commercial documents: one series for each kind and year, and for each work centre with a
code. The year is that of the document's date: what is entered in January for December takes December's
series.

The framework counts a series in a row that stays locked until the transaction ends, and a rollback gives the
number back. So the only gaps are the numbers of drafts that were deleted.

History (`base/history.py`) keeps the numbers that it brings along.
"""

import re
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import (
	determine_consecutive_week_number,
	get_default_naming_series,
	parse_naming_series,
)
from frappe.query_builder import DocType
from frappe.utils import cint, getdate

from cronus_crm.base import history
from cronus_crm.base.company import company_today
from cronus_crm.base.name_counters import ensure_counter, take_next_number
from cronus_crm.base.present_records import get_present_value

_OWN_NUMBER = "cronus_own_number"


def make_next_name(doc: Document) -> str:
	"""The next name in the series of a document. The code of its work centre is inserted before the year:
	PF-.YYYY.-.##### becomes PF-UIO-.YYYY.-.#####."""
	series = _find_series(doc)
	if number := doc.flags.get(_OWN_NUMBER):
		_count_own_number(series, doc, number)
		return number
	return parse_naming_series(series, doc=doc, number_generator=take_next_number)


def keep_own_number(doc: Document) -> None:
	"""Event `before_naming`: remembers the name that a document of history was sent with, before the
	framework discards it."""
	doc.flags[_OWN_NUMBER] = doc.name if history.is_entered(doc.doctype) else None


def _find_series(doc: Document) -> str:
	# Data imports do not set default values.
	series = doc.naming_series = doc.naming_series or get_default_naming_series(doc.doctype)
	code = doc.work_center and get_present_value("Cronus Work Center", doc.work_center, "series_code")
	if code:
		prefix, rest = series.split(".", 1)
		series = f"{prefix}{code}-.{rest}"
	return _write_date(series, getdate(doc.posting_date) if doc.posting_date else company_today())


def _write_date(series: str, day: date) -> str:
	"""A series with its parts of a date filled in; the framework would take them from the present day."""
	values = {
		"YYYY": f"{day:%Y}",
		"YY": f"{day:%y}",
		"MM": f"{day:%m}",
		"DD": f"{day:%d}",
		"WW": determine_consecutive_week_number(day),
	}
	return ".".join(values.get(part, part) for part in series.split("."))


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


def show_next_number(doctype: str) -> str:
	"""The number that the next document of today gets, for a work centre without a code."""
	prefix, digits = _read_series(doctype)
	counter = DocType("Series")
	found = frappe.qb.from_(counter).select(counter.current).where(counter.name == prefix).run(pluck=True)
	return f"{prefix}{cint(found[0] if found else 0) + 1:0{digits}d}"


def go_on_with(doctype: str, number: int) -> None:
	"""Moves the counter of this year's series on, so that the next document gets a number.

	Raises frappe.ValidationError for a number that was given already.
	"""
	prefix, digits = _read_series(doctype)
	ensure_counter(prefix + "." + "#" * digits, frappe.new_doc(doctype))
	counter = DocType("Series")
	query = frappe.qb.from_(counter).select(counter.current).where(counter.name == prefix)
	current = cint(query.for_update().run(pluck=True)[0])
	if number <= current:
		message = _("{0}: the number {1} was given already. The next one is {2}.")
		frappe.throw(message.format(_(doctype), number, current + 1))
	frappe.qb.update(counter).set(counter.current, number - 1).where(counter.name == prefix).run()


def _read_series(doctype: str) -> tuple[str, int]:
	"""The prefix of a DocType's series of today, and its number of digits."""
	series = _write_date(get_default_naming_series(doctype), company_today())
	found = []

	def note(prefix: str, digits: int) -> str:
		found.append((prefix, digits))
		return ""

	parse_naming_series(series, doc=frappe.new_doc(doctype), number_generator=note)
	return found[0]
