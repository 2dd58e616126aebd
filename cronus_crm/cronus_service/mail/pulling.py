"""Fetches the messages of the service accounts, by the framework's connection to their servers.

The framework marks each message on the server as it reads it, and takes them in afterwards: what it cannot
read stops those behind it, and a worker that dies loses what it had. Here a message is marked when what
became of it is committed. One that cannot be taken in is refused with its reason and kept whole, in
*Unhandled Email*; one that only the moment has failed (a lock, a database that restarts) stays unmarked, and
is tried again by the next run, a few times.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.receive import EmailServer
from frappe.model.document import Document
from frappe.utils import cint, strip_html
from rq.timeouts import BaseTimeoutException

from cronus_crm.base.failed_requests import find_failure
from cronus_crm.cronus_service.mail import receiving
from cronus_crm.cronus_service.mail.service_accounts import list_case_folders

# Runs that may begin with a message before it is refused: one that kills its worker never ends.
MAX_TRIES = 5
_TRIES_KEPT = 7 * 86_400  # seconds
_MAX_RAW = 1_000_000
_MAX_REASON = 20_000

UNHANDLED = "Unhandled Email"


class CaseEmailAccount(EmailAccount):
	"""The framework's Email Account, whose messages to Cronus Case are taken in here."""

	def receive(self):
		"""Fetches the messages of the account; called by the scheduler, and by the button of the form."""
		folders = list_case_folders(self)
		if not folders or not self.enable_incoming:
			return super().receive()
		pull_cases(self, folders)
		if self.use_imap and len(folders) < len(self.imap_folder):
			of_cases = {folder.name for folder in folders}
			self.imap_folder = [row for row in self.imap_folder if row.name not in of_cases]
			super().receive()


@dataclass(frozen=True)
class _Fetched:
	uid: bytes | str | None
	number: int
	raw: bytes


def pull_cases(account: Document, folders: list[Document | None]) -> None:
	"""Takes in what waits in the folders of an account that bring cases. What the server fails is logged."""
	try:
		rule = account.build_email_sync_rule()
		server = account.get_incoming_server(in_receive=True, email_sync_rule=rule)
		for folder in folders:
			if folder is None:
				_pull(account, server, "INBOX")
			elif server.select_imap_folder(folder.folder_name):
				server.settings["uid_validity"] = folder.uidvalidity
				server.settings["email_sync_rule"] = rule
				_pull(account, server, f'"{folder.folder_name}"')
		server.logout()
	except BaseTimeoutException:
		raise
	except Exception:
		frappe.db.rollback()
		account.log_error(title=_("Error while connecting to email account {0}").format(account.name))
		frappe.db.commit()


def _pull(account: Document, server: EmailServer, folder: str) -> None:
	fetched, mark = _fetch(server, folder)
	# What the framework has noted about the folder.
	frappe.db.commit()
	for each in fetched:
		seen = server.seen_status.get(each.uid) == "SEEN"
		# After the folder was numbered anew, read messages come too.
		if not (account.use_imap and account.email_sync_option == "UNSEEN" and seen):
			uid = frappe.safe_decode(each.uid) if account.use_imap else None
			if take_in(account.name, each.raw, uid):
				mark(each.uid, each.number)


def _fetch(server: EmailServer, folder: str) -> tuple[list[_Fetched], Callable]:
	"""The messages that wait, at most 100, and the framework's function that marks one on the server."""
	mark = server._post_retrieve_cleanup
	fetched: list[_Fetched] = []

	def keep(uid, number) -> None:
		# Called for each message, also for one that could not be fetched.
		latest = server.latest_messages[-1] if server.latest_messages else None
		if latest is not None and not (fetched and fetched[-1].raw is latest):
			fetched.append(_Fetched(uid, number, latest))

	server._post_retrieve_cleanup = keep
	try:
		server.get_messages(folder)
	finally:
		server._post_retrieve_cleanup = mark
	return fetched, mark


def take_in(account: str, raw: bytes, uid: str | None = None) -> bool:
	"""Takes one message in and commits. True when it needs not come again: it was taken in, known, or
	refused; False after what only the moment has failed.

	Raises rq's timeout, after a rollback.
	"""
	if _count_try(raw) > MAX_TRIES:
		refuse(account, raw, uid, _("It was tried {0} times, and never came to an end.").format(MAX_TRIES))
		_forget_tries(raw)
		return True
	try:
		receiving.receive_mail(raw, account, uid)
		frappe.db.commit()
	except Exception as error:
		frappe.db.rollback()
		if isinstance(error, BaseTimeoutException):
			raise
		if _is_of_the_moment(error):
			return False
		refuse(account, raw, uid, _say(error))
	_forget_tries(raw)
	return True


def _count_try(raw: bytes) -> int:
	"""How many times a message has been begun with, this one included."""
	key = _tries_key(raw)
	# Not in the database: what a message takes down with it would take the count along.
	tries = cint(frappe.cache.get_value(key, expires=True)) + 1
	frappe.cache.set_value(key, tries, expires_in_sec=_TRIES_KEPT)
	return tries


def _forget_tries(raw: bytes) -> None:
	# As in `_count_try`.
	frappe.cache.delete_value(_tries_key(raw))


def _tries_key(raw: bytes) -> str:
	return f"cronus_case_mail:{sha256(raw).hexdigest()}"


def refuse(account: str, raw: bytes, uid: str | None, reason: str) -> None:
	"""Keeps a message that cannot be taken in, whole, with the reason, and commits. Once for each message."""
	fingerprint = sha256(raw).hexdigest()
	short = reason.split("\n")[0][:500]
	if frappe.db.exists(UNHANDLED, {"email_account": account, "message_id": fingerprint}):
		return
	unhandled = frappe.get_doc(
		{
			"doctype": UNHANDLED,
			"email_account": account,
			"uid": uid,
			"reason": reason[:_MAX_REASON],
			"message_id": fingerprint,
			"raw": raw[:_MAX_RAW].decode("ascii", "replace"),
		}
	).insert(ignore_permissions=True)  # Nobody has asked; administrators read it.
	frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "message.eml",
			"attached_to_doctype": UNHANDLED,
			"attached_to_name": unhandled.name,
			"is_private": 1,
			"content": raw,
		}
	).insert(ignore_permissions=True)
	frappe.db.commit()
	try:
		receiving.record_refusal(raw, account, short)
		frappe.db.commit()
	except Exception:  # What cannot be read has no headers to show; the message above is kept.
		frappe.db.rollback()


def _is_of_the_moment(error: Exception) -> bool:
	"""True for what another try may not meet: locks, timeouts, a database or a disk that is not there."""
	return isinstance(error, ConnectionError) or find_failure(error) is not None


def _say(error: Exception) -> str:
	"""The reason of a refusal: first a sentence, then where it happened."""
	text = " ".join(strip_html(str(error)).split())
	return f"{text or type(error).__name__}\n\n{frappe.get_traceback()}"
