"""What is kept of an answer that may be repeated, and the answer that is made of it.

Of a document in the answer only its DocType and name are kept: the document itself is in the database, and
may have thousands of lines. A repeated answer has it as it is then, as far as the user may read it.
"""

import json
from collections.abc import Callable
from typing import Any

import frappe

# Marks the place of a document whose other fields were not kept.
_ABRIDGED = "__abridged"


def abridge_answer(body: str) -> str:
	"""The body of an answer with the documents in it reduced to DocType and name; other bodies unchanged."""
	return _replace_documents(body, _abridge_document)


def complete_answer(body: str) -> str:
	"""The body of an answer again, with the documents as they are now. Of one that was deleted, DocType and
	name remain.

	Raises frappe.PermissionError for a document that the user may not read.
	"""
	return _replace_documents(body, _complete_document)


def _replace_documents(body: str, replace: Callable[[dict], dict]) -> str:
	"""The JSON with the documents among its values, or in lists among them, replaced."""
	try:
		answer = json.loads(body)
	except ValueError:
		return body
	if not isinstance(answer, dict):
		return body
	changed = {}
	for name, value in answer.items():
		if isinstance(value, list):
			changed[name] = [replace(item) if _is_document(item) else item for item in value]
		else:
			changed[name] = replace(value) if _is_document(value) else value
	if changed == answer:
		return body
	return json.dumps(changed, default=_to_json, separators=(",", ":"))


def _to_json(value: Any) -> Any:
	from frappe.utils.response import json_handler

	return json_handler(value)


def _is_document(value: Any) -> bool:
	return isinstance(value, dict) and all(isinstance(value.get(key), str) for key in ("doctype", "name"))


def _abridge_document(document: dict) -> dict:
	# A record that is stored nowhere is all that there is.
	doctype, name = document["doctype"], document["name"]
	if not frappe.db.exists("DocType", doctype) or not frappe.db.exists(doctype, name):
		return document
	return {"doctype": doctype, "name": name, _ABRIDGED: 1}


def _complete_document(document: dict) -> dict:
	doctype, name = document["doctype"], document["name"]
	# A deleted document has no permissions left to check; the answer says what it was.
	if not frappe.db.exists("DocType", doctype) or not frappe.db.exists(doctype, name):
		return {key: value for key, value in document.items() if key != _ABRIDGED}
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	if not document.get(_ABRIDGED):
		return document
	doc.apply_fieldlevel_read_permissions()
	return doc.as_dict(convert_dates_to_str=True)
