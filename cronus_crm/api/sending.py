"""Documents sent to customers: by e-mail with the PDF, and by WhatsApp with a link to it."""

import frappe

from cronus_crm.cronus_connect.sending import document_mail, whatsapp


@frappe.whitelist()
def propose_mail(doctype: str, name: str) -> dict:
	"""The e-mail that is proposed for an issued document: `recipients`, `addresses` (all that are known of
	its customer), `subject`, `text` (plain), `attachment` (file name of the PDF) and `refusal`, why this site
	cannot send e-mail, or "".

	Raises frappe.PermissionError when the user may not read, print or mail the document, and
	frappe.ValidationError when it is not issued.
	"""
	return document_mail.propose_mail(doctype, name)


@frappe.whitelist(methods=["POST"])
def send_mail(
	doctype: str, name: str, recipients: str, subject: str, text: str, cc: str | None = None
) -> str:
	"""Sends an issued document by e-mail, with its PDF; gives back the name of the Communication in its
	history.

	recipients, cc: addresses with commas between them, at most 20. text: plain.

	Raises what :func:`propose_mail` raises, frappe.ValidationError for a wrong address, and
	frappe.RateLimitExceededError (429) after 200 messages in an hour.
	"""
	return document_mail.send_mail(doctype, name, recipients, subject, text, cc=cc or "")


@frappe.whitelist()
def propose_chat(doctype: str, name: str) -> dict:
	"""The message that is proposed for an issued document: `phone`, `text`, and `days`, how long the link to
	the PDF will be valid. Raises what :func:`propose_mail` raises."""
	return whatsapp.propose_chat(doctype, name)


@frappe.whitelist(methods=["POST"])
def start_chat(doctype: str, name: str, text: str, phone: str | None = None) -> str:
	"""Gives back the address that opens WhatsApp with the text and a link to the PDF, and notes the sending
	in the document's history.

	phone: without a country code it is of the customer's country; without a number WhatsApp asks for one.

	Raises what :func:`propose_mail` raises, frappe.ValidationError for an incomplete number, and
	frappe.RateLimitExceededError (429) after 200 messages in an hour.
	"""
	return whatsapp.start_chat(doctype, name, phone or "", text)
