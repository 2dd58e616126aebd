"""Tells whoever has opened a case by e-mail that it was received: once, and never a program."""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, cint

from cronus_crm.base.company import company_now
from cronus_crm.base.present_records import get_present_doc
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_service.cases import saved_replies
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.mail import automatic_mail, outgoing
from cronus_crm.cronus_service.mail.case_finding import LOG
from cronus_crm.cronus_service.mail.raw_mail import Address, RawMail

SETTINGS = "Cronus Service Settings"


@dataclass(frozen=True)
class Acknowledgement:
	"""sent: whether one is on its way. problem: why not, where somebody has to do something about it."""

	sent: bool
	problem: str = ""


def acknowledge(case: str, message: Document, mail: RawMail, sender: Address | None) -> Acknowledgement:
	"""Queues the acknowledgement of a new case, if the settings want one.

	message: the Communication that has opened it. None is sent to automatic messages, to addresses that
	nobody reads, and to an address that has had the most of a day.
	"""
	settings = get_present_doc(SETTINGS)
	if not cint(settings.acknowledge_mail) or not sender or automatic_mail.is_automatic(mail):
		return Acknowledgement(False)
	if not automatic_mail.may_be_acknowledged(sender.email):
		return Acknowledgement(False)
	if _count_today(sender.email) >= cint(settings.max_acknowledgements):
		return Acknowledgement(
			False, _("Not acknowledged: {0} has had the most of a day.").format(sender.email)
		)
	doc = frappe.get_doc(CASE, case)
	text = _write(doc, settings.acknowledgement)
	problem = outgoing.send_automatic(doc, text, sender.email, message)
	return Acknowledgement(not problem, problem)


def _count_today(email: str) -> int:
	"""How many acknowledgements an address was sent in the last 24 hours."""
	since = add_to_date(company_now(), days=-1)
	return frappe.db.count(LOG, {"sender": email, "acknowledged": 1, "received_on": (">", since)})


def _write(case: Document, reply: str | None) -> str:
	"""The text of an acknowledgement as HTML, in the language of whom the case is for."""
	if reply and frappe.db.exists(saved_replies.REPLY, {"name": reply, "disabled": 0}):
		return saved_replies.write_reply(reply, case.name)["html"]
	language = saved_replies.find_language(case)
	text = _(
		"We have received your message, and will answer you as soon as we can. Its number is {0}: please "
		"keep it in the subject when you write again.",
		language,
	)
	return f"<p>{as_html(text.format(case.name))}</p>"
