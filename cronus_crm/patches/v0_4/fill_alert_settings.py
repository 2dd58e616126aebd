"""Writes the default values of the settings of customer alerts."""

from cronus_crm.patches.v0_2 import fill_new_settings


def execute() -> None:
	"""Stored values are kept, also 0."""
	fill_new_settings.execute()
