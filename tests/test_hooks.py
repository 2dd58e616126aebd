"""What `hooks.py` and `patches.txt` name exists."""

import re
from pathlib import Path

import frappe
import pytest
from frappe.modules.patch_handler import get_patches_from_app

from cronus_crm import hooks
from cronus_crm.visibility.ownership import CLOSED, OPEN, OWNERSHIP

DOTTED = re.compile(r"^cronus_crm(\.\w+)+$")


def dotted_paths(value, name: str = ""):
	"""Every dotted path of ours in a hook, however deep it stands."""
	if isinstance(value, str):
		if DOTTED.match(value):
			yield name, value
	elif isinstance(value, dict):
		for key, item in value.items():
			yield from dotted_paths(item, f"{name}.{key}")
	elif isinstance(value, list | tuple):
		for item in value:
			yield from dotted_paths(item, name)


HOOKS = {name: value for name, value in vars(hooks).items() if not name.startswith("_")}
PATHS = sorted(
	{
		(name, path)
		for name, path in dotted_paths(HOOKS)
		if name not in (".app_include_css", ".app_include_js", ".cronus_ownership", ".cronus_search_sources")
	}
)


def test_there_are_paths_to_look_at():
	assert len(PATHS) > 15


@pytest.mark.parametrize(("name", "path"), PATHS, ids=lambda value: value)
def test_a_path_in_hooks_leads_to_something_to_call(name, path):
	assert callable(frappe.get_attr(path)), name


def test_every_patch_can_be_run():
	for patch in get_patches_from_app("cronus_crm"):
		assert callable(frappe.get_attr(f"{patch.split()[0]}.execute")), patch


def test_doctypes_named_in_hooks_exist(site):
	named = (
		set(OWNERSHIP) | OPEN | CLOSED | set(hooks.cronus_sales_documents) | (set(hooks.doc_events) - {"*"})
	)
	for doctype in named:
		assert frappe.db.exists("DocType", doctype), doctype


def test_hooks_name_each_file_of_fixtures():
	"""The framework imports whatever stands in the folder, and exports what hooks name."""
	named = {fixture["dt"] if isinstance(fixture, dict) else fixture for fixture in hooks.fixtures}
	files = {path.stem for path in Path(frappe.get_app_path("cronus_crm", "fixtures")).glob("*.json")}
	assert files == set(map(frappe.scrub, named))


@pytest.mark.parametrize(
	"path",
	sorted(Path(frappe.get_app_path("cronus_crm", "workspace_sidebar")).glob("*.json")),
	ids=lambda path: path.stem,
)
def test_a_side_bar_has_one_order(path):
	"""Items of one number stand in any order, another on each site."""
	numbers = [item["idx"] for item in frappe.parse_json(path.read_text())["items"]]
	assert numbers == list(range(1, len(numbers) + 1))
