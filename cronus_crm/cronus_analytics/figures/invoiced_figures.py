"""The invoiced amount: invoices less credit notes, without tax, by their dates."""

from collections.abc import Sequence
from datetime import date

import frappe

from cronus_crm.base.company import round_company_amount
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.totals import EVERYTHING, Scope

INVOICE, CREDIT_NOTE = "Invoice", "Credit Note"


def sum_invoiced(
	from_date: date, to_date: date, by: Sequence[str] = (), scope: Scope = EVERYTHING
) -> list[frappe._dict]:
	"""The invoiced amount of a period, grouped by `by`; the arguments are those of
	`totals.read_period_totals`.

	Returns rows with the fields of `by`, `amount` (invoices less credit notes, without tax, in the company's
	currency) and `number`, of invoices only.
	"""
	found: dict[tuple, frappe._dict] = {}
	for row in totals.read_period_totals((INVOICE, CREDIT_NOTE), from_date, to_date, by=by, scope=scope):
		group = {name: row[name] for name in by}
		sums = found.setdefault(tuple(group.values()), frappe._dict(group, number=0, amount=0.0))
		sums.number += row.number if row.measure == INVOICE else 0
		sums.amount = round_company_amount(sums.amount + row.amount)
	return list(found.values())
