"""Step 5 of the guide: the account by which the site sends mail, and a mail to oneself as its test."""

import smtplib

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr

from cronus_crm.base.arguments import read_mapping
from cronus_crm.base.framework_state import count_messages, drop_messages
from cronus_crm.first_day import crm_users, guide

ACCOUNT = "Email Account"
_UNREACHABLE = (OSError, smtplib.SMTPException, frappe.OutgoingEmailError, frappe.AuthenticationError)


def read_mail_account() -> dict | None:
	"""Address and server of the account by which the site sends mail; never its password."""
	name = guide.find_outgoing_account()
	fields = ("name", "email_id", "smtp_server", "smtp_port", "use_tls", "use_ssl_for_outgoing")
	return name and frappe.db.get_value(ACCOUNT, name, fields, as_dict=True)


def save_mail_account(values: dict | str) -> str:
	"""Saves the account by which the site sends mail; the framework tries it. Gives back its name.

	values: `email_id`, `password`, `smtp_server`, `smtp_port`, `security` (TLS, SSL or None). The password is
	needed each time: a kept one is never sent to a server that somebody else has chosen.

	Raises frappe.ValidationError with what the server says, frappe.PermissionError without the role.
	"""
	guide.require_guide_role()
	values = read_mapping(values, "values")
	email = crm_users.read_email(values.email_id)
	password = cstr(values.password)
	if not password:
		frappe.throw(_("The password of the mail account is missing. Fill it in."))
	doc = _find_account(email)
	doc.update(
		{
			"email_id": email,
			"password": password,
			"smtp_server": guide.clean_text(values.smtp_server, _("Server"), required=True),
			"smtp_port": cint(values.smtp_port) or 587,
			"use_tls": int(values.security == "TLS"),
			"use_ssl_for_outgoing": int(values.security == "SSL"),
			"enable_outgoing": 1,
			"default_outgoing": 1,
		}
	)
	# The role has been asked by `require_guide_role`.
	doc.flags.ignore_permissions = True
	_tell_failure(doc.save if doc.name and not doc.is_new() else doc.insert)
	return doc.name


def send_test_mail() -> str:
	"""Sends a mail to the session's user and gives back the address.

	Raises frappe.ValidationError with what the server says, and without an account.
	"""
	guide.require_guide_role()
	if not guide.find_outgoing_account():
		frappe.throw(_("There is no mail account yet. Save it first."))
	recipient = frappe.db.get_value("User", frappe.session.user, "email")
	_tell_failure(
		lambda: frappe.sendmail(
			recipients=[recipient],
			subject=_("The mail account works"),
			message=_("This mail was sent to try the account. Nothing is to be done."),
			now=True,
		)
	)
	return recipient


def _find_account(email: str) -> Document:
	"""The account of an address, or a new one.

	Raises frappe.PermissionError for one that also receives: it is somebody's, and a System Manager's to
	change.
	"""
	name = frappe.db.get_value(ACCOUNT, {"email_id": email})
	doc = frappe.get_doc(ACCOUNT, name) if name else frappe.new_doc(ACCOUNT)
	if doc.enable_incoming and guide.SYSTEM_MANAGER not in frappe.get_roles():
		frappe.throw(
			_("The account {0} also receives mail. A System Manager can change it.").format(
				frappe.bold(name)
			),
			frappe.PermissionError,
		)
	return doc


def _tell_failure(work) -> None:
	"""Runs `work`; what the mail server refuses becomes a frappe.ValidationError that says it."""
	told = count_messages()
	try:
		work()
	except _UNREACHABLE as error:
		drop_messages(told)
		frappe.throw(
			_("The mail server does not take this: {0} Check address, password, server and port.").format(
				frappe.utils.escape_html(cstr(error)[:300])
			),
			title=_("Mail account"),
		)
