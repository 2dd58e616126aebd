"""The common filters of reports over totals: period, seller (with the team below) and work centre."""

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
	"""The filters of `RecordFilters`, which select records; this class applies them to the totals too."""

	@property
	def scope(self) -> Scope:
		"""These filters, without the period, as `ledger.totals` takes them. A seller stands for the whole
		team."""
		return Scope(rule.list_team(self.seller) if self.seller else None, self.work_center)

	def read_totals(self, measures: Sequence[str], by: Sequence[str] = ()) -> list[frappe._dict]:
		"""The totals of these filters; arguments and rows are those of `totals.read_period_totals`."""
		return totals.read_period_totals(measures, self.from_date, self.to_date, by, self.scope)

	def list_sellers(self) -> list[str]:
		"""The sellers that these filters select and whose totals the user may see, in the order of the
		tree."""
		visible = rule.visible_sellers(TOTAL)
		if not self.seller:
			return visible
		team = set(rule.list_team(self.seller))
		return [seller for seller in visible if seller in team]

	def shift_one_year_back(self) -> "ReportFilters":
		"""These filters, for the same days one year earlier."""
		return replace(
			self, from_date=_same_day_year_before(self.from_date), to_date=_same_day_year_before(self.to_date)
		)


def read_report_filters(filters: dict | None, days: int = DEFAULT_DAYS, reads: str = TOTAL) -> ReportFilters:
	"""Reads and checks the filters of a report: from_date, to_date, seller, work_center.

	days: length of the default period, which ends today. reads: the DocType whose records are counted, by
	whose rule the user's right to the seller is checked.

	Raises what `record_filters.read_record_filters` raises.
	"""
	read = read_record_filters(filters, days, reads)
	return ReportFilters(read.from_date, read.to_date, read.seller, read.work_center)


def _same_day_year_before(day: date) -> date:
	# 29 February has no such day in the year before: 28 February is taken.
	return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
