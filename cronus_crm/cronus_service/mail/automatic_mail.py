"""Messages that no person has written: automatic answers, bounces, lists.

See RFC 3834 (automatic responses), RFC 3464 (delivery status), and Microsoft's X-Auto-Response-Suppress.
Whoever answers such a message may answer a program that answers in its turn.
"""

import re
from dataclasses import dataclass
from email.message import Message

from cronus_crm.cronus_service.mail.raw_mail import RawMail, normalise_id, read_header

_DAEMONS = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|double-bounce)$", re.IGNORECASE)
_NOBODY = re.compile(r"^(no-?reply|do-?not-?reply|noresponder|no-responder|nobody|bounces?)\b", re.IGNORECASE)
# Headers that only programs which answer by themselves write.
_ANSWER_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Auto-Respond", "Auto-Reply")
_MAX_REASON = 300


@dataclass(frozen=True)
class Bounce:
	"""What a report says that could not be delivered. address: to whom, or "". reason: as the server has
	written it. delayed: True while it is still tried. references: Message-IDs of the message that was
	sent."""

	address: str
	reason: str
	delayed: bool
	references: list[str]


def is_automatic(mail: RawMail) -> bool:
	"""True for a message that must not be answered by a program, nor counted as what a person says."""
	message = mail.message
	if _submitted(message) not in ("", "no") or is_from_daemon(mail) or _is_report(message):
		return True
	if read_header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply", "auto-reply"):
		return True
	if read_header(message, "X-Auto-Response-Suppress").lower() not in ("", "none"):
		return True
	return any(read_header(message, name).lower() not in ("", "no") for name in _ANSWER_HEADERS)


def is_automatic_answer(mail: RawMail) -> bool:
	"""True for an automatic message that answers another one, and says nothing by itself."""
	message = mail.message
	answered = _submitted(message) == "auto-replied" or any(
		read_header(message, name).lower() not in ("", "no") for name in _ANSWER_HEADERS
	)
	precedence = read_header(message, "Precedence").lower() in ("auto_reply", "auto-reply")
	if answered or precedence or _is_report(message) or _is_daemon(mail):
		return True
	return is_automatic(mail) and bool(mail.references) and not _is_list(message)


def is_from_daemon(mail: RawMail) -> bool:
	"""True for a message with an empty Return-Path, or of a mail server."""
	if any(str(value).strip() == "<>" for value in mail.message.get_all("Return-Path", [])):
		return True
	return _is_daemon(mail)


def may_be_acknowledged(address: str) -> bool:
	"""False for an address of which its name says that nobody reads what is sent there."""
	name = address.split("@")[0]
	return not (_DAEMONS.match(name) or _NOBODY.match(name))


def read_bounce(mail: RawMail) -> Bounce | None:
	"""What a message that reports a failed delivery says; None for another one."""
	status = _find_part(mail.message, ("message/delivery-status", "message/global-delivery-status"))
	is_report = _is_report(mail.message) and status is not None
	# Automatic answers of people have an empty Return-Path as well: RFC 3834.
	if not is_report and not _is_daemon(mail):
		return None
	fields = _read_status(status) if status is not None else {}
	action = fields.get("action", "failed").lower()
	if action in ("delivered", "relayed", "expanded"):
		return None
	address = fields.get("final-recipient") or fields.get("original-recipient") or ""
	address = address.split(";")[-1].strip() or read_header(mail.message, "X-Failed-Recipients")
	reason = fields.get("diagnostic-code") or fields.get("status") or mail.subject
	return Bounce(address[:140], reason[:_MAX_REASON], action == "delayed", _read_original_ids(mail))


def _is_daemon(mail: RawMail) -> bool:
	return any(_DAEMONS.match(address.email.split("@")[0]) for address in mail.from_)


def _submitted(message: Message) -> str:
	return read_header(message, "Auto-Submitted").lower().split(";")[0].split("(")[0].strip()


def _is_report(message: Message) -> bool:
	"""True for reports of servers and programs: delivered, not delivered, read."""
	return message.get_content_type() == "multipart/report"


def _is_list(message: Message) -> bool:
	return bool(read_header(message, "List-Id")) or read_header(message, "Precedence").lower() == "list"


def _find_part(message: Message, kinds: tuple[str, ...]) -> Message | None:
	return next((part for part in message.walk() if part.get_content_type() in kinds), None)


def _read_status(part: Message) -> dict[str, str]:
	"""The fields of a delivery status, of its first recipient: small letters."""
	payload = part.get_payload()
	blocks = payload if isinstance(payload, list) else []
	fields: dict[str, str] = {}
	for block in blocks:
		for name in ("Action", "Status", "Final-Recipient", "Original-Recipient", "Diagnostic-Code"):
			if value := read_header(block, name):
				fields.setdefault(name.lower(), value)
	return fields


def _read_original_ids(mail: RawMail) -> list[str]:
	"""Message-IDs of the message that came back: of the copy in the report, then of its references."""
	found = []
	for part in mail.message.walk():
		kind = part.get_content_type()
		if kind == "message/rfc822" and isinstance(part.get_payload(), list):
			found += [read_header(inner, "Message-ID") for inner in part.get_payload()]
		elif kind in ("text/rfc822-headers", "text/plain"):
			text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")[:50_000]
			found += re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", text)
	return [each for each in map(normalise_id, found) if each] + mail.references[::-1]
