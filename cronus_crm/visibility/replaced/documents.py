"""Functions that tell about one document, or change what hangs on it, for whoever names it."""

import frappe

from cronus_crm.base.arguments import read_list
from cronus_crm.visibility import link_titles, rule
from cronus_crm.visibility.attachments import check_visible, is_hidden
from cronus_crm.visibility.replaced.queries import check_field_name
from cronus_crm.visibility.replaced.replacement import Call, replaces


def _check_first(doctype_argument: str, name_argument: str):
	"""A replacement that asks for the right to see the document that two arguments name, and goes on.

	Raises frappe.PermissionError where that is one of ours which the user may not see.
	"""

	def ask_first(call: Call):
		if call[doctype_argument] and call[name_argument]:
			check_visible(call.text(doctype_argument), call.text(name_argument))
		return call()

	return ask_first


# Open in 15 and 16, each for any document of a DocType that the user may read at all:
# whether, and by what, a document was amended;
replaces("frappe.client.is_document_amended")(_check_first("doctype", "docname"))
# who follows it, or that somebody does;
replaces(
	"frappe.desk.form.document_follow.get_follow_users",
	"frappe.desk.form.document_follow.unfollow_document",
	"frappe.desk.form.document_follow.follow_document",
	"frappe.desk.form.document_follow.update_follow",
)(_check_first("doctype", "doc_name"))
# what came of its submission in the background;
replaces("frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions")(
	_check_first("doctype", "docname")
)
# who likes it, by whoever takes back a like that is not there;
replaces("frappe.desk.like.toggle_like")(_check_first("doctype", "name"))
# of which document a row is, in the refusal to write it;
replaces("frappe.client.set_value")(_check_first("doctype", "name"))
# praise and criticism of it (gone in 16);
replaces("frappe.social.doctype.energy_point_log.energy_point_log.get_reviews")(
	_check_first("doctype", "docname")
)
# tags, put on it and taken off: 15 and 16 ask in another place, and end in an error of another kind.
replaces("frappe.desk.doctype.tag.tag.add_tag", "frappe.desk.doctype.tag.tag.remove_tag")(
	_check_first("dt", "dn")
)


@replaces("frappe.desk.form.utils.get_next")
def get_next(call: Call) -> str | None:
	"""The next document of a list. Open in 15 and 16: the values of any document, by putting it between one's
	own in any order; and the order goes into the statement as it comes.

	Raises frappe.PermissionError for a document of ours that the user may not see.
	"""
	check_visible(call.text("doctype"), call.text("value"))
	check_field_name(call.text("sort_field"))
	return call()


@replaces("frappe.desk.doctype.tag.tag.add_tags")
def add_tags(call: Call):
	"""Puts tags on several documents, each of which the user may see. Open in 15 and 16."""
	for name in read_list(call["docs"], "docs"):
		check_visible(call.text("dt"), name)
	return call()


@replaces("frappe.desk.search.get_link_title")
def get_link_title(call: Call) -> str | None:
	"""What a link shows instead of a name; of our DocTypes, the name itself where the user may not see the
	document. Open in 15 and 16: the customer's name behind any code."""
	if not rule.may_disclose(call.text("doctype"), call.text("docname")):
		return call["docname"]
	return call()


@replaces("frappe.desk.form.load.getdoc")
def getdoc(call: Call):
	"""A document with what its form shows, without the titles of linked documents that the user may not see.
	Open in 15 and 16."""
	answer = call()
	if "_link_titles" in frappe.local.response:
		frappe.local.response["_link_titles"] = link_titles.filter_titles(
			frappe.local.response["_link_titles"]
		)
	return answer


@replaces("frappe.permissions.has_child_permission")
def has_child_permission(call: Call) -> bool:
	"""Whether a row of a table may be read, or written. Open in 15 and 16: the framework asks for the right
	to the DocType of its document, and not for the document; any line of anybody's, by `/api/resource` or
	`frappe.client.get`."""
	if not call():
		return False
	row = call["child_doc"]
	if isinstance(row, str):
		row = frappe.db.get_value(call["child_doctype"], row, ("parenttype", "parent"), as_dict=True)
	return not row or not row.get("parent") or rule.may_disclose(row.parenttype, row.parent, call["user"])


@replaces("frappe.client.validate_link", "frappe.client.validate_link_and_fetch")
def validate_link(call: Call) -> dict:
	"""Whether a link can be chosen, and fields of what it points at. Open in 15 (`validate_link`) and 16
	(`validate_link_and_fetch`): any name, and any field that is fetched. What is not seen does not exist."""
	doctype, name = call.text("doctype"), call.text("docname")
	if is_hidden(doctype, name):
		# As the version says it of what is not there.
		return frappe._dict() if "fields_to_fetch" in call else frappe._dict(name=None)
	return call()


@replaces("frappe.desk.form.linked_with.get_submitted_linked_docs")
def get_submitted_linked_docs(call: Call) -> dict:
	"""Submitted documents that hang on one; of ours, those that the user may see. Open in 15 and 16.

	Raises frappe.PermissionError for a document of ours that the user may not see.
	"""
	check_visible(call.text("doctype"), call.text("name"))
	docs = [doc for doc in call()["docs"] if rule.may_disclose(doc["doctype"], doc["name"])]
	return {"docs": docs, "count": len(docs)}


@replaces("frappe.core.doctype.sms_settings.sms_settings.get_contact_number")
def get_contact_number(call: Call) -> str:
	"""A contact's telephone. Open in 15 and 16, for any contact.

	Raises frappe.PermissionError for a contact that the user may not see.
	"""
	check_visible("Contact", call.text("contact_name"))
	return call()


@replaces("frappe.contacts.doctype.address.address.get_default_address")
def get_default_address(call: Call) -> str | None:
	"""Name of a record's address, which is made of its title; None where the user may not see it. Open in 15
	and 16, for any record."""
	address = call()
	return address if address and rule.can_see("Address", address) else None


@replaces("frappe.email.relink")
def relink(call: Call):
	"""Hangs a message on another document. Open in 15 and 16: anybody took any message to a document of their
	own, and read it there.

	Raises frappe.PermissionError for a message, or a document, that the user may not read.
	"""
	frappe.get_doc("Communication", call.text("name")).check_permission("read")
	if call["reference_doctype"] and call["reference_name"]:
		frappe.get_doc(call.text("reference_doctype"), call.text("reference_name")).check_permission("read")
	return call()


@replaces("frappe.core.doctype.deleted_document.deleted_document.restore")
def restore(call: Call):
	"""Brings a deleted document back, for those who may read what is deleted. Open in 15 and 16: anybody
	might, and what had no seller became theirs. `bulk_restore` calls this for each.

	Raises frappe.PermissionError.
	"""
	frappe.get_doc("Deleted Document", call.text("name")).check_permission("read")
	return call()


@replaces("frappe.core.doctype.deleted_document.deleted_document.bulk_restore")
def bulk_restore(call: Call) -> dict:
	"""The same for several, none of which is brought back when one of them may not be read."""
	for name in read_list(call["docnames"], "docnames"):
		frappe.get_doc("Deleted Document", name).check_permission("read")
	return call()


@replaces("frappe.utils.file_manager.add_attachments", "frappe.core.doctype.communication.email.make")
def check_attached_files(call: Call):
	"""Hangs files that are there on a document or a message. Open in 15 and 16: anybody took any file to a
	document of their own, or sent it to themselves.

	Raises frappe.PermissionError for a file that the user may not read.
	"""
	for attachment in read_list(call["attachments"], "attachments"):
		if isinstance(attachment, str):
			frappe.get_doc("File", attachment).check_permission("read")
	return call()


@replaces("frappe.desk.doctype.event.event.get_events")
def get_events(call: Call) -> list[dict]:
	"""Events of the framework's calendar, of the session's user. Open in 15 and 16: those of any user who is
	named."""
	if call["user"] and "System Manager" not in frappe.get_roles():
		call["user"] = frappe.session.user
	return call()
