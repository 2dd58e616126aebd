"""What the parts of the app bring to `hooks.py`.

Each part (base, visibility, each module of modules.txt, and api) may have a file `PART_hooks.py` in its
folder, with the framework's hooks that are its own, named and shaped as the framework wants them. Here they
are put together, from the floor up, so that a new module adds its folder and changes no other file.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = __package__.rsplit(".", 1)[0]


def list_parts() -> list[str]:
	"""The folders of the parts, from the floor up."""
	modules = (Path(__file__).parent.parent / "modules.txt").read_text().split("\n")
	return ["base", "visibility", *(name.lower().replace(" ", "_") for name in modules if name), "api"]


def load_parts() -> list[ModuleType]:
	"""The files with the hooks of each part that has one, from the floor up."""
	paths = (f"{PACKAGE}.{part}.{part}_hooks" for part in list_parts())
	return [import_module(path) for path in paths if find_spec(path)]


def collect_hook(hook: str) -> Any:
	"""What all parts say to a hook: dicts are joined, lists and texts follow each other in the order of the
	parts. None where no part says anything."""
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
