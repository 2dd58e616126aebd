"""Collects the hooks of the parts of the app for `hooks.py`.

Each part (base, visibility, each module of modules.txt, seats, and api) may have a file `PART_hooks.py` in
its folder. It declares the framework's hooks of that part, with the names and shapes that the framework
expects. They are merged in the order of the layers, lowest first. So a new module adds its own folder and
edits no other file.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = __package__.rsplit(".", 1)[0]


def list_parts() -> list[str]:
	"""The folder names of the parts, lowest layer first."""
	modules = (Path(__file__).parent.parent / "modules.txt").read_text().split("\n")
	return [
		"base",
		"visibility",
		*(name.lower().replace(" ", "_") for name in modules if name),
		"seats",
		"api",
	]


def load_parts() -> list[ModuleType]:
	"""Imports the `PART_hooks` modules, lowest layer first. Parts without one are skipped."""
	paths = (f"{PACKAGE}.{part}.{part}_hooks" for part in list_parts())
	return [import_module(path) for path in paths if find_spec(path)]


def collect_hook(hook: str) -> Any:
	"""The values of all parts for a hook, merged: dicts by their keys, lists and strings into one list, in
	the order of the parts. None if no part declares the hook."""
	found = None
	for part in load_parts():
		if hasattr(part, hook):
			found = _merge_values(found, getattr(part, hook))
	return found


def _merge_values(one: Any, other: Any) -> Any:
	if one is None or other is None:
		return other if one is None else one
	if isinstance(one, dict):
		return {key: _merge_values(one.get(key), other.get(key)) for key in {**one, **other}}
	return [*_as_list(one), *_as_list(other)]


def _as_list(value: Any) -> list:
	return value if isinstance(value, list) else [value]
