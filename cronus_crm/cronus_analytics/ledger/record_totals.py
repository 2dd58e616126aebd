"""What one record contributes to the totals: pure functions of a ledger entry, an opportunity or an activity.

The totals are the sum of the contributions of all records. When a record changes, its new contributions minus
its old ones are added to the totals; and the totals can be verified by summing all records again
(`recount_totals.py`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from frappe.utils import getdate

from cronus_crm.base.amounts import as_decimal, round_decimal
from cronus_crm.base.company import company_decimals
from cronus_crm.cronus_crm.opportunities.funnel_path import read_funnel_path
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE

# The month in which opportunities without an expected closing date are counted.
UNDATED = date(1900, 1, 1)

# This measure is a histogram: its dimension is a number of days, its number how many proformas were invoiced
# after that many days. A median of any period can be computed from it.
DAYS_TO_INVOICE = "Days to invoice"

# Both count an opportunity on the day of its first stage: each stage that it was in, and of those on the way
# to a sale the furthest one.
STAGE_REACHED, FURTHEST_STAGE = "Stage reached", "Furthest stage"

# What customers confirm, whatever document they confirm it with.
SALE = "Sale"

IN_PROGRESS, POTENTIAL = "Deal in progress", "Deal potential"

# Measures of the current state. They have no history, so they are stored by month only, not by day.
CURRENT_MEASURES = (IN_PROGRESS, POTENTIAL)


class Cell(NamedTuple):
	"""The key under which something is counted.

	measure: one of those of Cronus Total. day: when it happened; for an opportunity in progress, the first
	day of the month in which it is expected to close. owner: the author of a record without a seller, because
	the author may see it; else empty. dimension: the stage, the loss reason, the type of activity or a number
	of days, for measures that are split by one of these; else empty.
	"""

	measure: str
	day: date
	seller: str
	work_center: str
	owner: str
	dimension: str


class Sum(NamedTuple):
	"""number: how many records. amount: in the company's currency."""

	number: int
	amount: Decimal

	def add(self, other: "Sum") -> "Sum":
		return Sum(self.number + other.number, self.amount + other.amount)


Contribution = tuple[Cell, Sum]


def totals_of_entry(entry: Mapping[str, Any]) -> Iterator[Contribution]:
	"""The contributions of an entry of the ledger; none of a cancelled one.

	Its document counts by its own date, and once more as a sale when it is the first with which the customer
	confirms (`entries.py`). A proforma that was invoiced also contributes its invoiced part (its
	amount minus its balance) and the days from its date to its first invoice; both by the date of the
	proforma, so that a period's conversion compares the same proformas.
	"""
	if entry["cancelled"]:
		return
	yield _make_contribution(entry["kind"], entry["posting_date"], entry, entry["amount"])
	if entry.get("is_sale"):
		yield _make_contribution(SALE, entry["posting_date"], entry, entry["amount"])
	if entry["kind"] == "Proforma" and entry["first_invoiced_on"]:
		invoiced = _round(entry["amount"]) - _round(entry["balance"])
		yield _make_contribution("Proforma invoiced", entry["posting_date"], entry, invoiced)
		days = (getdate(entry["first_invoiced_on"]) - getdate(entry["posting_date"])).days
		yield _make_contribution(DAYS_TO_INVOICE, entry["posting_date"], entry, 0, str(days))


def totals_of_opportunity(opportunity: Any) -> Iterator[Contribution]:
	"""The contributions of a Cronus Opportunity: its opening, the stages that it was in, and its current
	state (in progress, won or lost). All have its current value, also past stages.

	The order of the stages is read from the database.

	Its potential is value × probability, rounded.
	"""
	value = opportunity.base_value
	yield _make_contribution("Deal opened", opportunity.opened_on or opportunity.creation, opportunity, value)
	yield from _contributions_of_stages(opportunity)
	if opportunity.state == "Won":
		yield _make_contribution("Deal won", opportunity.closed_on, opportunity, value)
	elif opportunity.state == "Not won":
		yield _make_contribution(
			"Deal lost", opportunity.closed_on, opportunity, value, opportunity.loss_reason
		)
	elif opportunity.state in STATES_IN_COURSE[OPPORTUNITY]:
		expected = (
			getdate(opportunity.expected_close).replace(day=1) if opportunity.expected_close else UNDATED
		)
		# Rounded by `_make_contribution`.
		potential = _round(value) * Decimal(str(opportunity.probability or 0)) / 100
		yield _make_contribution(IN_PROGRESS, expected, opportunity, value, opportunity.stage)
		yield _make_contribution(POTENTIAL, expected, opportunity, potential, opportunity.stage)


def _contributions_of_stages(opportunity: Any) -> Iterator[Contribution]:
	if not opportunity.stage_log:
		return
	first = min(getdate(stay.entered_on) for stay in opportunity.stage_log)
	reached = dict.fromkeys(stay.stage for stay in opportunity.stage_log)
	for stage in reached:
		yield _make_contribution(STAGE_REACHED, first, opportunity, opportunity.base_value, stage)
	on_the_way = [stage for stage in read_funnel_path() if stage in reached]
	if on_the_way:
		yield _make_contribution(FURTHEST_STAGE, first, opportunity, opportunity.base_value, on_the_way[-1])


def totals_of_activity(activity: Any) -> Iterator[Contribution]:
	"""The contribution of a Cronus Activity that is done, by the day on which it was done and its type."""
	if activity.state == "Done" and activity.done_on:
		yield _make_contribution("Activity done", activity.done_on, activity, 0, activity.activity_type)


def compute_change(now: Iterable[Contribution], before: Iterable[Contribution] = ()) -> dict[Cell, Sum]:
	"""What must be added to the totals when a record's contributions change: those of now minus those before.

	Cells that do not change are left out.
	"""
	numbers: Counter[Cell] = Counter()
	amounts: dict[Cell, Decimal] = {}
	for sign, contributions in ((1, now), (-1, before)):
		for cell, added in contributions:
			numbers[cell] += sign * added.number
			amounts[cell] = amounts.get(cell, Decimal(0)) + sign * added.amount
	return {cell: Sum(numbers[cell], amount) for cell, amount in amounts.items() if numbers[cell] or amount}


def _make_contribution(
	measure: str, day: Any, record: Any, amount: Any, dimension: str | None = ""
) -> Contribution:
	seller = record.get("seller") or ""
	cell = Cell(
		measure,
		getdate(day),
		seller,
		record.get("work_center") or "",
		"" if seller else record.get("owner") or "",
		dimension or "",
	)
	return cell, Sum(1, _round(amount))


def _round(amount: Any) -> Decimal:
	# Half away from zero, as the database's ROUND does, with which `recount_totals.py` compares.
	return round_decimal(as_decimal(amount), company_decimals())
