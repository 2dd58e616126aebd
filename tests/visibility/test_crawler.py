"""Whatever can be called tells nobody what is not theirs, and changes nothing of it: see `crawler`."""

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import recount_totals
from tests.visibility.clients import Client
from tests.visibility.crawler import rest
from tests.visibility.crawler.crawl import Crawler
from tests.visibility.crawler.excluded import EXCLUDED, LEFT_OPEN, WEAK, reason_for_weakness
from tests.visibility.crawler.register import read_register
from tests.visibility.mutation import make_people

# Functions by where they are defined, each with the longest of these that its name begins with.
GROUPS = (
	"cronus_crm",
	"cronus_crm.api",
	"cronus_crm.cronus_analytics",
	"erpnext",
	"frappe",
	"frappe.automation",
	"frappe.client",
	"frappe.contacts",
	"frappe.core",
	"frappe.core.api",
	"frappe.core.page",
	"frappe.custom",
	"frappe.desk",
	"frappe.desk.doctype",
	"frappe.desk.form",
	"frappe.desk.page",
	"frappe.email",
	"frappe.integrations",
	"frappe.model",
	"frappe.social",
	"frappe.utils",
	"frappe.website",
	"frappe.workflow",
	"frappe.www",
	"",
)


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
	frappe.db.commit()


def group_of(name: str) -> str:
	return max((group for group in GROUPS if f"{name}.".startswith(f"{group}." if group else "")), key=len)


# First, because what somebody has asked is shown to them in some lists later.
def test_the_rest_api_tells_or_changes_nothing_that_is_not_theirs(crawler):
	report = crawler.crawl_rest()
	assert not report.findings, report.text()


@pytest.mark.parametrize("group", GROUPS)
def test_no_function_tells_or_changes_what_is_not_theirs(group, register, crawler):
	report = crawler.crawl([function for function in register.functions if group_of(function.id) == group])
	assert not report.findings, report.text()
	unseen = {name: answer for name, answer in report.weak.items() if not reason_for_weakness(name)}
	assert not unseen, f"Nobody could call these, so nothing is known of them: {unseen}"


def test_every_module_was_looked_into(register):
	assert not register.broken


def test_every_rule_of_the_rest_api_is_known():
	assert not rest.unknown_rules()


def test_nothing_is_left_out_without_a_reason():
	assert all([*EXCLUDED.values(), *(reason for *_, reason in (*WEAK, *LEFT_OPEN))])
