"""The counters of naming series: inserted before the framework reads them, or counted on in its place.

The framework keeps the counter of a series in a row of `tabSeries` and locks it until the transaction ends.
If the row does not exist yet, as on the first day of a year, its locking read takes a gap lock. Two
transactions can hold the same gap lock, and then each waits for the other before it can insert the row: the
first documents of a year would end in a deadlock.
"""

import frappe
from frappe.model.document import Document
from frappe.model.naming import get_default_naming_series, parse_naming_series
from frappe.query_builder import DocType


def ensure_counter_of_document(doc: Document, method: str | None = None) -> None:
	"""Event `before_naming` of DocTypes that are named by a series: see :func:`ensure_counter`."""
	# An import does not fill in default values, so the field may be empty here.
	if series := doc.naming_series or get_default_naming_series(doc.doctype):
		ensure_counter(f"{series}.#####", doc)


def ensure_counter(series: str, doc: Document) -> None:
	"""Locks the counter of a series until the transaction ends, and inserts it if it does not exist.

	series: the pattern with its parts, such as PF-.YYYY.-.#####. doc: the document whose fields fill the
	pattern.
	"""
	parse_naming_series(series, doc=doc, number_generator=_lock_counter)


def take_next_number(prefix: str, digits: int) -> str:
	"""A number generator for `parse_naming_series` that does in one statement what the framework does in two,
	and inserts the counter where there is none; the row stays locked until the transaction ends."""
	((number,),) = frappe.db.sql(
		"""insert into `tabSeries` (name, current) values (%s, 1)
		on duplicate key update current = current + 1 returning current""",
		prefix,
	)
	return f"{number:0{digits}d}"


def _lock_counter(prefix: str, digits: int) -> str:
	"""Takes the place of the framework's number generator: locks the row of `prefix` and takes no number."""
	series = DocType("Series")
	(
		frappe.qb.into(series)
		.columns(series.name, series.current)
		.insert(prefix, 0)
		.on_duplicate_key_update(series.current, series.current)
		.run()
	)
	return "#" * digits
