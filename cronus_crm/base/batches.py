"""Processes many records in batches, so that neither a query nor a transaction covers all of them."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import frappe

T = TypeVar("T")

# Callback by which long work reports its progress: called with the number done, the total number, and the
# translated name of the step.
Progress = Callable[[int, int, str], None]


def split_batches(records: Sequence[T], size: int) -> Iterator[Sequence[T]]:
	"""Yields the records in their order, in batches of at most `size`."""
	for start in range(0, len(records), size):
		yield records[start : start + size]


def run_in_own_transaction(function: Callable, *args) -> bool:
	"""For a job: calls a function and commits; returns False after an error, which is rolled back and logged.

	So what fails does not stop what comes after it: the job goes through its records one by one, and what was
	not marked is tried again by the next run.
	"""
	try:
		function(*args)
		frappe.db.commit()
		return True
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=f"cronus_crm: {function.__name__}")
		frappe.db.commit()
		return False


def commit_between_batches(records: Sequence[T], size: int) -> Iterator[Sequence[T]]:
	"""Yields the records in their order, in batches of at most `size`, for a job: each batch has a
	transaction of its own.

	The transaction of a batch is committed when the next batch is requested. The caller commits the last one.
	"""
	for number, batch in enumerate(split_batches(records, size)):
		if number:
			frappe.db.commit()
		yield batch
