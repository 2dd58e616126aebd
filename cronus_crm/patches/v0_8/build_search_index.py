"""Fills the index of the search with the records that are there, in batches."""

from cronus_crm.visibility import search_index


def execute() -> None:
	search_index.rebuild()
