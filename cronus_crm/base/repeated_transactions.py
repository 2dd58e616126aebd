"""A request whose transaction the database gives up for another one (a deadlock) is handled once more.

Such a transaction has left nothing behind, so the whole request can begin anew, as its sender would do. It
cannot where it has ended a transaction of its own before, or has read the files that were sent with it.
"""

import random
import re
import time
from collections.abc import Callable

import frappe
from frappe.query_builder import DocType
from werkzeug.wrappers import Request, Response

from cronus_crm.base import sales_documents
from cronus_crm.base.failed_requests import is_deadlock
from cronus_crm.base.framework_state import RequestState, start_new_snapshot

_MOST_TRIES = 3
_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_INSIDE = "cronus_crm.handled"
_DOCUMENT_PATH = re.compile(r"/api/(?:(?:v1/)?resource|v2/document)/([^/]+)/([^/]+)(?:/|/method/\w+/?)?")


class _Transaction:
	"""The transaction that is open now. has_ended: True once it was committed or rolled back."""

	def __init__(self):
		self.has_ended = False
		frappe.db.after_commit.add(self._end)
		frappe.db.after_rollback.add(self._end)

	def _end(self) -> None:
		self.has_ended = True


def handle_request(request: Request, handle: Callable[[], Response]) -> Response:
	"""Handles a request of the REST API and commits what it has written; once more after a deadlock.

	handle: handles the request in the open transaction.
	"""
	if request.environ.get(_INSIDE):
		return handle()
	request.environ[_INSIDE] = True
	state = RequestState(request)
	for number in range(1, _MOST_TRIES + 1):
		lock_document_first(request)
		transaction = _Transaction()
		try:
			response = handle()
			commit(request)
			return response
		except Exception as error:
			if number == _MOST_TRIES or not is_deadlock(error) or not _is_repeatable(request, transaction):
				raise
		frappe.db.rollback()
		state.restore()
		# Two that have met begin at different moments.
		time.sleep(random.uniform(0.01, 0.05) * number)
	raise AssertionError("unreachable")


def commit(request: Request) -> None:
	"""Commits what a request has written: here, as the framework has no answer any more to what fails
	then."""
	if request.method in _UNSAFE:
		frappe.db.commit()


def _is_repeatable(request: Request, transaction: _Transaction) -> bool:
	return not transaction.has_ended and request.mimetype != "multipart/form-data"


def lock_document_first(request: Request) -> None:
	"""Lets a request that changes a commercial document wait for others that change it, before it has read
	anything.

	The framework locks the document's row when it loads it, but by then the transaction has a snapshot: of
	two that issue a document at once, the second would see its lines, and the stored document, as they were
	before the first.
	"""
	found = _DOCUMENT_PATH.fullmatch(request.path) if request.method in _UNSAFE else None
	if not found or frappe.db.transaction_writes or found[1] not in sales_documents.registered_doctypes():
		return
	table = DocType(found[1])
	query = frappe.qb.from_(table).select(table.name).where(table.name == found[2]).for_update()
	start_new_snapshot()
	query.run()
