"""Cronus Customer Portfolio: purchases, debts, payment behaviour and alerts of each customer.

The figures are defined in `customer_figures.py` and `customer_analysis.py` (the page shows the definitions
too). A row is a customer that the user sees, with the customer's own seller; its amounts are of the documents
that the user may see. Alerts are computed every night from all documents of the company; those of a past day,
when it is asked for, from the documents until that day.

Rows are sorted by purchases of the last twelve months, and limited to `at_most`; the total row is of all
visible customers that the filters select.
"""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import flt
from pypika import Criterion
from pypika.queries import QueryBuilder
from pypika.terms import EmptyCriterion

from cronus_crm.base.company import company_currency, round_company_amount
from cronus_crm.base.report_parts import (
	amount_column,
	amounts_chart,
	column,
	currency_column,
	definitions_note,
	left_out_sentence,
	percent_column,
	percentage,
	row_limit,
	summary_figure,
)
from cronus_crm.cronus_analytics.figures import (
	customer_alerts,
	customer_figures,
	customer_filters,
	report_filters,
)
from cronus_crm.cronus_analytics.figures.counted_documents import Documents
from cronus_crm.cronus_analytics.figures.customer_alerts import ALERTS
from cronus_crm.cronus_analytics.figures.customer_figures import Owed, Purchases
from cronus_crm.cronus_analytics.figures.customer_filters import CUSTOMER

_AGES = ("overdue_30", "overdue_60", "overdue_90", "overdue_older")


def execute(filters: dict | None = None):
	"""Columns, a row for each customer and one in all, a note, the chart and the summary.

	filters: seller (of the customers, with the team below), work_center, customer, alert (one of ALERTS, or
	"any"), as_of (a past day; by default, today), at_most.

	Raises what `report_filters.read_report_filters` and `customer_filters.read_past_day` raise.
	"""
	filters = frappe._dict(filters or {})
	portfolio = _read_portfolio(filters)
	number, total = _make_total(portfolio)
	rows = _make_rows(portfolio, _find_largest(portfolio, row_limit(filters)))
	left_out = left_out_sentence(len(rows), number)
	return (
		_make_columns(),
		[*rows, total] if rows else [],
		_make_note(portfolio.documents, left_out),
		_make_chart(rows),
		_make_summary(number, total),
		True,
	)


class Portfolio(NamedTuple):
	"""customers: a query over the visible customers that the filters select. documents: those of these
	customers; where no customer is excluded, without a criterion on the customer, which is faster."""

	customers: QueryBuilder
	documents: Documents


def _read_portfolio(filters: frappe._dict) -> Portfolio:
	customer = DocType(CUSTOMER)
	whose = report_filters.read_report_filters(filters, reads=CUSTOMER)
	rules = [whose.condition(CUSTOMER, customer)]
	if filters.customer:
		rules.append(customer.name == filters.customer)
	as_of = customer_filters.read_past_day(filters.as_of)
	if filters.alert == "any" or filters.alert in ALERTS:
		rules.append(_alert_condition(filters.alert, Criterion.all(rules), as_of))
	customers = frappe.qb.from_(customer)
	if all(isinstance(rule, EmptyCriterion) for rule in rules):
		return Portfolio(customers, Documents(as_of=as_of))
	customers = customers.where(Criterion.all(rules))
	return Portfolio(customers, Documents(customers.select(customer.name), as_of=as_of))


def _alert_condition(alert: str, among: Criterion, as_of: date | None) -> Criterion:
	"""The criterion of the customers that have an alert, or any: the stored ones, or those of a past day.

	among: the criterion of the customers that may be selected at all.
	"""
	customer = DocType(CUSTOMER)
	if not as_of:
		return customer.alerts_since.isnotnull() if alert == "any" else customer[alert] == 1
	found = _compute_alerts_of(frappe.qb.from_(customer).where(among), as_of)
	with_alert = [name for name, alerts in found.items() if alerts and (alert == "any" or alert in alerts)]
	return customer.name.isin(with_alert or [""])


def _compute_alerts_of(customers: QueryBuilder, as_of: date) -> dict[str, frozenset[str]]:
	"""The alerts of a past day of the customers that a query selects. As the stored ones, they are of all
	documents of the company."""
	documents = Documents(customers.select(DocType(CUSTOMER).name), whole_company=True, as_of=as_of)
	return customer_alerts.compute_alerts(customer_alerts.read_customers(customers), documents)


def _find_largest(portfolio: Portfolio, number: int) -> list[str]:
	"""The names of at most `number` customers: those with the largest purchases since the first of the month
	twelve months ago, then the others by name."""
	begins = portfolio.documents.subtract_months(12)
	largest = customer_figures.find_largest_buyers(portfolio.documents, begins, number)
	if len(largest) < number:
		name = DocType(CUSTOMER).name
		others = portfolio.customers.where(name.notin(largest)) if largest else portfolio.customers
		largest += others.select(name).orderby(name).limit(number - len(largest)).run(pluck=True)
	return largest


def _may_read_limits() -> bool:
	"""True for users with read permission on permlevel 1 of the customer, where the credit limit is."""
	return 1 in frappe.get_meta(CUSTOMER).get_permlevel_access("read")


def _make_rows(portfolio: Portfolio, names: list[str]) -> list[dict]:
	if not names:
		return []
	documents = replace(portfolio.documents, customers=names)
	purchases, owed = (
		customer_figures.sum_purchases_by_customer(documents),
		customer_figures.sum_owed_by_customer(documents),
	)
	customers, days_to_pay = _read_customers(names), customer_figures.compute_days_to_pay(documents)
	last = {name: bought.last for name, bought in purchases.items() if bought.last}
	if long_ago := [name for name in names if name not in last]:
		last |= customer_figures.find_last_purchases(replace(documents, customers=long_ago))
	days_between = customer_figures.compute_days_between_purchases(documents)
	alerts, may_know = _list_alerts(customers, documents.as_of), _may_read_limits()
	rows = [
		{
			"customer": name,
			"customer_name": customers[name].customer_name,
			"seller": customers[name].seller,
			"currency": company_currency(),
			**_make_amounts(
				flt(customers[name].credit_limit) if may_know else 0, purchases.get(name), owed.get(name)
			),
			"last_purchase": last.get(name),
			"recency": (documents.day - last[name]).days if name in last else None,
			"days_between": days_between.get(name),
			"days_to_pay": days_to_pay.get(name),
			"agreed_days": customer_figures.compute_agreed_days(
				customers[name].payment_terms, customers[name].payment_days
			),
			"alerts": ", ".join(map(customer_alerts.alert_label, alerts[name])),
		}
		for name in names
		# The ledger may know customers of another ERP, which have no record here; they are in the total only.
		if name in customers
	]
	return sorted(rows, key=lambda row: (-row["twelve_months"], row["customer"]))


def _read_customers(names: list[str]) -> dict[str, frappe._dict]:
	"""The fields of customers that are shown, by name; the caller has checked that the user sees them."""
	customer = DocType(CUSTOMER)
	rows = (
		frappe.qb.from_(customer)
		.select(
			customer.name,
			customer.customer_name,
			customer.seller,
			customer.payment_terms,
			customer.payment_days,
			customer.credit_limit,
			*(customer[alert] for alert in ALERTS),
		)
		.where(customer.name.isin(names))
	).run(as_dict=True)
	return {row.name: row for row in rows}


def _list_alerts(customers: dict[str, frappe._dict], as_of: date | None) -> dict[str, list[str]]:
	"""The alerts of customers, in the order of ALERTS: the stored ones, or those of a past day."""
	if not as_of:
		return {name: customer_alerts.list_alerts(row) for name, row in customers.items()}
	customer = DocType(CUSTOMER)
	found = _compute_alerts_of(
		frappe.qb.from_(customer).where(customer.name.isin(list(customers) or [""])), as_of
	)
	return {name: [alert for alert in ALERTS if alert in alerts] for name, alerts in found.items()}


def _make_amounts(limit: float, purchases: Purchases | None, owed: Owed | None) -> dict:
	purchases, owed = purchases or Purchases(), owed or Owed()
	return {
		"credit_limit": limit or None,
		"used": percentage(owed.total, limit),
		"available": round_company_amount(limit - owed.total) if limit else None,
		"owed": owed.total,
		"not_due": owed.not_due,
		**dict(zip(_AGES, owed.ages, strict=True)),
		"twelve_months": purchases.twelve_months,
		"average": purchases.average,
		"this_month": purchases.this_month,
	}


def _make_total(portfolio: Portfolio) -> tuple[int, dict]:
	"""The number of customers that the filters select, and the total row.

	Used and available credit are computed over the customers that have a limit only.
	"""
	limit, documents = DocType(CUSTOMER).credit_limit, portfolio.documents
	number, limits = portfolio.customers.select(Count("*"), Sum(limit)).run()[0]
	limits = round_company_amount(limits) if _may_read_limits() else 0
	owed, used = customer_figures.sum_owed(documents)
	total = _make_amounts(limits, customer_figures.sum_purchases(documents), owed)
	if limits:
		# Debts of customers without a limit do not use up the limits of others.
		total |= {"used": percentage(used, limits), "available": round_company_amount(limits - used)}
	return number, {**total, "customer": _("Total"), "currency": company_currency(), "bold": 1}


def _make_columns() -> list[dict]:
	return [
		column("customer", _("Customer"), "Link", 110, options=CUSTOMER),
		column("customer_name", _("Name"), "Data", 190),
		column("seller", _("Seller"), "Link", 150, options="Cronus Seller"),
		column("alerts", _("Alerts"), "Data", 180, align="left"),
		amount_column("twelve_months", _("Last 12 months")),
		amount_column("average", _("Monthly average")),
		amount_column("this_month", _("This month")),
		column("last_purchase", _("Last purchase"), "Date", 140),
		column("recency", _("Days since"), "Int", 160),
		column("days_between", _("Median days between purchases"), "Float", 230, precision=1),
		amount_column("owed", _("Owed")),
		amount_column("not_due", _("Not due")),
		amount_column("overdue_30", _("Overdue up to 30 days"), 190),
		amount_column("overdue_60", _("31 to 60 days")),
		amount_column("overdue_90", _("61 to 90 days")),
		amount_column("overdue_older", _("More than 90 days")),
		amount_column("credit_limit", _("Credit limit")),
		percent_column("used", _("Credit used"), 120),
		amount_column("available", _("Available")),
		column("days_to_pay", _("Average days to pay"), "Float", 200, precision=1),
		column("agreed_days", _("Days agreed"), "Float", 140, precision=1),
		currency_column(),
	]


def _make_note(documents: Documents, left_out: str) -> str:
	return definitions_note(
		customer_filters.as_of_sentence(documents.as_of),
		_("Purchases: invoices less credit notes, without tax, in {0}.").format(company_currency()),
		_("The last 12 months are the whole ones before this one; the average is a twelfth of them."),
		_("Days between purchases: from each day with an invoice to the next one, the median."),
		_("Owed: what is left to pay, with tax, by the due date of each instalment."),
		_("Days to pay: from invoice to payment, weighted by amount, of the last twelve months."),
		_("Only of documents that you may see; alerts are the company's, of that day.")
		if documents.as_of
		else _("Only of documents that you may see; alerts are the company's, of last night."),
		left_out,
	)


def _make_chart(rows: list[dict]) -> dict | None:
	best = [row for row in rows if row["twelve_months"] or row["owed"]][:10]
	if not best:
		return None
	return amounts_chart(
		(row["customer_name"] for row in best),
		[
			(_("Last 12 months"), [row["twelve_months"] for row in best]),
			(_("Owed"), [row["owed"] for row in best]),
		],
		["#2f6f9f", "#d98c5f"],
	)


def _make_summary(number: int, total: dict) -> list[dict]:
	overdue = round_company_amount(sum(total[name] for name in _AGES))
	return [
		summary_figure(_("Customers"), number, "Int"),
		summary_figure(_("Last 12 months"), total["twelve_months"]),
		summary_figure(_("This month"), total["this_month"]),
		summary_figure(_("Owed"), total["owed"]),
		summary_figure(_("Overdue amount"), overdue),
	]
