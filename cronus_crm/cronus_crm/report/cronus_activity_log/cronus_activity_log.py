"""Cronus Activity Log: planned and finished activities, one row for each.

Definitions (shown on the page too): the activities that start in the period, in any state. *Overdue* is a
pending one whose start has passed. Newest first; the rows are limited, the numbers count all.
"""

from datetime import datetime, time, timedelta

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import cint
from pypika import Order, Table
from pypika.queries import QueryBuilder

from cronus_crm.base.company import company_now
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
	"""Columns, rows with a total, note, chart and summary, as the framework expects of a report.

	filters: from_date, to_date (default: the last 30 days), seller (with the team below), activity_type,
	customer, state, at_most.

	Raises the errors of `record_filters.read_record_filters`.
	"""
	filters = frappe._dict(filters or {})
	numbers = _count_by_type_and_state(filters)
	found = sum(number for _type, _state, number in numbers)
	rows = _read_rows(filters)
	total = {"subject": _("Total: {0}").format(found), "bold": 1}
	return (
		_build_columns(),
		[*rows, total] if rows else [],
		_build_definitions(left_out_sentence(len(rows), found)),
		_build_chart(numbers),
		_build_summary(numbers),
		True,
	)


def _build_query(filters: frappe._dict) -> tuple[Table, QueryBuilder]:
	"""The table of activities, and a query of those that match the filters and that the user may see."""
	activity = DocType(ACTIVITY)
	period_and_scope = read_record_filters({**filters, "work_center": None}, DAYS, reads=ACTIVITY)
	begins = datetime.combine(period_and_scope.from_date, time.min)
	ends = datetime.combine(period_and_scope.to_date + timedelta(days=1), time.min)
	query = (
		frappe.qb.from_(activity)
		# Always a condition on the state: it is the first column of the index.
		.where(activity.state.isin([filters.state] if filters.state in STATES else STATES))
		.where((activity.starts_on >= begins) & (activity.starts_on < ends))
		.where(period_and_scope.condition(ACTIVITY, activity))
	)
	for fieldname in ("activity_type", "customer"):
		if filters.get(fieldname):
			query = query.where(activity[fieldname] == filters[fieldname])
	return activity, query


def _count_by_type_and_state(filters: frappe._dict) -> list[tuple[str, str, int]]:
	"""(activity type, state, number of activities), ordered by type."""
	activity, query = _build_query(filters)
	by = (activity.activity_type, activity.state)
	return query.select(*by, Count("*")).groupby(*by).orderby(activity.activity_type).run()


def _read_rows(filters: frappe._dict) -> list[dict]:
	activity, query = _build_query(filters)
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
	now = company_now()
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


def _build_columns() -> list[dict]:
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


def _build_definitions(left_out: str) -> str:
	return definitions_note(
		_("Activities that begin in the period, cancelled ones too."),
		_("Overdue: pending, and should have begun."),
		left_out,
	)


def _build_chart(numbers: list[tuple[str, str, int]]) -> dict | None:
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


def _build_summary(numbers: list[tuple[str, str, int]]) -> list[dict]:
	labels = {state: _(state, context=ACTIVITY) for state in STATES}
	return [
		summary_figure(
			labels[state],
			sum(number for _type, counted_state, number in numbers if counted_state == state),
			"Int",
		)
		for state in STATES
	]
