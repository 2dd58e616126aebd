"""What the totals of cases hold of other records, when these are renamed or merged."""

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.cronus_analytics.cases import case_recount, case_times
from cronus_crm.cronus_analytics.cases.case_totals import (
	AGENT,
	OPENED_BY_PRODUCT,
	OPENED_BY_TYPE,
	TIME_MEASURES,
	TIMES,
	TOTAL,
	TYPE,
	rating_measure,
	time_measure,
)


def _list_measures(by: str) -> tuple[str, ...]:
	return (*(time_measure(promised, by) for promised in TIMES), rating_measure(by))


# Of the DocTypes whose names stand in the dimension of rows: in which measures. It is no link, so the
# framework does not rename it. That of the team is one.
_MEASURES_BY_DOCTYPE = {
	"User": _list_measures(AGENT),
	"Cronus Case Type": (OPENED_BY_TYPE, *_list_measures(TYPE)),
	"Cronus Product": (OPENED_BY_PRODUCT,),
}


def on_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of the DocTypes whose names are keys of the totals: gives the rows of the totals
	their new keys, and the names that follow from them."""
	if measures := _MEASURES_BY_DOCTYPE.get(doc.doctype):
		total = DocType(TOTAL)
		is_old = total.measure.isin(measures) & (total.dimension == old)
		frappe.qb.update(total).set(total.dimension, new).where(is_old).run()
		case_times.rename("dimension", old, new, measures)
	if doc.doctype == "Cronus Service Team":
		case_times.rename("team", old, new, TIME_MEASURES)
	case_recount.rewrite_names()
