"""What becomes of a message that came in: a new case, a message in one, or nothing, with the reason.

Each message is taken once. It is claimed by a row of Cronus Case Mail whose name is the hash of its
Message-ID, in the transaction that does the work: of two workers with the same message the second waits at
the primary key, and one that dies leaves neither. So a message that the server gives out again, as it was not
marked there, is known.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language

from cronus_crm.base.company import company_now
from cronus_crm.base.framework_state import act_as_user, set_reserved_name
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_service.cases import agent_notices
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.mail import acknowledging, automatic_mail, case_finding, case_messages
from cronus_crm.cronus_service.mail.case_finding import LOG
from cronus_crm.cronus_service.mail.mail_parts import MailParts, read_parts
from cronus_crm.cronus_service.mail.raw_mail import Address, RawMail, read_mail
from cronus_crm.cronus_service.mail.service_accounts import read_own_addresses

OPENED, MESSAGE, AUTOMATIC, BOUNCE, REFUSED = "Case opened", "Message", "Automatic", "Bounce", "Refused"


class DifferentMessageError(frappe.ValidationError):
	"""Another message has the same Message-ID."""


@dataclass
class Outcome:
	"""What became of a message. outcome: an option of the field; "" for one that was known. The rest as the
	fields of Cronus Case Mail; empty where it does not apply."""

	outcome: str
	reason: str = ""
	case: str | None = None
	communication: str | None = None
	earlier_case: str | None = None
	acknowledged: bool = False


@dataclass
class _Incoming:
	"""A message on its way to a case."""

	mail: RawMail
	sender: Address | None
	own: set[str]
	account: str | None
	uid: str | None
	parts: MailParts


def receive_mail(raw: bytes, account: str | None = None, uid: str | None = None) -> Outcome:
	"""Takes a message in, in the transaction of the caller, who commits it.

	raw: as the server gives it. account: name of the Email Account. uid: its number on the server.

	Raises DifferentMessageError for a message with the Message-ID of another one, and whatever a message
	brings about that cannot be kept; then the caller rolls back.
	"""
	mail, own = read_mail(raw), read_own_addresses()
	sender = choose_sender(mail, own)
	with _act_for_the_site():
		claim = _claim(mail, sender, account)
		if not claim:
			return Outcome("", reason=_("known already"))
		outcome = _take(mail, sender, own, account, uid)
		claim.update(vars(outcome))
		claim.save(ignore_permissions=True)  # Nobody may write these rows.
	return outcome


def record_refusal(raw: bytes, account: str | None, reason: str) -> None:
	"""Keeps why a message could not be taken in, where an administrator sees it; once for each message."""
	mail = read_mail(raw)
	with _act_for_the_site():
		if claim := _claim(mail, choose_sender(mail, set()), account, strict=False):
			claim.update({"outcome": REFUSED, "reason": reason[:1000]})
			claim.save(ignore_permissions=True)  # as in `receive_mail`


@contextmanager
def _act_for_the_site() -> Iterator[None]:
	"""Whoever pulls the mail gives it nothing of theirs: neither a team, nor an author, nor a language."""
	with act_as_user("Administrator"), print_language(frappe.get_system_settings("language") or "en"):
		yield


def _claim(
	mail: RawMail, sender: Address | None, account: str | None, strict: bool = True
) -> Document | None:
	"""The row of a message that nobody has taken in; None for one that is known."""
	claim = frappe.get_doc(
		{
			"doctype": LOG,
			"message_id": mail.message_id,
			"fingerprint": mail.fingerprint,
			"email_account": account,
			"subject": mail.subject[:140],
			"sender": sender.email if sender else mail.written_by[:140],
			"received_on": company_now(),
		}
	)
	set_reserved_name(claim, sha256(mail.message_id.encode()).hexdigest())
	try:
		return claim.insert(ignore_permissions=True)  # as in `receive_mail`
	except frappe.DuplicateEntryError:
		frappe.clear_last_message()
	known = frappe.db.get_value(LOG, claim.name, "fingerprint")
	if strict and known and known != mail.fingerprint:
		raise DifferentMessageError(
			_("Another message has the same Message-ID, {0}, and was taken in before.").format(
				mail.message_id
			)
		)
	return None


def _take(
	mail: RawMail, sender: Address | None, own: set[str], account: str | None, uid: str | None
) -> Outcome:
	if sender and sender.email in own:
		return Outcome(REFUSED, _("It comes from an address of the site's own: {0}").format(sender.email))
	if known := case_finding.find_received(mail.message_id):
		return Outcome(MESSAGE, _("known already"), case=known.reference_name, communication=known.name)
	bounce = automatic_mail.read_bounce(mail)
	if bounce and not (case := case_finding.find_case_by_references(bounce.references[::-1])):
		return Outcome(
			REFUSED, _("It reports a failed delivery, of no message of a case: {0}").format(bounce.reason)
		)
	incoming = _Incoming(mail, sender, own, account, uid, read_parts(mail.message))
	if bounce:
		return _keep_bounce(incoming, bounce, case)
	case = case_finding.find_case_by_references(mail.references)
	stranger_to = None
	if not case:
		case, stranger_to = case_finding.find_case_of_folio(mail.subject, sender.email if sender else "")
	if automatic_mail.is_automatic(mail):
		if case:
			message = _insert(incoming, case, automatic=True)
			return Outcome(AUTOMATIC, case=case, communication=message.name)
		if automatic_mail.is_automatic_answer(mail):
			return Outcome(REFUSED, _("It is an automatic answer to no message of a case."))
	if case and (going_on := case_finding.find_open_continuation(frappe.get_doc(CASE, case))):
		message = _insert(incoming, going_on.name)
		agent_notices.tell_written(going_on, message.sender_full_name)
		return Outcome(MESSAGE, case=message.reference_name, communication=message.name)
	return _open(incoming, case, stranger_to)


def choose_sender(mail: RawMail, own: set[str]) -> Address | None:
	"""Who has written, and is answered: Reply-To, else From. What a group or a form of ours passes on comes
	from an address of our own, and says in another header who has written."""
	for addresses in (mail.reply_to, mail.from_, mail.original_from):
		for address in addresses:
			if address.email not in own:
				same = next((each for each in mail.from_ if each.email == address.email), None)
				return Address(address.email, address.name or (same.name if same else ""))
	return mail.from_[0] if mail.from_ else None


def _insert(incoming: _Incoming, case: str, automatic: bool = False) -> Document:
	return case_messages.insert_message(
		case,
		incoming.mail,
		incoming.parts,
		incoming.sender,
		incoming.account,
		incoming.uid,
		automatic=automatic,
	)


def _open(incoming: _Incoming, earlier: str | None, stranger_to: str | None) -> Outcome:
	case = case_messages.open_case(incoming.mail, incoming.parts, incoming.sender, incoming.own)
	message = _insert(incoming, case.name)
	if earlier:
		note = _("They write again about {0}, which is over and is not reopened any more.")
		case_messages.add_note(case.name, note.format(frappe.bold(as_html(earlier))))
		frappe.get_doc(CASE, earlier).add_comment("Info", _("goes on in {0}").format(case.name))
	if stranger_to:
		note = _("The subject names {0}, but the sender is not one of the people of that case.")
		case_messages.add_note(case.name, note.format(frappe.bold(as_html(stranger_to))))
	acknowledged = acknowledging.acknowledge(case.name, message, incoming.mail, incoming.sender)
	return Outcome(
		OPENED,
		case=case.name,
		communication=message.name,
		earlier_case=earlier,
		acknowledged=acknowledged.sent,
		reason=acknowledged.problem,
	)


def _keep_bounce(incoming: _Incoming, bounce: automatic_mail.Bounce, case: str) -> Outcome:
	# A copy of what we have sent.
	incoming.parts.files, incoming.parts.left_out = [], []
	message = _insert(incoming, case, automatic=True)
	doc = frappe.get_doc(CASE, case)
	if bounce.delayed:
		told = _("The message to {0} has not arrived so far, and is still tried: {1}")
	else:
		told = _("The message to {0} did not arrive: {1}. Check the address, or call.")
	address = as_html(bounce.address or doc.contact_email or "?")
	case_messages.add_note(case, told.format(frappe.bold(address), as_html(bounce.reason)))
	if not bounce.delayed:
		agent_notices.tell_undelivered(doc, bounce.address)
	return Outcome(BOUNCE, reason=bounce.reason, case=case, communication=message.name)
