"""Writes internal state of the framework where it offers no public way to do so.

Each function gives its reason. No other module writes attributes of `frappe.local` or private attributes of
documents: tests/test_hidden_state.py enforces this.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy

import frappe
from frappe.model.document import Document
from werkzeug.wrappers import Request

# The attributes of `frappe.local` that `frappe.set_user` and `frappe.set_user_lang` replace.
_USER_ATTRIBUTES = (
	"session",
	"cache",
	"form_dict",
	"jenv",
	"role_permissions",
	"new_doc_templates",
	"user_perms",
	"lang",
)


@contextmanager
def act_as_user(user: str, language: str | None = None) -> Iterator[None]:
	"""Context manager: inside it, the session is that of `user`, in the language of that user.

	language: instead of that one, as for the messages that somebody else reads.

	Why: `frappe.set_user` discards the session's data and the arguments of the request, and a second call
	with the first user does not restore them. Here they are restored at the end, also after an error.
	"""
	before = {name: getattr(frappe.local, name, None) for name in _USER_ATTRIBUTES}
	frappe.local.session = frappe._dict(frappe.local.session)
	try:
		frappe.set_user(user)
		frappe.set_user_lang(user)
		if language:
			frappe.local.lang = language
		yield
	finally:
		for name, value in before.items():
			setattr(frappe.local, name, value)


def use_site_language() -> None:
	"""Sets the default language of the site for the messages of a command.

	Why: the framework derives the language from a request or from a user, and a command has neither.
	"""
	frappe.local.lang = frappe.db.get_default("lang") or "en"


def count_messages() -> int:
	"""How many messages this request has told the user until now; for :func:`drop_messages`."""
	return len(frappe.local.message_log)


def drop_messages(told: int) -> None:
	"""Drops what this request tells the user, but for the first `told` messages.

	Why: the framework shows each of them in a dialog, also those of an attempt whose failure is answered in
	another way.
	"""
	del frappe.local.message_log[told:]


def snapshot_for_comparison(doc: Document) -> None:
	"""Stores the present values of a document as its values before the change that `db_set` will make.

	Only its fields are copied, not its rows: the framework's notifications of a changed value compare fields.
	Why: otherwise `db_set` reads each document that an invoice was made from once more from the database.
	"""
	doc._doc_before_save = copy(doc)


def begin_insert(doc: Document) -> None:
	"""Prepares a new document for the steps of `Document.insert`, which `batch_insert.py` takes one by one
	for many documents.

	Why: the framework's `insert` does this at its beginning, and offers no step by step.
	"""
	doc.flags.notifications_executed = []
	doc.set("__islocal", True)


def mark_inserting(doc: Document, inserting: bool) -> None:
	"""Says whether the checks before an insert are running for a document; see :func:`begin_insert`."""
	doc.flags.in_insert = inserting


def set_reserved_name(doc: Document, name: str) -> None:
	"""Names a new document by a number of its series that was reserved.

	Why: the framework locks and moves the counter of the series for each document.
	"""
	doc.name, doc.flags.name_set = name, True


def end_insert(doc: Document) -> None:
	"""Makes a document that was written one that is stored; see :func:`begin_insert`."""
	doc.flags.in_insert = False
	for mark in ("__islocal", "__unsaved"):
		doc.__dict__.pop(mark, None)
	forget_saved()


def forget_saved() -> None:
	"""Empties the list of the documents that are being saved.

	Why: the framework does not take new ones out of it, and searches it for each document; in a job of a
	million rows it would fill the memory, and take quadratic time.
	"""
	if saving := frappe.flags.currently_saving:
		saving.clear()


def clear_cached_results(function: Callable) -> None:
	"""Clears the results that the framework's `request_cache` keeps of one function in this request.

	function: one that is decorated with `request_cache`.

	Why: in Frappe 15 and 16 that cache can be cleared only as a whole.
	"""
	if cache := getattr(frappe.local, "request_cache", None):
		# The key of the cache is the function inside the wrapper of the decorator.
		cache.pop(function.__wrapped__, None)


def transaction_memo() -> dict:
	"""A dict that is empty at the begin of each transaction, and after a return to a savepoint.

	Why: only `frappe.db.value_cache` is forgotten at each commit and rollback.
	"""
	cache = frappe.db.value_cache
	if "cronus_crm" not in cache:
		cache["cronus_crm"] = {}
	return cache["cronus_crm"]


def drop_connection() -> None:
	"""Takes the connection to the database away from the rest of this request.

	Why: the framework rolls back whatever a failed request has written, and without a database that fails
	too, outside of everything that answers errors.
	"""
	connection, frappe.local.db = getattr(frappe.local, "db", None), None
	# Nor do cookies of a session that could not be read replace those of the browser.
	if cookies := getattr(frappe.local, "cookie_manager", None):
		cookies.cookies.clear()
		cookies.to_delete.clear()
	if connection:
		with suppress(Exception):
			connection.close()


def start_new_snapshot() -> None:
	"""Lets what this transaction reads next be what is committed by then. Only where it has written nothing.

	Why: `frappe.db.rollback` would also forget and call what was registered for the end of the transaction.
	"""
	frappe.db.sql("rollback")
	frappe.db.value_cache.clear()


def keep_changes_of_get() -> None:
	"""Lets the framework commit what a GET request has written.

	Why: it rolls back all others; a page that counts what was not found is asked by GET, as pages are.
	"""
	frappe.local.flags.commit = True


def lead_page_to(address: str) -> None:
	"""Raises frappe.Redirect from a page of the website to an address of the site, for this time.

	Why: the framework takes the address from there.
	"""
	frappe.local.flags.redirect_location = address
	raise frappe.Redirect(302)


def refuse_page(told: str) -> None:
	"""Raises frappe.PageDoesNotExistError from a page of the website that is not there for this reader.

	Why: unless it is told so, the framework remembers the address as one that is not there, for everybody.
	"""
	frappe.local.no_cache = 1
	raise frappe.PageDoesNotExistError(told)


class RequestState:
	"""What handling a request changes outside of the database.

	Why: a request that is handled once more after a rollback begins with the state with which it began.
	"""

	def __init__(self, request: Request):
		"""Takes the present state of a request."""
		self.request = request
		self.environ = dict(request.environ)
		self.flags = {name: copy(value) for name, value in frappe.local.flags.items()}
		self.messages = list(frappe.local.message_log)

	def restore(self) -> None:
		"""Puts it back, with the arguments read from the request again."""
		from frappe.app import make_form_dict

		self.request.environ.update(self.environ)
		frappe.local.flags = frappe._dict({name: copy(value) for name, value in self.flags.items()})
		frappe.local.message_log = list(self.messages)
		frappe.local.error_log = []
		frappe.local.response = frappe._dict(docs=[])
		frappe.local.request_cache.clear()
		make_form_dict(self.request)
