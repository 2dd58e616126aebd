"""The figures on the cards of the dashboard. Each is one that a report shows, and a click leads to it.

They are open to whoever may open the report, and are computed for each reader anew.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import flt

from cronus_crm.cronus_analytics import asked, deal_figures
from cronus_crm.cronus_analytics.asked import Asked
from cronus_crm.cronus_analytics.billed_figures import billed
from cronus_crm.cronus_analytics.deal_figures import Closed, Expected
from cronus_crm.cronus_crm.doctype.cronus_crm_settings.cronus_crm_settings import company_currency

WORKSPACE = "Cronus Dashboard"


class Figures:
	"""What several cards are made of, read once for all of them."""

	def __init__(self, what: Asked):
		self.asked = what

	@cached_property
	def expected(self) -> Expected:
		return deal_figures.expected(deal_figures.in_progress(self.asked))

	@cached_property
	def closed(self) -> Closed:
		return deal_figures.closed(self.asked)

	@cached_property
	def invoiced(self) -> float:
		found = billed(self.asked.from_date, self.asked.to_date, scope=self.asked.scope)
		return flt(sum(row.amount for row in found), 2)


class Card(NamedTuple):
	"""report: that shows the same figure, with these filters besides those of the card."""

	report: str
	fieldtype: str
	figure: Callable[[Figures], float | None]
	filters: dict = {}


CARDS = {
	"deals_in_progress": Card("Cronus Pipeline", "Int", lambda figures: figures.expected.number),
	"amount_in_progress": Card("Cronus Pipeline", "Currency", lambda figures: figures.expected.amount),
	"won_deals": Card("Cronus Won Deals", "Int", lambda figures: figures.closed.won),
	"amount_won": Card("Cronus Won Deals", "Currency", lambda figures: figures.closed.won_amount),
	"average_won_value": Card("Cronus Won Deals", "Currency", lambda figures: figures.closed.average),
	"deal_conversion": Card("Cronus Won Deals", "Percent", lambda figures: figures.closed.conversion),
	"amount_invoiced": Card(
		"Cronus Revenue Trend", "Currency", lambda figures: figures.invoiced, {"of": "Invoiced"}
	),
}


@frappe.whitelist()
@frappe.read_only()
def several(names: list | str, filters: dict | str | None = None) -> dict[str, dict]:
	"""Several cards at once, by their names.

	filters: as of the reports; see :func:`asked.of`.

	Raises frappe.PermissionError for whoever may not open the report of one of them.
	"""
	cards = {name: CARDS[name] for name in frappe.parse_json(names) if name in CARDS}
	check_reports(card.report for card in cards.values())
	figures = Figures(asked.of(frappe.parse_json(filters)))
	return {name: _shown(card, figures) for name, card in cards.items()}


@frappe.whitelist()
def deals_in_progress(filters: dict | str | None = None) -> dict:
	"""How many deals are in progress, as a Number Card takes it; see :func:`several`."""
	return _one("deals_in_progress", filters)


@frappe.whitelist()
def amount_in_progress(filters: dict | str | None = None) -> dict:
	"""The amount of the deals in progress; see :func:`several`."""
	return _one("amount_in_progress", filters)


@frappe.whitelist()
def won_deals(filters: dict | str | None = None) -> dict:
	"""How many deals were won in the period; see :func:`several`."""
	return _one("won_deals", filters)


@frappe.whitelist()
def amount_won(filters: dict | str | None = None) -> dict:
	"""The amount of the deals won in the period; see :func:`several`."""
	return _one("amount_won", filters)


@frappe.whitelist()
def average_won_value(filters: dict | str | None = None) -> dict:
	"""What a deal won in the period is worth on average; see :func:`several`."""
	return _one("average_won_value", filters)


@frappe.whitelist()
def deal_conversion(filters: dict | str | None = None) -> dict:
	"""Deals won, of those that closed in the period, in per cent; see :func:`several`."""
	return _one("deal_conversion", filters)


@frappe.whitelist()
def amount_invoiced(filters: dict | str | None = None) -> dict:
	"""What was invoiced in the period, less credit notes; see :func:`several`."""
	return _one("amount_invoiced", filters)


@frappe.whitelist()
def who_opens_the_dashboard() -> list[str]:
	"""The roles that open the dashboard, for those who find it locked; translated."""
	roles = frappe.get_all(
		"Has Role",
		filters={"parenttype": "Workspace", "parent": WORKSPACE},
		pluck="role",
		order_by="idx asc",
	)
	return [_(role) for role in roles]


def _one(name: str, filters: dict | str | None) -> dict:
	return several([name], filters)[name]


def _shown(card: Card, figures: Figures) -> dict:
	what = figures.asked
	options = {
		"from_date": str(what.from_date),
		"to_date": str(what.to_date),
		"seller": what.seller,
		"work_center": what.work_center,
		**card.filters,
	}
	return {
		"value": card.figure(figures),
		"fieldtype": card.fieldtype,
		"options": "currency",
		"currency": company_currency(),
		"route": ["query-report", card.report],
		"route_options": {name: value for name, value in options.items() if value},
	}


def check_reports(reports: Iterable[str]) -> None:
	"""What the framework asks before it runs a report; of ours alone.

	Raises frappe.PermissionError.
	"""
	for report in set(reports):
		doc = frappe.get_cached_doc("Report", report)
		is_ours = doc.module == "Cronus Analytics" and doc.is_standard == "Yes"
		if not (is_ours and doc.is_permitted() and frappe.has_permission(doc.ref_doctype, "report")):
			frappe.throw(
				_("You may not open {0}, which shows this figure.").format(frappe.bold(_(report))),
				frappe.PermissionError,
			)
