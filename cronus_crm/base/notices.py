"""Sends notices to users: in the bell of the desk and, optionally, by e-mail."""

import frappe
from frappe import _
from frappe.utils import get_url, get_url_to_form

from cronus_crm.base.present_records import get_present_value
from cronus_crm.base.texts import strip_tags

# A document, as (doctype, name).
Key = tuple[str, str]


def user_language(user: str | None) -> str:
	"""Code of the language for texts that a user will read: that of the user, otherwise that of the site."""
	own = get_present_value("User", user, "language") if user else None
	return own or frappe.db.get_default("lang") or "en"


def send_notice(
	user: str,
	subject: str,
	document: Key | None = None,
	link: str | None = None,
	from_user: str | None = None,
	by_email: bool = False,
) -> str:
	"""Adds a notice to the bell of a user, in the transaction of the caller, and gives back its name.

	subject: HTML in the language of the user (see `user_language`); the caller escapes the values in it.
	document, link: what a click on the notice opens: a document, or a path of the site such as /app/user.
	from_user: the user who caused the notice; None if nobody did.
	by_email: whether an e-mail with the same text is queued.
	"""
	notice = {"doctype": "Notification Log", "type": "Alert", "for_user": user, "subject": subject}
	if document:
		notice.update(zip(("document_type", "document_name"), document, strict=True))
	if link:
		notice["link"] = link
	if from_user:
		notice["from_user"] = from_user
	# Users may not create notices. The caller has decided that this user may know of it.
	name = frappe.get_doc(notice).insert(ignore_permissions=True).name
	if by_email:
		_send_email(user, subject, get_url_to_form(*document) if document else get_url(link))
	return name


def _send_email(user: str, subject: str, address: str) -> None:
	"""Queues the e-mail of a notice. On a site without an outgoing account only a warning is logged: the
	notice in the bell remains."""
	if frappe.are_emails_muted():
		return
	label = _("Open in Cronus CRM", user_language(user))
	try:
		frappe.sendmail(
			recipients=[get_present_value("User", user, "email")],
			subject=strip_tags(subject),
			message=f'<p>{subject}</p><p><a href="{address}">{label}</a></p>',
			add_unsubscribe_link=0,
		)
	except frappe.OutgoingEmailError:
		frappe.clear_last_message()
		frappe.logger("cronus_crm").warning("no e-mail to %s: the site has no outgoing account", user)
