"""No module names a DocType of a module above it: what imports cannot show.

The modules from the ground up: base, visibility, Cronus CRM, Cronus Billing, Cronus Service, Cronus
Analytics, Cronus Exchange. Billing may name the records of the CRM, whose documents are for its customers;
the CRM takes part in documents through the hooks of `base/sales_documents.py`, which know kinds of documents
and no DocTypes. Service stands on both, and reaches billing by links alone.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "cronus_crm"

# Folders from the ground up, and the module whose DocTypes each has.
FLOORS = {
	"base": None,
	"visibility": None,
	"cronus_crm": "Cronus CRM",
	"cronus_billing": "Cronus Billing",
	"cronus_service": "Cronus Service",
	"cronus_analytics": "Cronus Analytics",
	"cronus_exchange": "Cronus Exchange",
	"cronus_connect": None,
	"seats": None,
}

# What is the table of all DocTypes must name all of them.
TABLES = ("visibility/ownership.py",)

# Files that name a DocType of above: which, and why.
EXCEPTIONS = {
	"base/present_records.py": {"Cronus CRM Settings": "the settings of all modules are one document"},
	"base/base_hooks.py": {"Cronus Idempotent Request": "the table of base/idempotency.py"},
	"base/idempotency.py": {"Cronus Idempotent Request": "the table of this module, which nobody else uses"},
	"base/sales_documents.py": {
		"Proforma": "a kind of document, whatever its DocType is called",
		"Invoice": "a kind of document, whatever its DocType is called",
	},
	"cronus_crm/doctype/cronus_crm_settings/cronus_crm_settings.json": {
		"Cronus Price List": "the settings of all modules are one document; only billing reads this field",
		"Cronus Tax": "the settings of all modules are one document; only billing reads this field",
	},
	"cronus_crm/doctype/cronus_customer/cronus_customer.json": {
		"Cronus Payment Terms": "people keep the terms of a customer with it; only billing reads this field",
		"Cronus Price List": "people keep the prices of a customer with it; only billing reads this field",
	},
	"cronus_crm/doctype/cronus_sending_text/cronus_sending_text.py": {
		"Proforma": "a kind of document, whatever its DocType is called",
		"Invoice": "a kind of document, whatever its DocType is called",
	},
	"cronus_crm/doctype/cronus_opportunity_product/cronus_opportunity_product.json": {
		"Cronus Product": "what an opportunity is about; the CRM reads nothing of the product",
	},
	"visibility/rule.py": {
		"Cronus Seller": "the rule follows the tree of sellers",
		"Cronus CRM Settings": "the settings of all modules are one document",
	},
}

_TABLE = re.compile(r"(?:^|`)tab([^`]+)(?:$|`)")


def doctypes_by_module() -> Iterator[tuple[str, str]]:
	for path in APP.glob("*/doctype/*/*.json"):
		described = json.loads(path.read_text())
		if described.get("doctype") == "DocType":
			yield described["module"], described["name"]


def doctypes_above(floor: str) -> frozenset[str]:
	"""The DocTypes of the modules that stand above a folder."""
	floors = list(FLOORS)
	above = {FLOORS[other] for other in floors[floors.index(floor) + 1 :]}
	return frozenset(name for module, name in doctypes_by_module() if module in above)


def names_in_python(path: Path) -> Iterator[str]:
	"""The strings of a module, and the tables that these name."""
	for node in ast.walk(ast.parse(path.read_text())):
		if isinstance(node, ast.Constant) and isinstance(node.value, str):
			yield node.value
			yield from _TABLE.findall(node.value)


def names_in_doctype(path: Path) -> Iterator[str]:
	"""What the fields and the connections of a DocType point at, in its JSON."""
	described = json.loads(path.read_text())
	for field in described.get("fields", ()):
		yield field.get("options")
	for link in described.get("links", ()):
		yield link.get("link_doctype")


def names_from_above() -> dict[str, set[str]]:
	"""By file, the DocTypes of above that it names."""
	found = {}
	for floor in FLOORS:
		above, folder = doctypes_above(floor), APP / floor
		sources = {path: names_in_python(path) for path in folder.rglob("*.py")}
		sources |= {path: names_in_doctype(path) for path in folder.glob("doctype/*/*.json")}
		for path, names in sources.items():
			name = path.relative_to(APP).as_posix()
			if path.name.startswith("test_") or name in TABLES:
				continue
			if named := above.intersection(names):
				found[name] = named
	return found


def test_there_are_doctypes_on_every_floor():
	assert len(doctypes_above("base")) > 30
	assert "Invoice" in doctypes_above("cronus_crm")
	assert "Cronus Customer" not in doctypes_above("cronus_billing")
	assert not doctypes_above("cronus_exchange")


def test_no_module_names_a_doctype_of_a_module_above():
	named = {(file, doctype) for file, doctypes in names_from_above().items() for doctype in doctypes}
	allowed = {(file, doctype) for file, doctypes in EXCEPTIONS.items() for doctype in doctypes}
	assert sorted(named - allowed) == []


def test_no_exception_outlives_its_reason():
	named = names_from_above()
	for file, doctypes in EXCEPTIONS.items():
		assert doctypes.keys() <= named.get(file, set()), file


@pytest.mark.parametrize("doctype", ["Cronus Prospect", "Cronus Opportunity"])
def test_every_state_is_either_in_course_or_over(doctype):
	from cronus_crm.cronus_crm.record_states import FINISHED_STATES, STATES_IN_COURSE

	folder = doctype.lower().replace(" ", "_")
	described = json.loads((APP / f"cronus_crm/doctype/{folder}/{folder}.json").read_text())
	(options,) = (field["options"] for field in described["fields"] if field["fieldname"] == "state")
	assert sorted(options.split("\n")) == sorted((*STATES_IN_COURSE[doctype], *FINISHED_STATES[doctype]))
