"""Step 4 of the guide: a sheet that is pasted becomes a file of the import, which reads it like any other."""

import frappe
from frappe import _

from cronus_crm.cronus_exchange.running import import_actions
from cronus_crm.cronus_exchange.running.import_state import IMPORT
from cronus_crm.first_day import guide

TARGETS = ("Products", "Customers")
MOST_CHARACTERS = 2_000_000


def paste_sheet(target: str, text: str) -> str:
	"""Makes an import of what was copied from a sheet, reads it, and gives back its name. Nothing is
	imported: the import's form shows what it has understood.

	target: Products or Customers. text: cells with tabs between them, the first line with the headings.

	Raises frappe.ValidationError for a text that is no table, frappe.PermissionError without the role.
	"""
	guide.require_guide_role()
	if target not in TARGETS:
		frappe.throw(_("Choose whether these are products or customers."))
	lines = [line for line in str(text or "").splitlines() if line.strip()]
	if len(lines) < 2:
		frappe.throw(_("Paste the headings and at least one row: copy them in your sheet with Ctrl+C."))
	if len(text) > MOST_CHARACTERS:
		frappe.throw(_("This is too much to paste. Save the sheet as a file, and import that."))
	doc = frappe.get_doc({"doctype": IMPORT, "target": target}).insert()
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "{}-{}.tsv".format(_("Pasted"), doc.name),
			"content": "\n".join(lines).encode(),
			"is_private": 1,
			"attached_to_doctype": IMPORT,
			"attached_to_name": doc.name,
		}
	).insert()
	doc.file = file.file_url
	doc.save()
	import_actions.read_file(doc.name)
	return doc.name
