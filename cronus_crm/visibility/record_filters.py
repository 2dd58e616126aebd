"""Filters that reports share: period, seller with the team below, work centre."""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Criterion
from pypika import Table

from cronus_crm.base import period
from cronus_crm.base.arguments import read_filter_values
from cronus_crm.visibility import rule


@dataclass(frozen=True)
class RecordFilters:
	"""from_date, to_date: the period, both included. seller: name of a Cronus Seller, whose team is included.
	work_center: name of a work centre. None: not filtered.
	"""

	from_date: date
	to_date: date
	seller: str | None = None
	work_center: str | None = None

	def condition(self, doctype: str, table: Table) -> Criterion:
		"""The criterion of the records of seller and work centre that the session's user sees. The period is
		not part of it.

		table: the table of the DocType in the query, with the columns `seller` and `work_center`.
		"""
		rules = [criterion] if (criterion := rule.build_criterion(doctype, table)) is not None else []
		if self.seller:
			rules.append(table.seller.isin(rule.list_team(self.seller)))
		if self.work_center:
			rules.append(table.work_center == self.work_center)
		return Criterion.all(rules)


def read_record_filters(filters: dict | None, days: int, reads: str) -> RecordFilters:
	"""Parses the filters from_date, to_date, seller and work_center of a report.

	days: the length of the period when from_date is missing; it then ends today or at to_date.
	reads: the DocType whose records the report counts.

	Raises frappe.ValidationError for a period that ends before it begins and for a value that is no text,
	number or date, frappe.PermissionError for a seller
	whose records of `reads` the session's user does not see.
	"""
	filters = read_filter_values(filters)
	from_date, to_date = period.read_period(filters.from_date, filters.to_date, days)
	if filters.seller and filters.seller not in rule.visible_sellers(reads):
		frappe.throw(
			_("{0} is not in your team. Choose a seller that you may see.").format(
				frappe.bold(filters.seller)
			),
			frappe.PermissionError,
		)
	return RecordFilters(from_date, to_date, filters.seller or None, filters.work_center or None)
