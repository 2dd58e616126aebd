"""Which promise holds for a case: of those that fit, the most specific one."""

import frappe
from frappe.model.document import Document
from frappe.query_builder import Criterion, DocType

from cronus_crm.base.present_records import get_present_doc

PROMISE = "Cronus Service Promise"

# What a promise may hold for: fields of the promise and of the case, the most specific first. One for a
# customer comes before one for a type, whatever else the latter says.
KEY_FIELDS = ("customer", "case_type", "priority")


def find_promise(case: Document) -> Document | None:
	"""The enabled promise for the customer, type and priority of a case; None where none fits."""
	promise = DocType(PROMISE)
	fits = [_build_fitting(promise[fieldname], case.get(fieldname)) for fieldname in KEY_FIELDS]
	query = frappe.qb.from_(promise).select(promise.name, *(promise[fieldname] for fieldname in KEY_FIELDS))
	found = query.where((promise.disabled == 0) & Criterion.all(fits)).run(as_dict=True)
	if not found:
		return None
	# Two that are made at the same moment may say the same.
	best = min(found, key=lambda row: (*(not row[fieldname] for fieldname in KEY_FIELDS), row.name))
	return get_present_doc(PROMISE, best.name)


def _build_fitting(field, value: str | None) -> Criterion:
	is_any = field.isnull() | (field == "")
	return is_any | (field == value) if value else is_any
