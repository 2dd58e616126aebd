"""Figures of opportunities that several reports and the cards of the dashboard share: each is computed here
alone."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import flt

from cronus_crm.base.report_parts import percentage
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.record_totals import IN_PROGRESS, POTENTIAL

WON, LOST = "Deal won", "Deal lost"


class Closed(NamedTuple):
	"""Deals that ended in a period. Amounts in the company's currency; rates in per cent.

	average and the rates are None where there is nothing that they could be of.
	"""

	won: int = 0
	won_amount: float = 0
	lost: int = 0
	lost_amount: float = 0

	@property
	def average(self) -> float | None:
		return flt(self.won_amount / self.won, 2) if self.won else None

	@property
	def conversion(self) -> float | None:
		return percentage(self.won, self.won + self.lost)

	@property
	def conversion_by_amount(self) -> float | None:
		return percentage(self.won_amount, self.won_amount + self.lost_amount)

	def plus(self, other: "Closed") -> "Closed":
		return Closed(*(round(mine + theirs, 2) for mine, theirs in zip(self, other, strict=True)))


def closed_by_seller(asked: ReportFilters) -> dict[str, Closed]:
	"""What each seller won and lost in the period; "" stands for opportunities without a seller."""
	found = asked.totals_of((WON, LOST), by=("seller",))
	return {seller: _closed(rows) for seller, rows in by_seller(found).items()}


def by_seller(rows: Iterable[frappe._dict]) -> dict[str, list[frappe._dict]]:
	"""Rows as of `totals.read`, told apart by their sellers."""
	found: dict[str, list[frappe._dict]] = defaultdict(list)
	for row in rows:
		found[row.seller].append(row)
	return found


def closed_opportunities(asked: ReportFilters) -> Closed:
	"""What was won and lost in the period: what was won in each month, and lost for each reason."""
	return _closed([*asked.totals_of((WON,), by=("month",)), *asked.totals_of((LOST,), by=("dimension",))])


def _closed(rows: Iterable[frappe._dict]) -> Closed:
	sums = {measure: [0, 0.0] for measure in (WON, LOST)}
	for row in rows:
		sums[row.measure][0] += row.number
		sums[row.measure][1] = flt(sums[row.measure][1] + row.amount, 2)
	return Closed(*sums[WON], *sums[LOST])


class Expected(NamedTuple):
	"""Deals in progress. Amounts in the company's currency."""

	number: int = 0
	amount: float = 0
	potential: float = 0


def expected_amounts(rows: Iterable[frappe._dict]) -> Expected:
	"""Adds up rows of the two measures of opportunities in progress, see `totals.read_current`."""
	rows = list(rows)
	in_progress = [row for row in rows if row.measure == IN_PROGRESS]
	return Expected(
		sum(row.number for row in in_progress),
		flt(sum(row.amount for row in in_progress), 2),
		flt(sum(row.amount for row in rows if row.measure == POTENTIAL), 2),
	)


def opportunities_in_progress(asked: ReportFilters, by: tuple[str, ...] = ()) -> list[frappe._dict]:
	"""Deals in progress and what they promise, of now: rows as of `totals.read_current`."""
	return totals.read_current((IN_PROGRESS, POTENTIAL), by=by, scope=asked.scope)


def read_stages(states: tuple[str, ...]) -> list[frappe._dict]:
	"""The stages of these states in their order: name, state, color, disabled."""
	return frappe.get_all(
		"Cronus Stage",
		filters={"state": ("in", states)},
		fields=["name", "state", "color", "disabled"],
		order_by="position asc, name asc",
	)


def seller_label(seller: str | None) -> str:
	"""A seller in a chart, also where there is none."""
	return seller or _("(no seller)")
