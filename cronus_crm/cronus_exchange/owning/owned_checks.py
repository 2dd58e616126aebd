"""What the ERP owns is read-only here: whoever changes it by hand, by REST, by an import or by a script is
told which ERP it belongs to. What the exchange itself writes passes, see
`pushing/told_now.py`."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.texts import as_html
from cronus_crm.cronus_exchange.differing.conflicts import are_same
from cronus_crm.cronus_exchange.differing.record_values import read_values
from cronus_crm.cronus_exchange.owning.owned_fields import find_owners, show_label
from cronus_crm.cronus_exchange.pushing.told_now import source_told_now


def refuse_changes(doc: Document, method: str | None = None) -> None:
	"""Event `validate` of the DocTypes of which an ERP tells.

	Raises frappe.ValidationError where a field that an ERP owns has another value than the stored one. The
	stored record is compared, so that it does not matter what a request claims that was there.
	"""
	if doc.is_new() or source_told_now() is not None or not (owners := find_owners(doc.doctype, doc.name)):
		return
	stored = doc.get_doc_before_save()
	before, after = read_values(stored, owners), read_values(doc, owners)
	changed = [name for name in owners if not are_same(before[name], after[name])]
	if changed:
		refuse(doc.doctype, changed, owners)


def refuse_rename(doc: Document, method: str, former: str, new: str, merge: bool = False) -> None:
	"""Event `before_rename`: a name that is the value of an owned field, such as the code of a product, does
	not change either.

	Raises frappe.ValidationError.
	"""
	autoname = doc.meta.autoname or ""
	fieldname = autoname.removeprefix("field:")
	if fieldname == autoname or source_told_now() is not None:
		return
	owners = find_owners(doc.doctype, former)
	if fieldname in owners:
		refuse(doc.doctype, [fieldname], owners)


def refuse(doctype: str, changed: list[str], owners: dict[str, str]) -> None:
	"""Raises frappe.ValidationError: one message for each ERP, with all its fields. owners: by field."""
	messages = []
	for source in dict.fromkeys(owners[name] for name in changed):
		labels = ", ".join(
			frappe.bold(as_html(show_label(doctype, name))) for name in changed if owners[name] == source
		)
		messages.append(
			_("{0}: this belongs to {1}. Change it in {1}; it changes here as soon as {1} tells it.").format(
				labels, frappe.bold(as_html(source))
			)
		)
	frappe.throw("<br>".join(messages), title=_("It belongs to the ERP"))
