"""Protects fields that only the server may write."""

from collections.abc import Iterable
from typing import Any

from frappe.model.document import Document
from frappe.utils import cast


def restore_server_fields(doc: Document, fieldnames: Iterable[str]) -> None:
	"""For the `validate` of a controller: discards what a client has sent for these fields.

	They get their stored values back, or their defaults when the document is new.
	"""
	before = doc.get_doc_before_save()
	for fieldname in fieldnames:
		doc.set(fieldname, before.get(fieldname) if before else _cast_default(doc, fieldname))


def _cast_default(doc: Document, fieldname: str) -> Any:
	field = doc.meta.get_field(fieldname)
	return cast(field.fieldtype, field.default) if field.default else None
