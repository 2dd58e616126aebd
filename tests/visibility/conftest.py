import frappe
import pytest

from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_analytics.ledger import recount_totals
from tests.visibility.clients import Client, make_api_key
from tests.visibility.crawler.crawl import Crawler
from tests.visibility.crawler.register import read_register
from tests.visibility.mutation import make_people
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


@pytest.fixture(scope="module")
def register(site):
	return read_register(site)


@pytest.fixture(scope="module")
def crawler(site, server):
	"""In a world of its own, because what is asked leaves things behind."""
	world, keys = make_people()
	yield Crawler(world, {who: Client(who, server, key) for who, key in keys.items()})
	# Records are written there past their events, by those who may; other tests look at the totals of all.
	frappe.db.rollback()
	# Amounts are the same in every world, and whoever bills sees all proformas.
	drafts = {"docstatus": 0, "owner": ("in", list(filter(None, world.users.values())))}
	for name in frappe.get_all("Proforma", filters=drafts, pluck="name", order_by="name asc"):
		frappe.delete_doc("Proforma", name, force=True)
	recount_totals.repair()
	case_recount.repair()
	frappe.db.commit()
