"""The tags of a record that another one was merged into.

The framework moves the tags of the merged record (Tag Link) to the other, where lists and forms do not look:
they show what stands in its `_user_tags`. So the tags were there, and nobody saw them.
"""

import frappe
from frappe.model.document import Document


def after_rename(doc: Document, method: str, old: str, new: str, merge: bool = False) -> None:
	"""Event of every DocType: after a merge, writes all tags of the two into the record that stays, each
	once."""
	if not merge or not (frappe.get_meta(doc.doctype).module or "").startswith("Cronus "):
		return
	links = frappe.get_all(
		"Tag Link",
		filters={"document_type": doc.doctype, "document_name": ("in", (old, new))},
		fields=["name", "tag"],
		order_by="creation asc, name asc",
	)
	seen: set[str] = set()
	for link in links:
		if link.tag in seen:
			frappe.db.delete("Tag Link", {"name": link.name})
		seen.add(link.tag)
	frappe.db.set_value(
		"Tag Link", {"document_type": doc.doctype, "document_name": old}, "document_name", new
	)
	tags = "".join(f",{tag}" for tag in dict.fromkeys(link.tag for link in links))
	frappe.db.set_value(doc.doctype, new, "_user_tags", tags, update_modified=False)
