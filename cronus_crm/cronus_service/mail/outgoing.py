"""Mails about a case: answers of agents, and acknowledgements.

They go out by the framework's queue, from the service address, in the thread of what they answer.
"""

import re
from collections.abc import Sequence
from email.utils import formataddr

import frappe
from frappe import _
from frappe.email.email_body import get_message_id
from frappe.model.document import Document
from frappe.utils import get_fullname, split_emails, validate_email_address

from cronus_crm.base.texts import read_text
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.mail.service_accounts import find_route

# Channels in which whoever asks expects the answer by e-mail.
SENT_CHANNELS = ("E-mail", "Web form", "Portal")

_MAX_REFERENCES = 20
_IMAGE = re.compile(r"(<img\b[^>]*?)\bsrc=([\"'])(/(?:private/)?files/[^\"'?]+)[^\"']*\2", re.IGNORECASE)


def make_message_id() -> str:
	"""A new Message-ID, without < and >."""
	return get_message_id().strip(" <>")


def send_answer(
	case: Document, message: Document, files: Sequence[str] = (), send: bool | None = None
) -> bool:
	"""Queues an answer, which was inserted as `message`, for whom the case is for.

	files: names of Files that go with it; the caller has checked them. send: whether it goes out; None for
	what is usual in the channel of the case.

	True when it was queued. What cannot be sent is told the user and marked in the message, which stays.
	"""
	if not (case.channel in SENT_CHANNELS if send is None else send):
		return False
	problem = _find_problem(case, message) or _queue(case, message, files, get_fullname(frappe.session.user))
	if problem:
		message.db_set("delivery_status", "Error", update_modified=False)
		frappe.msgprint(
			_("The answer is kept in the case, but was not sent: {0}").format(problem),
			title=_("Not sent"),
			indicator="orange",
		)
	return not problem


def send_automatic(case: Document, html: str, to: str, answered: Document) -> str:
	"""Queues a message of the site's own to `to`, and keeps it in the conversation, where it does nothing to
	the case. answered: the Communication that it answers.

	Gives back why it could not be sent, or "".
	"""
	subject = read_text(answered.subject)
	message = frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Automated Message",
			"communication_medium": "Email",
			"sent_or_received": "Sent",
			"subject": f"{_reply_prefix(subject)}{subject[:110]} [{case.name}]",
			"content": html,
			"recipients": to,
			"message_id": make_message_id(),
			"in_reply_to": answered.name,
			"reference_doctype": CASE,
			"reference_name": case.name,
			"status": "Linked",
		}
	)
	account, _reply_to = find_route(case.name)
	if not (account and account.email_id):
		return _say_no_account()
	message.sender = account.email_id
	message.insert(ignore_permissions=True)  # The settings want it; nobody's rights are asked.
	return _queue(case, message, (), account.name)


def add_thread_headers(email) -> None:
	"""Hook `make_email_body_message`: mails about a case say which messages they follow, and those of the
	site's own that no program should answer them. email: the framework's EMail that is being made."""
	own_id = str(email.msg_root.get("Message-Id") or "").strip("<> ")
	if not own_id:
		return
	found = frappe.db.get_value(
		"Communication",
		{"message_id": own_id, "reference_doctype": CASE, "sent_or_received": "Sent"},
		["reference_name", "communication_type"],
	)
	if not found:
		return
	case, kind = found
	ids = [each for each in _list_thread(case) if each != own_id]
	if ids:
		email.set_header("References", " ".join(f"<{each}>" for each in ids))
	if kind == "Automated Message":
		email.set_header("Auto-Submitted", "auto-replied")
		email.set_header("X-Auto-Response-Suppress", "All")


def find_last_from_them(case: str) -> Document | None:
	"""The last message of theirs with a Message-ID, as {"name", "message_id", "subject"}; None without
	one."""
	rows = frappe.get_all(
		"Communication",
		{**_filter_messages(case), "sent_or_received": "Received", "message_id": ("is", "set")},
		["name", "message_id", "subject"],
		order_by="creation desc",
		limit=1,
	)
	return rows[0] if rows else None


def _filter_messages(case: str) -> dict:
	return {"reference_doctype": CASE, "reference_name": case, "communication_type": "Communication"}


def _list_thread(case: str) -> list[str]:
	"""Message-IDs of the conversation, the oldest first; of a long one the first and the last ones."""
	ids = frappe.get_all(
		"Communication",
		{**_filter_messages(case), "message_id": ("is", "set")},
		pluck="message_id",
		order_by="creation asc",
	)
	# Ids that we have made for messages without one mean nothing to others.
	ids = [each for each in dict.fromkeys(ids) if not each.endswith(".invalid")]
	return ids if len(ids) <= _MAX_REFERENCES else [ids[0], *ids[1 - _MAX_REFERENCES :]]


def _find_problem(case: Document, message: Document) -> str:
	if not case.contact_email:
		return _("the case has no e-mail address of whom it is for.")
	wrong = [each for each in split_emails(message.cc or "") if not validate_email_address(each)]
	if wrong:
		return _("{0} is not an e-mail address.").format(frappe.utils.escape_html(wrong[0][:140]))
	return ""


def _say_no_account() -> str:
	return _("the site has no e-mail account that sends. An administrator has to set one up.")


def _queue(case: Document, message: Document, files: Sequence[str], name: str) -> str:
	"""Puts a message into the framework's queue. Gives back why that was not possible, or ""."""
	account, reply_to = find_route(case.name)
	if not (account and account.email_id):
		return _say_no_account()
	message.db_set(
		"email_account", account.name if account.is_exists_in_db() else None, update_modified=False
	)
	try:
		queued = frappe.sendmail(
			recipients=split_emails(message.recipients or ""),
			cc=split_emails(message.cc or ""),
			sender=formataddr((name, account.email_id)),
			reply_to=reply_to,
			subject=message.subject,
			content=_embed_pictures(message.content),
			reference_doctype=CASE,
			reference_name=case.name,
			attachments=[{"fid": each} for each in files],
			message_id=message.message_id,
			in_reply_to=message.in_reply_to,
			communication=message.name,
			expose_recipients="header",
			add_unsubscribe_link=0,
			delayed=True,
		)
	except frappe.OutgoingEmailError:
		frappe.clear_last_message()
		return _say_no_account()
	if not queued and not frappe.are_emails_muted():
		return _("nobody of its addresses takes e-mail from this site any more.")
	message.db_set("delivery_status", "Sending", update_modified=False)
	return ""


def _embed_pictures(content: str) -> str:
	"""The content with pictures of the site that the user may see put into the mail: whoever gets it cannot
	sign in to load them."""

	def embed(tag: re.Match) -> str:
		name = frappe.db.get_value("File", {"file_url": tag[3]}, "name")
		if not name or not frappe.get_doc("File", name).has_permission("read"):
			return tag[0]
		return f"{tag[1]}embed={tag[2]}{tag[3]}{tag[2]}"

	return _IMAGE.sub(embed, content)


def _reply_prefix(subject: str) -> str:
	return "" if re.match(r"(?i)\s*(re|rv|aw|fw|fwd)\s*:", subject) else "Re: "
