"""Links by which a customer opens the PDF of one document, without an account.

The PDF is stored as it is on the day of the sending, as a private file of the document, and the framework's
Document Share Key of that *file* opens it until its last day. The key is not of the document, because the
framework's print page would then show all of its fields by another print format.

A link ends on its day, when the document is cancelled or deleted, and when somebody deletes the file from the
document. Nothing else is served, and it does not tell why it serves nothing.
"""

from datetime import timedelta
from hmac import compare_digest
from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_url

from cronus_crm.base import sales_documents
from cronus_crm.base.company import company_today
from cronus_crm.base.present_records import get_settings
from cronus_crm.base.sales_documents import SalesDocument
from cronus_crm.cronus_connect.sending import sent_documents

_ADDRESS = "/api/method/cronus_crm.api.shared_documents.open_document"
_KEY = "Document Share Key"
_SHORTEST_KEY = 20
_DEFAULT_DAYS = 15


def make_link(doc: Document, document: SalesDocument, language: str) -> str:
	"""The address of the PDF of an issued document, which whoever has it may open. The caller has asked
	whether the session's user may send it. A file that nothing has changed since is used again."""
	last_day = company_today() + timedelta(days=get_settings().shared_link_days or _DEFAULT_DAYS)
	file = _find_file(doc, document, language) or _store_file(doc, document, language)
	return get_url(f"{_ADDRESS}?key={file.get_document_share_key(expires_on=last_day)}")


def _find_file(doc: Document, document: SalesDocument, language: str) -> Document | None:
	stem = sent_documents.name_pdf(document, language).removesuffix(".pdf")
	names = frappe.get_all(
		"File",
		filters={
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"file_name": ("like", f"{stem}%.pdf"),
			"creation": (">=", doc.modified),
		},
		pluck="name",
		order_by="creation desc",
		limit=20,
	)
	if not names:
		return None
	shared = frappe.get_all(
		_KEY,
		filters={"reference_doctype": "File", "reference_docname": ("in", names)},
		pluck="reference_docname",
		order_by="creation desc",
		limit=1,
	)
	return frappe.get_doc("File", shared[0]) if shared else None


def _store_file(doc: Document, document: SalesDocument, language: str) -> Document:
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": sent_documents.name_pdf(document, language),
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"is_private": 1,
			"content": sent_documents.make_pdf(doc, language),
		}
	)
	# Whoever may send an issued document need not have the right to change it.
	return file.insert(ignore_permissions=True)


def open_document(key: str) -> None:
	"""Sets the response to the PDF of a key, or to a page that says that the link is not valid (404)."""
	path = _find_pdf(key)
	if not path:
		frappe.respond_as_web_page(
			_("This link is not valid"),
			_("It has expired or was withdrawn. Ask whoever sent it to you for a new one."),
			http_status_code=404,
			indicator_color="orange",
		)
		return
	frappe.local.response.filename = path.name
	frappe.local.response.filecontent = path.read_bytes()
	frappe.local.response.type = "pdf"


def _find_pdf(key: str) -> Path | None:
	"""The path of the stored PDF that a key opens today; None for any other key."""
	if len(key) < _SHORTEST_KEY:
		return None
	found = frappe.db.get_value(
		_KEY,
		{"key": key, "reference_doctype": "File", "expires_on": (">=", company_today())},
		["key", "reference_docname"],
		as_dict=True,
	)
	# The database compares without regard to case and spaces at the end.
	if not found or not compare_digest(found.key.encode(), key.encode()):
		return None
	file = frappe.db.get_value(
		"File",
		found.reference_docname,
		["attached_to_doctype", "attached_to_name", "is_private", "file_url"],
		as_dict=True,
	)
	if not file or not file.is_private or not _is_issued(file.attached_to_doctype, file.attached_to_name):
		return None
	path = Path(frappe.get_doc("File", found.reference_docname).get_full_path())
	return path if path.suffix == ".pdf" and path.is_file() else None


def _is_issued(doctype: str | None, name: str | None) -> bool:
	if doctype not in sales_documents.registered_doctypes():
		return False
	return frappe.db.get_value(doctype, name, "docstatus") == 1
