"""Cronus Activity Log: what was planned and what was done, activity by activity.

Definitions (they stand on the page too): the activities that begin in the period, whatever became of
them. One that is overdue is pending and should have begun before now. The newest come first; so many are
shown as is asked for, while the numbers are of all.
"""

from datetime import datetime, time, timedelta

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import cint, now_datetime
from pypika import Order, Table
from pypika.queries import QueryBuilder

from cronus_crm.base.report_parts import (
	column,
	definitions_note,
	left_out_sentence,
	numbers_chart,
	row_limit,
	summary_figure,
)
from cronus_crm.visibility.record_filters import read_record_filters

ACTIVITY = "Cronus Activity"
DAYS = 30
STATES = ("Pending", "Done", "Cancelled")


def execute(filters: dict | None = None):
	"""Columns, a row for each activity and one in all, a note, the chart and the summary.

	filters: from_date, to_date (default: the last 30 days), seller (with the team below), activity_type,
	customer, state, at_most.

	Raises what `record_filters.read_record_filters` raises.
	"""
	filters = frappe._dict(filters or {})
	numbers = _numbers(filters)
	found = sum(number for _type, _state, number in numbers)
	rows = _rows(filters)
	total = {"subject": _("Total: {0}").format(found), "bold": 1}
	return (
		_columns(),
		[*rows, total] if rows else [],
		_definitions(left_out_sentence(len(rows), found)),
		_chart(numbers),
		_summary(numbers),
		True,
	)


def _query(filters: frappe._dict) -> tuple[Table, QueryBuilder]:
	activity = DocType(ACTIVITY)
	asked_for = read_record_filters({**filters, "work_center": None}, DAYS, reads=ACTIVITY)
	begins = datetime.combine(asked_for.from_date, time.min)
	ends = datetime.combine(asked_for.to_date + timedelta(days=1), time.min)
	query = (
		frappe.qb.from_(activity)
		# An index begins with the state, so that it is named also where any will do.
		.where(activity.state.isin([filters.state] if filters.state in STATES else STATES))
		.where((activity.starts_on >= begins) & (activity.starts_on < ends))
		.where(asked_for.condition(ACTIVITY, activity))
	)
	for fieldname in ("activity_type", "customer"):
		if filters.get(fieldname):
			query = query.where(activity[fieldname] == filters[fieldname])
	return activity, query


def _numbers(filters: frappe._dict) -> list[tuple[str, str, int]]:
	activity, query = _query(filters)
	by = (activity.activity_type, activity.state)
	return query.select(*by, Count("*")).groupby(*by).orderby(activity.activity_type).run()


def _rows(filters: frappe._dict) -> list[dict]:
	activity, query = _query(filters)
	rows = (
		query.select(
			activity.name.as_("activity"),
			activity.starts_on,
			activity.activity_type,
			activity.subject,
			activity.state,
			activity.result,
			activity.done_on,
			activity.seller,
			activity.customer,
			activity.customer_name,
			activity.prospect,
			activity.opportunity,
			activity.all_day,
		)
		.orderby(activity.starts_on, order=Order.desc)
		.orderby(activity.name)
		.limit(row_limit(filters))
	).run(as_dict=True)
	now = now_datetime()
	for row in rows:
		row.state = (
			_("Overdue", context=ACTIVITY) if _is_overdue(row, now) else _(row.state, context=ACTIVITY)
		)
		row.result = _(row.result) if row.result else None
		row.activity_type = _(row.activity_type)
	return rows


def _is_overdue(row: frappe._dict, now: datetime) -> bool:
	due = datetime.combine(row.starts_on.date(), time.max) if cint(row.all_day) else row.starts_on
	return row.state == "Pending" and due < now


def _columns() -> list[dict]:
	return [
		column("starts_on", _("Starts on"), "Datetime", 190),
		column("activity_type", _("Type"), "Data", 120),
		column("subject", _("Subject"), "Data", 280),
		column("state", _("State"), "Data", 100),
		column("result", _("Result"), "Data", 130, align="left"),
		column("done_on", _("Done on"), "Datetime", 190, align="left"),
		column("seller", _("Seller"), "Link", 150, options="Cronus Seller"),
		column("customer", _("Customer"), "Link", 110, options="Cronus Customer"),
		column("customer_name", _("Name"), "Data", 180),
		column("prospect", _("Prospect"), "Link", 120, options="Cronus Prospect"),
		column("opportunity", _("Opportunity"), "Link", 120, options="Cronus Opportunity"),
		column("activity", _("Activity"), "Link", 120, options=ACTIVITY),
	]


def _definitions(left_out: str) -> str:
	return definitions_note(
		_("Activities that begin in the period, cancelled ones too."),
		_("Overdue: pending, and should have begun."),
		left_out,
	)


def _chart(numbers: list[tuple[str, str, int]]) -> dict | None:
	types = list(dict.fromkeys(activity_type for activity_type, _state, _number in numbers))
	if not types:
		return None
	by_cell = {(activity_type, state): number for activity_type, state, number in numbers}
	return numbers_chart(
		(_(activity_type) for activity_type in types),
		[(_(state, context=ACTIVITY), [by_cell.get((each, state), 0) for each in types]) for state in STATES],
		["#e0a96d", "#5b9279", "#b8b8b8"],
		barOptions={"stacked": 1},
	)


def _summary(numbers: list[tuple[str, str, int]]) -> list[dict]:
	labels = {state: _(state, context=ACTIVITY) for state in STATES}
	return [
		summary_figure(labels[state], sum(number for _type, its, number in numbers if its == state), "Int")
		for state in STATES
	]
