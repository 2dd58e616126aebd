"""A guard that is a passage of a module: it is removed by a change of the source during import."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from dataclasses import dataclass

PACKAGE = "cronus_crm.visibility"


@dataclass(frozen=True)
class WithoutBranch:
	"""A module with one passage of its source replaced, which must occur exactly once.

	module: below `cronus_crm.visibility`, or its whole path. tests: names of test functions that are tried
	before all paths and attacks, with spaces between them.
	"""

	id: str
	module: str
	old: str
	new: str
	tests: str = ""

	@property
	def path(self) -> str:
		return self.module if self.module.startswith("cronus_crm.") else f"{PACKAGE}.{self.module}"

	def source(self) -> str:
		path = importlib.util.find_spec(self.path).origin
		with open(path) as file:
			source = file.read()
		assert source.count(self.old) == 1, f"{self.id}: {self.path} does not hold once: {self.old}"
		return source.replace(self.old, self.new)

	def apply(self) -> None:
		source = self.source()
		# The modules imported so far hold the original source.
		for name in [name for name in sys.modules if name.split(".")[0] == "cronus_crm"]:
			del sys.modules[name]
		sys.meta_path.insert(0, _Finder(self.path, source))


@dataclass(frozen=True)
class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
	"""Finds one module, and loads it from this source."""

	name: str
	source: str

	def find_spec(self, name, path, target=None):
		return importlib.machinery.ModuleSpec(name, self) if name == self.name else None

	def exec_module(self, module):
		exec(compile(self.source, self.name, "exec"), module.__dict__)
