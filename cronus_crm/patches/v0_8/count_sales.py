"""Counts what customers confirmed: marks the entries of the ledger that are sales, and sums them up."""

from cronus_crm.cronus_analytics.ledger import derived_fields, recount_totals
from cronus_crm.cronus_analytics.ledger.record_totals import SALE


def execute() -> None:
	"""Idempotent."""
	derived_fields.mark_sales()
	recount_totals.repair((SALE,))
