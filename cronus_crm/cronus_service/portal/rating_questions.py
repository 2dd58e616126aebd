"""Asks by e-mail how satisfied somebody is with a case, once for each case.

The mark on the case and the mail in the framework's queue are written in one transaction, under the lock of
the case: each is asked once, also after an error, a killed process, or days without the scheduler.
"""

from datetime import timedelta

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import validate_email_address

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.company import company_now
from cronus_crm.base.framework_state import act_as_user
from cronus_crm.base.notices import user_language
from cronus_crm.base.present_records import get_present_doc, get_present_value
from cronus_crm.base.texts import as_html, read_text
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.portal import rating_links, ratings

# Cases in one run; the next run takes the others.
_MOST_PER_RUN = 500

# Nobody is asked about what was solved so long ago, as after a site had no mail account.
_LATEST = timedelta(days=30)


def ask_due() -> None:
	"""Scheduled: asks about the cases whose day has come. Without an account for mails they wait."""
	if not get_present_doc(ratings.SETTINGS).ask_satisfaction:
		return
	if frappe.are_emails_muted() or not EmailAccount.find_outgoing():
		return
	case = DocType(CASE)
	names = (
		frappe.qb.from_(case)
		.select(case.name)
		.where(case.rating_due <= company_now())
		.orderby(case.rating_due)
		.limit(_MOST_PER_RUN)
		.run(pluck=True)
	)
	for name in names:
		run_in_own_transaction(ask, name)


def ask(name: str) -> None:
	"""Asks about a case, under its lock, if its day has come; nothing happens otherwise."""
	case = frappe.get_doc(CASE, name, for_update=True)
	now = company_now()
	if not case.rating_due or case.rating_due > now:
		return
	is_late = case.rating_due < now - _LATEST
	if is_late or not ratings.may_be_asked(case) or not validate_email_address(case.contact_email or ""):
		frappe.db.set_value(CASE, name, "rating_due", None, update_modified=False)
		return
	ratings.mark_asked(case)
	# Nobody asks: the settings do. A case that could not be saved today is asked about all the same.
	case.flags.ignore_mandatory = case.flags.ignore_links = True
	case.save(ignore_permissions=True)
	_send(case)


def _send(case: Document) -> None:
	language = _find_language(case)
	with act_as_user("Administrator", language=language):
		subject = _("How satisfied are you with case {0}?").format(case.name)
		greeting = _("Dear {0}:").format(as_html(case.contact_name)) if case.contact_name else ""
		asked = _("Your case {0}, “{1}”, is solved. How satisfied are you with our service?").format(
			frappe.bold(case.name), as_html(case.subject)
		)
		label = _("Answer in one minute")
		until = _("The link is valid for {0} days.").format(rating_links.LASTS.days)
		link = rating_links.make_link(case.name)
		paragraphs = (
			greeting,
			asked,
			f'<a href="{link}" class="btn btn-primary">{label}</a>',
			until,
		)
		frappe.sendmail(
			recipients=[case.contact_email],
			subject=read_text(subject),
			message="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph),
			reference_doctype=CASE,
			reference_name=case.name,
			add_unsubscribe_link=0,
		)


def _find_language(case: Document) -> str:
	user = get_present_value("User", case.contact_email, "name")
	return user_language(user)


def drop_plans() -> None:
	"""Forgets the questions that wait, when the settings stop asking."""
	case = DocType(CASE)
	frappe.qb.update(case).set(case.rating_due, None).where(case.rating_due.isnotnull()).run()
