"""Messages as mail programs write them, for the tests."""

from email import message_from_bytes
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import frappe


def make_id() -> str:
	return f"{frappe.generate_hash(length=20)}@mail.example.org"


def make_mail(
	sender: str = "Rosa Díaz <rosa@example.org>",
	subject: str = "No enciende",
	text: str = "Buenos días, el equipo no enciende.",
	message_id: str | None = None,
	to: str = "soporte@example.com",
	html: str | None = None,
	files: tuple[tuple[str, bytes, str], ...] = (),
	**headers: str,
) -> bytes:
	"""An ordinary message. headers: by their names, with _ for -. files: (name, content, type)."""
	mail = EmailMessage()
	mail["From"], mail["To"], mail["Subject"] = sender, to, subject
	mail["Message-ID"] = f"<{message_id or make_id()}>"
	for name, value in headers.items():
		mail[name.replace("_", "-")] = value
	mail.set_content(text)
	if html is not None:
		mail.add_alternative(html, subtype="html")
	for name, content, kind in files:
		main, sub = kind.split("/")
		mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
	return mail.as_bytes()


def answer_to(raw: bytes, **fields) -> bytes:
	"""An answer to a message that has come from the site, as a mail program makes it."""
	first = message_from_bytes(raw)
	references = " ".join(filter(None, [first.get("References"), first["Message-ID"]]))
	return make_mail(
		**{"In_Reply_To": first["Message-ID"], "References": " ".join(references.split()), **fields}
	)


def make_bounce(sent_id: str, address: str = "rosa@example.org") -> bytes:
	"""A report that a message could not be delivered (RFC 3464)."""
	report = MIMEMultipart("report", report_type="delivery-status")
	report["From"] = "Mail Delivery System <MAILER-DAEMON@mx.example.org>"
	report["To"] = "soporte@example.com"
	report["Subject"] = "Undelivered Mail Returned to Sender"
	report["Message-ID"] = f"<{make_id()}>"
	report["Auto-Submitted"] = "auto-replied"
	report["Return-Path"] = "<>"
	report.attach(MIMEText("I'm sorry to have to inform you that your message could not be delivered."))
	status = (
		"Content-Type: message/delivery-status\r\n\r\n"
		"Reporting-MTA: dns; mx.example.org\r\n\r\n"
		f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
		"Diagnostic-Code: smtp; 550 5.1.1 <b>No such user</b>\r\n"
	)
	report.attach(message_from_bytes(status.encode()))
	original = f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <{sent_id}>\r\nSubject: Re\r\n\r\nHola\r\n"
	report.attach(message_from_bytes(original.encode()))
	return report.as_bytes()
