"""Choices and columns of an import, kept under a name for the next file of the same kind."""

import json

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_exchange.comparing.import_settings import CHOICE_FIELDS
from cronus_crm.cronus_exchange.proposing.proposal import reread_columns

MAPPING = "Cronus Import Mapping"

_KEPT = [name for name in CHOICE_FIELDS if name not in ("target", "sheet")]


def keep_mapping(doc: Document, mapping_name: str) -> str:
	"""Keeps the choices of an import under a name; one of that name is replaced. Gives back the name.

	Raises frappe.ValidationError without a name, and for a name that is one of another kind of import.
	"""
	mapping_name = (mapping_name or "").strip()
	if not mapping_name:
		frappe.throw(_("Write a name under which the choices are kept."))
	kept = {
		**{name: doc.get(name) for name in _KEPT},
		"sellers": [row.seller for row in doc.sellers],
		"columns": {column.heading: column.target_field or "" for column in doc.columns},
	}
	if frappe.db.exists(MAPPING, mapping_name):
		mapping = frappe.get_doc(MAPPING, mapping_name)
		if mapping.target != doc.target:
			frappe.throw(
				_("{0} is kept for {1}. Choose another name.").format(mapping_name, _(mapping.target))
			)
	else:
		mapping = frappe.new_doc(MAPPING)
		mapping.update({"mapping_name": mapping_name, "target": doc.target})
	mapping.choices = json.dumps(kept, ensure_ascii=False)
	mapping.save()
	return mapping.name


def use_mapping(doc: Document, mapping_name: str) -> None:
	"""Sets the choices of an import as they are kept, and reads its file with them; the caller saves it.

	Columns whose headings are not kept are proposed.
	"""
	mapping = frappe.get_doc(MAPPING, mapping_name)
	mapping.check_permission("read")
	if mapping.target != doc.target:
		frappe.throw(_("{0} is kept for {1}.").format(mapping_name, _(mapping.target)))
	kept = json.loads(mapping.choices or "{}")
	doc.update({name: kept[name] for name in _KEPT if name in kept})
	doc.set("sellers", [{"seller": seller} for seller in kept.get("sellers", ())])
	doc.kept_mapping = mapping.name
	doc.set("columns", [])
	for heading, field in kept.get("columns", {}).items():
		doc.append("columns", {"heading": heading, "target_field": field})
	reread_columns(doc)
