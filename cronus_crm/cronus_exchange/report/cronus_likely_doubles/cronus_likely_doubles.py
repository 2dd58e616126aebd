"""Cronus Likely Doubles: customers that are likely the same, a row for each pair.

Definitions (shown on the page too): equal tax ids, e-mails and telephones, compared without what people write
differently, and names that are nearly equal. Disabled customers are left out, and pairs of which somebody has
said that they are not the same.
"""

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint

from cronus_crm.base.report_parts import column, definitions_note, left_out_sentence, row_limit
from cronus_crm.cronus_exchange.merging.likely_doubles import Pair, find_pairs, list_dismissed
from cronus_crm.cronus_exchange.merging.moved_records import CUSTOMER
from cronus_crm.visibility import rule

DEFAULT_SCORE = 80


def execute(filters: dict | None = None):
	"""Columns, rows and note, as the framework expects of a report.

	filters: score (percent, default 80): pairs of at least this score. at_most.
	"""
	filters = frappe._dict(filters or {})
	customers = _read_customers()
	least, dismissed = cint(filters.score) or DEFAULT_SCORE, list_dismissed()
	pairs = [
		pair
		for pair in find_pairs(customers)
		if pair.score >= least and (pair.first, pair.second) not in dismissed
	]
	shown = pairs[: row_limit(filters)]
	by_name = {row.name: row for row in customers}
	return (
		_build_columns(),
		[_build_row(pair, by_name) for pair in shown],
		definitions_note(
			_("Customers with the same tax id, e-mail or telephone, or with nearly the same name."),
			_("Disabled customers are left out."),
			left_out_sentence(len(shown), len(pairs)),
		),
	)


def _read_customers() -> list[frappe._dict]:
	"""The customers that the session's user sees."""
	customer = DocType(CUSTOMER)
	query = (
		frappe.qb.from_(customer)
		.select(
			customer.name,
			customer.customer_name,
			customer.tax_id,
			customer.city,
			customer.seller,
			customer.tax_key,
			customer.email_key,
			customer.phone_key,
		)
		.where(customer.disabled == 0)
		.orderby(customer.name)
	)
	if (criterion := rule.build_criterion(CUSTOMER, customer)) is not None:
		query = query.where(criterion)
	return query.run(as_dict=True)


def _build_columns() -> list[dict]:
	return [
		column("score", _("Score"), "Percent", 90, precision=0),
		column("reasons", _("Why"), "Data", 190),
		column("first", _("Customer"), "Link", 110, options=CUSTOMER),
		column("first_name", _("Name"), "Data", 220),
		column("first_about", _("Tax id, city and seller"), "Data", 220),
		column("second", _("Other customer"), "Link", 110, options=CUSTOMER),
		column("second_name", _("Name"), "Data", 220),
		column("second_about", _("Tax id, city and seller"), "Data", 220),
	]


def _build_row(pair: Pair, by_name: dict[str, frappe._dict]) -> dict:
	labels = {
		"tax_key": _("Tax id"),
		"email_key": _("E-mail"),
		"phone_key": _("Phone"),
		"customer_name": _("Name"),
	}
	row = {"score": pair.score, "reasons": ", ".join(labels[reason] for reason in pair.reasons)}
	for place in ("first", "second"):
		customer = by_name[getattr(pair, place)]
		row[place] = customer.name
		row[f"{place}_name"] = customer.customer_name
		row[f"{place}_about"] = " · ".join(filter(None, (customer.tax_id, customer.city, customer.seller)))
	return row
