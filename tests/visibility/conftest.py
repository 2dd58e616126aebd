import frappe
import pytest

from tests.visibility.clients import Client, make_api_key
from tests.visibility.world import make_world


@pytest.fixture(scope="session")
def world(site):
	"""Portfolios of two teams, full of tokens, and everybody who might look at them."""
	return make_world()


@pytest.fixture(scope="session")
def keys(world):
	keys = {who: make_api_key(user) if user else None for who, user in world.users.items()}
	frappe.db.commit()
	return keys


@pytest.fixture(scope="session")
def clients(server, keys):
	return {who: Client(who, server, key) for who, key in keys.items()}
