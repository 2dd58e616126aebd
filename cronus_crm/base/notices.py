"""What users are told in the bell of the desk, in their language and, where wanted, by e-mail too."""

import frappe
from frappe import _
from frappe.utils import get_url, get_url_to_form, strip_html

# A document, as (doctype, name).
Key = tuple[str, str]


def user_language(user: str | None) -> str:
	"""The language of what a user is told or given to read: their own, else that of the site."""
	own = frappe.get_cached_value("User", user, "language") if user else None
	return own or frappe.db.get_default("lang") or "en"


def send_notice(
	user: str,
	subject: str,
	document: Key | None = None,
	link: str | None = None,
	from_user: str | None = None,
	by_email: bool = False,
) -> None:
	"""Puts a notice into the bell of a user, in the caller's transaction.

	subject: HTML in the language of the user, see `user_language`; what stands in it is escaped.
	document, link: what opens with the notice: a document, or an address of the site such as /app/user.
	from_user: whose doing it is; by default, nobody's.
	by_email: whether an e-mail says the same.
	"""
	notice = {"doctype": "Notification Log", "type": "Alert", "for_user": user, "subject": subject}
	if document:
		notice.update(zip(("document_type", "document_name"), document, strict=True))
	if link:
		notice["link"] = link
	if from_user:
		notice["from_user"] = from_user
	# The notice is the system's, to whomever it concerns.
	frappe.get_doc(notice).insert(ignore_permissions=True)
	if by_email:
		_send_email(user, subject, get_url_to_form(*document) if document else get_url(link))


def _send_email(user: str, subject: str, address: str) -> None:
	"""Queues an e-mail; a site that cannot send any has the notice in the bell all the same."""
	if frappe.are_emails_muted():
		return
	label = _("Open in Cronus CRM", user_language(user))
	try:
		frappe.sendmail(
			recipients=[frappe.get_cached_value("User", user, "email")],
			subject=strip_html(subject),
			message=f'<p>{subject}</p><p><a href="{address}">{label}</a></p>',
			add_unsubscribe_link=0,
		)
	except frappe.OutgoingEmailError:
		frappe.clear_last_message()
		frappe.logger("cronus_crm").warning("no e-mail to %s: the site has no outgoing account", user)
