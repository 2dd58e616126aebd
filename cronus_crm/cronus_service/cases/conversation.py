"""The conversation about a case: messages and internal notes.

A *message* is the framework's Communication: an answer of ours (Sent), or what they have said (Received), by
whatever channel. A *note* is the framework's Comment, which nothing sends to anybody outside. So what one is
stands in its DocType, not in a mark that somebody may forget.

Whatever makes a message (the form, the API, an e-mail that comes in) has its effect by the event
:func:`on_message`: in its transaction, under the lock of the case.
"""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.core.doctype.communication.email import add_attachments
from frappe.model.document import Document
from frappe.utils import get_datetime
from frappe.utils.html_utils import sanitize_html

from cronus_crm.base.company import company_now
from cronus_crm.base.texts import read_text, strip_tags
from cronus_crm.cronus_service.cases import case_states, reopening
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.mail import outgoing
from cronus_crm.cronus_service.mail.quoting import split_quoted
from cronus_crm.visibility.ownership import AGENT_ROLE

# The framework's media of messages, by our channels.
_MEDIA = {"E-mail": "Email", "Telephone": "Phone", "WhatsApp": "Chat"}

_LONGEST = 100_000


def answer_case(
	case: str,
	content: str,
	cc: str | None = None,
	attachments: Sequence[str] = (),
	state: str | None = None,
	send: bool | None = None,
) -> str:
	"""Inserts an answer of ours to a case, and sends it by e-mail where the channel of the case is such.

	content: HTML, or plain text. cc: addresses, with commas; None for those of the case. attachments: names
	of Files that are attached to the case. state: the Cronus Case State that the case has afterwards; by
	default, the one in which it waits for them. send: whether it goes out by e-mail; None for what is usual
	in the channel. What cannot be sent is told the user, and kept all the same.

	Returns the name of the Communication. Raises frappe.PermissionError without the right to write the case,
	frappe.ValidationError for an empty answer, a case that was merged, a file of another document, and a
	state that is not in use.
	"""
	doc = _lock_case(case, "write")
	_check_files(doc.name, attachments)
	message = build_message(doc, content, "Sent")
	message.cc = doc.cc if cc is None else cc
	message.recipients = doc.contact_email
	message.sender = frappe.session.user
	message.message_id = outgoing.make_message_id()
	if answered := outgoing.find_last_from_them(doc.name):
		message.in_reply_to = answered.name
	# Whoever may write the case answers it; the framework's own rights are for sending by hand.
	message.insert(ignore_permissions=True)
	if attachments:
		add_attachments(message.name, list(attachments))
	outgoing.send_answer(doc, message, attachments, send)
	if state:
		_set_state(doc.name, state)
	return message.name


def record_message(case: str, content: str, channel: str | None = None, sender: str | None = None) -> str:
	"""Inserts what they have said about a case, by telephone or otherwise.

	channel: one of the options of the field; None for that of the case. sender: their address; None for that
	of the case.

	Returns the name of the Communication. Raises what :func:`answer_case` raises.
	"""
	doc = _lock_case(case, "write")
	options = doc.meta.get_field("channel").options.split("\n")
	if channel and channel not in options:
		frappe.throw(
			_("{0} is no channel. Choose one of these: {1}.").format(
				frappe.bold(frappe.utils.escape_html(str(channel)[:140])), ", ".join(map(_, options))
			)
		)
	message = build_message(doc, content, "Received", channel)
	message.sender = sender or doc.contact_email
	message.insert(ignore_permissions=True)  # as in `answer_case`
	return message.name


def add_note(case: str, content: str) -> str:
	"""Inserts an internal note. Whoever sees the case may write one: a seller of the account too.

	Returns the name of the Comment. Raises frappe.PermissionError for a case that the user may not see,
	frappe.ValidationError for an empty note.
	"""
	doc = frappe.get_doc(CASE, case)
	doc.check_permission("read")
	return doc.add_comment("Comment", _check_content(content)).name


def list_conversation(case: str) -> list[dict]:
	"""Messages and notes of a case, the oldest first: [{"kind", "name", "on", "by", "content", "quoted",
	"delivery"}], `on` in the system's time zone.

	`kind`: *answer* of ours, *message* of theirs, internal *note*; *automatic*, what no person has written
	(out of office, what could not be delivered), and our *acknowledgement*.

	`content` and `quoted` are HTML: what is new in a message of theirs, and what it has quoted of those
	before ("" for nothing). `delivery`: how far an answer by e-mail has come, as the framework calls it; ""
	for what was not sent.

	Raises frappe.PermissionError for a case that the user may not see.
	"""
	frappe.get_doc(CASE, case).check_permission("read")
	about = {"reference_doctype": CASE, "reference_name": case}
	# The case was asked for; what is said about it is seen with it.
	messages = frappe.get_all(
		"Communication",
		filters={**about, "communication_type": ("in", ("Communication", "Automated Message"))},
		fields=[
			"name",
			"communication_date",
			"sender",
			"sent_or_received",
			"content",
			"communication_type",
			"delivery_status",
		],
		order_by="communication_date asc, creation asc",
	)
	notes = frappe.get_all(
		"Comment",
		filters={**about, "comment_type": "Comment"},
		fields=["name", "creation", "comment_email", "content"],
		order_by="creation asc",
	)
	found = [_show_message(row) for row in messages]
	found += [
		{
			"kind": "note",
			"name": row.name,
			"on": row.creation,
			"by": row.comment_email,
			"content": row.content,
			"quoted": "",
			"delivery": "",
		}
		for row in notes
	]
	return sorted(found, key=lambda row: get_datetime(row["on"]))


def _show_message(row: frappe._dict) -> dict:
	sent = row.sent_or_received == "Sent"
	content, quoted = (row.content, "") if sent else split_quoted(row.content)
	by_person = row.communication_type == "Communication"
	kinds = ("message", "answer") if by_person else ("automatic", "acknowledgement")
	return {
		"kind": kinds[sent],
		"name": row.name,
		"on": row.communication_date,
		"by": row.sender,
		"content": content,
		"quoted": quoted,
		"delivery": row.delivery_status or "",
	}


def lead_to_survivor(message: Document, method: str | None = None) -> None:
	"""Event `before_insert` of Communication: a message about a case that was merged is about the one that it
	was merged into. And it bears the name of its sender as people write it."""
	if message.reference_doctype == CASE and message.reference_name:
		message.reference_name = follow_merges(message.reference_name)
		_name_sender(message)


def _name_sender(message: Document) -> None:
	"""Names a contact who has written; the framework would write first and last name in one word."""
	sender = message.sender
	if not sender or message.sender_full_name or frappe.db.exists("User", sender):
		return
	message.sender_full_name = frappe.db.get_value("Contact", {"email_id": sender}, "full_name")


def follow_merges(case: str) -> str:
	"""The case that another one was merged into; the case itself if it was not merged."""
	seen = set()
	while case not in seen:
		seen.add(case)
		case = frappe.db.get_value(CASE, case, "merged_into") or case
	return case


def on_message(message: Document, method: str | None = None) -> None:
	"""Event `after_insert` of Communication: an answer of ours, or a message of theirs, moves its case on."""
	if message.reference_doctype != CASE or message.communication_type != "Communication":
		return
	if not message.reference_name or not frappe.db.exists(CASE, message.reference_name):
		return
	case = frappe.get_doc(CASE, message.reference_name, for_update=True)
	if message.sent_or_received == "Sent":
		_apply_answer(case)
	else:
		_apply_their_message(case)
	# Whoever may insert the message was asked when it was made; a case that could not be saved today is
	# moved on all the same.
	case.flags.ignore_mandatory = case.flags.ignore_links = True
	case.save(ignore_permissions=True)


def _apply_answer(case: Document) -> None:
	now = company_now()
	case.set_on_server(last_from_us_on=now)
	if case.category in (case_states.NEW, case_states.OPEN, case_states.WAITING_FOR_US):
		case.state = case_states.find_state(case_states.WAITING_FOR_THEM) or case.state
	# Whoever answers first takes it.
	if not case.agent and AGENT_ROLE in frappe.get_roles() and frappe.session.user != "Administrator":
		case.agent = frappe.session.user
	case.wait_from(now)


def _apply_their_message(case: Document) -> None:
	case.set_on_server(last_from_them_on=company_now())
	if case.category in case_states.OVER:
		reopening.reopen_by_message(case)
	elif case.category != case_states.NEW:
		case.state = case_states.find_state(case_states.WAITING_FOR_US) or case.state


def _set_state(name: str, state: str) -> None:
	"""Sets the state that was chosen with an answer, in the place of the one that the answer gives."""
	case = frappe.get_doc(CASE, name)
	if case.state != state:
		case.update({"state": state}).save()


def _lock_case(name: str, right: str) -> Document:
	"""A case, locked, that the user has a right to. Raises frappe.ValidationError for one that was merged."""
	doc = frappe.get_doc(CASE, name, for_update=True)
	doc.check_permission(right)
	if doc.merged_into:
		frappe.throw(
			_("{0} was merged into {1}. Go on there.").format(
				frappe.bold(doc.name), frappe.bold(doc.merged_into)
			),
			title=_("Merged"),
		)
	return doc


def build_message(case: Document, content: str, direction: str, channel: str | None = None) -> Document:
	"""A message about a case that is not inserted. direction: Sent or Received. Raises what
	:func:`answer_case` raises for its text."""
	subject = read_text(case.subject)
	return frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": _MEDIA.get(channel or case.channel, "Other"),
			"sent_or_received": direction,
			"subject": f"{subject[:110]} [{case.name}]",
			"content": _check_content(content),
			"reference_doctype": CASE,
			"reference_name": case.name,
			"status": "Linked",
		}
	)


def _check_content(content: str) -> str:
	"""The content as safe HTML. Raises frappe.ValidationError for one without text and pictures, and for one
	that is too long."""
	content = content if isinstance(content, str) else ""
	if not strip_tags(content).strip() and "<img" not in content:
		frappe.throw(_("Write what you want to say: the text is empty."), title=_("Text"))
	if len(content) > _LONGEST:
		frappe.throw(
			_("The text has {0} characters, and may have {1}. Attach the rest as a file.").format(
				len(content), _LONGEST
			),
			title=_("Text"),
		)
	return sanitize_html(content, linkify=False, always_sanitize=True)


def _check_files(case: str, names: Sequence[str]) -> None:
	"""Raises frappe.ValidationError for a file that is not attached to the case."""
	about = {"attached_to_doctype": CASE, "attached_to_name": case}
	known = frappe.get_all(
		"File", filters={**about, "name": ("in", list(names) or [""])}, pluck="name", order_by="name asc"
	)
	for name in names:
		if name not in known:
			frappe.throw(
				_("{0} is no file of this case. Attach it to the case first.").format(
					frappe.bold(frappe.utils.escape_html(str(name)[:140]))
				)
			)
