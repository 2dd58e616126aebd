"""Puts functions of ours in the place of functions of the framework, once per process.

A replacement is registered with :func:`replaces` under the path of the original, is given a :class:`Call` of
it, and goes on with `call()` where it has no objection. :func:`replace_all` puts all of them in place: in the
module or class of the original, in every module that had imported it by name, and in the framework's register
of whitelisted functions, from which the original is removed. A process may serve several sites: on one
without this app the original runs.

What the installed version of the framework does not have is skipped; `tests/test_framework_signatures.py`
fails when an original no longer takes what its replacement reads.
"""

import inspect
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from threading import Lock
from types import FunctionType, MethodType
from typing import Any

import frappe
from frappe import _

from cronus_crm.base.part_hooks import collect_hook

APP = "cronus_crm"

# Those of this folder that hold replacements; other parts name theirs in the hook `cronus_replacements` of
# their `PART_hooks.py`. Imported by `replace_all`, so that each may import what it guards with.
_MODULES = ("documents", "exports", "figures", "files", "lists", "printing", "queries", "reports", "writes")


class Call:
	"""One call of an original: its arguments by name, and the way to go on with them.

	`call["name"]` reads an argument, its default included; `call["name"] = value` changes it; `"name" in
	call` says whether the original takes it at all; `call()` runs the original and gives back what it gives
	back.

	Nothing is bound before it is asked for: some originals are called for each query and each row.
	"""

	__slots__ = ("_args", "_kwargs", "_parameters", "original")

	def __init__(self, original: Callable, parameters: "Parameters", args: tuple, kwargs: dict[str, Any]):
		self.original = original
		self._parameters = parameters
		self._args = args
		self._kwargs = kwargs

	def __getitem__(self, name: str) -> Any:
		if name in self._kwargs:
			return self._kwargs[name]
		position, default = self._parameters[name]
		if position < len(self._args):
			return self._args[position]
		if default is inspect.Parameter.empty:
			raise TypeError(f"{self.original.__name__}() is missing its argument {name!r}")
		return default

	def __contains__(self, name: str) -> bool:
		return name in self._parameters

	def __setitem__(self, name: str, value: Any) -> None:
		position, _default = self._parameters[name]
		if position < len(self._args):
			self._args = (*self._args[:position], value, *self._args[position + 1 :])
		else:
			self._kwargs[name] = value

	def one_of(self, *names: str) -> Any:
		"""An argument that versions of the framework name differently."""
		return self[next(name for name in names if name in self)]

	def __call__(self) -> Any:
		return self.run(self.original)

	def run(self, function: Callable) -> Any:
		"""Runs another function with the arguments of this call."""
		return function(*self._args, **self._kwargs)

	def text(self, name: str) -> str:
		"""An argument that has to be text or a number, as text.

		Raises frappe.ValidationError, naming the argument, for anything else.
		"""
		value = self[name]
		if not isinstance(value, str | int | float):
			frappe.throw(_("{0} has to be a text.").format(frappe.bold(name)))
		return str(value)


# Of an original, by the name of each parameter: its position, beyond all for those that are given by name
# only; its default.
Parameters = dict[str, tuple[int, Any]]

Replacement = Callable[[Call], Any]

# By the path of the original: the replacement; filled by the modules that hold them as they are imported.
REPLACEMENTS: dict[str, Replacement] = {}

# By the path of the original: the original itself; filled by `replace_all`.
ORIGINALS: dict[str, Callable] = {}

_lock = Lock()


def replaces(*paths: str) -> Callable[[Replacement], Replacement]:
	"""Registers a function as the replacement of the functions at these paths, which take the same
	arguments."""

	def register(replacement: Replacement) -> Replacement:
		for path in paths:
			REPLACEMENTS[path] = replacement
		return replacement

	return register


def replace_all() -> None:
	"""Hooks `before_request` and `before_job`: puts every replacement in place; the second time, nothing."""
	if ORIGINALS:
		return
	with _lock:
		if ORIGINALS:
			return
		import_replacements()
		replaced, originals = {}, {}
		for path, replacement in REPLACEMENTS.items():
			if not (place := find_original(path)):
				continue
			holder, name = place
			original = getattr(holder, name)
			replaced[original] = _wrap_original(original, replacement)
			setattr(holder, name, replaced[original])
			originals[path] = original
		_replace_in_importers(replaced)
		_replace_in_register(replaced)
		ORIGINALS.update(originals)


def import_replacements() -> None:
	"""Fills REPLACEMENTS, and puts nothing in place."""
	for module in _MODULES:
		import_module(f"{__package__}.{module}")
	for path in collect_hook("cronus_replacements") or ():
		import_module(path)


def find_original(path: str) -> tuple[Any, str] | None:
	"""Module or class that holds what is at a path, and its name there; None where there is no such thing."""
	names = path.split(".")
	for end in range(len(names) - 1, 0, -1):
		try:
			holder = import_module(".".join(names[:end]))
		except ModuleNotFoundError:
			continue
		for name in names[end:-1]:
			holder = getattr(holder, name, None)
		return (holder, names[-1]) if holder is not None and hasattr(holder, names[-1]) else None
	return None


def _wrap_original(original: Callable, replacement: Replacement) -> Callable:
	parameters = _read_parameters(original)

	@wraps(original)
	def replaced(*args, **kwargs):
		if not _is_installed():
			return original(*args, **kwargs)
		return replacement(Call(original, parameters, args, kwargs))

	return replaced


def _read_parameters(original: Callable) -> Parameters:
	by_name = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
	return {
		parameter.name: (sys.maxsize if parameter.kind in by_name else position, parameter.default)
		for position, parameter in enumerate(read_signature(original).parameters.values())
	}


def read_signature(function: Callable) -> inspect.Signature:
	"""The signature of a function of the framework. From Python 3.14 on its annotations are looked up for
	that, some of which stand for nothing at run time ("DocField" | None); then those are left out."""
	try:
		return inspect.signature(function)
	except (NameError, TypeError):
		theirs = inspect.unwrap(getattr(function, "__func__", function))
		plain = FunctionType(theirs.__code__, {}, theirs.__name__, theirs.__defaults__, theirs.__closure__)
		plain.__kwdefaults__ = theirs.__kwdefaults__
		owner = getattr(function, "__self__", None)
		return inspect.signature(MethodType(plain, owner) if owner is not None else plain)


def _is_installed() -> bool:
	"""True where the session's site has this app; False also while there is no site or it is being made.

	Kept for the request: it is asked with every query.
	"""
	known = getattr(frappe.local, "cronus_is_installed", None)
	if known is None and getattr(frappe.local, "db", None):
		known = frappe.local.cronus_is_installed = APP in frappe.get_installed_apps()
	return bool(known)


def _replace_in_importers(replaced: dict[Callable, Callable]) -> None:
	"""Whoever did `from … import …` before now holds the original."""
	of_id = {id(original): replacement for original, replacement in replaced.items()}
	for module in list(sys.modules.values()):
		for name, value in list(getattr(module, "__dict__", {}).items()):
			if id(value) in of_id and not _holds_replacements(module):
				setattr(module, name, of_id[id(value)])


def _holds_replacements(module) -> bool:
	return module.__name__.startswith(__package__)


def _replace_in_register(replaced: dict[Callable, Callable]) -> None:
	# Lists in 15, sets in 16.
	for register in (frappe.whitelisted, frappe.guest_methods, frappe.xss_safe_methods):
		for original, replacement in replaced.items():
			if original in register:
				register.remove(original)
				register.append(replacement) if isinstance(register, list) else register.add(replacement)
	for original, replacement in replaced.items():
		if verbs := frappe.allowed_http_methods_for_whitelisted_func.pop(original, None):
			frappe.allowed_http_methods_for_whitelisted_func[replacement] = verbs
