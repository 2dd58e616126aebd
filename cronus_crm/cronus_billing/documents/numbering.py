"""The numbers of commercial documents: a series for each kind and year, and for each work centre with a code.

The framework counts a series in a row that is locked until the document is committed or given up, so numbers
have no gaps but those of drafts that were deleted.
"""

import frappe
from frappe.model.document import Document
from frappe.model.naming import get_default_naming_series, make_autoname

from cronus_crm.base.name_counters import ensure_counter


def next_name(doc: Document) -> str:
	"""The next number of the document's series. A work centre's code goes before the year: PF-.YYYY.-.#####
	is PF-UIO-.YYYY.-.##### there."""
	# An import fills in no defaults.
	series = doc.naming_series = doc.naming_series or get_default_naming_series(doc.doctype)
	code = doc.work_center and frappe.get_cached_value("Cronus Work Center", doc.work_center, "series_code")
	if code:
		prefix, rest = series.split(".", 1)
		series = f"{prefix}{code}-.{rest}"
	ensure_counter(series, doc)
	return make_autoname(series, doc=doc)
