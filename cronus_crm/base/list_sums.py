"""Sums over the list of a DocType, by the values of a field: what the session's user may see of it."""

from typing import TypedDict

import frappe
from frappe.utils import cint, flt


class ListSum(TypedDict):
	"""How many records, and the sum of a field over them."""

	number: int
	amount: float


def sum_by_field(doctype: str, group: str, amount: str, filters: list | dict) -> dict[str, ListSum]:
	"""{value of `group`: number of records and sum of `amount`}, of the records that a list with these
	filters shows to the session's user.

	group, amount: names of fields, never from a client. Raises frappe.PermissionError without the right to
	read the DocType.
	"""
	rows = _group_rows(doctype, group, filters, _sum_fields(amount))
	return {row[group]: ListSum(number=cint(row.number), amount=flt(row.amount)) for row in rows}


def count_by_field(doctype: str, group: str, filters: list | dict) -> dict[str, int]:
	"""{value of `group`: number of records}; as :func:`sum_by_field`."""
	rows = _group_rows(doctype, group, filters, [_COUNT])
	return {row[group]: cint(row.number) for row in rows}


def _group_rows(doctype: str, group: str, filters: list | dict, fields: list) -> list[frappe._dict]:
	return frappe.get_list(
		doctype,
		filters=_find_matches(doctype, filters) if _names_rows(doctype, filters) else filters,
		fields=[group, *fields],
		group_by=f"`tab{doctype}`.`{group}`",
		order_by=f"`tab{doctype}`.`{group}` asc",
		limit=0,
	)


def _names_rows(doctype: str, filters: list | dict) -> bool:
	"""True where a filter is of a table of rows: a record with two that match would count twice."""
	return any(isinstance(each, list | tuple) and len(each) > 3 and each[0] != doctype for each in filters)


def _find_matches(doctype: str, filters: list | dict) -> dict:
	order = f"`tab{doctype}`.`name` asc"
	names = frappe.get_list(doctype, filters=filters, pluck="name", distinct=True, limit=0, order_by=order)
	return {"name": ("in", names or [""])}


# 16 refuses functions that are text, and 15 does not know those that are mappings.
_TAKES_MAPPINGS = cint(frappe.__version__.split(".")[0]) >= 16
_COUNT = {"COUNT": "name", "as": "number"} if _TAKES_MAPPINGS else "count(name) as number"


def _sum_fields(amount: str) -> list:
	return [_COUNT, {"SUM": amount, "as": "amount"} if _TAKES_MAPPINGS else f"sum({amount}) as amount"]
