"""The counters of names.

The framework keeps the counter of a series in a row that is locked until the document is committed or given
up. Where the row is not there yet, as on the first day of a year, it locks the place of it, which two can do,
and then each waits for the other to insert it: the first documents of the year would end in a deadlock.
"""

import frappe
from frappe.model.document import Document
from frappe.model.naming import get_default_naming_series, parse_naming_series
from frappe.query_builder import DocType


def ensure_counter_of_document(doc: Document, method: str | None = None) -> None:
	"""Event of the DocTypes that the framework names by their series."""
	# An import fills in no defaults.
	if series := doc.naming_series or get_default_naming_series(doc.doctype):
		ensure_counter(f"{series}.#####", doc)


def ensure_counter(series: str, doc: Document) -> None:
	"""Locks the counter of a document's series, and makes it where the series is new.

	series: with its parts, as PF-.YYYY.-.#####.
	"""
	parse_naming_series(series, doc=doc, number_generator=_lock_counter)


def _lock_counter(prefix: str, digits: int) -> str:
	series = DocType("Series")
	(
		frappe.qb.into(series)
		.columns(series.name, series.current)
		.insert(prefix, 0)
		.on_duplicate_key_update(series.current, series.current)
		.run()
	)
	return "#" * digits
