"""Sums over the list of a DocType, by the values of a field: what the session's user may see of it."""

from typing import TypedDict

import frappe
import frappe.model
from frappe import _
from frappe.utils import cint, flt

_ALWAYS_THERE = (*frappe.model.default_fields[1:], *frappe.model.optional_fields)


class ListSum(TypedDict):
	"""How many records, and the sum of a field over them."""

	number: int
	amount: float


def sum_by_field(doctype: str, group: str, amount: str, filters: list | dict) -> dict[str, ListSum]:
	"""{value of `group`: number of records and sum of `amount`}, of the records that a list with these
	filters shows to the session's user.

	group, amount: names of fields, never from a client. Raises frappe.PermissionError without the right to
	read the DocType, frappe.ValidationError for a filter of a field that there is not.
	"""
	_check_fields(doctype, filters)
	rows = frappe.get_list(
		doctype,
		filters=_find_matches(doctype, filters) if _names_rows(doctype, filters) else filters,
		fields=[group, *_sum_fields(amount)],
		group_by=f"`tab{doctype}`.`{group}`",
		order_by=f"`tab{doctype}`.`{group}` asc",
		limit=0,
	)
	return {row[group]: ListSum(number=cint(row.number), amount=flt(row.amount)) for row in rows}


def _check_fields(doctype: str, filters: list | dict) -> None:
	meta = frappe.get_meta(doctype)
	mappings = (
		[filters] if isinstance(filters, dict) else [each for each in filters if isinstance(each, dict)]
	)
	for fieldname in (name for mapping in mappings for name in mapping):
		if not meta.has_field(fieldname) and fieldname not in _ALWAYS_THERE:
			text = frappe.bold(frappe.utils.escape_html(str(fieldname)))
			frappe.throw(
				_("{0}: {1} is no field of {2}. Write its label.").format(_("Filters"), text, _(doctype))
			)


def _names_rows(doctype: str, filters: list | dict) -> bool:
	"""True where a filter is of a table of rows: a record with two that match would count twice."""
	return any(isinstance(each, list | tuple) and len(each) > 3 and each[0] != doctype for each in filters)


def _find_matches(doctype: str, filters: list | dict) -> dict:
	order = f"`tab{doctype}`.`name` asc"
	names = frappe.get_list(doctype, filters=filters, pluck="name", distinct=True, limit=0, order_by=order)
	return {"name": ("in", names or [""])}


def _sum_fields(amount: str) -> list:
	# 16 refuses functions that are text, and 15 does not know those that are mappings.
	if cint(frappe.__version__.split(".")[0]) >= 16:
		return [{"COUNT": "name", "as": "number"}, {"SUM": amount, "as": "amount"}]
	return ["count(name) as number", f"sum({amount}) as amount"]
