"""What we replace in the framework, and what we call of it, fits the Frappe that is installed. The first
thing to run with a new version: it names what has changed, before a user meets it."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import frappe
import frappe.app  # what serves requests, where some of what is replaced stands
import pytest

import cronus_crm
from cronus_crm.visibility.replaced import replacement
from tests.scaffold import FRAPPE_VERSION

# What only one of the supported versions has, and which.
ONLY_IN = {
	"frappe.client.validate_link": 15,
	"frappe.client.validate_link_and_fetch": 16,
	"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews": 15,
	"frappe.utils.pdf_generator.browser.Browser.__init__": 16,
	"frappe.utils.pdf_generator.page.Page.set_cookies": 16,
}

replacement.import_replacements()
PATHS = sorted(replacement.REPLACEMENTS)
SOURCES = sorted(
	path for path in Path(cronus_crm.__file__).parent.rglob("*.py") if not path.name.startswith("test_")
)


@pytest.mark.parametrize("path", PATHS)
def test_an_original_takes_what_its_replacement_reads(path):
	original = replacement.ORIGINALS.get(path)
	if ONLY_IN.get(path, FRAPPE_VERSION) != FRAPPE_VERSION:
		assert original is None, f"{path} is in {FRAPPE_VERSION} too"
		return
	assert original, f"{path} is not in Frappe {frappe.__version__}: who answers in its place?"
	parameters = replacement.read_signature(original).parameters
	for names in arguments_read(replacement.REPLACEMENTS[path]):
		assert set(names) & set(parameters), f"{path} takes none of {names}, but {list(parameters)}"


def arguments_read(function) -> set[tuple[str, ...]]:
	"""Names of the arguments that a replacement reads or sets whatever the original takes; several where it
	reads the one of them that there is."""
	tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(function)))
	# A function within another is given its names by it.
	given = inspect.getclosurevars(function).nonlocals.values()
	read = {(value,) for value in given if isinstance(value, str)}
	asked_for = {
		node.left.value
		for node in ast.walk(tree)
		if isinstance(node, ast.Compare)
		and isinstance(node.ops[0], ast.In)
		and isinstance(node.left, ast.Constant)
	}
	for node in ast.walk(tree):
		if isinstance(node, ast.Subscript) and is_call(node.value) and isinstance(node.slice, ast.Constant):
			read.add((node.slice.value,))
		elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_call(node.func.value):
			constants = tuple(argument.value for argument in node.args if isinstance(argument, ast.Constant))
			read |= {constants} if node.func.attr == "one_of" else {(name,) for name in constants}
	return {names for names in read if names[0] not in asked_for}


def is_call(node: ast.AST) -> bool:
	return isinstance(node, ast.Name) and node.id == "call"


@pytest.mark.parametrize("path", PATHS)
def test_a_replacement_stands_wherever_the_original_did(path):
	original = replacement.ORIGINALS.get(path)
	if original is None:
		return
	holder, name = replacement.find_original(path)
	standing = getattr(holder, name)
	assert standing is not original and inspect.unwrap(standing) is inspect.unwrap(original)
	assert original not in frappe.whitelisted
	assert original not in frappe.allowed_http_methods_for_whitelisted_func


@pytest.mark.parametrize(
	"path", ("frappe.no_such.module.function", "frappe.utils.nothing.Here.__init__", "frappe.client.no_such")
)
def test_what_the_framework_does_not_have_is_not_found(path):
	assert replacement.find_original(path) is None


def test_aliases_lead_to_the_replacement():
	from frappe.automation.doctype.auto_repeat import auto_repeat
	from frappe.core.doctype.communication import email

	assert auto_repeat.make is email.make
	assert email.make in frappe.whitelisted


def test_a_site_without_this_app_is_answered_by_the_framework(monkeypatch):
	seen = []
	monkeypatch.setattr(replacement, "_is_installed", lambda: False)
	monkeypatch.setattr(replacement.Call, "__call__", lambda call: seen.append(call))
	assert frappe.get_attr("frappe.desk.search.search_widget")("DocType", "Proforma") is not None
	assert seen == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_calls_of_ours_fit_the_framework(site, source):
	for line, name, called, call in calls_into_the_framework(source):
		try:
			signature = replacement.read_signature(called)
		except ValueError:
			continue
		try:
			signature.bind(*call.args, **{keyword.arg: keyword for keyword in call.keywords})
		except TypeError as problem:
			pytest.fail(f"{source.name}:{line}: {name}{signature}: {problem}")


def test_calls_are_found():
	found = [name for source in SOURCES for _line, name, _called, _call in calls_into_the_framework(source)]
	assert len(found) > 700
	assert {"frappe.get_doc", "frappe.throw", "frappe.db.get_value", "pdf.get_pdf", "getdate"} <= set(found)


def calls_into_the_framework(source: Path) -> Iterator[tuple[int, str, object, ast.Call]]:
	"""Line, name as written, what is called and how, of each call whose arguments can be counted."""
	tree = ast.parse(source.read_text())
	imported = dict(names_imported(tree))
	for node in ast.walk(tree):
		if not isinstance(node, ast.Call):
			continue
		if any(isinstance(argument, ast.Starred) for argument in node.args):
			continue
		if any(keyword.arg is None for keyword in node.keywords):
			continue
		name = ast.unparse(node.func)
		called = (
			resolve(name.split("."), imported) if name.replace(".", "").replace("_", "").isalnum() else None
		)
		if callable(called) and (getattr(called, "__module__", None) or "").split(".")[0] == "frappe":
			yield node.lineno, name, called, node


def names_imported(tree: ast.AST) -> Iterator[tuple[str, object]]:
	"""What the names that a module imports from the framework stand for."""
	for node in ast.walk(tree):
		if isinstance(node, ast.Import):
			for alias in node.names:
				if alias.name.split(".")[0] == "frappe":
					yield (
						(alias.asname, frappe.get_module(alias.name)) if alias.asname else ("frappe", frappe)
					)
		elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "frappe":
			for alias in node.names:
				module = frappe.get_module(node.module)
				found = getattr(module, alias.name, None)
				if found is None:
					found = frappe.get_module(f"{node.module}.{alias.name}")
				yield alias.asname or alias.name, found


def resolve(parts: list[str], imported: dict[str, object]) -> object | None:
	found = imported.get(parts[0])
	try:
		for part in parts[1:]:
			found = getattr(found, part)
	except (AttributeError, RuntimeError):  # RuntimeError: what is there in a request only
		return None
	return found
