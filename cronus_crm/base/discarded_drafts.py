"""Discarding a draft, which Frappe 16 offers: the draft of a commercial document becomes a cancelled one."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.own_doctypes import is_own
from cronus_crm.base.texts import as_html


def before_discard(doc: Document, method: str | None = None) -> None:
	"""Event of every DocType: refuses a record of ours that is not issued, and so is no draft.

	Frappe 16 marks whatever its user may write as cancelled, and a record that is never issued could not be
	written any more.

	Raises frappe.ValidationError.
	"""
	if doc.meta.is_submittable or not is_own(doc.meta):
		return
	frappe.throw(
		_("{0} is not a draft and cannot be discarded. Change it, or delete it if it is of no use.").format(
			frappe.bold(as_html(f"{_(doc.doctype)} {doc.name}"))
		),
		title=_("Not a draft"),
	)
