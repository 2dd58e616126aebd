"""Checks of a path or attack: it discloses nothing to outsiders, and it works for the owner.

The second part proves that the test asks something: an address that refuses everybody would pass the first.
"""

import re

import pytest

from tests.visibility.attacks import TRIED_BY, Attack
from tests.visibility.clients import REFUSED, Client, text_of
from tests.visibility.paths import MINE, Path
from tests.visibility.world import NAMED_BY_OTHERS, World

# What Frappe 16 asks of its own lists, and its lists refuse, whoever it is for.
REFUSED_TO_ITSELF = re.compile(
	r"SQL functions are not allowed as strings in SELECT: unix_timestamp|Error parsing nested filters"
)


class Leak(AssertionError):
	"""A user has read or changed a record outside their scope."""


def check_path(path: Path, world: World, clients: dict[str, Client]) -> None:
	"""Raises Leak when a user reads more than they may, AssertionError when an entitled user reads
	nothing."""
	for who, client in clients.items():
		told = path.ask(client, world)
		if told.startswith(REFUSED):
			# A refusal repeats what was asked for, and some names are made of tokens.
			for name in sorted(world.records[MINE].values(), key=len, reverse=True):
				told = told.replace(name, "")
		seen = world.find_marks(told)
		foreign = {mark for mark in seen if not world.may_see(who, mark)}
		if foreign:
			raise Leak(f"{who} learns {foreign}: {excerpt_of(foreign, told, world)}")
		if path.names and (hidden := find_hidden_names(told, who, world)):
			raise Leak(f"{who} learns the names {hidden}")
		if who in path.seen_by:
			if told.startswith(REFUSED) and REFUSED_TO_ITSELF.search(told):
				pytest.skip("this version of the framework cannot do it itself")
			assert any(mark.holder == MINE for mark in seen), f"{who} should find something: {told[:1000]}"


def excerpt_of(marks: set, text: str, world: World) -> str:
	"""A piece of an answer around the first of these marks."""
	for found in re.finditer(r"[a-z]{16}|\d[\d,]{5,16}", text):
		if world.find_marks(found[0]) & marks:
			return text[max(0, found.start() - 120) : found.end() + 60]
	return ""


def check_attack(attack: Attack, world: World, clients: dict[str, Client]) -> None:
	"""Raises Leak when an outsider is not refused, AssertionError when the owner is refused."""
	for who in TRIED_BY:
		for answer in attack.attempt(clients[who], world):
			if answer.status_code not in (401, 403, 404):
				raise Leak(f"{who}: {answer.status_code} {text_of(answer)[:500]}")
	if attack.works_for_owner:
		for answer in attack.attempt(clients[MINE], world):
			assert answer.ok, f"{MINE}: {text_of(answer)[:1500]}"


def check_way_in(way: Path | Attack, world: World, clients: dict[str, Client]) -> None:
	"""Checks a path or an attack. Raises as `check_path` and `check_attack`."""
	(check_path if isinstance(way, Path) else check_attack)(way, world, clients)


def find_hidden_names(text: str, who: str, world: World) -> set[str]:
	"""Names of records in an answer that the user may not see."""
	hidden = {
		name
		for holder, records in world.records.items()
		for doctype, name in records.items()
		if not world.may_see_record(who, holder, doctype) and (who, doctype) not in NAMED_BY_OTHERS
	}
	# Most are nowhere in the answer, which is found ten times as fast without a pattern.
	return {
		name for name in hidden if name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
	}
