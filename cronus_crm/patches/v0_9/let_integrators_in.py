"""Gives the role Cronus Integrator its rights on contacts and addresses, DocTypes of the framework."""

from cronus_crm import install


def execute() -> None:
	"""Adds the rights that a new site has, and takes none away."""
	install.grant_rights()
