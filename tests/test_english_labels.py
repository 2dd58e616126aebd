"""The English desk shows our DocTypes and reports without the prefix of their names."""

import json
from pathlib import Path

import frappe
import pytest
from babel.messages.pofile import read_po

APP = Path(__file__).parents[1] / "cronus_crm"
PREFIX = "Cronus "


def prefixed_names() -> list[str]:
	names = set()
	for kind in ("doctype", "report"):
		for path in APP.glob(f"*/{kind}/*/*.json"):
			described = json.loads(path.read_text())
			if described.get("doctype") in ("DocType", "Report") and described["name"].startswith(PREFIX):
				names.add(described["name"])
	return sorted(names)


def test_each_name_has_a_label_without_the_prefix():
	with (APP / "locale" / "en.po").open("rb") as file:
		labels = {message.id: message.string for message in read_po(file) if message.id}
	missing = [name for name in prefixed_names() if labels.get(name, PREFIX).startswith(PREFIX)]
	assert not missing, "Add these to cronus_crm/locale/en.po"
	assert all(name.startswith(PREFIX) for name in labels)


@pytest.mark.parametrize("name", ["Cronus Customer", "Cronus Delivery Note", "Cronus Seller Efficiency"])
def test_the_desk_is_sent_the_labels(site, name):
	assert frappe.translate.get_all_translations("en").get(name) == name.removeprefix(PREFIX)
