"""Computes next and last activity, traffic light and the mark “stalled” of existing prospects and
opportunities."""

from cronus_crm.cronus_crm.activities import traffic_light


def execute() -> None:
	"""Recomputes all of them."""
	traffic_light.recompute_all_records()
