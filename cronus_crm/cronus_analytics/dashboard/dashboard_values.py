"""What a page of figures shows, in one answer: its cards, and the charts of our reports."""

import frappe

from cronus_crm.base.arguments import read_list, read_mapping
from cronus_crm.cronus_analytics.dashboard import dashboard_cards
from cronus_crm.cronus_analytics.dashboard.dashboard_cards import check_reports
from cronus_crm.cronus_analytics.ledger import totals


def read_cards_and_charts(
	cards: list | str | None = None, charts: list | str | None = None
) -> dict[str, list]:
	"""Cards and charts, each in the order asked for. What several are made of is read once.

	cards: of each its `name`, one of `dashboard_cards.CARDS`, and `filters`, as of the reports; see
	:func:`report_filters.read_filters_of_report`. charts: of each its `report_name` and `filters`.

	Gives back `cards`, as a Number Card takes them, and `charts`, as their reports give them, None for one
	without.

	Raises frappe.PermissionError for whoever may not open the report of one of them, and what the reports
	raise.
	"""
	cards = [read_mapping(card, "cards") for card in read_list(cards, "cards")]
	charts = [read_mapping(chart, "charts") for chart in read_list(charts, "charts")]
	check_reports(
		[dashboard_cards.card_named(card.name).report for card in cards]
		+ [chart.report_name for chart in charts]
	)
	with totals.read_once():
		return {
			"cards": [dashboard_cards.card_value(card.name, card.filters) for card in cards],
			"charts": [_chart_of(chart.report_name, chart.filters or {}) for chart in charts],
		}


def _chart_of(report: str, filters: dict) -> dict | None:
	_columns, _rows, _note, chart, *_others = frappe.get_cached_doc("Report", report).execute_module(filters)
	return chart
