"""Sends notices to users: in the bell of the desk and, optionally, by e-mail."""

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import get_title, get_title_html
from frappe.model.document import Document
from frappe.utils import get_fullname, get_url, get_url_to_form

from cronus_crm.base.present_records import get_present_value
from cronus_crm.base.texts import as_html, strip_tags

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


def write_in_language_of_reader(doc: Document, method: str | None = None) -> None:
	"""Event of a notice of the framework: a mention and a shared document are told in the language of who is
	told, with the DocType as people call it.

	The framework writes them in the language of who has written or shared, and a mention with the DocType's
	internal name.
	"""
	document = (doc.document_type, doc.document_name)
	if doc.type not in ("Mention", "Share") or not (doc.from_user and all(document)):
		return
	language = user_language(doc.for_user)
	text = {
		"Mention": _("{0} mentioned you in a comment in {1} {2}", language),
		"Share": _("{0} shared a document {1} {2} with you", language),
	}[doc.type]
	doc.subject = text.format(
		frappe.bold(as_html(get_fullname(doc.from_user))),
		frappe.bold(as_html(_(doc.document_type, language))),
		get_title_html(as_html(get_title(*document))),
	)


def name_assigned_document(doc: Document, method: str | None = None) -> None:
	"""Event of an assignment: its text, unless somebody has written one, names the DocType as people call
	it."""
	names = doc.reference_type, doc.reference_name
	if not all(names) or doc.description != _("Assignment for {0} {1}").format(*names):
		return
	language = user_language(doc.allocated_to)
	doc.description = _("Assignment for {0} {1}", language).format(_(names[0], language), names[1])
