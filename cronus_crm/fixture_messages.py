"""Finds what is to be translated in the data that the app brings: names of masters, roles and modules."""

import json
from collections.abc import Iterator
from typing import IO

# Their names are shown translated; see `translated_doctype` in each of them.
TRANSLATED_MASTERS = (
	"Cronus Activity Type",
	"Cronus Stage",
	"Cronus Loss Reason",
	"Cronus Contact Medium",
	"Cronus Tax",
	"Role",
)


def extract(fileobj: IO, keywords, comment_tags, options) -> Iterator[tuple[int, str, str, list[str]]]:
	"""Babel's interface: (line, function, message, comments) for each name in a file of fixtures."""
	for record in json.load(fileobj):
		if record.get("doctype") in TRANSLATED_MASTERS:
			yield 1, "_", record["name"], [f"Name of a {record['doctype']}"]
		elif record.get("doctype") == "Custom Field":
			yield 1, "_", record["label"], [f"Label of a field of {record['dt']}"]


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
