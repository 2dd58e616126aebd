"""Finds what is to be translated in the data that the app brings: names of masters, roles and modules."""

import json
from collections.abc import Iterator
from typing import IO

from frappe.gettext.extractors import doctype as framework_doctype

# Their names are shown translated; see `translated_doctype` in each of them.
TRANSLATED_MASTERS = (
	"Cronus Activity Type",
	"Cronus Stage",
	"Cronus Loss Reason",
	"Cronus Contact Medium",
	"Cronus Tax",
	"Role",
)

# Labels of fields that agree with the DocType, as its states do.
AGREEING_LABELS = ("Enabled", "Disabled", "Cancelled")


def extract(fileobj: IO, keywords, comment_tags, options) -> Iterator[tuple[int, str, str, list[str]]]:
	"""Babel's interface: (line, function, message, comments) for each name in a file of fixtures."""
	for record in json.load(fileobj):
		if record.get("doctype") in TRANSLATED_MASTERS:
			yield 1, "_", record["name"], [f"Name of a {record['doctype']}"]
		elif record.get("doctype") == "Custom Field":
			yield 1, "_", record["label"], [f"Label of a field of {record['dt']}"]


def extract_doctype(
	fileobj: IO, keywords, comment_tags, options
) -> Iterator[tuple[int | None, str, str | tuple[str, str], list[str]]]:
	"""What the framework finds in the JSON of a DocType, and words that the desk asks for in its context.

	These are the options of the field `state`, adjectives whose gender is that of the document, and the
	labels "Enabled", "Disabled" and "Cancelled".
	"""
	yield from framework_doctype.extract(fileobj)
	fileobj.seek(0)
	doctype = json.load(fileobj)
	for field in doctype["fields"]:
		if field["fieldname"] == "state" and field["fieldtype"] == "Select":
			for option in field["options"].split("\n"):
				yield None, "pgettext", (doctype["name"], option), [f"State of a {doctype['name']}"]
		elif field.get("label") in AGREEING_LABELS:
			yield None, "pgettext", (doctype["name"], field["label"]), [f"Label of a {doctype['name']}"]


def extract_modules(
	fileobj: IO, keywords, comment_tags, options
) -> Iterator[tuple[int, str, str, list[str]]]:
	"""The same for the names of the app's modules."""
	for number, line in enumerate(fileobj, start=1):
		yield number, "_", line.decode().strip(), ["Name of a module"]


def extract_sidebar(
	fileobj: IO, keywords, comment_tags, options
) -> Iterator[tuple[int, str, str, list[str]]]:
	"""The same for a sidebar of Frappe 16, which 15 does not know."""
	sidebar = json.load(fileobj)
	for item in sidebar["items"]:
		yield 1, "_", item["label"], [f"Label in the sidebar {sidebar['title']}"]
