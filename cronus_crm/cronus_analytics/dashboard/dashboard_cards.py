"""The figures on the cards of the dashboard. Each is one that a report shows, and a click leads to it.

They are open to whoever may open the report, and are computed for each reader anew: from what the charts
show too, so that a page of both reads it once (see `dashboard_values.py`).
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import escape_html, flt

from cronus_crm.base.arguments import read_mapping
from cronus_crm.base.company import company_currency
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters
from cronus_crm.cronus_analytics.figures.invoiced_figures import invoiced_by
from cronus_crm.cronus_analytics.figures.opportunity_figures import Expected
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters

WORKSPACE = "Cronus Dashboard"


class Card(NamedTuple):
	"""report: that shows the same figure, with these filters besides those of the card."""

	report: str
	fieldtype: str
	figure: Callable[[ReportFilters], float | None]
	filters: dict = {}


def _expected(what: ReportFilters) -> Expected:
	return opportunity_figures.expected_amounts(
		opportunity_figures.opportunities_in_progress(what, by=("month",))
	)


def _invoiced(what: ReportFilters) -> float:
	found = invoiced_by(what.from_date, what.to_date, by=("month",), scope=what.scope)
	return flt(sum(row.amount for row in found), 2)


CARDS = {
	"deals_in_progress": Card("Cronus Pipeline", "Int", lambda what: _expected(what).number),
	"amount_in_progress": Card("Cronus Pipeline", "Currency", lambda what: _expected(what).amount),
	"won_deals": Card(
		"Cronus Won Deals", "Int", lambda what: opportunity_figures.closed_opportunities(what).won
	),
	"amount_won": Card(
		"Cronus Won Deals", "Currency", lambda what: opportunity_figures.closed_opportunities(what).won_amount
	),
	"average_won_value": Card(
		"Cronus Won Deals", "Currency", lambda what: opportunity_figures.closed_opportunities(what).average
	),
	"deal_conversion": Card(
		"Cronus Won Deals", "Percent", lambda what: opportunity_figures.closed_opportunities(what).conversion
	),
	"amount_invoiced": Card("Cronus Revenue Trend", "Currency", _invoiced, {"of": "Invoiced"}),
}


@frappe.whitelist()
def deals_in_progress(filters: dict | str | None = None) -> dict:
	"""How many opportunities are in progress, as a Number Card takes it."""
	return _one("deals_in_progress", filters)


@frappe.whitelist()
def amount_in_progress(filters: dict | str | None = None) -> dict:
	"""The amount of the opportunities in progress."""
	return _one("amount_in_progress", filters)


@frappe.whitelist()
def won_deals(filters: dict | str | None = None) -> dict:
	"""How many opportunities were won in the period."""
	return _one("won_deals", filters)


@frappe.whitelist()
def amount_won(filters: dict | str | None = None) -> dict:
	"""The amount of the opportunities won in the period."""
	return _one("amount_won", filters)


@frappe.whitelist()
def average_won_value(filters: dict | str | None = None) -> dict:
	"""What an opportunity won in the period is worth on average."""
	return _one("average_won_value", filters)


@frappe.whitelist()
def deal_conversion(filters: dict | str | None = None) -> dict:
	"""Deals won, of those that closed in the period, in per cent."""
	return _one("deal_conversion", filters)


@frappe.whitelist()
def amount_invoiced(filters: dict | str | None = None) -> dict:
	"""What was invoiced in the period, less credit notes."""
	return _one("amount_invoiced", filters)


def list_dashboard_roles() -> list[str]:
	"""The roles that open the dashboard, for those who find it locked; translated."""
	roles = frappe.get_all(
		"Has Role",
		filters={"parenttype": "Workspace", "parent": WORKSPACE},
		pluck="role",
		order_by="idx asc",
	)
	return [_(role) for role in roles]


def _one(name: str, filters: dict | str | None) -> dict:
	check_reports([CARDS[name].report])
	return card_value(name, read_mapping(filters, "filters"))


def card_named(name: str) -> Card:
	"""The card of a name.

	Raises frappe.ValidationError where there is none.
	"""
	if name not in CARDS:
		frappe.throw(_("There is no card called {0}.").format(frappe.bold(escape_html(name))))
	return CARDS[name]


def card_value(name: str, filters: dict | None) -> dict:
	"""A card as the framework takes it, for whoever may open its report; see :func:`check_reports`.

	filters: as of the reports; see :func:`report_filters.read_filters_of_report`.
	"""
	card, what = card_named(name), report_filters.read_filters_of_report(filters)
	options = {
		"from_date": str(what.from_date),
		"to_date": str(what.to_date),
		"seller": what.seller,
		"work_center": what.work_center,
		**card.filters,
	}
	return {
		"value": card.figure(what),
		"fieldtype": card.fieldtype,
		"precision": 2 if card.fieldtype == "Percent" else None,
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
