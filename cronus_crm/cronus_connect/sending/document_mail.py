"""A document sent by e-mail, with its PDF, from the outgoing account of the site."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.core.doctype.communication.email import make
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import split_emails, validate_email_address

from cronus_crm.base.arguments import show_value
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_connect.sending import sending_texts, sent_documents

_MAX_SUBJECT, _MAX_TEXT, _MAX_RECIPIENTS = 140, 20_000, 20


class ProposedMail(TypedDict):
	"""refusal: why no mail can be sent from this site, or "". addresses: those that are known. attachment:
	file name of the PDF."""

	refusal: str
	recipients: str
	addresses: list[str]
	subject: str
	text: str
	attachment: str


def propose_mail(doctype: str, name: str) -> ProposedMail:
	"""What the dialog shows before a document is mailed. Raises what `get_sendable` raises."""
	doc, document = sent_documents.get_sendable(doctype, name)
	recipient = sent_documents.find_recipient(doc)
	message = sending_texts.write_message(sending_texts.EMAIL, doc, document, recipient)
	return ProposedMail(
		refusal="" if _has_account() else _say_who_sets_mail_up(),
		recipients=next(iter(recipient.emails), ""),
		addresses=list(recipient.emails),
		subject=message.subject,
		text=message.text,
		attachment=sent_documents.name_pdf(document, recipient.language),
	)


def send_mail(doctype: str, name: str, recipients: str, subject: str, text: str, cc: str = "") -> str:
	"""Sends a document with its PDF, and nothing else attached; returns the name of the Communication that
	stands in its history.

	recipients, cc: addresses with commas between them. text: plain.

	Raises what `get_sendable` and `count_sending` raise, and frappe.ValidationError without an account, a
	recipient, or for a wrong address.
	"""
	doc, document = sent_documents.get_sendable(doctype, name)
	to, copies = _read_addresses(recipients), _read_addresses(cc)
	if not to:
		frappe.throw(_("Write to whom the message goes: an e-mail address."))
	if len(to) + len(copies) > _MAX_RECIPIENTS:
		frappe.throw(_("A message goes to at most {0} addresses.").format(_MAX_RECIPIENTS))
	if not _has_account():
		frappe.throw(_say_who_sets_mail_up())
	sent_documents.count_sending()
	recipient = sent_documents.find_recipient(doc)
	pdf = sent_documents.make_pdf(doc, recipient.language)
	sent = make(
		doctype=doctype,
		name=name,
		recipients=", ".join(to),
		cc=", ".join(copies),
		subject=(subject or "").strip()[:_MAX_SUBJECT] or document.name,
		content=str(as_html((text or "")[:_MAX_TEXT])).replace("\n", "<br>"),
		send_email=True,
		attachments=[{"fname": sent_documents.name_pdf(document, recipient.language), "fcontent": pdf}],
	)
	return sent["name"]


def _read_addresses(text: str) -> list[str]:
	addresses = list(dict.fromkeys(filter(None, map(str.strip, split_emails(text or "")))))
	for address in addresses:
		if not validate_email_address(address):
			frappe.throw(
				_("{0} is not an e-mail address.").format(
					frappe.bold(frappe.utils.escape_html(show_value(address)))
				)
			)
	return addresses


def _has_account() -> bool:
	return bool(EmailAccount.find_outgoing(match_by_email=frappe.session.user))


def _say_who_sets_mail_up() -> str:
	"""A sentence with the names of those who may set up the account that the site lacks."""
	roles = [rule.role for rule in frappe.get_meta("Email Account").permissions if rule.create]
	users = frappe.get_all(
		"Has Role",
		filters={"role": ("in", roles), "parenttype": "User", "parent": ("!=", "Administrator")},
		pluck="parent",
		order_by="creation asc",
	)
	names = frappe.get_all(
		"User",
		filters={"name": ("in", users), "enabled": 1},
		pluck="full_name",
		order_by="creation asc",
		limit=3,
	)
	if not names:
		return _("This site cannot send e-mail yet: its administrator has to set up an outgoing account.")
	return _("This site cannot send e-mail yet. An outgoing account can be set up by {0}.").format(
		", ".join(str(as_html(name)) for name in names)
	)
