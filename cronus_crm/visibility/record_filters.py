"""Which records a report is asked for: those of a period, of a seller with the team below, of a work
centre."""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Criterion
from pypika import Table

from cronus_crm.base import period
from cronus_crm.visibility import rule


@dataclass(frozen=True)
class RecordFilters:
	"""from_date, to_date: both included. seller: with the team below. work_center: that one alone."""

	from_date: date
	to_date: date
	seller: str | None = None
	work_center: str | None = None

	def condition(self, doctype: str, table: Table) -> Criterion:
		"""The records of seller and work centre that the user sees, of whatever date.

		table: that of the DocType, which has `seller` and `work_center`.
		"""
		rules = [criterion] if (criterion := rule.build_criterion(doctype, table)) is not None else []
		if self.seller:
			rules.append(table.seller.isin(rule.list_team(self.seller)))
		if self.work_center:
			rules.append(table.work_center == self.work_center)
		return Criterion.all(rules)


def read_record_filters(filters: dict | None, days: int, reads: str) -> RecordFilters:
	"""What filters ask for: from_date and to_date (by default so many days up to today), seller (with the
	team below), work_center.

	reads: the DocType whose records are counted. Whoever sees those of a seller may ask for that seller, and
	what is counted is what they see in any case.

	Raises frappe.ValidationError for a period that ends before it begins, frappe.PermissionError for a seller
	whose records the user does not see.
	"""
	filters = frappe._dict(filters or {})
	from_date, to_date = period.read_period(filters.from_date, filters.to_date, days)
	if filters.seller and filters.seller not in rule.visible_sellers(reads):
		frappe.throw(
			_("{0} is not in your team. Choose a seller that you may see.").format(
				frappe.bold(filters.seller)
			),
			frappe.PermissionError,
		)
	return RecordFilters(from_date, to_date, filters.seller or None, filters.work_center or None)
