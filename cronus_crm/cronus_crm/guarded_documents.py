"""Methods of the framework that tell about one document to whoever names it, answered with the rule of
visibility.

`hooks.py` puts these in the place of the framework's own, under the same addresses; see `guarded_methods.py`.
"""

import frappe
import frappe.client
import frappe.contacts.doctype.address.address
import frappe.core.doctype.communication.email
import frappe.core.doctype.deleted_document.deleted_document
import frappe.core.doctype.sms_settings.sms_settings
import frappe.core.doctype.submission_queue.submission_queue
import frappe.desk.form.document_follow
import frappe.desk.form.linked_with
import frappe.desk.form.load
import frappe.desk.form.utils
import frappe.desk.search
import frappe.email
import frappe.social.doctype.energy_point_log.energy_point_log
import frappe.utils.file_manager

from cronus_crm.cronus_crm import titles, visibility
from cronus_crm.cronus_crm.companions import require_sight


@frappe.whitelist()
def get_link_title(doctype: str, docname: str) -> str | None:
	"""What a link shows instead of a name, as `frappe.desk.search.get_link_title`; of our DocTypes, the name
	itself where the user may not see the document."""
	if visibility.is_governed(doctype) and not visibility.can_see(doctype, docname):
		return docname
	return frappe.desk.search.get_link_title(doctype, docname)


@frappe.whitelist()
def getdoc(doctype: str, name: str | int, user: str | None = None) -> list | None:
	"""A document with what its form shows, as `frappe.desk.form.load.getdoc`; without the titles of linked
	documents that the user may not see."""
	answer = frappe.desk.form.load.getdoc(doctype, name, user)
	if "_link_titles" in frappe.local.response:
		frappe.local.response["_link_titles"] = titles.in_sight(frappe.local.response["_link_titles"])
	return answer


@frappe.whitelist()
def get_document(
	doctype: str,
	name: str | int | None = None,
	filters: str | dict | list | None = None,
	parent: str | None = None,
) -> dict:
	"""A document, as `frappe.client.get`. There, of a row of a table the framework asks for the right to the
	DocType of its document only.

	Raises frappe.PermissionError for a row of a document that the user may not see.
	"""
	found = frappe.client.get(doctype, name, filters, parent)
	if frappe.is_table(doctype):
		require_sight(found["parenttype"], found["parent"])
	return found


@frappe.whitelist()
def validate_link(doctype: str, docname: str, fields: str | list | None = None) -> dict:
	"""Whether a link can be chosen, as `frappe.client.validate_link`; a document of ours that the user may
	not see answers as one that does not exist."""
	if visibility.is_governed(doctype) and not visibility.can_see(doctype, docname):
		return frappe._dict(name=None)
	return frappe.client.validate_link(doctype, docname, fields)


@frappe.whitelist()
def is_document_amended(doctype: str, docname: str) -> str | bool | None:
	"""Name of the document that amends another, as `frappe.client.is_document_amended`.

	Raises frappe.PermissionError for a document of ours that the user may not see.
	"""
	require_sight(doctype, docname)
	return frappe.client.is_document_amended(doctype, docname)


@frappe.whitelist()
def get_next(
	doctype: str,
	value: str,
	prev: int | str,
	filters: str | list | None = None,
	sort_order: str = "desc",
	sort_field: str = "modified",
) -> str | None:
	"""Name of the next document, as `frappe.desk.form.utils.get_next`. There, any document can be put between
	one's own, by any field, and so its values be guessed.

	Raises frappe.PermissionError for a document of ours that the user may not see.
	"""
	require_sight(doctype, value)
	return frappe.desk.form.utils.get_next(doctype, value, prev, filters, sort_order, sort_field)


@frappe.whitelist()
def get_follow_users(doctype: str, doc_name: str) -> list[dict]:
	"""Who follows a document, as `frappe.desk.form.document_follow.get_follow_users`.

	Raises frappe.PermissionError for a document of ours that the user may not see.
	"""
	require_sight(doctype, doc_name)
	return frappe.desk.form.document_follow.get_follow_users(doctype, doc_name)


@frappe.whitelist()
def get_submitted_linked_docs(doctype: str, name: str) -> dict:
	"""Submitted documents that hang on one, as `frappe.desk.form.linked_with.get_submitted_linked_docs`; of
	ours, those that the user may see.

	Raises frappe.PermissionError for a document of ours that the user may not see.
	"""
	require_sight(doctype, name)
	found = frappe.desk.form.linked_with.get_submitted_linked_docs(doctype, name)
	docs = [
		doc
		for doc in found["docs"]
		if not visibility.is_governed(doc["doctype"]) or visibility.can_see(doc["doctype"], doc["name"])
	]
	return {"docs": docs, "count": len(docs)}


@frappe.whitelist()
def get_latest_submissions(doctype: str, docname: str) -> dict | None:
	"""What came of a submission in the background, as the framework's method of the same name.

	Raises frappe.PermissionError for a document of ours that the user may not see.
	"""
	require_sight(doctype, docname)
	return frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions(doctype, docname)


@frappe.whitelist()
def get_reviews(doctype: str, docname: str) -> list[dict]:
	"""Praise and criticism of a document, as the framework's method of the same name.

	Raises frappe.PermissionError for a document of ours that the user may not see.
	"""
	require_sight(doctype, docname)
	return frappe.social.doctype.energy_point_log.energy_point_log.get_reviews(doctype, docname)


@frappe.whitelist()
def get_contact_number(contact_name: str, ref_doctype: str, ref_name: str) -> str:
	"""A contact's telephone, as `frappe.core.doctype.sms_settings.sms_settings.get_contact_number`.

	Raises frappe.PermissionError for a contact that the user may not see.
	"""
	require_sight("Contact", contact_name)
	return frappe.core.doctype.sms_settings.sms_settings.get_contact_number(
		contact_name, ref_doctype, ref_name
	)


@frappe.whitelist()
def get_default_address(
	doctype: str, name: str | None = None, sort_key: str = "is_primary_address"
) -> str | None:
	"""Name of a record's address, as the framework's method of the same name; None where the user may not see
	it. The names of addresses are made of their titles."""
	address = frappe.contacts.doctype.address.address.get_default_address(doctype, name, sort_key)
	return address if address and visibility.can_see("Address", address) else None


@frappe.whitelist(methods=["POST"])
def relink(name: str, reference_doctype: str | None = None, reference_name: str | None = None) -> None:
	"""Hangs a message on another document, as `frappe.email.relink`. There, anybody may take any message to a
	document of their own, and read it there.

	Raises frappe.PermissionError for a message, or a document, that the user may not read.
	"""
	frappe.get_doc("Communication", name).check_permission("read")
	if reference_doctype and reference_name:
		frappe.get_doc(reference_doctype, reference_name).check_permission("read")
	frappe.email.relink(name, reference_doctype, reference_name)


@frappe.whitelist(methods=["POST"])
def restore(name: str, alert: bool | int | str = True) -> None:
	"""Brings a deleted document back, as the framework's method of the same name, for those who may read what
	is deleted. There, anybody may, and what had no seller becomes theirs.

	Raises frappe.PermissionError.
	"""
	frappe.get_doc("Deleted Document", name).check_permission("read")
	frappe.core.doctype.deleted_document.deleted_document.restore(name, alert)


@frappe.whitelist(methods=["POST"])
def bulk_restore(docnames: str | list) -> dict:
	"""Brings deleted documents back, as the framework's method of the same name, with the same difference."""
	for name in frappe.parse_json(docnames):
		frappe.get_doc("Deleted Document", name).check_permission("read")
	return frappe.core.doctype.deleted_document.deleted_document.bulk_restore(docnames)


@frappe.whitelist(methods=["POST"])
def add_attachments(doctype: str, name: str, attachments: str | list) -> list:
	"""Hangs files that are there on a document, as `frappe.utils.file_manager.add_attachments`. There,
	anybody may take any file to a document of their own.

	Raises frappe.PermissionError for a file that the user may not read.
	"""
	_check_files(attachments)
	return frappe.utils.file_manager.add_attachments(doctype, name, attachments)


@frappe.whitelist(methods=["POST"])
def make_message(
	doctype: str | None = None,
	name: str | int | None = None,
	content: str | None = None,
	subject: str | None = None,
	sent_or_received: str = "Sent",
	sender: str | None = None,
	sender_full_name: str | None = None,
	recipients: str | list | None = None,
	communication_medium: str = "Email",
	send_email: bool | int | str = False,
	print_html: str | None = None,
	print_format: str | None = None,
	attachments: str | list | None = None,
	send_me_a_copy: bool | int | str = False,
	cc: str | list | None = None,
	bcc: str | list | None = None,
	read_receipt: bool | int | str | None = None,
	print_letterhead: bool | int | str = True,
	email_template: str | None = None,
	communication_type: str | None = None,
	send_after: str | None = None,
	print_language: str | None = None,
	now: bool | int | str = False,
	**kwargs,
) -> dict:
	"""Writes a message about a document, as `frappe.core.doctype.communication.email.make`, with files that
	the user may read. There, anybody may send themselves any file.

	Raises frappe.PermissionError for another file.
	"""
	_check_files(attachments)
	return frappe.core.doctype.communication.email.make(
		doctype,
		name,
		content,
		subject,
		sent_or_received,
		sender,
		sender_full_name,
		recipients,
		communication_medium,
		send_email,
		print_html,
		print_format,
		attachments,
		send_me_a_copy,
		cc,
		bcc,
		read_receipt,
		print_letterhead,
		email_template,
		communication_type,
		send_after,
		print_language,
		now,
	)


def _check_files(attachments: str | list | None) -> None:
	for attachment in frappe.parse_json(attachments) or []:
		if isinstance(attachment, str):
			frappe.get_doc("File", attachment).check_permission("read")
