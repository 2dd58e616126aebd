"""What is asked before a document is sent to its customer, whom it goes to, and its PDF."""

import re
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import now_datetime

from cronus_crm.base import pdf_engine, sales_documents
from cronus_crm.base.arguments import show_value
from cronus_crm.base.present_records import get_present_value
from cronus_crm.base.sales_documents import SalesDocument
from cronus_crm.base.texts import read_text
from cronus_crm.cronus_crm.customers import tax_ids
from cronus_crm.cronus_crm.prospects.duplicates import normalise_phone

# Messages that a user may send in an hour. A person sends fewer; a program that runs wild is stopped.
MOST_AN_HOUR = 200
_HOUR = 3600


@dataclass(frozen=True)
class Recipient:
	"""Whom a document goes to. name: of the contact, or of the customer without one. emails: addresses, the
	best one first. phone: as it is written, or "". language: its code. country: name of a Country, or ""."""

	name: str
	emails: tuple[str, ...]
	phone: str
	language: str
	country: str


def get_sendable(doctype: str, name: str) -> tuple[Document, SalesDocument]:
	"""A document that the session's user may send, in both forms.

	Raises frappe.PermissionError for a document that the user may not see, print or mail, and
	frappe.ValidationError for one that is no commercial document or is not issued.
	"""
	if doctype not in sales_documents.registered_doctypes():
		frappe.throw(_("{0} is not a commercial document.").format(frappe.bold(show_value(doctype))))
	doc = frappe.get_doc(doctype, name)
	for right in ("read", "print", "email"):
		doc.check_permission(right)
	if not doc.docstatus.is_submitted():
		frappe.throw(
			_("{0} is a draft or cancelled. What is sent to a customer is issued.").format(
				frappe.bold(doc.name)
			)
		)
	return doc, sales_documents.read_document(doc)


def count_sending() -> None:
	"""Counts a message of the session's user. Raises frappe.RateLimitExceededError for too many in an
	hour."""
	# A counter for each hour of the clock, and no document of the cache.
	key = frappe.cache.make_key(f"cronus_sendings:{frappe.session.user}:{now_datetime():%Y%m%d%H}")
	count = frappe.cache.incrby(key, 1)
	frappe.cache.expire(key, _HOUR)
	if count > MOST_AN_HOUR:
		frappe.throw(
			_("You have sent {0} messages within an hour. Send the rest later.").format(MOST_AN_HOUR),
			frappe.RateLimitExceededError,
		)


def find_recipient(doc: Document) -> Recipient:
	"""Whom a document goes to: the primary contact of its customer or prospect that the user may see, else
	the customer itself."""
	doctype, record = _find_party(doc)
	party = frappe.get_doc(doctype, record) if record else frappe._dict()
	# As issued, for those who see the document and not its customer.
	seen = bool(record) and frappe.has_permission(doctype, "read", party)
	contacts = _list_contacts(doctype, record) if seen else []
	contact = contacts[0] if contacts else frappe._dict()
	own = party if seen else frappe._dict(email=doc.get("party_email"), phone=doc.get("party_phone"))
	emails = [*(row.email_id for row in contacts), own.email, doc.get("party_email")]
	return Recipient(
		name=read_text(contact.first_name or doc.customer_name or record),
		emails=tuple(dict.fromkeys(filter(None, emails))),
		phone=next(filter(None, (contact.mobile_no, own.phone, contact.phone)), "") or "",
		language=party.get("language") or site_language(),
		country=party.get("country") or "",
	)


def site_language() -> str:
	"""Code of the language of the site."""
	return frappe.get_system_settings("language") or "en"


def _find_party(doc: Document) -> tuple[str, str | None]:
	for fieldname, doctype in (("customer", "Cronus Customer"), ("prospect", "Cronus Prospect")):
		if (record := doc.get(fieldname)) and get_present_value(doctype, record, "name"):
			return doctype, record
	return "Cronus Customer", None


def _list_contacts(doctype: str, record: str) -> list[frappe._dict]:
	return frappe.get_list(
		"Contact",
		filters=[["Dynamic Link", "link_doctype", "=", doctype], ["Dynamic Link", "link_name", "=", record]],
		fields=["first_name", "email_id", "mobile_no", "phone"],
		order_by="is_primary_contact desc, `tabContact`.creation asc",
		limit=10,
	)


def read_phone(phone: str, country: str) -> str:
	"""A telephone number as WhatsApp takes it: country code and number, digits only.

	country: name of the Country of a number without a country code; "" for the site's.
	Raises frappe.ValidationError, with the number, for one whose country is not known.
	"""
	country = country or frappe.get_system_settings("country")
	number = normalise_phone(phone, tax_ids.find_country_code(country)) or ""
	if not number.startswith("+"):
		frappe.throw(
			_(
				"{0} is not a complete telephone number. Write it with its country code: +593 99 123 4567."
			).format(frappe.bold(frappe.utils.escape_html(show_value(phone)))),
			title=_("Telephone"),
		)
	return number.removeprefix("+")


def make_pdf(doc: Document, language: str) -> bytes:
	"""The PDF of a document in a language, as its own print format shows it."""
	with print_language(language):
		return pdf_engine.render_pdf(pdf_engine.render_print_page(doc.doctype, doc.name))


def name_pdf(document: SalesDocument, language: str) -> str:
	"""The file name of the PDF: Proforma-PF-2026-00001.pdf"""
	name = f"{_(document.kind, language)} {document.name}"
	return re.sub(r"[^\w.]+", "-", name).strip("-") + ".pdf"
