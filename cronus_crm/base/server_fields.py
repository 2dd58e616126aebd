"""Fields that only the server writes."""

from collections.abc import Iterable
from typing import Any

from frappe.model.document import Document
from frappe.utils import cast


def restore_server_fields(doc: Document, fieldnames: Iterable[str]) -> None:
	"""For the validation of a document: gives these fields the values that are stored, and those of a new
	document their defaults, whatever a form or the API has sent."""
	before = doc.get_doc_before_save()
	for fieldname in fieldnames:
		doc.set(fieldname, before.get(fieldname) if before else _cast_default(doc, fieldname))


def _cast_default(doc: Document, fieldname: str) -> Any:
	field = doc.meta.get_field(fieldname)
	return cast(field.fieldtype, field.default) if field.default else None
