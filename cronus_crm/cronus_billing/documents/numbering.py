"""The numbers of commercial documents: one series for each kind and year, and for each work centre with a
code.

The framework counts a series in a row that stays locked until the transaction ends, and a rollback gives the
number back. So the only gaps are the numbers of drafts that were deleted.
"""

from frappe.model.document import Document
from frappe.model.naming import get_default_naming_series, make_autoname

from cronus_crm.base.name_counters import ensure_counter
from cronus_crm.base.present_records import get_present_value


def make_next_name(doc: Document) -> str:
	"""The next name in the series of a document. The code of its work centre is inserted before the year:
	PF-.YYYY.-.##### becomes PF-UIO-.YYYY.-.#####."""
	# Data imports do not set default values.
	series = doc.naming_series = doc.naming_series or get_default_naming_series(doc.doctype)
	code = doc.work_center and get_present_value("Cronus Work Center", doc.work_center, "series_code")
	if code:
		prefix, rest = series.split(".", 1)
		series = f"{prefix}{code}-.{rest}"
	ensure_counter(series, doc)
	return make_autoname(series, doc=doc)
