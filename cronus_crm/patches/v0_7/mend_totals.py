"""Gives each row of the totals the name of its key, which it lost when a master was renamed, and counts
opportunities by the stages that they reached and the day on which they began."""

from cronus_crm.cronus_analytics.ledger import recount_totals


def execute() -> None:
	"""Idempotent."""
	recount_totals.repair()
