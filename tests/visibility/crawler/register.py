"""All whitelisted functions, and all addresses at which each is reached over HTTP.

A function is registered as whitelisted when its module is imported, so all modules of all apps are imported.
This happens in a separate process, so that these imports do not affect the tests.
"""

import importlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import frappe


@dataclass(frozen=True)
class Parameter:
	"""A parameter of a signature. kind: that of `inspect.Parameter`."""

	name: str
	kind: str
	required: bool
	annotation: str


@dataclass(frozen=True)
class Function:
	"""id: where it is defined. addresses: where it is reached, `id` first if it is one of them. doctypes:
	those whose documents have it as a method. verbs: HTTP methods that it answers to. calls_with: by which of
	the framework's ways to call a method that is named, it could be called."""

	id: str
	addresses: tuple[str, ...]
	parameters: tuple[Parameter, ...]
	verbs: tuple[str, ...]
	guests: bool
	doctypes: tuple[str, ...] = ()
	calls_with: tuple[str, ...] = ()

	@property
	def names(self) -> set[str]:
		return {parameter.name for parameter in self.parameters if "VAR" not in parameter.kind}

	@property
	def of_documents(self) -> bool:
		return bool(self.doctypes)


@dataclass
class Register:
	"""broken: modules that cannot be imported, with the reason."""

	functions: list[Function]
	broken: dict[str, str] = field(default_factory=dict)


# How the framework calls a method that is named in a request.
CALLED_WITH = {
	"tree_method": ("doctype", "parent"),
	"make_mapped_doc": ("source_name",),
	"map_docs": ("source_name", "target_doc"),
	"query": ("doctype", "txt", "searchfield", "start", "page_length", "filters"),
	"upload_file": (),
}


def read_register(site: str) -> Register:
	"""The register of a site, read in a separate process."""
	with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
		subprocess.run(
			[sys.executable, "-m", __name__, file.name],
			env={**os.environ, "CRONUS_SITE": site, "PYTHONPATH": _root()},
			check=True,
			stdout=subprocess.DEVNULL,
		)
		found = json.load(file)
	functions = [
		Function(
			**{
				**row,
				"parameters": tuple(Parameter(**parameter) for parameter in row["parameters"]),
				**{key: tuple(row[key]) for key in ("addresses", "verbs", "doctypes", "calls_with")},
			}
		)
		for row in found["functions"]
	]
	return Register(functions, found["broken"])


def _root() -> str:
	return str(Path(__file__).parents[3])


def main(target: str) -> None:
	frappe.init(site=os.environ["CRONUS_SITE"], sites_path=os.getcwd())
	frappe.connect()
	broken = import_everything()
	functions = sorted(collect_functions(), key=lambda function: function.id)
	with open(target, "w") as file:
		json.dump({"functions": [asdict(function) for function in functions], "broken": broken}, file)


def import_everything() -> dict[str, str]:
	"""Imports all modules of all installed apps except tests; gives back those that fail, with the error."""
	broken = {}
	for app in frappe.get_installed_apps():
		for module in modules_of(app):
			try:
				importlib.import_module(module)
			except (Exception, SystemExit) as error:
				broken[module] = repr(error)[:200]
	return broken


def modules_of(app: str) -> Iterator[str]:
	root = Path(importlib.import_module(app).__file__).parent
	for file in sorted(root.rglob("*.py")):
		parts = [app, *file.relative_to(root).with_suffix("").parts]
		if parts[-1] == "__init__":
			parts.pop()
		if parts[-1].startswith("test_") or {"tests", "node_modules", "conftest"} & set(parts):
			continue
		if not any("." in part or "-" in part or " " in part for part in parts):
			yield ".".join(parts)


def collect_functions() -> Iterator[Function]:
	"""All functions of the register with their addresses; a list of them in Frappe 15, a set in 16."""
	addresses = _addresses()
	methods = _methods_of_documents()
	seen = set()
	for function in frappe.whitelisted:
		where = sorted(addresses.get(id(function), ()))
		doctypes = methods.get(id(function), ())
		name = f"{function.__module__}.{function.__qualname__}"
		# What was replaced, or belongs to a test, is in the register and nowhere else.
		if not (where or doctypes) or id(function) in seen:
			continue
		seen.add(id(function))
		where.sort(key=lambda address: (address != name, "." not in address))
		if "<locals>" in name and where:
			# The inside of a decorator that says nothing of what it wraps.
			name = where[0]
		signature = inspect.signature(function)
		yield Function(
			name,
			tuple(where),
			tuple(
				Parameter(
					parameter.name,
					parameter.kind.name,
					parameter.default is parameter.empty and "VAR" not in parameter.kind.name,
					"" if parameter.annotation is parameter.empty else str(parameter.annotation),
				)
				for parameter in signature.parameters.values()
				if parameter.name != "self"
			),
			tuple(frappe.allowed_http_methods_for_whitelisted_func[function]),
			function in frappe.guest_methods,
			tuple(sorted(doctypes)),
			()
			if doctypes
			else tuple(way for way, given in CALLED_WITH.items() if _takes_arguments(signature, len(given))),
		)


def _takes_arguments(signature: inspect.Signature, number: int) -> bool:
	try:
		signature.bind(*range(number))
	except TypeError:
		return False
	return True


def _addresses() -> dict[int, set[str]]:
	"""Dotted names of each function, by its id(): in its own module and in modules that imported it."""
	from frappe.handler import get_attr

	register = {id(function) for function in frappe.whitelisted}
	found: dict[int, set[str]] = {}
	apps = set(frappe.get_installed_apps())
	for module in list(sys.modules):
		if module.split(".")[0] not in apps:
			continue
		for name, value in list(vars(sys.modules[module]).items()):
			if id(value) in register:
				found.setdefault(id(value), set()).add(f"{module}.{name}")
				# A name without a module is one of the handler's.
				if module == "frappe.handler":
					found[id(value)].add(name)
	for address, replaced_by in frappe.get_hooks("override_whitelisted_methods").items():
		with suppress(ImportError, AttributeError, KeyError):
			found.setdefault(id(get_attr(replaced_by[-1])), set()).add(address)
	return found


def _methods_of_documents() -> dict[int, set[str]]:
	from frappe.model.base_document import get_controller

	methods = {
		id(function): function.__name__ for function in frappe.whitelisted if "." in function.__qualname__
	}
	found: dict[int, set[str]] = {}
	for doctype in frappe.get_all("DocType", pluck="name"):
		try:
			controller = get_controller(doctype)
		except ImportError:
			continue
		for key, name in methods.items():
			if id(getattr(controller, name, None)) == key:
				found.setdefault(key, set()).add(doctype)
	return found


if __name__ == "__main__":
	main(sys.argv[1])
