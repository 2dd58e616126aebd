"""Mutation test of the guards: removes one at a time and runs the leak tests: scripts/mutate [TEXT…]

A guard that names tests (`test_…`, in its docstring or beside its branch) or the crawler is tried with these
first, because all paths and attacks take minutes; these come last, those likely to fail first. With TEXT,
only the guards whose names contain it. Prints the result of each, and the score. Exit code 1: a guard can be
removed without a test failing, its test breaks before it asks, or a test fails with all guards in place.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import frappe

from conftest import WITHOUT
from cronus_crm.visibility.replaced import replacement
from tests.serving import serve
from tests.visibility import ways_around  # noqa: F401  (registers its paths and attacks)
from tests.visibility.attacks import ATTACKS
from tests.visibility.checks import Leak, check_way_in
from tests.visibility.clients import Client, make_api_key
from tests.visibility.mutations import MUTATIONS, WithoutFunction, WithoutReplacement
from tests.visibility.paths import PATHS
from tests.visibility.source_changes import WithoutBranch
from tests.visibility.world import World, make_world

# Guards behind which a second guard checks the same; their removal alone opens nothing.
SECOND_LINES = {
	"author Tag Link": "has_permission and add_tag ask first",
	"author Document Follow": "has_permission asks first",
	"author ToDo": "who is assigned gets a share, and DocShare asks",
	"author Comment": "the links of whatever is inserted are asked",
	"author Communication": "the links of whatever is inserted are asked",
	"author DocShare": "only administrators may share, and ToDo is asked first",
	"author File": "has_permission asks, and the Comment of an attachment is refused",
	"author Auto Repeat": "has_permission asks what is sent",
	"an import may show any file": "the right to the Data Import is asked first, which sellers do not have",
	"guests are not told from others": "a guest has no seller, and the framework gives guests no right",
	"permits Communication": "the framework's own hook asks the document that the message refers to",
	"replaced frappe.contacts.address_and_contact.get_permitted_and_not_permitted_links": (
		"it saves time, and answers what the framework would"
	),
	"replaced frappe.utils.pdf.get_cookie_options": "a page that has everything in it needs no session",
	"replaced frappe.utils.pdf_generator.page.Page.set_cookies": "it needs no session in 16 either",
	"replaced frappe.utils.print_format.download_pdf": "it chooses an engine and hides nothing",
	"replaced frappe.utils.print_utils.get_print": "it chooses an engine and hides nothing",
	"anybody writes notes": "the links of whatever is inserted are asked",
	"splitting takes no right": "the new case has the same team and agent, and its right is asked",
	"a draft is used by anybody": "whoever may write a case sees the drafts of solutions",
	"the values that were sent are not asked": "check_reassignment asks who gives a record away",
}

ROOT = Path(__file__).parents[2]


class BrokenTry(Exception):
	"""A test broke before it could say whether the guard is missed."""


# Addresses requested by each path or attack, recorded in the run with all guards in place.
ASKED: dict[str, set[str]] = {}


def main(wanted: list[str]) -> int:
	site = os.environ["CRONUS_SITE"]
	frappe.init(site=site, sites_path=os.getcwd())
	frappe.connect()
	if failed := first_failure(site, None, *make_people()):
		print(f"With all guards in place: {failed}")
		return 1
	chosen = [name for name in MUTATIONS if not wanted or any(text in name for text in wanted)]
	if failed := failed_named_tests({test for name in chosen for test in find_named_tests(name)}):
		print(f"With all guards in place: {failed}")
		return 1
	survivors = []
	for name in chosen:
		try:
			missed_by = (
				failed_named_tests(find_named_tests(name), name)
				or failed_crawl(name)
				# A new world, because changes of earlier attacks stay in the database.
				or first_failure(site, name, *make_people())
			)
		except BrokenTry as broken:
			print(f"{name:100} NOT TRIED: {broken}", flush=True)
			survivors.append(name)
			continue
		report(name, missed_by)
		if not missed_by:
			survivors.append(name)
	print(f"\n{len(chosen) - len(survivors)} of {len(chosen)} guards are missed when they are gone.")
	return 1 if set(survivors) - set(SECOND_LINES) else 0


def make_people() -> tuple[World, dict[str, str | None]]:
	"""A new world, and the API keys of its users."""
	world = make_world()
	keys = {who: make_api_key(user) if user else None for who, user in world.users.items()}
	frappe.db.commit()
	return world, keys


def report(name: str, missed_by: str | None) -> None:
	verdict = (
		f"missed by: {missed_by[:160]}"
		if missed_by
		else f"NOT MISSED: {SECOND_LINES.get(name, 'no test fails')}"
	)
	print(f"{name:100} {verdict}", flush=True)


def first_failure(site: str, mutation: str | None, world: World, keys: dict[str, str | None]) -> str | None:
	"""The first failure of a path or attack at a server without a guard; None when there is none.

	mutation: name of the removed guard; None: none is removed.
	"""
	command = (sys.executable, "-m", "tests.visibility.serve", "{port}")
	with serve(site, *command, *filter(None, [mutation])) as address:
		clients = {who: Client(who, address, key) for who, key in keys.items()}
		for way in sort_ways_in(mutation):
			try:
				check_way_in(way, world, clients)
				if mutation is None:
					ASKED[way.id] = {
						path for client in clients.values() for path in client.take_asked_paths()
					}
			except Leak as leak:
				return f"{way.id}: {leak}"
			except AssertionError as failure:
				# Records of an earlier attack may hide what the owner should find; not a leak.
				if mutation is None:
					return f"{way.id}: {failure}"
			finally:
				frappe.db.rollback()
	return None


def read_docstring(mutation: str) -> str:
	"""The docstring of a removed replacement; empty for guards of other kinds."""
	removed = MUTATIONS[mutation]
	if not isinstance(removed, WithoutReplacement):
		return ""
	return replacement.REPLACEMENTS[removed.key].__doc__ or ""


def find_named_tests(mutation: str) -> set[str]:
	"""The names of the test functions in the docstring of a guard, or of its branch; of the modules, where it
	names only these."""
	if isinstance(MUTATIONS[mutation], WithoutBranch | WithoutFunction):
		return set(MUTATIONS[mutation].tests.split())
	functions = re.findall(r"\btest_\w+\b(?!\.py)", read_docstring(mutation))
	return set(functions or re.findall(r"\btest_\w+(?=\.py)", read_docstring(mutation)))


def failed_named_tests(names: set[str], mutation: str | None = None) -> str | None:
	"""Runs test functions, without the guard that is named; pytest's line about the first failure, or None.

	Raises BrokenTry when pytest finds none of them, or when one breaks before it asks anything: a test that
	cannot run misses nothing.
	"""
	if not names:
		return None
	options = ("-q", "-x", "-p", "no:cacheprovider", "-c", ROOT / "pyproject.toml", "-k", " or ".join(names))
	environment = {**os.environ, WITHOUT: mutation or ""}
	command = (sys.executable, "-m", "pytest", *_find_files(names), *options)
	ran = subprocess.run(command, env=environment, capture_output=True, text=True)
	failed = [line for line in ran.stdout.splitlines() if line.startswith("FAILED")]
	if ran.returncode and not failed:
		raise BrokenTry(f"{names}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}")
	return failed[0] if failed else None


def _find_files(names: set[str]) -> list[Path]:
	"""The files of test functions, or of modules, so that pytest reads no others."""

	def holds_one(file: Path) -> bool:
		text = file.read_text()
		return file.stem in names or any(f"def {name}(" in text for name in names)

	found = [file for file in sorted(ROOT.rglob("test_*.py")) if holds_one(file)]
	if not found:
		raise RuntimeError(f"no file has {names}")
	return found


def failed_crawl(mutation: str) -> str | None:
	"""The crawler's first finding about the function whose guard was removed, if its docstring names the
	crawler; else None."""
	if "the crawler" not in read_docstring(mutation):
		return None
	function = MUTATIONS[mutation].key
	command = (sys.executable, "-m", "tests.visibility.crawler", "--without", mutation, function)
	ran = subprocess.run(command, capture_output=True, text=True)
	return f"crawler: {ran.stdout.strip()[:150]}" if ran.returncode else None


def sort_ways_in(mutation: str | None) -> list:
	"""All paths and attacks, those likely to fail first: the guard names them between “ and ”, they request
	the guarded method, or they share words with the guard's name.
	"""
	if mutation is None:
		return [*PATHS, *ATTACKS]
	key = getattr(MUTATIONS[mutation], "key", "")
	named = tuple(" ".join(name.split()) for name in re.findall("“([^”]+)”", read_docstring(mutation)))
	words = set(mutation.lower().split())
	ways = [*ATTACKS, *PATHS] if "doc_events" in mutation else [*PATHS, *ATTACKS]

	def unlikely(way) -> tuple:
		asked = (
			any(path.endswith(key) for path in ASKED.get(way.id, ())) if "." in key else way.id.endswith(key)
		)
		return not way.id.startswith(named), not asked, -len(words & set(way.id.lower().split()))

	return sorted(ways, key=unlikely)


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
