"""The values of a dashboard in one answer: its cards, and the charts of reports."""

import frappe

from cronus_crm.base.arguments import read_list, read_mapping
from cronus_crm.cronus_analytics.dashboard import dashboard_cards
from cronus_crm.cronus_analytics.dashboard.dashboard_cards import check_reports
from cronus_crm.cronus_analytics.ledger import totals


def read_cards_and_charts(
	cards: list | str | None = None, charts: list | str | None = None
) -> dict[str, list]:
	"""Computes cards and charts, each list in the order of its argument. Totals that several need are read
	once.

	cards: rows with `name`, one of `dashboard_cards.CARDS`, and `filters`, those of reports, see
	:func:`report_filters.read_report_filters`. charts: rows with `report_name` and `filters`.

	Returns `cards` in the format of Number Cards, and `charts` as their reports return them; None for a
	report that has no chart.

	Raises frappe.PermissionError where the user may not open the report of one of them, and whatever the
	reports raise.
	"""
	cards = [read_mapping(card, "cards") for card in read_list(cards, "cards")]
	charts = [read_mapping(chart, "charts") for chart in read_list(charts, "charts")]
	check_reports(
		[dashboard_cards.get_card(card.name).report for card in cards]
		+ [chart.report_name for chart in charts]
	)
	with totals.cache_reads():
		return {
			"cards": [dashboard_cards.compute_card(card.name, card.filters) for card in cards],
			"charts": [_read_chart(chart.report_name, chart.filters or {}) for chart in charts],
		}


def _read_chart(report: str, filters: dict) -> dict | None:
	# From the cache: of ours only, which migrating changes.
	_columns, _rows, _note, chart, *_others = frappe.get_cached_doc("Report", report).execute_module(filters)
	return chart
