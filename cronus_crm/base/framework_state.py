"""State that the framework keeps for itself, where it leaves no other way than to write it.

Each function says why. Nothing else of ours writes attributes of `frappe.local` or of the framework's
documents.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy

import frappe
from frappe.model.document import Document

# What `frappe.set_user` and `frappe.set_user_lang` replace.
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
	"""Inside, the session is that of a user, in their language.

	Why: `frappe.set_user` is for tests and for jobs that end with it. It empties the session's data and the
	arguments of the request, and another call does not bring them back.
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
	"""For a command: messages are in the default language of the site from now on.

	Why: the framework chooses the language of a request, and that of a user; a command has neither.
	"""
	frappe.local.lang = frappe.db.get_default("lang") or "en"


def snapshot_for_comparison(doc: Document) -> None:
	"""Has a document compared with what it is now when it is changed by `db_set`.

	Its fields, not its rows, are what notifications of a changed value look at. Why: `db_set` would read the
	document from the database once more, for each document that an invoice was made from.
	"""
	doc._doc_before_save = copy(doc)


def clear_cached_results(function: Callable) -> None:
	"""Forgets what a function with the framework's `request_cache` has given back in this request.

	Why: in 15 and 16 that cache can be emptied as a whole, and not for one function.
	"""
	if cache := getattr(frappe.local, "request_cache", None):
		# The framework keeps results by the function inside its wrapper.
		cache.pop(function.__wrapped__, None)
