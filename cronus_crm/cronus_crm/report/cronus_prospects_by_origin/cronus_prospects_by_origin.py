"""Cronus Prospects by Origin: what became of the prospects of each contact medium and campaign.

Definitions (the page shows them too):

* The *cohort* is the prospects whose date, that of the first contact, is in the period.
* *Customers* of them are converted. *Won* are those with an opportunity that was won, at any time.
* *Conversion* = won / prospects of the cohort. It cannot be above 100 %.
* *Days to close* = days from the first contact to the day on which the first opportunity was won; median and
  mean over the prospects with one. An opportunity that closed before the contact took no days.
* *Amount won* = values of all opportunities won of these prospects, in the company's currency.

Only prospects and opportunities that the user may see.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.query_builder import Case, Criterion, CustomFunction, DocType
from frappe.query_builder.functions import Count, Min, Sum
from pypika.queries import QueryBuilder

from cronus_crm.base.averages import mean, median
from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	column,
	currency_column,
	definitions_note,
	numbers_chart,
	percent_column,
	percentage,
	read_option,
	summary_figure,
)
from cronus_crm.visibility import rule
from cronus_crm.visibility.record_filters import RecordFilters, read_record_filters

PROSPECT, OPPORTUNITY = "Cronus Prospect", "Cronus Opportunity"
DEFAULT_DAYS = 365

# The fields of a prospect by which the rows are grouped, by the filter `by`; the first is the default.
ORIGINS = {"Medium": ("medium",), "Campaign": ("campaign",), "Medium and campaign": ("medium", "campaign")}

# A chart with more bars than these is not readable.
MOST_BARS = 20

_days_between = CustomFunction("datediff", ["to", "from"])
_greatest = CustomFunction("greatest", ["one", "other"])


@dataclass
class Cohort:
	"""What became of some prospects. days: how many of them closed after so many days. won_amount: in the
	company's currency."""

	prospects: int = 0
	customers: int = 0
	won_amount: float = 0
	days: Counter[int] = field(default_factory=Counter)

	@property
	def won(self) -> int:
		return self.days.total()

	def add(self, other: "Cohort") -> None:
		self.prospects += other.prospects
		self.customers += other.customers
		self.won_amount = round_company_amount(self.won_amount + other.won_amount)
		self.days.update(other.days)


def execute(filters: dict | None = None):
	"""Columns, a row for each origin and one in all, a note, the chart and the summary.

	filters: from_date, to_date, seller (of the prospects, with the team below), work_center, by (one of
	ORIGINS).

	Raises what `record_filters.read_record_filters` and `report_parts.read_option` raise.
	"""
	fields = ORIGINS[read_option(filters, "by", tuple(ORIGINS))]
	found = _read_cohorts(read_record_filters(filters, DEFAULT_DAYS, PROSPECT), fields)
	rows = [_make_row(dict(zip(fields, origin, strict=True)), cohort) for origin, cohort in found.items()]
	rows.sort(key=lambda row: (-row["won_amount"], -row["prospects"], *(row[name] or "" for name in fields)))
	in_all = _add_up(found.values())
	total = {**_make_row({fields[0]: _("Total")}, in_all), "bold": 1}
	return (
		_make_columns(fields),
		[*rows, total] if rows else [],
		_make_note(),
		_make_chart(rows, fields),
		_make_summary(total),
		True,
	)


def _read_cohorts(filters: RecordFilters, fields: tuple[str, ...]) -> dict[tuple, Cohort]:
	"""The cohort of each origin, by the values of `fields`."""
	one = _query_prospects(filters).as_("prospects")
	days = _greatest(_days_between(one.won_on, one.contacted_on), 0)
	found: dict[tuple, Cohort] = {}
	rows = (
		frappe.qb.from_(one)
		.select(*(one[name] for name in fields))
		.select(days.as_("days"), Count("*"), Sum(one.is_customer), Sum(one.won_amount))
		.groupby(*(one[name] for name in fields), days)
		.run()
	)
	for *origin, days_to_close, prospects, customers, amount in rows:
		closed = {} if days_to_close is None else {int(days_to_close): prospects}
		cohort = Cohort(prospects, int(customers), round_company_amount(amount), Counter(closed))
		found.setdefault(tuple(name or None for name in origin), Cohort()).add(cohort)
	return found


def _query_prospects(filters: RecordFilters) -> QueryBuilder:
	"""A row for each prospect: origin, date of the first contact, whether it is a customer, the day on which
	its first opportunity was won and the value of all of these."""
	prospect, opportunity = DocType(PROSPECT), DocType(OPPORTUNITY)
	won = (opportunity.prospect == prospect.name) & (opportunity.state == "Won")
	visible = rule.build_criterion(OPPORTUNITY, opportunity)
	return (
		frappe.qb.from_(prospect)
		.left_join(opportunity)
		.on(won if visible is None else Criterion.all([won, visible]))
		.where(prospect.contacted_on[filters.from_date : filters.to_date])
		.where(filters.condition(PROSPECT, prospect))
		.select(prospect.medium, prospect.campaign, prospect.contacted_on)
		.select(Case().when(prospect.state == "Converted", 1).else_(0).as_("is_customer"))
		.select(Min(opportunity.closed_on).as_("won_on"), Sum(opportunity.base_value).as_("won_amount"))
		.groupby(prospect.name)
	)


def _add_up(cohorts: Iterable[Cohort]) -> Cohort:
	in_all = Cohort()
	for cohort in cohorts:
		in_all.add(cohort)
	return in_all


def _make_row(origin: dict, cohort: Cohort) -> dict:
	return {
		**origin,
		"prospects": cohort.prospects,
		"customers": cohort.customers,
		"won": cohort.won,
		"conversion": percentage(cohort.won, cohort.prospects),
		"median_days": median(cohort.days),
		"mean_days": mean(cohort.days),
		"won_amount": cohort.won_amount,
		"currency": company_currency(),
	}


def _make_columns(fields: tuple[str, ...]) -> list[dict]:
	origins = {
		"medium": column("medium", _("Contact medium"), "Link", 190, options="Cronus Contact Medium"),
		"campaign": column("campaign", _("Campaign"), "Link", 190, options="Cronus Campaign"),
	}
	return [
		*(origins[name] for name in fields),
		column("prospects", _("Prospects"), "Int", 120),
		column("customers", _("Of those, customers"), "Int", 170),
		column("won", _("Of those, won"), "Int", 150),
		percent_column("conversion", _("Conversion")),
		column("median_days", _("Median days to close"), "Float", 190, precision=1),
		column("mean_days", _("Mean days to close"), "Float", 180, precision=1),
		amount_column("won_amount", _("Amount won")),
		currency_column(),
	]


def _make_note() -> str:
	return definitions_note(
		_("Prospects by the day of their first contact, and what has become of them since."),
		_("Conversion: those with an opportunity that was won, of all prospects of the period."),
		_("Days to close: from the first contact to the first opportunity that was won."),
		_("Amounts in {0}. Only of records that you may see.").format(company_currency()),
	)


def origin_label(row: dict, fields: tuple[str, ...]) -> str:
	"""The label of an origin in a chart: translated media, campaigns as they are."""
	names = [_(row[name]) if name == "medium" and row[name] else row[name] for name in fields]
	return ", ".join(filter(None, names)) or _("(not said)")


def _make_chart(rows: list[dict], fields: tuple[str, ...]) -> dict | None:
	if not rows:
		return None
	shown = sorted(rows, key=lambda row: -row["prospects"])[:MOST_BARS]
	return numbers_chart(
		(origin_label(row, fields) for row in shown),
		[
			(_("Prospects"), [row["prospects"] for row in shown]),
			(_("Of those, won"), [row["won"] for row in shown]),
		],
		["#9bb8d3", "#16a34a"],
	)


def _make_summary(total: dict) -> list[dict]:
	return [
		summary_figure(_("Prospects"), total["prospects"], "Int"),
		summary_figure(_("Conversion"), total["conversion"], "Percent"),
		summary_figure(_("Median days to close"), total["median_days"], "Float"),
		summary_figure(_("Amount won"), total["won_amount"]),
	]
