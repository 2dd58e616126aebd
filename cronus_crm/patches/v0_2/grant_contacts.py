"""Gives our roles the permissions on contacts and addresses that a new site has."""

from cronus_crm.install import grant_rights


def execute() -> None:
	"""Adds all permissions in `install.GRANTS` that are missing."""
	grant_rights()
