"""Whoever only uses the CRM is offered its workspaces."""

import frappe
import pytest
from frappe.desk.desktop import get_workspace_sidebar_items

from cronus_crm.visibility.replaced.replacement import replace_all
from tests.scaffold import ADMINISTRATOR, BILLING, MANAGER, SELLER, make_user

OF_FRAMEWORK = {"Build", "Integrations", "Website", "Users", "Tools"}


def offered(*roles: str) -> set[str]:
	frappe.set_user("Administrator")
	frappe.set_user(make_user(*roles))
	return {page["name"] for page in get_workspace_sidebar_items()["pages"]}


@pytest.mark.parametrize("role", [SELLER, MANAGER, BILLING, ADMINISTRATOR])
def test_users_of_the_crm_see_its_workspaces_alone(site, role):
	replace_all()
	seen = offered(role)
	assert "Cronus CRM" in seen
	assert not seen & OF_FRAMEWORK


@pytest.mark.parametrize(
	"roles", [("System Manager",), (SELLER, "Website Manager"), ("System Manager", ADMINISTRATOR)]
)
def test_others_see_what_they_saw(site, roles):
	replace_all()
	assert offered(*roles) & OF_FRAMEWORK
