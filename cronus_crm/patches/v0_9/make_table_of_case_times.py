"""Makes the table of how long cases took, which every case that is written needs from now on."""

from cronus_crm.cronus_analytics.cases import case_times


def execute() -> None:
	"""Changes nothing where it is there already."""
	case_times.create_table()
