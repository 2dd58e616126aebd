"""The figures of opportunities that several reports and the cards of the dashboard share."""

from collections.abc import Iterable
from typing import NamedTuple

import frappe

from cronus_crm.base.company import round_company_amount
from cronus_crm.base.report_parts import percentage
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters
from cronus_crm.cronus_analytics.figures.row_groups import RowGroups
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.record_totals import IN_PROGRESS, POTENTIAL

WON, LOST = "Deal won", "Deal lost"


class Closed(NamedTuple):
	"""Opportunities that closed in a period. Amounts are their values in the company's currency.

	Where the divisor of an average or a rate is zero, it is None. Rates are percentages.
	"""

	won: int = 0
	won_amount: float = 0
	lost: int = 0
	lost_amount: float = 0

	@property
	def average(self) -> float | None:
		"""Amount won / number won."""
		return round_company_amount(self.won_amount / self.won) if self.won else None

	@property
	def conversion(self) -> float | None:
		"""Number won / (number won + number lost)."""
		return percentage(self.won, self.won + self.lost)

	@property
	def conversion_by_amount(self) -> float | None:
		"""Amount won / (amount won + amount lost)."""
		return percentage(self.won_amount, self.won_amount + self.lost_amount)

	def add(self, other: "Closed") -> "Closed":
		return Closed(
			*(round_company_amount(mine + theirs) for mine, theirs in zip(self, other, strict=True))
		)


def sum_closed_by(groups: RowGroups, filters: ReportFilters) -> dict[str, Closed]:
	"""What each group of sellers or work centres won and lost in the period; the key "" holds opportunities
	without one."""
	found = filters.read_totals((WON, LOST), by=(groups.fieldname,))
	return {group: _sum_closed_rows(rows) for group, rows in groups.group_rows(found).items()}


def sum_closed(filters: ReportFilters) -> Closed:
	"""What was won and lost in the period.

	It reads the totals by month and by reason, as charts of the dashboard do, so that inside
	`totals.cache_reads` both share the queries.
	"""
	return _sum_closed_rows(
		[*filters.read_totals((WON,), by=("month",)), *filters.read_totals((LOST,), by=("dimension",))]
	)


def _sum_closed_rows(rows: Iterable[frappe._dict]) -> Closed:
	sums = {measure: [0, 0.0] for measure in (WON, LOST)}
	for row in rows:
		sums[row.measure][0] += row.number
		sums[row.measure][1] = round_company_amount(sums[row.measure][1] + row.amount)
	return Closed(*sums[WON], *sums[LOST])


class Expected(NamedTuple):
	"""Opportunities in progress. Amounts are in the company's currency; potential = Σ value × probability."""

	number: int = 0
	amount: float = 0
	potential: float = 0


def sum_expected(rows: Iterable[frappe._dict]) -> Expected:
	"""Sums up rows of `read_in_progress`."""
	rows = list(rows)
	in_progress = [row for row in rows if row.measure == IN_PROGRESS]
	return Expected(
		sum(row.number for row in in_progress),
		round_company_amount(sum(row.amount for row in in_progress)),
		round_company_amount(sum(row.amount for row in rows if row.measure == POTENTIAL)),
	)


def read_in_progress(filters: ReportFilters, by: tuple[str, ...] = ()) -> list[frappe._dict]:
	"""The current totals of opportunities in progress and of their potential, in rows of
	`totals.read_current_totals`. The period of the filters is not used."""
	return totals.read_current_totals((IN_PROGRESS, POTENTIAL), by=by, scope=filters.scope)


def read_stages(states: tuple[str, ...]) -> list[frappe._dict]:
	"""The stages that have one of these states, in their order: name, state, color, disabled."""
	return frappe.get_all(
		"Cronus Stage",
		filters={"state": ("in", states)},
		fields=["name", "state", "color", "disabled"],
		order_by="position asc, name asc",
	)
