"""Figures of what was invoiced: invoices less credit notes, by their dates."""

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.utils import flt

from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.totals import EVERYTHING, Scope

INVOICE, CREDIT_NOTE = "Invoice", "Credit Note"


def invoiced_by(
	from_date: date, to_date: date, by: Sequence[str] = (), scope: Scope = EVERYTHING
) -> list[frappe._dict]:
	"""Rows as of `totals.read`, without the measure: `amount` of invoices less credit notes, in the company's
	currency; `number` is that of invoices alone."""
	found: dict[tuple, frappe._dict] = {}
	for row in totals.read((INVOICE, CREDIT_NOTE), from_date, to_date, by=by, scope=scope):
		place = {name: row[name] for name in by}
		sums = found.setdefault(tuple(place.values()), frappe._dict(place, number=0, amount=0.0))
		sums.number += row.number if row.measure == INVOICE else 0
		sums.amount = flt(sums.amount + row.amount, 2)
	return list(found.values())
