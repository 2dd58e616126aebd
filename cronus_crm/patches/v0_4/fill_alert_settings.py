"""The settings of the alerts of customers begin as on a new site."""

from cronus_crm.patches.v0_2 import fill_new_settings


def execute() -> None:
	"""What somebody has written since, also 0, is left alone."""
	fill_new_settings.execute()
