"""The order in which rows go in: whatever a row refers to before the row."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import groupby

from cronus_crm.cronus_exchange.pushing import versions
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow
from cronus_crm.cronus_exchange.pushing.row_kinds import load_kinds

# Rows of a transaction.
CHUNK_ROWS = 100

_Place = tuple[str, str]


def sort_rows(rows: Sequence[PushedRow]) -> list[list[PushedRow]]:
	"""Rows in groups: the rows of a group are of one kind, and none refers to another one of it. Of rows of
	the same record, the older versions come first, and those without version in the order of the batch; each
	stands in a group of its own.

	Rows that refer to each other in a circle come last among those of their kind, where they wait.
	"""
	kinds = load_kinds()
	for row in rows:
		row.references = kinds[row.kind].list_references(row)
	levels = _find_levels(_sort_same(rows))
	ordered = sorted(rows, key=lambda row: (kinds[row.kind].rank, levels[id(row)], row.number))
	return [list(group) for _key, group in groupby(ordered, key=lambda row: (row.kind, levels[id(row)]))]


def split_chunks(groups: Sequence[list[PushedRow]]) -> Iterator[list[list[PushedRow]]]:
	"""Groups of rows in chunks of at most CHUNK_ROWS rows; a group may go on in the next chunk."""
	chunk, room = [], CHUNK_ROWS
	for group in groups:
		while group:
			part, group = group[:room], group[room:]
			chunk.append(part)
			room -= len(part)
			if not room:
				yield chunk
				chunk, room = [], CHUNK_ROWS
	if chunk:
		yield chunk


def _sort_same(rows: Sequence[PushedRow]) -> dict[_Place, list[PushedRow]]:
	"""The rows of each record, the oldest first."""
	found: dict[_Place, list[PushedRow]] = defaultdict(list)
	for row in rows:
		found[row.kind, row.external_id].append(row)
	for same in found.values():
		same.sort(key=lambda row: (versions.sort_key(row.version), row.number))
	return found


def _find_levels(same: dict[_Place, list[PushedRow]]) -> dict[int, int]:
	"""For each row, by its id, how many rows of its kind have to go in one after the other before it."""
	waits, followers = {}, defaultdict(list)
	for rows in same.values():
		for place, row in enumerate(rows):
			before = rows[place - 1 : place] if place else []
			for reference in row.references:
				if reference.kind == row.kind and reference.external_id != row.external_id:
					before = [*before, *same.get((reference.kind, reference.external_id), ())]
			waits[id(row)] = len(before)
			for other in before:
				followers[id(other)].append(row)
	return _count_levels([row for rows in same.values() for row in rows], waits, followers)


def _count_levels(rows: list[PushedRow], waits: dict[int, int], followers: dict) -> dict[int, int]:
	levels = {id(row): 0 for row in rows if not waits[id(row)]}
	due = deque(row for row in rows if not waits[id(row)])
	while due:
		row = due.popleft()
		for follower in followers[id(row)]:
			levels_before = levels.get(id(follower), 0)
			levels[id(follower)] = max(levels_before, levels[id(row)] + 1)
			waits[id(follower)] -= 1
			if not waits[id(follower)]:
				due.append(follower)
	# Those in a circle have no level of their own.
	last = max(levels.values(), default=0) + 1
	return {id(row): levels[id(row)] if not waits[id(row)] else last for row in rows}
