from cronus_crm.seats import seat_table


def execute() -> None:
	"""Gives a seat to each user who may work in a module already. No limit is set yet, so nobody is
	refused."""
	seat_table.recount()
