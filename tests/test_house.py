"""The house: one place for each thing. Names and sizes that CONTRIBUTING.md asks for, read from the source.

What a list of exceptions names and no longer breaks its rule fails too, so that the lists only shrink.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PRODUCT = REPOSITORY / "cronus_crm"

MOST_LINES = 400
MOST_LINES_OF_HOOKS = 100
MOST_MODULES_WITHOUT_README = 6

# Names that have to repeat: Python's and pytest's own.
COMMON_NAMES = ("__init__.py", "conftest.py", "README.md")
# Below these the framework names files after their folder: cronus_order/cronus_order.py.
NAMED_BY_FRAMEWORK = ("doctype", "report", "page", "dashboard_chart_source", "web_form")
PREPOSITIONS = frozenset(
	"about above across after against among around at at_least at_most before behind below beneath beside"
	" besides between beyond by down during except for from in inside into near of off on onto out outside"
	" over past per since through to toward towards under until up upon via with within without".split()
)

# Modules whose name another module of the product has as well.
SAME_NAMES: frozenset[str] = frozenset()
# Modules that are longer than they may be.
LONG_MODULES: frozenset[str] = frozenset()
# Folders with many modules and no README.md.
FOLDERS_WITHOUT_README: frozenset[str] = frozenset()
# Functions named by a preposition, as path:name.
PREPOSITION_NAMES: frozenset[str] = frozenset()


def modules(folder: Path = PRODUCT, tests: bool = False) -> Iterator[Path]:
	"""Python modules below a folder. tests: those of tests too."""
	for path in sorted(folder.rglob("*.py")):
		if tests or not path.name.startswith("test_"):
			yield path


def relative(path: Path) -> str:
	return path.relative_to(REPOSITORY).as_posix()


def is_named_by_framework(path: Path) -> bool:
	folder = path.parent
	name = path.stem.removeprefix("test_")
	return name == folder.name and folder.parent.name in NAMED_BY_FRAMEWORK


def line_count(path: Path) -> int:
	return len(path.read_text(encoding="utf-8").splitlines())


def test_no_two_modules_of_the_product_have_one_name():
	by_name = defaultdict(set)
	for path in modules(tests=True):
		if path.name not in COMMON_NAMES and not is_named_by_framework(path):
			by_name[path.name].add(relative(path))
	repeated = {path for paths in by_name.values() if len(paths) > 1 for path in paths}
	assert repeated == SAME_NAMES


def test_no_module_is_too_long_to_be_read():
	long = {relative(path) for path in modules() if line_count(path) > MOST_LINES}
	assert long == LONG_MODULES


def test_hooks_fit_on_a_screen():
	assert line_count(PRODUCT / "hooks.py") <= MOST_LINES_OF_HOOKS


def test_a_folder_of_many_modules_has_a_map():
	# Patches are listed in patches.txt, in their order. The map of a module names what its folders hold.
	places = (path.parent for path in modules() if path.name not in COMMON_NAMES)
	numbers = Counter(place for place in places if place.parent != PRODUCT / "patches")
	unexplained = {
		relative(folder)
		for folder, number in numbers.items()
		if number > MOST_MODULES_WITHOUT_README
		and not any((place / "README.md").exists() for place in (folder, folder.parent))
	}
	assert unexplained == FOLDERS_WITHOUT_README


def test_no_function_is_named_by_a_preposition():
	named = set()
	for folder in ("cronus_crm", "tests", "benchmarks", "scripts"):
		for path in modules(REPOSITORY / folder, tests=True):
			for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
				if isinstance(node, ast.FunctionDef) and node.name.strip("_") in PREPOSITIONS:
					named.add(f"{relative(path)}:{node.name}")
	assert named == PREPOSITION_NAMES
