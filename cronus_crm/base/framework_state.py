"""Writes internal state of the framework where it offers no public way to do so.

Each function gives its reason. No other module writes attributes of `frappe.local` or private attributes of
documents: tests/test_hidden_state.py enforces this.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy

import frappe
from frappe.model.document import Document

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
def act_as_user(user: str) -> Iterator[None]:
	"""Context manager: inside it, the session is that of `user`, in the language of that user.

	Why: `frappe.set_user` discards the session's data and the arguments of the request, and a second call
	with the first user does not restore them. Here they are restored at the end, also after an error.
	"""
	before = {name: getattr(frappe.local, name, None) for name in _USER_ATTRIBUTES}
	frappe.local.session = frappe._dict(frappe.local.session)
	try:
		frappe.set_user(user)
		frappe.set_user_lang(user)
		yield
	finally:
		for name, value in before.items():
			setattr(frappe.local, name, value)


def use_site_language() -> None:
	"""Sets the default language of the site for the messages of a command.

	Why: the framework derives the language from a request or from a user, and a command has neither.
	"""
	frappe.local.lang = frappe.db.get_default("lang") or "en"


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
	"""Makes a document that was written one that is stored; see :func:`begin_insert`.

	Why: the framework keeps each document that is being saved in a list, from which it does not take new
	ones; in a job of a million rows the list would fill the memory.
	"""
	doc.flags.in_insert = False
	for mark in ("__islocal", "__unsaved"):
		doc.__dict__.pop(mark, None)
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
