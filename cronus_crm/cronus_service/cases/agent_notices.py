"""The bell of whoever works on a case, when something about it has come from outside."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_service.cases.case_states import CASE


def tell_written(case: Document, who: str | None) -> None:
	"""Tells the agent of a case that somebody has written about it. who: their name, or None."""
	_tell(case, lambda language: _("{0} has written about {1}", language), who)


def tell_undelivered(case: Document, address: str | None) -> None:
	"""Tells the agent of a case that our message to an address did not arrive."""
	_tell(case, lambda language: _("Our message to {0} about {1} did not arrive", language), address)


def _tell(case: Document, write: Callable[[str], str], who: str | None) -> None:
	"""write: the text in a language, of whom ({0}) and of what ({1}) it is."""
	if case.agent:
		told = write(user_language(case.agent))
		subject = frappe.bold(as_html(case.subject))
		send_notice(case.agent, told.format(as_html(who or "?"), subject), document=(CASE, case.name))
