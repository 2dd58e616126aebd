"""Many records in parts: a query does not name all of them, and nobody waits for a transaction over all."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import frappe

T = TypeVar("T")

# Called with (done, in all, what is being done, translated): how long work tells how far it has come.
Progress = Callable[[int, int, str], None]


def split_batches(records: Sequence[T], size: int) -> Iterator[Sequence[T]]:
	"""The records in their order, so many at a time."""
	for start in range(0, len(records), size):
		yield records[start : start + size]


def commit_between_batches(records: Sequence[T], size: int) -> Iterator[Sequence[T]]:
	"""The records in their order, so many at a time, for a job: each batch in a transaction of its own.

	What was done with a batch is committed when the next one is asked for; the last one is the caller's to
	commit.
	"""
	for number, batch in enumerate(split_batches(records, size)):
		if number:
			frappe.db.commit()
		yield batch
