"""Writing that may fail: inside a savepoint, or again after a deadlock."""

import time
from collections.abc import Callable
from typing import NamedTuple

import frappe

_SAVEPOINT = "cronus_attempt"

# How often a transaction is tried again after a deadlock.
_RETRIES = 5


class Failure(NamedTuple):
	"""error: what was raised. reason: the same as text for people, in the user's language."""

	error: Exception
	reason: str


def attempt(action: Callable[[], None], describe: Callable[[Exception], str]) -> Failure | None:
	"""Runs an action; where it fails, rolls back what it has written and gives back why.

	describe: gives the words; it is called while the error is handled. Raises what ends the transaction, see
	`is_fatal`.
	"""
	frappe.db.savepoint(_SAVEPOINT)
	try:
		action()
	except Exception as error:
		if is_fatal(error):
			raise
		frappe.db.rollback(save_point=_SAVEPOINT)
		return Failure(error, describe(error))
	return None


def commit_step(step: Callable[[], None]) -> None:
	"""Does a step and commits it. What a deadlock has ended is tried again from its beginning."""
	for number in range(_RETRIES + 1):
		try:
			step()
			frappe.db.commit()
			return
		except Exception as error:
			frappe.db.rollback()
			if not is_fatal(error) or number == _RETRIES:
				raise
			time.sleep(0.2 * 2**number)


def is_fatal(error: Exception) -> bool:
	"""True for an error after which the transaction, or the connection, is gone."""
	return isinstance(
		error, frappe.QueryDeadlockError | frappe.QueryTimeoutError | frappe.db.OperationalError
	)
