"""Extractors for Babel: messages in the data of the app, such as names of masters, roles and modules."""

import ast
import json
from collections.abc import Iterator
from typing import IO

from frappe.gettext.extractors import doctype as framework_doctype
from frappe.gettext.extractors import onboarding_step as framework_step
from frappe.gettext.extractors import python as framework_python

# DocTypes whose names the desk shows translated (`translated_doctype`).
TRANSLATED_MASTERS = (
	"Cronus Activity Type",
	"Cronus Stage",
	"Cronus Loss Reason",
	"Cronus Contact Medium",
	"Cronus Tax",
	"Cronus Case State",
	"Cronus Case Type",
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


def extract_step(
	fileobj: IO, keywords, comment_tags, options
) -> Iterator[tuple[int | None, str, str, list[str]]]:
	"""Yields the framework's messages of a step of an onboarding, and what is said when its page opens."""
	yield from framework_step.extract(fileobj)
	fileobj.seek(0)
	step = json.load(fileobj)
	for fieldname in ("callback_title", "callback_message"):
		if text := step.get(fieldname):
			yield None, "_", text, [f"Message of the Onboarding Step '{step['title']}'"]


def extract_tour(fileobj: IO, keywords, comment_tags, options) -> Iterator[tuple[int, str, str, list[str]]]:
	"""Yields (line, function, message, comments) for what a tour of a form says."""
	tour = json.load(fileobj)
	for step in tour["steps"]:
		for fieldname in ("title", "description"):
			yield 1, "_", step[fieldname], [f"Tour of the form {tour['name']}"]


def extract_target(
	fileobj: IO, keywords, comment_tags, options
) -> Iterator[tuple[int, str, str | tuple, list[str]]]:
	"""Yields the messages of a module of targets of imports, and the labels of its `Field`s."""
	yield from framework_python.extract(fileobj, keywords, comment_tags, options)
	fileobj.seek(0)
	for call in ast.walk(ast.parse(fileobj.read())):
		if not isinstance(call, ast.Call) or getattr(call.func, "id", None) != "Field":
			continue
		named = next((keyword.value for keyword in call.keywords if keyword.arg == "label"), None)
		label = named or (call.args[2] if len(call.args) > 2 else None)
		if isinstance(label, ast.Constant) and label.value:
			yield call.lineno, "_", label.value, ["Heading of a column of an import"]
