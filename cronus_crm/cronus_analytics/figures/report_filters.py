"""Which figures a report is asked for: the records of a period, of sellers and a work centre, and their
totals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import frappe

from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.totals import TOTAL, Scope
from cronus_crm.visibility import rule
from cronus_crm.visibility.record_filters import RecordFilters, read_record_filters

DEFAULT_DAYS = 365


@dataclass(frozen=True)
class ReportFilters(RecordFilters):
	"""What `RecordFilters` says of records, said of their totals too."""

	@property
	def scope(self) -> Scope:
		"""Sellers and work centre as the totals are read by them; see `totals.Scope`."""
		return Scope(rule.list_team(self.seller) if self.seller else None, self.work_center)

	def totals_of(self, measures: Sequence[str], by: Sequence[str] = ()) -> list[frappe._dict]:
		"""The totals of the period, as `totals.read` gives them back."""
		return totals.read(measures, self.from_date, self.to_date, by, self.scope)

	def sellers(self) -> list[str]:
		"""The sellers that are asked for and whose totals the user sees, in the order of the tree."""
		visible = rule.visible_sellers(TOTAL)
		if not self.seller:
			return visible
		team = set(rule.list_team(self.seller))
		return [seller for seller in visible if seller in team]

	def a_year_before(self) -> "ReportFilters":
		"""These filters, for the same days one year earlier."""
		return replace(self, from_date=_year_before(self.from_date), to_date=_year_before(self.to_date))


def read_filters_of_report(
	filters: dict | None, days: int = DEFAULT_DAYS, reads: str = TOTAL
) -> ReportFilters:
	"""What filters ask for: those of `record_filters.read_record_filters`, which says what is raised.

	days: length of the period up to today, where none is asked for. reads: the DocType whose records are
	counted.
	"""
	read = read_record_filters(filters, days, reads)
	return ReportFilters(read.from_date, read.to_date, read.seller, read.work_center)


def _year_before(day: date) -> date:
	# Of a leap year's last day of February, the one before.
	return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
