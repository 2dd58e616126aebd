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
	"base/sales_documents.py: doc.flags.*": "events are given the document alone, and the second needs"
	" what the first has locked",
	"cronus_billing/documents/numbering.py: doc.flags.*": "between two events of one document",
	"cronus_exchange/external_documents/document_events.py: doc.flags.*": "what was done for many documents"
	" together is not done again by the events of each",
	"cronus_exchange/running/batch_insert.py: doc.flags.*": "asked once for a batch, of which each document"
	" has its event",
	"cronus_exchange/running/part_records.py: doc.flags.*": "the owners are told of a whole file at once",
	"demo/past_documents.py: frappe.flags.in_import": "the demo marks what it writes as brought in",
	"demo/past_documents.py: frappe.flags.mute_emails": "the demo marks what it writes as brought in",
	"visibility/replaced/export_access.py: frappe.flags.cronus_neutral_cells": "two replaced functions,"
	" of which one calls the other; nothing is handed from one to the other",
	"visibility/replaced/replacement.py: frappe.local.cronus_is_installed": "asked once a request, before"
	" the framework's own caches are there",
}

# Methods by which a list, set or mapping is changed and not replaced.
CHANGES_IN_PLACE = ("add", "append", "clear", "discard", "extend", "insert", "remove")

# The framework takes the answer of a request from there.
ANSWER = "frappe.local.response"


def written_state() -> Iterator[str]:
	"""“file: target” of each attribute of `frappe.local`, of flags, or of the framework's comparison with the
	stored document, that a module writes."""
	for path in sorted(APP.rglob("*.py")):
		file = path.relative_to(APP).as_posix()
		if path.name.startswith(("test_", "conftest")) or file == "base/framework_state.py":
			continue
		for target in written_targets(path.read_text()):
			if is_state(target):
				yield f"{file}: {target}"


def written_targets(source: str) -> Iterator[str]:
	"""The attributes and keys that a source sets or takes away, however it does so: “owner.name”, with “*”
	for a name that only the run knows."""
	for node in ast.walk(ast.parse(source)):
		match node:
			case ast.Attribute(ctx=ast.Store() | ast.Del()):
				yield ast.unparse(node)
			case ast.Subscript(value=owner, slice=name, ctx=ast.Store() | ast.Del()):
				yield f"{ast.unparse(owner)}.{text_or_any(name)}"
			case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, name, *_]):
				yield f"{ast.unparse(owner)}.{text_or_any(name)}"
			case ast.Call(func=ast.Attribute(value=owner, attr="setdefault" | "pop"), args=[name, *_]):
				yield f"{ast.unparse(owner)}.{text_or_any(name)}"
			case ast.Call(func=ast.Attribute(value=owner, attr=called)) if called in CHANGES_IN_PLACE:
				yield ast.unparse(owner)
			case ast.Call(func=ast.Attribute(value=owner, attr="update"), args=values, keywords=named):
				names = [keyword.arg or "*" for keyword in named] + ["*" for _value in values]
				yield from (f"{ast.unparse(owner)}.{name}" for name in names)


def text_or_any(node: ast.expr) -> str:
	return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "*"


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


def test_state_is_seen_however_it_is_written():
	assigned = "f.a = f['b'] = 1; setattr(f, 'c', 1); f.update(d=1); f[name] = 1"
	changed = "f.pop('e'); del f.g; f.h.append(1)"
	assert set(written_targets(f"{assigned}; {changed}")) == {f"f.{name}" for name in "abcd*egh"}


def test_what_counts_as_state():
	assert (
		is_state("frappe.local.lang") and is_state("doc.flags.steered") and is_state("doc._doc_before_save")
	)
	assert not is_state("frappe.local.response.filename") and not is_state("doc.flags.ignore_links")
