"""Replaces functions of the framework (the originals) by functions of ours, once per process.

A replacement is registered with :func:`replaces` under the dotted path of the original. It takes a
:class:`Call` and runs the original by `call()`. :func:`replace_all` puts all replacements in place: in the
module or class of the original, in every module that has imported it by name, and in the framework's register
of whitelisted functions, from which the original is removed. A process may serve several sites: on a site
without this app the original runs.

Originals that the installed version of the framework does not have are skipped.
`tests/test_framework_signatures.py` fails when an original no longer takes an argument that its replacement
reads.
"""

import inspect
import sys
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from threading import Lock
from types import FunctionType, MethodType
from typing import Any

import frappe
from frappe import _

from cronus_crm.base.arguments import show_value
from cronus_crm.base.database_errors import DatabaseErrors
from cronus_crm.base.part_hooks import collect_hook

APP = "cronus_crm"

# Modules of this folder with replacements. Other parts name theirs in the hook `cronus_replacements` of their
# `PART_hooks.py`. They are imported in `replace_all`, not here, to avoid circular imports.
_MODULES = (
	"contact_access",
	"customization",
	"document_access",
	"export_access",
	"figure_access",
	"file_access",
	"list_access",
	"message_texts",
	"notice_access",
	"outside_requests",
	"print_access",
	"query_checks",
	"report_access",
	"request_handling",
	"role_access",
	"workspace_access",
	"write_checks",
)


class Call:
	"""A call of an original, with its arguments by name.

	`call["name"]` reads an argument, or its default; `call["name"] = value` changes it; `"name" in call` is
	True when the original has such a parameter; `call()` runs the original and gives back its result.

	Arguments are looked up only when they are read, because some originals are called for each query or row.
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
		"""The argument with the first of these names that the original has: versions of the framework name
		some arguments differently."""
		return self[next(name for name in names if name in self)]

	def __call__(self) -> Any:
		return self.run(self.original)

	def but(self, **arguments: Any) -> "Call":
		"""The same call with some arguments changed."""
		call = Call(self.original, self._parameters, self._args, dict(self._kwargs))
		for name, value in arguments.items():
			call[name] = value
		return call

	def run(self, function: Callable) -> Any:
		"""Runs another function with the arguments of this call."""
		return function(*self._args, **self._kwargs)

	def text(self, name: str) -> str:
		"""An argument that must be a string or a number, as a string.

		Raises frappe.ValidationError, naming the argument, for anything else.
		"""
		value = self[name]
		if not isinstance(value, str | int | float):
			frappe.throw(_("{0} has to be a text.").format(frappe.bold(name)))
		return str(value)


# By the name of a parameter: its position and its default. The position of a keyword-only parameter is
# greater than that of any argument.
Parameters = dict[str, tuple[int, Any]]

Replacement = Callable[[Call], Any]

# Replacements by the path of the original; filled when the modules with replacements are imported.
REPLACEMENTS: dict[str, Replacement] = {}

# Originals by their path; filled by `replace_all`.
ORIGINALS: dict[str, Callable] = {}

_lock = Lock()


def replaces(*paths: str) -> Callable[[Replacement], Replacement]:
	"""Decorator: registers a function as the replacement of the originals at these dotted paths.

	The arguments that the replacement reads must have the same names in all of them.
	"""

	def register(replacement: Replacement) -> Replacement:
		for path in paths:
			REPLACEMENTS[path] = replacement
		return replacement

	return register


def replace_all() -> None:
	"""Hooks `before_request` and `before_job`: puts all replacements in place. Idempotent and thread-safe."""
	if ORIGINALS:
		return
	with _lock:
		if ORIGINALS:
			return
		import_replacements()
		replaced, originals = {}, {}
		for path, replacement in REPLACEMENTS.items():
			# What serves requests. A worker has no use for it, and would load it anew for each job.
			if path.startswith("frappe.app.") and "frappe.app" not in sys.modules:
				continue
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
	"""Fills REPLACEMENTS without putting anything in place."""
	for module in _MODULES:
		import_module(f"{__package__}.{module}")
	for path in collect_hook("cronus_replacements") or ():
		import_module(path)


def find_original(path: str) -> tuple[Any, str] | None:
	"""The module or class that contains the object at a dotted path, and its name there; None when there is
	none."""
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
	is_called_by_clients = original in frappe.whitelisted

	@wraps(original)
	def replaced(*args, **kwargs):
		if not _is_installed():
			return original(*args, **kwargs)
		call = Call(original, parameters, args, kwargs)
		if not is_called_by_clients:
			return replacement(call)
		with refuse_unreadable():
			return replacement(call)

	return replaced


@contextmanager
def refuse_unreadable():
	"""In the block, an error of the framework's own code becomes a frappe.ValidationError with a sentence.

	The framework's functions read what a client sends without a check: a list for a text, or a DocType that
	does not exist, ends in an AttributeError or in an error of the database. The original error is logged. An
	error that comes from code of ours, or that a repetition may cure, such as a deadlock, is raised as it is.
	"""
	try:
		yield
	except Exception as error:
		frames = traceback.extract_tb(error.__traceback__)
		if not _is_unreadable(error) or any(_is_our_own(frame.filename) for frame in frames):
			raise
		_refuse_request(error)


def _is_unreadable(error: Exception) -> bool:
	"""True for an error that comes from the arguments: the same request will always end in it."""
	if isinstance(error, frappe.db.OperationalError):
		return frappe.db.is_missing_column(error)
	kinds = (TypeError, ValueError, AttributeError, LookupError, ImportError, NameError, RecursionError)
	# The framework also raises plain exceptions.
	return type(error) is Exception or isinstance(
		error, (*kinds, frappe.db.ProgrammingError, frappe.db.DataError)
	)


def _refuse_request(error: Exception) -> None:
	frappe.log_error("A request that cannot be read", defer_insert=True)
	frappe.throw(
		_("What was sent cannot be read: {0}. Check the arguments of the request.").format(show_value(error)),
		title=_("Value not understood"),
	)


def _is_our_own(path: str) -> bool:
	"""True for a module of this app outside this folder."""
	return f"/{APP}/{APP}/" in path and "/visibility/replaced/" not in path


def _read_parameters(original: Callable) -> Parameters:
	by_name = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
	return {
		parameter.name: (sys.maxsize if parameter.kind in by_name else position, parameter.default)
		for position, parameter in enumerate(read_signature(original).parameters.values())
	}


def read_signature(function: Callable) -> inspect.Signature:
	"""The signature of a function of the framework.

	From Python 3.14 on `inspect.signature` evaluates annotations, and some of the framework's fail at run
	time ("DocField" | None). Then the signature has no annotations.
	"""
	try:
		return inspect.signature(function)
	except (NameError, TypeError):
		inner = inspect.unwrap(getattr(function, "__func__", function))
		plain = FunctionType(inner.__code__, {}, inner.__name__, inner.__defaults__, inner.__closure__)
		plain.__kwdefaults__ = inner.__kwdefaults__
		owner = getattr(function, "__self__", None)
		return inspect.signature(MethodType(plain, owner) if owner is not None else plain)


def _is_installed() -> bool:
	"""True when the current site has this app; False also without a site or while it is being created.

	Cached for the request, because every query needs it.
	"""
	known = getattr(frappe.local, "cronus_is_installed", None)
	if known is None and getattr(frappe.local, "db", None):
		try:
			known = frappe.local.cronus_is_installed = APP in frappe.get_installed_apps()
		except DatabaseErrors:
			# Without a database nothing is read or written, but whoever asks is to have an answer of ours.
			return True
	return bool(known)


def _replace_in_importers(replaced: dict[Callable, Callable]) -> None:
	"""Replaces the originals in modules that have imported them by `from … import …`.

	replaced: the wrapped replacement by original.
	"""
	of_id = {id(original): replacement for original, replacement in replaced.items()}
	for module in list(sys.modules.values()):
		for name, value in list(getattr(module, "__dict__", {}).items()):
			if id(value) in of_id and not _holds_replacements(module):
				setattr(module, name, of_id[id(value)])


def _holds_replacements(module) -> bool:
	"""True for the modules of this folder, which must keep the originals that they have imported."""
	return module.__name__.startswith(__package__)


def _replace_in_register(replaced: dict[Callable, Callable]) -> None:
	# The registers are lists in 15 and sets in 16.
	for register in (frappe.whitelisted, frappe.guest_methods, frappe.xss_safe_methods):
		for original, replacement in replaced.items():
			if original in register:
				register.remove(original)
				register.append(replacement) if isinstance(register, list) else register.add(replacement)
	for original, replacement in replaced.items():
		if verbs := frappe.allowed_http_methods_for_whitelisted_func.pop(original, None):
			frappe.allowed_http_methods_for_whitelisted_func[replacement] = verbs
