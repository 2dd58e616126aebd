"""Begins the week where the country does, on sites where nobody has chosen a weekday."""

from cronus_crm.base import week_start


def execute() -> None:
	week_start.set_by_country()
