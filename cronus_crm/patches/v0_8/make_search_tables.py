"""Makes the tables of the search, which every record that is written needs from now on."""

from cronus_crm.visibility import search_index


def execute() -> None:
	search_index.create_tables()
