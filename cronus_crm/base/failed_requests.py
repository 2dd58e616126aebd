"""What a program is answered when not its request is wrong but what the site stands on: others hold the same
rows, the disk is full, the database restarts.

The framework answers 500 with the database's own words, or, where the answer itself needs the database, with
a bare page of the web server. Here such an error becomes a 503 that says what to do, and when
(`Retry-After`).
"""

import errno
import json
from dataclasses import dataclass
from html import escape

import frappe
from frappe import _
from werkzeug.wrappers import Request, Response

from cronus_crm.base.database_errors import DatabaseErrors
from cronus_crm.base.framework_state import drop_connection

# The second one: the row has changed since the transaction began; see lock_waits.py.
_DEADLOCKS, _LOCK_WAIT = (1213, 1020), 1205
# Table or disk full; the storage engine's own error, which is a full disk nearly always.
_NO_SPACE = (1114, 1021, 1030, 3)
# Too many connections; no file handles; shutting down; unreachable; gone; lost.
_UNREACHABLE = (1040, 1203, 1053, 1129, 1927, 2002, 2003, 2006, 2013, 0)
_NO_FILES = (23, 24, 1135)


@dataclass(frozen=True)
class Failure:
	"""kind: stands in the answer's `exc_type`. seconds: after which another try makes sense. is_reachable:
	False where the connection to the database is of no use any more."""

	kind: str
	seconds: int
	is_reachable: bool = True

	def describe(self) -> str:
		"""A sentence for people, in the language of the request where that can be known."""
		try:
			return _describe_all()[self.kind]
		except Exception:
			# Translations are in the cache, or else in the database, which is what has failed.
			return _ENGLISH[self.kind]


BUSY = Failure("RecordsInUseError", 2)
FULL = Failure("DiskFullError", 60)
NO_FILES = Failure("OutOfFileHandlesError", 10)
UNREACHABLE = Failure("DatabaseUnreachableError", 5, is_reachable=False)


def _describe_all() -> dict[str, str]:
	return {
		BUSY.kind: _(
			"Somebody else is changing the same records at this moment. Nothing was saved: try again in a few"
			" seconds."
		),
		FULL.kind: _(
			"The disk of the server is full. Nothing was saved: tell whoever runs the server, and try again"
			" then."
		),
		NO_FILES.kind: _(
			"The server has too many files open. Nothing was saved: try again in a few seconds."
		),
		UNREACHABLE.kind: _(
			"The database does not answer, perhaps because it restarts. Try again in a few seconds, and look"
			" first whether it was saved."
		),
	}


_ENGLISH = {
	BUSY.kind: "Somebody else is changing the same records at this moment. Nothing was saved: try again.",
	FULL.kind: "The disk of the server is full. Nothing was saved.",
	NO_FILES.kind: "The server has too many files open. Nothing was saved: try again.",
	UNREACHABLE.kind: "The database does not answer. Try again in a few seconds.",
}


def is_deadlock(error: BaseException) -> bool:
	return _find_code(error) in _DEADLOCKS


def find_failure(error: BaseException) -> Failure | None:
	"""The failure behind an exception; None when it is another error."""
	code = _find_code(error)
	if code is None:
		return None
	if code in (*_DEADLOCKS, _LOCK_WAIT):
		return BUSY
	if code in _NO_FILES or "Errno 24" in str(error):
		return NO_FILES
	if code in _NO_SPACE:
		return FULL
	return UNREACHABLE if code in _UNREACHABLE else None


def _find_code(error: BaseException) -> int | None:
	"""The number of the error of the database, or of the system, that is or has caused an exception."""
	if getattr(error, "http_status_code", 500) < 500:
		return None  # somebody has found words for it
	seen = set()
	while error and id(error) not in seen:
		seen.add(id(error))
		if isinstance(error, DatabaseErrors):
			return error.args[0] if error.args and isinstance(error.args[0], int) else 0
		if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
			return _NO_FILES[0]
		if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
			return _NO_SPACE[0]
		error = error.__cause__ or error.__context__
	return None


def build_answer(error: BaseException, request: Request) -> Response | None:
	"""The answer to a request that such an error has ended, to be called while the error is handled; None for
	other errors.

	Below /api, and for whoever asks for JSON, the answer has the shape of the framework's errors.
	"""
	failure = find_failure(error)
	if not failure:
		return None
	message = failure.describe()
	frappe.logger("cronus_crm").error("%s %s: %r", request.method, request.path, error)
	if not failure.is_reachable:
		# The framework would roll back, find no database again, and not answer at all.
		drop_connection()
	if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
		response = Response(_build_body(failure, message, request), 503, content_type="application/json")
	else:
		page = f"<!DOCTYPE html><meta charset=utf-8><title>503</title><p>{escape(message)}</p>"
		response = Response(page, 503, content_type="text/html; charset=utf-8")
	response.headers["Retry-After"] = str(failure.seconds)
	return response


def say_when(response: Response, error: BaseException) -> Response:
	"""Adds when another try makes sense, for errors that say so by `retry_after` (seconds)."""
	if seconds := getattr(error, "retry_after", None):
		response.headers["Retry-After"] = str(seconds)
	return response


def _build_body(failure: Failure, message: str, request: Request) -> str:
	if request.path.startswith("/api/v2/"):
		return json.dumps({"errors": [{"type": failure.kind, "message": message, "indicator": "red"}]})
	told = json.dumps({"message": message, "indicator": "red", "raise_exception": 1})
	return json.dumps({"exc_type": failure.kind, "_server_messages": json.dumps([told])})
