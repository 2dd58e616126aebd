"""Prospects and deals of before know their next and last activity, their light, and what is stalled."""

from cronus_crm.cronus_crm.activities import traffic_light


def execute() -> None:
	traffic_light.recompute_all()
