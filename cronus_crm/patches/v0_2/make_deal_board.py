"""The board of deals, which a new site gets when it is installed."""

from cronus_crm.cronus_crm import pipeline_board


def execute() -> None:
	pipeline_board.make()
