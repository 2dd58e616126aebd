"""A month of a seller and of the team: sold, invoiced, collected, conversion and open offers, against the
target.

Definitions (the page shows them too):

* *Sold*: what customers confirmed in the month, by its date, without tax: orders; and delivery notes, sales
  notes and invoices that were not made from one (`ledger/derived_fields.py`).
* *Invoiced*: invoices less credit notes, by their dates, without tax; the number is of invoices.
* *Collected*: payments received less those returned, by their dates, with tax.
* *Conversion*: of the proformas of the month, those invoiced since, in whole or in part.
* *Open offers*: proformas that are valid today and of which nothing was made, without tax
  (`open_offers.py`).
* *Reached* = sold / target.

All but the open offers are read from the totals. Amounts are in the company's currency.
"""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from cronus_crm.base import months
from cronus_crm.base.arguments import read_date
from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import percentage
from cronus_crm.cronus_analytics.figures import sales_targets
from cronus_crm.cronus_analytics.figures.open_offers import count_open_offers
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.record_totals import SALE
from cronus_crm.cronus_analytics.ledger.totals import TOTAL, Scope
from cronus_crm.visibility import rule

# For each measure of the totals, the figures to which its number and its amount are added; None for neither.
_FIGURES = {
	SALE: ("sales", "sold"),
	"Invoice": ("invoices", "invoiced"),
	"Credit Note": (None, "invoiced"),
	"Payment": (None, "collected"),
	"Proforma": ("proformas", None),
	"Proforma invoiced": ("proformas_invoiced", None),
}
NUMBERS = ("sales", "invoices", "proformas", "proformas_invoiced", "open_offers")
AMOUNTS = ("target", "sold", "invoiced", "collected", "open_amount")


def read_month(month: str | date | None = None, seller: str | None = None) -> dict[str, Any]:
	"""The month of the session's user, or of a seller whom the user sees; see `api/sales_month.py`.

	month: any day of it; by default, the present one.

	Raises frappe.PermissionError for a seller whom the user does not see, frappe.ValidationError for a month
	that is no date.
	"""
	first = (read_date(month, "month") or months.current_month()).replace(day=1)
	visible = rule.visible_sellers(TOTAL)
	chosen = _check_seller(seller, visible) if seller else rule.seller_of_user()
	team = [name for name in visible if not seller or name in rule.list_team(seller)]
	rows = _read_rows(first, team)
	return {
		"month": str(first),
		"last_day": str(months.last_day(first)),
		"currency": company_currency(),
		"seller": chosen,
		"own": rows.get(chosen) if chosen else None,
		"team": _read_team(rows, team) if len(team) > 1 else None,
	}


def _check_seller(seller: str, visible: list[str]) -> str:
	if not isinstance(seller, str) or seller not in visible:
		frappe.throw(
			_("{0} is not in your team. Choose a seller that you may see.").format(
				frappe.bold(escape_html(str(seller)))
			),
			frappe.PermissionError,
		)
	return seller


def _read_team(rows: dict[str, dict], team: list[str]) -> dict[str, Any]:
	"""The sums of the team, and the rows of those who sell: enabled ones, and whoever has a figure."""
	enabled = set(
		frappe.get_all(
			"Cronus Seller",
			{"name": ("in", team), "enabled": 1, "user": ("is", "set")},
			pluck="name",
			order_by="lft asc",
		)
	)
	shown = [
		row for name, row in rows.items() if name in enabled or any(row[key] for key in (*NUMBERS, *AMOUNTS))
	]
	return {"total": _add_rates(_sum_rows(shown)), "rows": shown}


def _read_rows(first: date, sellers: list[str]) -> dict[str, dict]:
	"""The figures of each seller, in the order of `sellers`."""
	found = {name: {**dict.fromkeys(NUMBERS, 0), **dict.fromkeys(AMOUNTS, 0.0)} for name in sellers}
	if not sellers:
		return {}
	for row in totals.read_period_totals(
		tuple(_FIGURES), first, months.last_day(first), by=("seller",), scope=Scope(sellers)
	):
		number, amount = _FIGURES[row.measure]
		figures = found[row.seller]
		if number:
			figures[number] += row.number
		if amount:
			figures[amount] = round_company_amount(figures[amount] + row.amount)
	for name, number, amount in count_open_offers(sellers):
		found[name].update(open_offers=number, open_amount=round_company_amount(amount))
	for name, target in sales_targets.read_targets(first, sellers).items():
		found[name]["target"] = target
	names = dict(
		frappe.get_all(
			"Cronus Seller",
			{"name": ("in", sellers)},
			["name", "seller_name"],
			as_list=True,
			order_by="lft asc",
		)
	)
	return {
		name: {"seller": name, "seller_name": names.get(name), **_add_rates(figures)}
		for name, figures in found.items()
	}


def _sum_rows(rows: list[dict]) -> dict:
	numbers = {name: sum(row[name] for row in rows) for name in NUMBERS}
	return numbers | {name: round_company_amount(sum(row[name] for row in rows)) for name in AMOUNTS}


def _add_rates(figures: dict) -> dict:
	return {
		**figures,
		"conversion": percentage(figures["proformas_invoiced"], figures["proformas"]),
		"reached": percentage(figures["sold"], figures["target"]),
	}
