"""The figures on the cards of the dashboard. Each is a figure of a report, which opens with a click on the
card.

Whoever may open the report may see the card. Figures are computed for each reader, as visibility differs;
they are derived from the same totals as the charts, so a page with both reads these once
(`dashboard_values.py`).
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import escape_html

from cronus_crm.base.arguments import read_mapping
from cronus_crm.base.company import company_currency, company_decimals, round_company_amount
from cronus_crm.cronus_analytics.figures import opportunity_figures, report_filters
from cronus_crm.cronus_analytics.figures.invoiced_figures import sum_invoiced
from cronus_crm.cronus_analytics.figures.opportunity_figures import Expected
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters

WORKSPACE = "Cronus Dashboard"


class Card(NamedTuple):
	"""A card. report: shows the same figure when it is opened with `filters` and the filters of the card.

	fieldtype: how the value is formatted; a Currency is in the company's currency.
	"""

	report: str
	fieldtype: str
	figure: Callable[[ReportFilters], float | None]
	filters: dict = {}


def _sum_expected(filters: ReportFilters) -> Expected:
	return opportunity_figures.sum_expected(opportunity_figures.read_in_progress(filters, by=("month",)))


def _sum_invoiced(filters: ReportFilters) -> float:
	found = sum_invoiced(filters.from_date, filters.to_date, by=("month",), scope=filters.scope)
	return round_company_amount(sum(row.amount for row in found))


CARDS = {
	"deals_in_progress": Card("Cronus Pipeline", "Int", lambda filters: _sum_expected(filters).number),
	"amount_in_progress": Card("Cronus Pipeline", "Currency", lambda filters: _sum_expected(filters).amount),
	"won_deals": Card("Cronus Won Deals", "Int", lambda filters: opportunity_figures.sum_closed(filters).won),
	"amount_won": Card(
		"Cronus Won Deals", "Currency", lambda filters: opportunity_figures.sum_closed(filters).won_amount
	),
	"average_won_value": Card(
		"Cronus Won Deals", "Currency", lambda filters: opportunity_figures.sum_closed(filters).average
	),
	"deal_conversion": Card(
		"Cronus Won Deals", "Percent", lambda filters: opportunity_figures.sum_closed(filters).conversion
	),
	"amount_invoiced": Card("Cronus Revenue Trend", "Currency", _sum_invoiced, {"of": "Invoiced"}),
}


@frappe.whitelist()
def deals_in_progress(filters: dict | str | None = None) -> dict:
	"""The number of opportunities in progress, as a Number Card reads it; see `compute_card`."""
	return _read_card("deals_in_progress", filters)


@frappe.whitelist()
def amount_in_progress(filters: dict | str | None = None) -> dict:
	"""The amount of the opportunities in progress, in the company's currency."""
	return _read_card("amount_in_progress", filters)


@frappe.whitelist()
def won_deals(filters: dict | str | None = None) -> dict:
	"""The number of opportunities won in the period."""
	return _read_card("won_deals", filters)


@frappe.whitelist()
def amount_won(filters: dict | str | None = None) -> dict:
	"""The amount of the opportunities won in the period, in the company's currency."""
	return _read_card("amount_won", filters)


@frappe.whitelist()
def average_won_value(filters: dict | str | None = None) -> dict:
	"""Amount won / opportunities won in the period, in the company's currency."""
	return _read_card("average_won_value", filters)


@frappe.whitelist()
def deal_conversion(filters: dict | str | None = None) -> dict:
	"""Opportunities won / opportunities closed in the period (won or lost), as a percentage."""
	return _read_card("deal_conversion", filters)


@frappe.whitelist()
def amount_invoiced(filters: dict | str | None = None) -> dict:
	"""Invoices less credit notes of the period, without tax, in the company's currency."""
	return _read_card("amount_invoiced", filters)


def list_dashboard_roles() -> list[str]:
	"""The translated names of the roles that may open the dashboard: shown to users who may not."""
	roles = frappe.get_all(
		"Has Role",
		filters={"parenttype": "Workspace", "parent": WORKSPACE},
		pluck="role",
		order_by="idx asc",
	)
	return [_(role) for role in roles]


def _read_card(name: str, filters: dict | str | None) -> dict:
	check_reports([CARDS[name].report])
	return compute_card(name, read_mapping(filters, "filters"))


def get_card(name: str) -> Card:
	"""The definition of a card. Raises frappe.ValidationError for an unknown name."""
	if not isinstance(name, str) or name not in CARDS:
		frappe.throw(_("There is no card called {0}.").format(frappe.bold(escape_html(str(name)))))
	return CARDS[name]


def compute_card(name: str, filters: dict | None) -> dict:
	"""The value of a card in the format of the framework's Number Cards, with the route to its report.

	filters: those of reports, see :func:`report_filters.read_report_filters`. Permission is not checked here;
	see :func:`check_reports`.
	"""
	card, chosen = get_card(name), report_filters.read_report_filters(filters)
	options = {
		"from_date": str(chosen.from_date),
		"to_date": str(chosen.to_date),
		"seller": chosen.seller,
		"work_center": chosen.work_center,
		**card.filters,
	}
	return {
		"value": card.figure(chosen),
		"fieldtype": card.fieldtype,
		"precision": {"Percent": 2, "Currency": company_decimals()}.get(card.fieldtype),
		"options": "currency",
		"currency": company_currency(),
		"route": ["query-report", card.report],
		"route_options": {name: value for name, value in options.items() if value},
	}


def check_reports(reports: Iterable[str]) -> None:
	"""Makes the checks that the framework makes before it runs a report, for standard reports of this module.

	Raises frappe.PermissionError for any other report and for one that the user may not open.
	"""
	for report in set(reports):
		# From the cache: of ours only, which migrating changes.
		doc = frappe.get_cached_doc("Report", report)
		is_ours = doc.module == "Cronus Analytics" and doc.is_standard == "Yes"
		if not (is_ours and doc.is_permitted() and frappe.has_permission(doc.ref_doctype, "report")):
			frappe.throw(
				_("You may not open {0}, which shows this figure.").format(frappe.bold(_(report))),
				frappe.PermissionError,
			)
