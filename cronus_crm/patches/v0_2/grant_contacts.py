"""Our roles get the rights that a new site gives them; those on contacts and addresses are new."""

from cronus_crm.install import grant_rights


def execute() -> None:
	grant_rights()
