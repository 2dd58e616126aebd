"""Every function of ours that can be called over HTTP stands where such functions stand, and is asked by the
tests of visibility under each of its addresses."""

import ast
import importlib
import inspect
from inspect import unwrap
from textwrap import dedent

import frappe
import pytest

from cronus_crm.api.former_addresses import NEW_ADDRESSES
from tests.visibility.crawler.excluded import EXCLUDED
from tests.visibility.crawler.groups import GROUPS, group_of
from tests.visibility.crawler.register import modules_of, read_register

# Packages all of whose functions may be whitelisted: what programs call, and what takes the place of a method
# of the framework.
PACKAGES = ("cronus_crm.api.", "cronus_crm.visibility.replaced.")

# What the framework finds by its place: the methods of the Number Cards.
CARDS = "cronus_crm.cronus_analytics.dashboard.dashboard_cards"
ENTRIES = {
	f"{CARDS}.{name}": "a Number Card names it"
	for name in (
		"amount_in_progress",
		"amount_invoiced",
		"amount_won",
		"average_won_value",
		"deal_conversion",
		"deals_in_progress",
		"won_deals",
	)
}


def name_of(function) -> str:
	return f"{function.__module__}.{function.__qualname__}"


@pytest.fixture(scope="module")
def doors(site) -> dict[str, object]:
	"""Whitelisted functions of the app by their names, once all of its modules are imported."""
	for module in modules_of("cronus_crm"):
		importlib.import_module(module)
	ours = (function for function in frappe.whitelisted if function.__module__.startswith("cronus_crm"))
	return {name_of(function): function for function in ours}


@pytest.fixture(scope="module")
def asked(site) -> dict[str, tuple[str, ...]]:
	"""Addresses of the functions that the crawler asks, by the name of each."""
	return {
		function.id: function.addresses
		for function in read_register(site).functions
		if function.id not in EXCLUDED
	}


def test_there_are_doors_to_look_at(doors):
	assert len(doors) > 40


def test_a_door_stands_where_doors_stand(doors):
	astray = [name for name in doors if not name.startswith(PACKAGES) and name not in ENTRIES]
	assert not astray, "Move these to cronus_crm/api, or take their decorators away"


def test_what_the_framework_finds_by_its_place_is_there(doors):
	assert set(ENTRIES) <= set(doors)
	cards = frappe.get_all("Number Card", {"method": ("like", "cronus_crm%")}, pluck="method", limit=0)
	assert set(cards) == set(ENTRIES)


def test_a_door_leads_to_no_other(doors):
	"""What a door calls is not whitelisted itself: it could be asked past the door."""
	whitelisted = {id(unwrap(function)): name for name, function in doors.items()}
	for name, function in doors.items():
		doors_called = {whitelisted.get(id(unwrap(called))) for called in called_by(unwrap(function))} - {
			None
		}
		assert not doors_called, name


def called_by(function) -> list:
	"""What a function calls by a name of its module, or as an attribute of such a name."""
	tree = ast.parse(dedent(inspect.getsource(function)))
	known = function.__globals__
	found = []
	for node in ast.walk(tree.body[0]):
		if not isinstance(node, ast.Call):
			continue
		match node.func:
			case ast.Name(id=called):
				found.append(known.get(called))
			case ast.Attribute(value=ast.Name(id=holder), attr=called):
				found.append(getattr(known.get(holder), called, None))
	return [value for value in found if callable(value)]


def test_each_door_is_asked_by_the_crawler(doors, asked):
	assert set(doors) <= set(asked)
	for name in doors:
		assert name in asked[name], f"{name} is asked at {asked[name]} only"
		assert group_of(name) in GROUPS


def test_each_former_address_is_asked_by_the_crawler(asked):
	for former, new in NEW_ADDRESSES.items():
		assert former in asked[new], f"{former} is not asked"


def test_no_module_has_a_door_of_another_one(doors, asked):
	"""Else it could be called by the name of that module as well."""
	for name in doors:
		others = set(asked[name]) - {name, *(former for former, new in NEW_ADDRESSES.items() if new == name)}
		assert not others, f"{name} is also reached as {others}"
