"""Extractors for Babel: messages in the data of the app, such as names of masters, roles and modules."""

import json
from collections.abc import Iterator
from typing import IO

from frappe.gettext.extractors import doctype as framework_doctype

# DocTypes whose names the desk shows translated (`translated_doctype`).
TRANSLATED_MASTERS = (
	"Cronus Activity Type",
	"Cronus Stage",
	"Cronus Loss Reason",
	"Cronus Contact Medium",
	"Cronus Tax",
	"Role",
)

# Labels whose translation depends on the gender of the DocType, as that of its states does.
AGREEING_LABELS = ("Enabled", "Disabled", "Cancelled")


def extract(fileobj: IO, keywords, comment_tags, options) -> Iterator[tuple[int, str, str, list[str]]]:
	"""Yields (line, function, message, comments), as Babel expects, for each name in a file of fixtures."""
	for record in json.load(fileobj):
		if record.get("doctype") in TRANSLATED_MASTERS:
			yield 1, "_", record["name"], [f"Name of a {record['doctype']}"]
		elif record.get("doctype") == "Custom Field":
			yield 1, "_", record["label"], [f"Label of a field of {record['dt']}"]


def extract_doctype(
	fileobj: IO, keywords, comment_tags, options
) -> Iterator[tuple[int | None, str, str | tuple[str, str], list[str]]]:
	"""Yields the framework's messages of the JSON of a DocType, and those that need the DocType as context.

	The latter are the options of the field `state`, which are adjectives with the gender of the document, and
	AGREEING_LABELS.
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
	"""Yields (line, function, message, comments) for each name in modules.txt."""
	for number, line in enumerate(fileobj, start=1):
		yield number, "_", line.decode().strip(), ["Name of a module"]


def extract_sidebar(
	fileobj: IO, keywords, comment_tags, options
) -> Iterator[tuple[int, str, str, list[str]]]:
	"""Yields (line, function, message, comments) for each label in a workspace sidebar, which only Frappe 16
	has."""
	sidebar = json.load(fileobj)
	for item in sidebar["items"]:
		yield 1, "_", item["label"], [f"Label in the sidebar {sidebar['title']}"]
