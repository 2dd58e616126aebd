"""Spanish is complete: every string that people see has its translation, with the same placeholders."""

import ast
import re
from io import BytesIO
from pathlib import Path

import frappe
import pytest
from babel.messages.pofile import read_po
from frappe.gettext import translate

PLACEHOLDER = re.compile(r"\{\d*\}|%\(\w+\)s|%s")
IN_SCRIPT = re.compile(r'\b__\(\s*"((?:[^"\\]|\\.)*)"')


@pytest.fixture(scope="module")
def template(site):
	"""The messages of the code as it is, and those of the file that is kept."""
	path = Path(frappe.get_app_path("cronus_crm")) / "locale" / "main.pot"
	kept = path.read_bytes()
	with pytest.MonkeyPatch.context() as patch:
		# The framework asks git what to leave out; the app under test need not be a repository.
		patch.setattr(translate, "get_is_gitignored_function_for_app", lambda _app: _is_built)
		try:
			translate.generate_pot("cronus_crm")
			yield _ids(path.read_bytes()), _ids(kept)
		finally:
			path.write_bytes(kept)


def _is_built(path: str) -> bool:
	return "/public/dist" in path


@pytest.fixture(scope="module")
def spanish():
	path = Path(frappe.get_app_path("cronus_crm")) / "locale" / "es.po"
	with path.open("rb") as file:
		return {(message.id, message.context or ""): message for message in read_po(file) if message.id}


def _ids(pot: bytes) -> set[tuple[str, str]]:
	"""(message, context) of each; "" where a message has no context."""
	return {(message.id, message.context or "") for message in read_po(BytesIO(pot)) if message.id}


def test_the_template_is_that_of_the_code(template):
	code, kept = template
	assert code == kept, "run: scripts/messages"


def test_no_script_hides_a_message_from_the_template(template):
	"""The framework's search loses its way in some template literals."""
	code = {message for message, _context in template[0]}
	package = Path(frappe.get_app_path("cronus_crm"))
	scripts = [path for path in package.rglob("*.js") if "dist" not in path.parts]
	hidden = {
		message
		for path in scripts
		for message in IN_SCRIPT.findall(path.read_text())
		if message.replace('\\"', '"') not in code
	}
	assert hidden == set()


def test_no_message_stands_in_an_f_string():
	"""There the search finds it in the newest Python only, and never where it has values of its own."""
	hidden = []
	for path in Path(frappe.get_app_path("cronus_crm")).rglob("*.py"):
		for node in ast.walk(ast.parse(path.read_text())):
			inside = ast.walk(node) if isinstance(node, ast.JoinedStr) else ()
			hidden += [f"{path}:{call.lineno}" for call in inside if _is_message(call, ast.Constant)]
			if _is_message(node, ast.JoinedStr):
				hidden.append(f"{path}:{node.lineno}")
	assert hidden == []


def _is_message(node: ast.AST, kind: type) -> bool:
	"""Whether a node is a call of `_` with a text, or with an f-string, as `kind` says."""
	is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "_lt")
	return is_call and bool(node.args) and isinstance(node.args[0], kind)


def test_every_message_is_in_spanish(template, spanish):
	code, _kept = template
	missing = sorted(message for message in code if message not in spanish or not spanish[message].string)
	assert not missing, "Fill in cronus_crm/locale/es.po:\n" + "\n".join(map(str, missing))


def test_nothing_is_fuzzy_or_left_over(template, spanish):
	code, _kept = template
	assert [message for message in spanish.values() if message.fuzzy] == []
	assert sorted(set(spanish) - code) == []


def test_placeholders_are_kept(spanish):
	for message in spanish.values():
		assert sorted(PLACEHOLDER.findall(message.id)) == sorted(PLACEHOLDER.findall(message.string)), (
			message.id
		)


def test_the_framework_shows_them(site):
	assert frappe._("Follow-up", lang="es") == "Seguimiento"
	assert frappe._("Cronus Opportunity", lang="es") == "Oportunidad"
	assert frappe._("Initial contact", lang="es") == "Contacto inicial"


def test_a_state_agrees_with_its_document(site):
	shown = {of: frappe._("Cancelled", lang="es", context=of) for of in ("Invoice", "Cronus Payment", "ToDo")}
	assert shown == {"Invoice": "Anulada", "Cronus Payment": "Anulado", "ToDo": "Cancelado"}
