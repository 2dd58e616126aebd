"""What the filters of a report ask for: a period, whose figures, and where. One meaning for all reports."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Criterion
from pypika import Table

from cronus_crm.base import period
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.totals import TOTAL, Scope
from cronus_crm.visibility import rule

DEFAULT_DAYS = 365


@dataclass(frozen=True)
class ReportFilters:
	"""from_date, to_date: both included. seller: with the team below. work_center: that one alone."""

	from_date: date
	to_date: date
	seller: str | None = None
	work_center: str | None = None

	@property
	def scope(self) -> Scope:
		"""The same for what is read by sellers and work centre; see `totals.Scope`."""
		return Scope(rule.team_of(self.seller) if self.seller else None, self.work_center)

	def totals_of(self, measures: Sequence[str], by: Sequence[str] = ()) -> list[frappe._dict]:
		"""What the totals have of it, as `totals.read` gives it back."""
		return totals.read(measures, self.from_date, self.to_date, by, self.scope)

	def condition(self, doctype: str, table: Table) -> Criterion:
		"""The same for a query over a table with `seller` and `work_center`, with the rule of visibility."""
		rules = [criterion] if (criterion := rule.condition(doctype, table)) is not None else []
		if self.seller:
			rules.append(table.seller.isin(rule.team_of(self.seller)))
		if self.work_center:
			rules.append(table.work_center == self.work_center)
		return Criterion.all(rules)

	def sellers(self) -> list[str]:
		"""The sellers that are asked for and whose totals the user sees, in the order of the tree."""
		visible = rule.visible_sellers(TOTAL)
		if not self.seller:
			return visible
		team = set(rule.team_of(self.seller))
		return [seller for seller in visible if seller in team]

	def a_year_before(self) -> "ReportFilters":
		"""The same of the same days one year earlier."""
		return replace(self, from_date=_year_before(self.from_date), to_date=_year_before(self.to_date))


def read_filters_of_report(
	filters: dict | None, days: int = DEFAULT_DAYS, reads: str = TOTAL
) -> ReportFilters:
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
	return ReportFilters(from_date, to_date, filters.seller or None, filters.work_center or None)


def _year_before(day: date) -> date:
	# Of a leap year's last day of February, the one before.
	return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
