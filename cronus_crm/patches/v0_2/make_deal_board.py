"""The board of deals, which a new site gets when it is installed."""

from cronus_crm.cronus_crm.opportunities import opportunity_board


def execute() -> None:
	opportunity_board.make_board()
