"""Prospects and deals of before know their next and last activity, their light, and what is stalled."""

from cronus_crm.cronus_crm import standing


def execute() -> None:
	standing.set_standing()
