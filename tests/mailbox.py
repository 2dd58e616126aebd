"""A mail server of the tests: what the site sends arrives here."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

import frappe
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler


class Mailbox(Handler):
	"""messages: those that have arrived. recipients: of each, the addresses on its envelope."""

	def __init__(self):
		super().__init__()
		self.messages: list[EmailMessage] = []
		self.recipients: list[list[str]] = []

	def prepare_message(self, session, envelope) -> EmailMessage:
		self.recipients.append(list(envelope.rcpt_tos))
		return message_from_bytes(envelope.content, policy=policy.default)

	def handle_message(self, message: EmailMessage) -> None:
		self.messages.append(message)

	def collect(self, reference: str) -> list[EmailMessage]:
		"""Sends what waits in the site's queue about a document; gives back all that has arrived so far."""
		frappe.db.rollback()
		frappe.flags.in_test = False  # else the framework keeps the message
		frappe.in_test = False
		try:
			waiting = {"reference_name": reference, "status": "Not Sent"}
			for name in frappe.get_all("Email Queue", waiting, pluck="name", order_by="creation asc"):
				frappe.get_doc("Email Queue", name).send()
		finally:
			frappe.flags.in_test = True
			frappe.in_test = True
		return self.messages


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
	"""A mail server, and the account of the site that sends by it."""
	mailbox = Mailbox()
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		port = probe.getsockname()[1]
	controller = Controller(mailbox, hostname="127.0.0.1", port=port)
	controller.start()
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": frappe.generate_hash(),
			"email_id": f"{frappe.generate_hash(length=8)}@example.com",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "127.0.0.1",
			"smtp_port": port,
			"no_smtp_authentication": 1,
		}
	).insert()
	frappe.db.commit()
	# The framework remembers the one before for the length of a request, which a test is many of.
	frappe.local.outgoing_email_account = {}
	try:
		yield mailbox
	finally:
		frappe.db.rollback()
		account.delete()
		frappe.db.commit()
		controller.stop()
