"""A document sent by WhatsApp: the address that opens the conversation, with a text and a link to the PDF.

Nothing is sent from here: WhatsApp opens on the seller's own device, with the message written.
"""

from typing import TypedDict
from urllib.parse import quote

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.present_records import get_settings
from cronus_crm.base.sales_documents import SalesDocument
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_connect.sending import public_links, sending_texts, sent_documents

_MAX_TEXT = 4000


class ProposedChat(TypedDict):
	"""phone: as it is written, or "". days: how long the link to the PDF is valid."""

	phone: str
	text: str
	days: int


def propose_chat(doctype: str, name: str) -> ProposedChat:
	"""What the dialog shows before a document is sent by WhatsApp. Raises what `get_sendable` raises."""
	doc, document = sent_documents.get_sendable(doctype, name)
	recipient = sent_documents.find_recipient(doc)
	message = sending_texts.write_message(sending_texts.WHATSAPP, doc, document, recipient)
	return ProposedChat(phone=recipient.phone, text=message.text, days=get_settings().shared_link_days)


def start_chat(doctype: str, name: str, phone: str, text: str) -> str:
	"""The address that opens WhatsApp with a text and, below it, a link to the PDF; the sending stands in the
	document's history from then on.

	phone: a telephone number; without a country code it is of the customer's country. Empty: WhatsApp asks
	for whom the message is.

	Raises what `get_sendable`, `count_sending` and `read_phone` raise.
	"""
	doc, document = sent_documents.get_sendable(doctype, name)
	recipient = sent_documents.find_recipient(doc)
	digits = sent_documents.read_phone(phone, recipient.country) if (phone or "").strip() else ""
	sent_documents.count_sending()
	text = (text or "").strip()[:_MAX_TEXT]
	link = public_links.make_link(doc, document, recipient.language)
	_write_history(doc, document, digits, text)
	message = f"{text}\n\n{link}".strip()
	return f"https://wa.me/{digits}?text={quote(message)}"


def _write_history(doc: Document, document: SalesDocument, digits: str, text: str) -> None:
	communication = frappe.new_doc("Communication")
	communication.update(
		{
			"communication_type": "Communication",
			"communication_medium": "Chat",
			"sent_or_received": "Sent",
			"subject": _("{0} {1} by WhatsApp").format(_(document.kind), document.name),
			# Without the link: it opens the document for everybody.
			"content": str(as_html(text)).replace("\n", "<br>"),
			"phone_no": f"+{digits}" if digits else None,
			"sender": frappe.session.user,
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
		}
	)
	# Whoever may send the document writes it into its history, with or without the right to messages.
	communication.insert(ignore_permissions=True)
