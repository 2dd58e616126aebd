"""Creates the board of opportunities, as on a new site."""

from cronus_crm.cronus_crm.opportunities import opportunity_board


def execute() -> None:
	"""Creates it if it does not exist."""
	opportunity_board.make_board()
