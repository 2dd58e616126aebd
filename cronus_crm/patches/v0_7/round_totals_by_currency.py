"""Counts the totals again where the company's currency has not two decimals, to which they were rounded."""

from cronus_crm.base.company import company_decimals
from cronus_crm.cronus_analytics.ledger import recount_totals


def execute() -> None:
	"""Idempotent. Amounts of issued documents stay as they were issued."""
	if company_decimals() != 2:
		recount_totals.repair()
