"""The guards, and how each is switched off: in a server of the tests, never in the product.

A guard that hooks.py names is taken from what the framework finds there. One that is a branch of a module is
changed in its source while it is imported.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from copy import deepcopy
from dataclasses import dataclass

import frappe

from cronus_crm import hooks
from cronus_crm.visibility.replaced import replacement

PACKAGE = "cronus_crm.visibility"
GUARDS_OF_EVENTS = (
	f"{PACKAGE}.attachments.check_author",
	f"{PACKAGE}.private_files.check_fields",
	f"{PACKAGE}.link_titles.hide_titles_in_print",
)


@dataclass(frozen=True)
class WithoutHook:
	"""hook: as in hooks.py. key: a DocType, or a method of the framework. event: if it is one."""

	hook: str
	key: str
	path: str
	event: str | None = None

	@property
	def id(self) -> str:
		return " ".join(part for part in (self.hook, self.key, self.event, self.path.split(".")[-2]) if part)

	def apply(self) -> None:
		original = frappe.get_hooks

		def get_hooks(hook=None, default="_KEEP_DEFAULT_LIST", app_name=None):
			found = original(hook, default, app_name)
			if hook not in (None, self.hook):
				return found
			found = deepcopy(found)
			self._remove(found if hook else found.get(self.hook, {}))
			return found

		frappe.get_hooks = get_hooks

	def _remove(self, entries: dict) -> None:
		entries = entries.get(self.key, {}) if self.event else entries
		name = self.event or self.key
		if self.path in entries.get(name, ()):
			entries[name].remove(self.path)
		if not entries.get(name):
			entries.pop(name, None)


@dataclass(frozen=True)
class WithoutReplacement:
	"""A function of the framework that is left in its place. key: its path."""

	key: str

	@property
	def id(self) -> str:
		return f"replaced {self.key}"

	def apply(self) -> None:
		replacement.import_replacements()
		replacement.REPLACEMENTS.pop(self.key)


@dataclass(frozen=True)
class WithoutBranch:
	"""The source of a module with one passage replaced, which must be there once. module: its path within the
	package."""

	id: str
	module: str
	old: str
	new: str
	package: str = PACKAGE

	def source(self) -> str:
		path = importlib.util.find_spec(f"{self.package}.{self.module}").origin
		with open(path) as file:
			source = file.read()
		assert source.count(self.old) == 1, f"{self.id}: {self.module} does not hold once: {self.old}"
		return source.replace(self.old, self.new)

	def apply(self) -> None:
		source = self.source()
		# What was imported to know the guards has the module as it was.
		for name in [name for name in sys.modules if name.split(".")[0] == "cronus_crm"]:
			del sys.modules[name]
		sys.meta_path.insert(0, _Finder(f"{self.package}.{self.module}", source))


@dataclass(frozen=True)
class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
	"""Finds one module, and loads it from this source."""

	name: str
	source: str

	def find_spec(self, name, path, target=None):
		return importlib.machinery.ModuleSpec(name, self) if name == self.name else None

	def exec_module(self, module):
		exec(compile(self.source, self.name, "exec"), module.__dict__)


def _of_hooks():
	for hook in ("has_permission", "permission_query_conditions"):
		for key, paths in getattr(hooks, hook).items():
			for path in paths if isinstance(paths, list) else [paths]:
				yield WithoutHook(hook, key, path)
	for key, events in hooks.doc_events.items():
		for event, paths in events.items():
			for path in paths if isinstance(paths, list) else [paths]:
				if path in GUARDS_OF_EVENTS:
					yield WithoutHook("doc_events", key, path, event)


def _of_replacements():
	replacement.import_replacements()
	for path in replacement.REPLACEMENTS:
		if replacement.find(path):
			yield WithoutReplacement(path)


BRANCHES = (
	WithoutBranch(
		"the stored row is not asked",
		"rule",
		"return scope.includes(*stored) and scope.includes(seller, stored[1])",
		"return scope.includes(seller, stored[1])",
	),
	WithoutBranch(
		"the values that were sent are not asked",
		"rule",
		"return scope.includes(*stored) and scope.includes(seller, stored[1])",
		"return scope.includes(*stored)",
	),
	WithoutBranch(
		"guests are not told from others",
		"rule",
		'if user == "Guest":',
		"if False:",
	),
	WithoutBranch(
		"whoever has no seller sees the first one's",
		"rule",
		"return team_of(seller) if seller else ()",
		'return team_of(seller or frappe.db.get_value("Cronus Seller", {"name": ("like", "tk%")}))',
	),
	WithoutBranch(
		"an idempotency key is everybody's",
		"idempotency",
		'sha256(f"{user}\\n{key}".encode())',
		"sha256(key.encode())",
		package="cronus_crm.base",
	),
	WithoutBranch(
		"a Billing User sees everything",
		"rule",
		"(BILLING_ROLE in roles and _whole_for_billing(doctype))",
		"BILLING_ROLE in roles",
	),
	WithoutBranch(
		"a team is everybody",
		"rule",
		".where(table.lft[lft:rgt])",
		".where(table.lft > 0)",
	),
	WithoutBranch(
		"a link to anything is allowed",
		"rule",
		"if not may_be_named(*link):",
		"if False:",
	),
	WithoutBranch(
		"a prepared report is everybody's",
		"prepared_reports",
		"if doc.owner == user or _sees_everything(user):",
		"if True:",
	),
	WithoutBranch(
		"a file is claimed by a detour",
		"private_files",
		"path = normpath(unquote(address))",
		"path = address",
	),
	WithoutBranch(
		"a chart is read from the framework's cache",
		"replaced.figures",
		"return call.run(unwrap(call.original))",
		"return call()",
	),
	WithoutBranch(
		"heatmaps are for everybody",
		"replaced.figures",
		'if chart.type == "Heatmap" and not rule.scope_of(doctype).everything:',
		"if False:",
	),
	WithoutBranch(
		"an import may show any file",
		"replaced.files",
		'frappe.get_doc("File", {"file_url": call.text("import_file")}).check_permission("read")',
		"pass",
	),
)

MUTATIONS = {mutation.id: mutation for mutation in (*_of_hooks(), *_of_replacements(), *BRANCHES)}
