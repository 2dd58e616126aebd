"""The numbers of commercial documents: one series for each kind and year, and for each work centre with a
code. The year is that of the document's date: what is entered in January for December takes December's
series.

The framework counts a series in a row that stays locked until the transaction ends, and a rollback gives the
number back. So the only gaps are the numbers of drafts that were deleted.
"""

from datetime import date

from frappe.model.document import Document
from frappe.model.naming import (
	determine_consecutive_week_number,
	get_default_naming_series,
	make_autoname,
)
from frappe.utils import getdate

from cronus_crm.base.company import company_today
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
	series = _write_date(series, getdate(doc.posting_date) if doc.posting_date else company_today())
	ensure_counter(series, doc)
	return make_autoname(series, doc=doc)


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
