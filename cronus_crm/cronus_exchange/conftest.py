import frappe
import pytest

from tests import import_helper, push_helper
from tests.scaffold import MANAGER, SELLER, make_seller


@pytest.fixture
def imports(site):
	"""Makes imports, and removes them with all that they have written."""
	made = []

	def make(*args, **kwargs) -> str:
		made.append(import_helper.make_import(*args, **kwargs))
		return made[-1]

	yield make
	for name in reversed(made):
		import_helper.forget_import(name)


@pytest.fixture
def sources(site):
	"""Makes sources with a user each, and removes them with all that they have told."""
	made = []

	def make(**fields) -> push_helper.Teller:
		made.append(push_helper.Teller(**fields))
		return made[-1]

	yield make
	for teller in made:
		push_helper.forget_source(teller.name)


@pytest.fixture
def erp(sources):
	return sources()


@pytest.fixture
def team(site):
	"""A manager with a seller below, committed: `manager`, `seller` and `stranger` of another team."""
	manager = make_seller(roles=(SELLER, MANAGER))
	found = frappe._dict(manager=manager, seller=make_seller(manager.name), stranger=make_seller())
	frappe.db.commit()
	yield found
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for seller in (found.seller, found.stranger, found.manager):
		frappe.db.delete("Cronus Seller", seller.name)
		frappe.db.delete("User", seller.user)
		frappe.db.delete("Has Role", {"parent": seller.user})
	frappe.db.commit()
