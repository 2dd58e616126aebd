"""What the server sends with the desk, so that no script has a list of its own."""

import json
import re
from pathlib import Path

import frappe

import cronus_crm
from cronus_crm.boot import collect_shared_lists, extend_bootinfo
from tests.scaffold import AGENT, SELLER, VIEWER, make_user

APP = Path(cronus_crm.__file__).parent
SCRIPTS = [
	path for path in APP.rglob("*.js") if "dist" not in path.parts and "node_modules" not in path.parts
]
USED = re.compile(r"frappe\.boot\.cronus\.(\w+)(?:\.(\w+))?")


def test_the_desk_is_sent_the_lists():
	bootinfo = frappe._dict()
	extend_bootinfo(bootinfo)
	assert bootinfo.cronus == collect_shared_lists()
	assert bootinfo.cronus_currency
	# As it goes into the page.
	assert json.loads(frappe.as_json(bootinfo.cronus))["preview"]["head"][0] == "customer"


def test_whoever_reads_cases_is_sent_the_names_of_agents(site):
	agent = make_user(AGENT)
	frappe.db.set_value("User", agent, "full_name", "Inés Paz")
	for role, is_sent in ((SELLER, True), (VIEWER, False)):
		frappe.set_user(make_user(role))
		bootinfo = frappe._dict()
		extend_bootinfo(bootinfo)
		names = {user: info.fullname for user, info in (bootinfo.user_info or {}).items()}
		assert (names.get(agent) == "Inés Paz") is is_sent, role


def test_scripts_read_what_is_sent():
	lists = collect_shared_lists()
	read = {match.groups() for path in SCRIPTS for match in USED.finditer(path.read_text())}
	assert len(read) > 5
	for name, part in read:
		assert name in lists
		if part and isinstance(lists[name], dict):
			assert part in lists[name]


def test_no_script_has_such_a_list_of_its_own():
	"""Three values of a list, one behind the other, or all of a shorter one, are a copy of it."""
	for script in SCRIPTS:
		text = re.sub(r"\s+", " ", script.read_text())
		for name, values in _flat(collect_shared_lists()):
			length = min(3, len(values))
			parts = [values[start : start + length] for start in range(len(values) - length + 1)]
			copies = [part for part in parts if json.dumps(part)[1:-1] in text]
			assert not copies, f"{script.name} has a list like {name} of its own"


def _flat(lists: dict, path: str = ""):
	"""Every list in it with where it stands, and of a mapping its keys."""
	for name, value in lists.items():
		if isinstance(value, dict) and not all(isinstance(item, str) for item in value.values()):
			yield from _flat(value, f"{path}{name}.")
		else:
			yield f"{path}{name}", list(value)
