"""Events of a document without what the framework does for people who look on.

Checks hold as always: the controller, the hooks of every app, and server scripts before the save. Left out
are notifications, webhooks, server scripts after the save, and the framework's own hooks after it (assignment
rules, workflow actions): an import sends nobody anything unless it is asked to.
"""

from functools import partial

import frappe
from frappe.core.doctype.server_script.server_script_utils import run_server_script_for_doc_event
from frappe.model.document import Document
from frappe.utils.caching import request_cache

# Events after which the document stands in the database: what the framework hooks there are automations.
_AFTER = frozenset({"after_insert", "on_update", "on_change", "on_trash", "after_delete"})


# What a site may have told the framework to do once a record is saved, and how each says for which DocType.
_AUTOMATIONS = (
	("Notification", {"enabled": 1}, "document_type"),
	("Webhook", {"enabled": 1}, "webhook_doctype"),
	("Assignment Rule", {"disabled": 0}, "document_type"),
	("Server Script", {"disabled": 0, "script_type": "DocType Event"}, "reference_doctype"),
)


@request_cache
def has_automations(doctype: str) -> bool:
	"""Whether anything of the site's own happens when a record of this DocType is saved: where nothing does,
	quiet events leave nothing out."""
	return any(
		frappe.db.exists(automation, {**filters, fieldname: doctype})
		for automation, filters, fieldname in _AUTOMATIONS
	)


def make_quiet(doc: Document) -> None:
	"""Makes the events of a document quiet: its own `run_method` stands before that of its class."""
	doc.run_method = partial(run_quiet_event, doc)


def run_quiet_event(doc: Document, method: str, *args, **kwargs):
	"""Runs the controller's method of an event and the hooks of it; see the docstring of the module."""
	result = None
	own = getattr(doc, method, None)
	if callable(own):
		result = own(*args, **kwargs)
	hooks = frappe.get_doc_hooks()
	for handler in (*hooks.get(doc.doctype, {}).get(method, ()), *hooks.get("*", {}).get(method, ())):
		if method in _AFTER and handler.startswith("frappe."):
			continue
		frappe.get_attr(handler)(doc, method, *args, **kwargs)
	if method not in _AFTER:
		run_server_script_for_doc_event(doc, method)
	return result
