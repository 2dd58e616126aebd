"""What steers the framework or a document from afar stands in `base/framework_state.py`, with its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).parents[1] / "cronus_crm"

# Flags of the framework's documents by which a save says what it leaves out, or does later.
ALLOWED_FLAGS = (
	"ignore_links",
	"ignore_mandatory",
	"ignore_permissions",
	"notify_update",
	# Of a user: whether the mail to them waits in the queue.
	"delay_emails",
	# Ours: who writes or deletes many has asked for all of them what the controller asks for each.
	"known_unique",
	"known_unlinked",
	"has_own_key",
)

# What is written of the framework's state elsewhere, and why.
EXCEPTIONS = {
	"demo/past_documents.py: frappe.flags.in_import": "the demo marks what it writes as brought in",
	"demo/past_documents.py: frappe.flags.mute_emails": "the demo marks what it writes as brought in",
	"visibility/replaced/export_access.py: frappe.flags.cronus_neutral_cells": "two replaced functions,"
	" of which one calls the other; nothing is handed from one to the other",
	"visibility/replaced/replacement.py: frappe.local.cronus_is_installed": "asked once a request, before"
	" the framework's own caches are there",
}

# The framework takes the answer of a request from there.
ANSWER = "frappe.local.response"


def written_state() -> Iterator[str]:
	"""“file: target” of each attribute of `frappe.local`, of flags, or of the framework's comparison with the
	stored document, that a module writes."""
	for path in sorted(APP.rglob("*.py")):
		file = path.relative_to(APP).as_posix()
		if path.name.startswith(("test_", "conftest")) or file == "base/framework_state.py":
			continue
		for node in ast.walk(ast.parse(path.read_text())):
			if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
				target = ast.unparse(node)
				if is_state(target):
					yield f"{file}: {target}"


def is_state(target: str) -> bool:
	"""True for an attribute whose value others act on who were not given it."""
	*owner, name = target.split(".")
	if target.startswith("frappe.local."):
		return not target.startswith(ANSWER)
	if owner and owner[-1] == "flags":
		return name not in ALLOWED_FLAGS
	return name == "_doc_before_save"


def test_state_is_written_in_one_place_only():
	assert sorted(set(written_state()) - EXCEPTIONS.keys()) == []


def test_what_counts_as_state():
	assert (
		is_state("frappe.local.lang") and is_state("doc.flags.steered") and is_state("doc._doc_before_save")
	)
	assert not is_state("frappe.local.response.filename") and not is_state("doc.flags.ignore_links")
