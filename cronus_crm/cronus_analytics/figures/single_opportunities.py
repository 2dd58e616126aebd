"""Opportunities one by one: what has no total, as medians, and what is by customer or product.

* *Days to win* and *days to lose* = days from the day on which an opportunity was opened to the one on which
  it closed.
* The value of an opportunity is in the company's currency. By product it is that of the lines with the
product;
  an opportunity without lines stands under no product with all of its value.

The cost depends on the number of opportunities that closed in the period: they are read from one index, which
has all that is asked of them (`on_doctype_update` of Cronus Opportunity), and without grouping, as nearly
every one would be a group of its own.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import frappe
from frappe.query_builder import CustomFunction, DocType
from frappe.query_builder.functions import Coalesce, Count, Date, Sum
from pypika import Table
from pypika.queries import QueryBuilder
from pypika.terms import Term

from cronus_crm.base.averages import mean, median
from cronus_crm.base.company import round_company_amount
from cronus_crm.cronus_analytics.figures.opportunity_figures import Closed
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters
from cronus_crm.cronus_analytics.ledger.record_totals import IN_PROGRESS, POTENTIAL
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE

LINE = "Cronus Opportunity Product"
WON, LOST = "Won", "Not won"

_days_between = CustomFunction("datediff", ["to", "from"])
_round = CustomFunction("round", ["number", "decimals"])


@dataclass
class ClosedOnes:
	"""Opportunities that closed, by their state: the days of each, and its value."""

	days: dict[str, list[int]] = field(default_factory=lambda: {WON: [], LOST: []})
	values: dict[str, list[float]] = field(default_factory=lambda: {WON: [], LOST: []})

	def add_one(self, state: str, days: int, value: float) -> None:
		self.days[state].append(days)
		self.values[state].append(value)

	def add(self, other: "ClosedOnes") -> None:
		for state in (WON, LOST):
			self.days[state] += other.days[state]
			self.values[state] += other.values[state]

	@property
	def won_amount(self) -> float:
		"""To the cent, so that equal amounts are equal."""
		return round(sum(self.values[WON]), 2)

	def sum_up(self) -> Closed:
		"""Numbers and amounts, as the totals would have them."""
		won, lost = (self.values[state] for state in (WON, LOST))
		return Closed(len(won), round_company_amount(sum(won)), len(lost), round_company_amount(sum(lost)))

	def make_cells(self) -> dict:
		"""Medians and means as cells of a report; None without opportunities."""
		days = {state: Counter(self.days[state]) for state in (WON, LOST)}
		middle = median(Counter(self.values[WON]))
		return {
			"median_value": middle if middle is None else round_company_amount(middle),
			"median_days_to_win": median(days[WON]),
			"mean_days_to_win": mean(days[WON]),
			"median_days_to_lose": median(days[LOST]),
			"mean_days_to_lose": mean(days[LOST]),
		}


def read_closed(filters: ReportFilters, by: str) -> dict[str, ClosedOnes]:
	"""The opportunities that closed in the period and that the user may see, by a field of theirs ("" without
	a value): seller, work_center or customer."""
	opportunity, query = _query_closed(filters)
	found: dict[str, ClosedOnes] = defaultdict(ClosedOnes)
	for name, *one in query.select(opportunity[by], *_facts(opportunity)).run():
		found[name or ""].add_one(*one)
	return found


def read_closed_by_product(filters: ReportFilters) -> tuple[dict[str, ClosedOnes], ClosedOnes]:
	"""The opportunities that closed in the period and that the user may see, by product, and each once."""
	opportunity, query = _query_closed(filters)
	line = DocType(LINE)
	rows = (
		query.left_join(line)
		.on((line.parent == opportunity.name) & (line.parenttype == OPPORTUNITY))
		.select(opportunity.name, line.product, line.amount, opportunity.exchange_rate, *_facts(opportunity))
		.run()
	)
	# Two lines of the same product are one.
	amounts: dict[tuple[str, str], float] = defaultdict(float)
	facts = {}
	for name, product, amount, rate, *one in rows:
		amounts[name, product or ""] += amount or 0
		facts[name] = rate, *one
	found: dict[str, ClosedOnes] = defaultdict(ClosedOnes)
	for (name, product), amount in amounts.items():
		rate, state, days, value = facts[name]
		found[product].add_one(state, days, round_company_amount(amount * rate) if product else value)
	in_all = ClosedOnes()
	for _rate, *one in facts.values():
		in_all.add_one(*one)
	return found, in_all


def _query_closed(filters: ReportFilters) -> tuple[Table, QueryBuilder]:
	opportunity = DocType(OPPORTUNITY)
	query = (
		frappe.qb.from_(opportunity)
		.where(opportunity.closed_on[filters.from_date : filters.to_date])
		.where(opportunity.state.isin([WON, LOST]))
		.where(filters.condition(OPPORTUNITY, opportunity))
	)
	return opportunity, query


def _facts(opportunity: Table) -> tuple[Term, ...]:
	"""State, days from opening to closing, and value of an opportunity."""
	opened_on = Coalesce(opportunity.opened_on, Date(opportunity.creation))
	return opportunity.state, _days_between(opportunity.closed_on, opened_on), opportunity.base_value


def read_in_progress_by_product(filters: ReportFilters) -> list[frappe._dict]:
	"""The opportunities in progress by product and stage, as `opportunity_figures.read_in_progress` has them
	by seller: rows with measure, `product`, dimension (the stage), number and amount."""
	one = _query_open_by_product(filters).as_("open_ones")
	potential = _round(one.value * Coalesce(one.probability, 0) / 100, 2)
	rows = (
		frappe.qb.from_(one)
		.select(one.product, one.stage, Count("*"), Sum(one.value), Sum(potential))
		.groupby(one.product, one.stage)
		.run()
	)
	found = []
	for product, stage, number, amount, expected in rows:
		for measure, summed in ((IN_PROGRESS, amount), (POTENTIAL, expected)):
			figures = {"number": number, "amount": round_company_amount(summed)}
			found.append(frappe._dict(figures, measure=measure, product=product, dimension=stage))
	return found


def _query_open_by_product(filters: ReportFilters) -> QueryBuilder:
	"""A row for each opportunity in progress and product: two lines of the same product are one."""
	opportunity, line = DocType(OPPORTUNITY), DocType(LINE)
	of_lines = _round(Sum(line.amount) * opportunity.exchange_rate, 2)
	return (
		frappe.qb.from_(opportunity)
		.left_join(line)
		.on((line.parent == opportunity.name) & (line.parenttype == OPPORTUNITY))
		.select(opportunity.stage, opportunity.probability, line.product)
		.select(Coalesce(of_lines, opportunity.base_value).as_("value"))
		.where(opportunity.state.isin(STATES_IN_COURSE[OPPORTUNITY]))
		.where(filters.condition(OPPORTUNITY, opportunity))
		.groupby(opportunity.name, line.product)
	)
