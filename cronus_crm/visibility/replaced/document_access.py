"""Functions that read one document, or records that refer to it, or change these, given only its name."""

import frappe

from cronus_crm.base.arguments import read_list, read_names
from cronus_crm.visibility import link_titles, rule
from cronus_crm.visibility.attachments import check_visible, is_hidden
from cronus_crm.visibility.replaced.query_checks import check_field_name
from cronus_crm.visibility.replaced.replacement import Call, replaces


def _check_first(doctype_argument: str, name_argument: str):
	"""Makes a replacement that checks the document which two arguments name, and then runs the original.

	The replacement raises frappe.PermissionError when the user may not see the document. A name that was sent
	as a number goes on as a text: the database refuses to change rows whose names it has to read as numbers.
	"""

	def check_first(call: Call):
		if call[doctype_argument] and call[name_argument]:
			call[name_argument] = call.text(name_argument)
			check_visible(call.text(doctype_argument), call[name_argument])
		return call()

	return check_first


# All of these are open in 15 and 16 unless a version is named, for any document of a DocType that a role of
# the user may read. What each let through, and the test that holds it closed:
#
# whether a document was amended, and by which one: attack “what amends a document”;
replaces("frappe.client.is_document_amended")(_check_first("doctype", "docname"))
# its followers, and changing them: attacks “who follows”, “following by Document Follow”, and the crawler;
replaces(
	"frappe.desk.form.document_follow.get_follow_users",
	"frappe.desk.form.document_follow.unfollow_document",
	"frappe.desk.form.document_follow.follow_document",
	"frappe.desk.form.document_follow.update_follow",
)(_check_first("doctype", "doc_name"))
# the state of its submission in the background: attack “what became of a submission”;
replaces("frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions")(
	_check_first("doctype", "docname")
)
# who likes it, by taking back a like: attack “liking”;
replaces("frappe.desk.like.toggle_like")(_check_first("doctype", "name"))
# the parent document of a row, in the error that refuses to write the row: the crawler;
replaces("frappe.client.set_value")(_check_first("doctype", "name"))
# its reviews (15 only): attack “praise of a document”;
replaces("frappe.social.doctype.energy_point_log.energy_point_log.get_reviews")(
	_check_first("doctype", "docname")
)
# adding and removing its tags. Here 15 and 16 do check, but later, and end in another error than a refusal:
# attacks “tagging by Tag Link”, “taking a tag off”.
replaces("frappe.desk.doctype.tag.tag.add_tag", "frappe.desk.doctype.tag.tag.remove_tag")(
	_check_first("dt", "dn")
)


@replaces("frappe.desk.form.utils.get_next")
def get_next(call: Call) -> str | None:
	"""The next document of a list.

	Open in 15 and 16: values of any document, by comparing it with one's own in any order; and SQL injection
	by the name of the field to sort by. Held closed by way “next document” and attack “the place of a
	document between others”.

	Raises frappe.PermissionError for a document that the user may not see, frappe.ValidationError for a field
	name that is none.
	"""
	check_visible(call.text("doctype"), call.text("value"))
	check_field_name(call.text("sort_field"))
	return call()


@replaces("frappe.desk.doctype.tag.tag.add_tags")
def add_tags(call: Call):
	"""Adds tags to several documents.

	Open in 15 and 16: tags on any document. Held closed by attack “tagging several”.

	Raises frappe.PermissionError for a document that the user may not see.
	"""
	call["docs"] = read_names(call["docs"], "docs")
	for name in call["docs"]:
		check_visible(call.text("dt"), name)
	return call()


@replaces("frappe.desk.search.get_link_title")
def get_link_title(call: Call) -> str | None:
	"""The title that a link shows instead of the name of the document; the name, when the document is hidden.

	Open in 15 and 16: the customer's name for any code. Held closed by way “title of a link”.
	"""
	if not rule.may_disclose(call.text("doctype"), call.text("docname")):
		return call["docname"]
	return call()


@replaces("frappe.desk.form.load.getdoc")
def getdoc(call: Call):
	"""A document and the data of its form, without the titles of hidden linked documents.

	Open in 15 and 16: the title of any document that a visible one links to. Held closed by way “form” and
	the crawler.
	"""
	answer = call()
	if "_link_titles" in frappe.local.response:
		frappe.local.response["_link_titles"] = link_titles.filter_titles(
			frappe.local.response["_link_titles"]
		)
	return answer


@replaces("frappe.permissions.has_child_permission")
def has_child_permission(call: Call) -> bool:
	"""Whether the user may read or write a row of a table.

	Open in 15 and 16: the framework checks the right to the DocType of the parent and not the parent
	document, so any row was readable by `/api/resource` and `frappe.client.get`. Held closed by ways “a row
	by REST”, “a row as a document”, “a row of a contact”.
	"""
	if not call():
		return False
	row = call["child_doc"]
	if isinstance(row, str):
		row = frappe.db.get_value(call["child_doctype"], row, ("parenttype", "parent"), as_dict=True)
	return not row or not row.get("parent") or rule.may_disclose(row.parenttype, row.parent, call["user"])


@replaces("frappe.client.validate_link", "frappe.client.validate_link_and_fetch")
def validate_link(call: Call) -> dict:
	"""Whether a linked document exists, and values of its fields. A hidden document does not exist.

	Open in 15 (`validate_link`) and 16 (`validate_link_and_fetch`): whether any name exists, and the values
	of its fields. Held closed by ways “existence of a linked document”, “values for a link”.
	"""
	doctype, name = call.text("doctype"), call.text("docname")
	if is_hidden(doctype, name):
		# The answer of each version for a document that does not exist.
		return frappe._dict() if "fields_to_fetch" in call else frappe._dict(name=None)
	return call()


@replaces("frappe.desk.form.linked_with.get_submitted_linked_docs")
def get_submitted_linked_docs(call: Call) -> dict:
	"""Submitted documents that link to a document, without hidden ones.

	Open in 15 and 16: the names of documents that link to any document. Held closed by attack “submitted
	documents of a record”.

	Raises frappe.PermissionError for a document that the user may not see.
	"""
	check_visible(call.text("doctype"), call.text("name"))
	docs = [doc for doc in call()["docs"] if rule.may_disclose(doc["doctype"], doc["name"])]
	return {"docs": docs, "count": len(docs)}


@replaces("frappe.core.doctype.sms_settings.sms_settings.get_contact_number")
def get_contact_number(call: Call) -> str:
	"""The telephone number of a contact.

	Open in 15 and 16: that of any contact. Held closed by way “telephone of a contact”.

	Raises frappe.PermissionError for a contact that the user may not see.
	"""
	check_visible("Contact", call.text("contact_name"))
	return call()


@replaces("frappe.contacts.doctype.address.address.get_default_address")
def get_default_address(call: Call) -> str | None:
	"""Name of the default address of a record; None when the user may not see the address.

	Open in 15 and 16: the address of any record, whose name contains its title. Held closed by way “address
	of a record by default”.
	"""
	address = call()
	return address if address and rule.can_see("Address", address) else None


@replaces("frappe.email.relink")
def relink(call: Call):
	"""Moves a message to another document.

	Open in 15 and 16: any user could move any message to a document of their own and read it there. Held
	closed by attack “taking a message to one's own record”.

	Raises frappe.PermissionError for a message or a document that the user may not read.
	"""
	frappe.get_doc("Communication", call.text("name")).check_permission("read")
	if call["reference_doctype"] and call["reference_name"]:
		frappe.get_doc(call.text("reference_doctype"), call.text("reference_name")).check_permission("read")
	return call()


@replaces("frappe.core.doctype.deleted_document.deleted_document.restore")
def restore(call: Call):
	"""Restores a deleted document, for users who may read Deleted Document.

	Open in 15 and 16: any user could restore any document, and became the owner of one without seller. Held
	closed by attack “bringing back what was deleted”.

	Raises frappe.PermissionError.
	"""
	frappe.get_doc("Deleted Document", call.text("name")).check_permission("read")
	return call()


@replaces("frappe.core.doctype.deleted_document.deleted_document.bulk_restore")
def bulk_restore(call: Call) -> dict:
	"""Restores several deleted documents, for users who may read all of them; otherwise none is restored.

	Open in 15 and 16, as `restore`. Held closed by attack “bringing back several”.

	Raises frappe.PermissionError.
	"""
	for name in read_list(call["docnames"], "docnames"):
		frappe.get_doc("Deleted Document", name).check_permission("read")
	return call()


@replaces("frappe.utils.file_manager.add_attachments", "frappe.core.doctype.communication.email.make")
def check_attached_files(call: Call):
	"""Attaches stored files to a document or a message.

	Open in 15 and 16: any user could attach any file, by its name, to a document of their own, or mail it to
	themselves. Held closed by attacks “a file hung on one's own document”, “a file sent with one's own
	message”.

	Raises frappe.PermissionError for a file that the user may not read.
	"""
	for attachment in read_list(call["attachments"], "attachments"):
		if isinstance(attachment, str):
			frappe.get_doc("File", attachment).check_permission("read")
	return call()


@replaces("frappe.desk.doctype.event.event.get_events")
def get_events(call: Call) -> list[dict]:
	"""Events of the framework's calendar: those of the session's user. System Managers may name another user.

	Open in 15 and 16: the events of any user, for any caller. Held closed by way “participants and links
	beside documents”.
	"""
	if call["user"] and "System Manager" not in frappe.get_roles():
		call["user"] = frappe.session.user
	return call()
