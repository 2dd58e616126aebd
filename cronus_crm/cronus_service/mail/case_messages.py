"""What a message by e-mail leaves in a case: the case, its conversation, its files."""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import convert_utc_to_system_timezone, get_datetime

from cronus_crm.base.company import company_now
from cronus_crm.base.failed_requests import find_failure
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.cases.senders import find_account
from cronus_crm.cronus_service.mail.mail_parts import MailFile, MailParts, text_to_html
from cronus_crm.cronus_service.mail.raw_mail import Address, RawMail, read_addresses

CHANNEL = "E-mail"

_MAX_SUBJECT = 140
_MAX_COPIES = 20
# Headers in which servers write to whom they have delivered.
_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To")
# A clock that is more wrong than this would put a message into the wrong place of the conversation.
_MAX_DELAY = timedelta(days=5)


def open_case(mail: RawMail, parts: MailParts, sender: Address | None, own: set[str]) -> Document:
	"""Opens a case for a message: whom it is for by its sender, text, copies. The message itself is inserted
	by :func:`insert_message`."""
	name = _name_sender(mail, sender)
	case = frappe.new_doc(CASE)
	case.update(
		{
			"subject": str(_cut_subject(mail.subject)),
			"channel": CHANNEL,
			"contact_email": sender.email if sender else None,
			"contact_name": name if sender else None,
			"cc": ", ".join(_list_copies(mail, sender, own)),
			"description": parts.html,
			**find_account(sender.email if sender else "", name),
		}
	)
	case.set_on_server(message_id=mail.message_id)
	# A company may ask its agents for more than a message tells.
	case.flags.ignore_mandatory = True
	# Nobody's rights: whoever may not see the case does not see it for having pulled the mail.
	case.insert(ignore_permissions=True)
	return case


def insert_message(
	case: str,
	mail: RawMail,
	parts: MailParts,
	sender: Address | None,
	account: str | None,
	uid: str | None = None,
	automatic: bool = False,
) -> Document:
	"""Inserts a message into the conversation of a case, with its files.

	automatic: what no person has written; it stands in the conversation and does nothing to the case.
	"""
	message = frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Automated Message" if automatic else "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Received",
			"subject": mail.subject[:1000] or _("(No subject)"),
			"content": parts.html or text_to_html(_("(No text)")),
			"sender": sender.email if sender else None,
			"sender_full_name": _name_sender(mail, sender),
			"recipients": _join(mail.to),
			"cc": _join(mail.cc),
			"message_id": mail.message_id,
			"in_reply_to": _find_answered(mail.references),
			"communication_date": _find_date(mail),
			"email_account": account,
			"uid": uid if uid and str(uid).isdigit() else -1,
			"reference_doctype": CASE,
			"reference_name": case,
			"status": "Linked",
		}
	)
	message.insert(ignore_permissions=True)  # as in `open_case`
	_attach_files(message, parts)
	return message


def add_note(case: str, html: str) -> None:
	"""Adds an internal note of nobody to a case. html: the caller has escaped what is in it."""
	frappe.get_doc(CASE, case).add_comment("Comment", html)


def _attach_files(message: Document, parts: MailParts) -> None:
	"""Attaches the files of a message to its case, with which agents see them, and to itself but for pictures
	in its text. What cannot be kept is named in a note."""
	lost = [(name, _("there are too many")) for name in parts.left_out]
	content = message.content
	for file in parts.files:
		inline = bool(file.content_id) and f"cid:{file.content_id}" in content
		stored, reason = _store(file, CASE, message.reference_name)
		if not stored:
			lost.append((file.name, reason))
		elif inline:
			content = content.replace(f"cid:{file.content_id}", stored.unique_url)
		else:
			_store(file, message.doctype, message.name)
	if content != message.content:
		_show_pictures(message, content)
	if lost:
		names = "".join(f"<li>{as_html(name)}: {as_html(reason)}</li>" for name, reason in lost)
		add_note(
			message.reference_name,
			_("Files of the message that were not kept: {0}").format(f"<ul>{names}</ul>"),
		)


def _show_pictures(message: Document, content: str) -> None:
	former = message.content
	message.db_set("content", content, update_modified=False)
	case = frappe.qb.DocType(CASE)
	mine = (case.name == message.reference_name) & (case.message_id == message.message_id)
	if frappe.db.get_value(CASE, message.reference_name, "description") == former:
		frappe.qb.update(case).set(case.description, content).where(mine).run()
		frappe.clear_document_cache(CASE, message.reference_name)


def _store(file: MailFile, doctype: str, name: str) -> tuple[Document | None, str]:
	"""A file attached to a document, or None with the reason why it was refused."""
	frappe.db.savepoint("mail_file")
	try:
		values = {"file_name": file.name, "attached_to_doctype": doctype, "attached_to_name": name}
		stored = frappe.get_doc({"doctype": "File", **values, "is_private": 1, "content": file.content})
		return stored.insert(ignore_permissions=True), ""  # as in `open_case`
	except Exception as error:  # Too large, of a kind that the site does not take, a picture that is none.
		if find_failure(error):
			raise  # The transaction is over.
		frappe.db.rollback(save_point="mail_file")
		frappe.clear_last_message()
		return None, str(error)[:140] or type(error).__name__


def _name_sender(mail: RawMail, sender: Address | None) -> str:
	written = (sender.name or sender.email) if sender else mail.written_by[:140]
	# The framework takes out of a name what looks like an element of HTML.
	return " ".join(written.replace("<", " ").replace(">", " ").split()) or _("Unknown sender")


def _cut_subject(subject: str) -> str:
	if not subject:
		return _("(No subject)")
	return subject if len(subject) <= _MAX_SUBJECT else f"{subject[: _MAX_SUBJECT - 1]}…"


def _list_copies(mail: RawMail, sender: Address | None, own: set[str]) -> list[str]:
	"""Whom the message went to beside us, as far as the field takes them."""
	# An alias of the service address, by which the message has come.
	aliases = [each.email for name in _DELIVERED for each in read_addresses(mail.message, name)]
	ours = own.union(aliases)
	others = [each.email for each in (*mail.to, *mail.cc) if each.email not in ours]
	others = [each for each in dict.fromkeys(others) if not sender or each != sender.email]
	kept: list[str] = []
	for each in others[:_MAX_COPIES]:
		if len(", ".join([*kept, each])) <= 500:
			kept.append(each)
	return kept


def _join(addresses: list[Address]) -> str:
	return ", ".join(each.email for each in addresses)


def _find_answered(references: list[str]) -> str | None:
	if not references:
		return None
	return frappe.db.get_value(
		"Communication", {"message_id": references[-1]}, "name", order_by="creation asc"
	)


def _find_date(mail: RawMail) -> datetime:
	"""When the message was sent, in the system's time zone; now where its clock cannot be right."""
	now = company_now()
	if mail.sent_at is None:
		return now
	try:
		sent = get_datetime(convert_utc_to_system_timezone(datetime.utcfromtimestamp(mail.sent_at)))
	except (ValueError, OverflowError, OSError):
		return now
	sent = sent.replace(tzinfo=None)
	return sent if now - _MAX_DELAY <= sent <= now else now
