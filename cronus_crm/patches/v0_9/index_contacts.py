"""Gives an existing site the indexes by which contacts are found: see base/core_indexes.py."""

from cronus_crm.base import core_indexes


def execute() -> None:
	"""Changes nothing where they are there already."""
	core_indexes.make_indexes()
