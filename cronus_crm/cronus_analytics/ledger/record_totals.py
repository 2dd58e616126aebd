"""What one record adds to the totals: pure functions of an entry of the ledger, of an opportunity and of an
activity.

The totals are the sum of these over all records. So a record that changes moves them by what it adds now less
what it added before, and whatever they say can be proved by adding everything up again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from frappe.utils import getdate

from cronus_crm.cronus_crm.record_states import IN_COURSE, OPPORTUNITY

# Opportunities that nobody expects to close on any day stand in this month.
UNDATED = date(1900, 1, 1)

# How many proformas were invoiced after so many days: enough for a median of any period.
DAYS = "Days to invoice"

IN_PROGRESS, POTENTIAL = "Deal in progress", "Deal potential"

# These say how things are now. They have no past, so that they are only kept by month.
OF_NOW = (IN_PROGRESS, POTENTIAL)

_CENT = Decimal("0.01")


class Cell(NamedTuple):
	"""Where something is counted.

	measure: one of those of Cronus Total. day: when it happened; of an opportunity in progress, the month in
	which it is expected to close. owner: of a record without a seller, whoever made it, for they see it; else
	empty. dimension: the stage, the loss reason, the type of activity or a number of days, where a measure is
	told apart by that.
	"""

	measure: str
	day: date
	seller: str
	work_center: str
	owner: str
	dimension: str


class Sum(NamedTuple):
	"""number: how many. amount: in the company's currency."""

	number: int
	amount: Decimal


Contribution = tuple[Cell, Sum]


def totals_of_entry(entry: Mapping[str, Any]) -> Iterator[Contribution]:
	"""Of a row of the ledger: its document, by its date; of a proforma that was invoiced, also the invoiced
	part of it, at its own prices and by *its* date, and the days until then. Nothing once it is cancelled."""
	if entry["cancelled"]:
		return
	yield _counted(entry["kind"], entry["posting_date"], entry, entry["amount"])
	if entry["kind"] == "Proforma" and entry["first_invoiced_on"]:
		invoiced = _exact(entry["amount"]) - _exact(entry["balance"])
		yield _counted("Proforma invoiced", entry["posting_date"], entry, invoiced)
		days = (getdate(entry["first_invoiced_on"]) - getdate(entry["posting_date"])).days
		yield _counted(DAYS, entry["posting_date"], entry, 0, str(days))


def totals_of_opportunity(opportunity: Any) -> Iterator[Contribution]:
	"""Of a Cronus Opportunity: when it was opened, when it reached each stage for the first time, and how it
	stands: in progress, won or lost. Its value is today's, also in the stages of its past."""
	value = opportunity.base_value
	yield _counted("Deal opened", opportunity.opened_on or opportunity.creation, opportunity, value)
	for stage in dict.fromkeys(stay.stage for stay in opportunity.stage_log):
		first = min(getdate(stay.entered_on) for stay in opportunity.stage_log if stay.stage == stage)
		yield _counted("Stage reached", first, opportunity, value, stage)
	if opportunity.state == "Won":
		yield _counted("Deal won", opportunity.closed_on, opportunity, value)
	elif opportunity.state == "Not won":
		yield _counted("Deal lost", opportunity.closed_on, opportunity, value, opportunity.loss_reason)
	elif opportunity.state in IN_COURSE[OPPORTUNITY]:
		expected = (
			getdate(opportunity.expected_close).replace(day=1) if opportunity.expected_close else UNDATED
		)
		potential = _exact(value) * Decimal(str(opportunity.probability or 0)) / 100  # to the cent below
		yield _counted(IN_PROGRESS, expected, opportunity, value, opportunity.stage)
		yield _counted(POTENTIAL, expected, opportunity, potential, opportunity.stage)


def totals_of_activity(activity: Any) -> Iterator[Contribution]:
	"""Of a Cronus Activity that is done: by the day on which it was, and its type."""
	if activity.state == "Done" and activity.done_on:
		yield _counted("Activity done", activity.done_on, activity, 0, activity.activity_type)


def difference(now: Iterable[Contribution], before: Iterable[Contribution] = ()) -> dict[Cell, Sum]:
	"""What is to be added to the totals so that they hold what a record adds now instead of what it did."""
	numbers: Counter[Cell] = Counter()
	amounts: dict[Cell, Decimal] = {}
	for sign, contributions in ((1, now), (-1, before)):
		for cell, added in contributions:
			numbers[cell] += sign * added.number
			amounts[cell] = amounts.get(cell, Decimal(0)) + sign * added.amount
	return {cell: Sum(numbers[cell], amount) for cell, amount in amounts.items() if numbers[cell] or amount}


def _counted(measure: str, day: Any, record: Any, amount: Any, dimension: str | None = "") -> Contribution:
	seller = record.get("seller") or ""
	cell = Cell(
		measure,
		getdate(day),
		seller,
		record.get("work_center") or "",
		"" if seller else record.get("owner") or "",
		dimension or "",
	)
	return cell, Sum(1, _exact(amount))


def _exact(amount: Any) -> Decimal:
	# As the database rounds, which adds up the same when totals are proved.
	return Decimal(str(amount or 0)).quantize(_CENT, ROUND_HALF_UP)
