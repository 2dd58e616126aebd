"""Cases that are over: closed after some days without an answer, reopened by an answer.

Each is done once, whoever does it: under the lock of the case, which is looked at again after it was locked.
The scheduler closes what is due by then, also what became due while it was down; what fails is rolled back,
logged, and tried again by the next run.
"""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import cint, get_datetime

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.company import company_now
from cronus_crm.base.present_records import get_present_doc
from cronus_crm.cronus_service.cases import case_states
from cronus_crm.cronus_service.cases.case_states import CASE

SETTINGS = "Cronus Service Settings"

# Cases in one run; the next run takes the others.
_MAX_PER_RUN = 5_000


def close_quiet_cases() -> None:
	"""Scheduled: closes the cases that have waited for an answer of theirs for the days of the settings."""
	limit = _find_limit(company_now())
	if not limit or not case_states.find_state(case_states.CLOSED):
		return
	case = DocType(CASE)
	names = (
		frappe.qb.from_(case)
		.select(case.name)
		.where((case.waiting_since <= limit) & case.category.isin(case_states.AWAITING_ANSWER))
		.orderby(case.waiting_since)
		.limit(_MAX_PER_RUN)
		.run(pluck=True)
	)
	for name in names:
		run_in_own_transaction(close_quiet_case, name)


def close_quiet_case(name: str) -> None:
	"""Closes a case, under its lock, if it has still waited for so long; nothing happens otherwise."""
	case = frappe.get_doc(CASE, name, for_update=True)
	limit = _find_limit(company_now())
	waits = case.waiting_since and case.category in case_states.AWAITING_ANSWER
	if not limit or not waits or get_datetime(case.waiting_since) > limit:
		return
	days = (company_now() - get_datetime(case.waiting_since)).days
	case.state = case_states.find_state(case_states.CLOSED) or case.state
	# Nobody asks: the settings do. A case that could not be saved today is closed all the same.
	case.flags.ignore_mandatory = case.flags.ignore_links = True
	case.save(ignore_permissions=True)
	case.add_comment("Info", _("closed after {0} days without an answer", _site_language()).format(days))


def reopen_by_message(case: Document) -> bool:
	"""Sets a case that is solved or closed to waiting for us, as they have written again; the caller saves
	it. False, and nothing is changed, when that is too late by the settings, and for a cancelled case."""
	if not may_reopen(case):
		return False
	category = case_states.WAITING_FOR_US
	case.state = case_states.find_state(category) or case_states.find_state(case_states.OPEN) or case.state
	case.set_on_server(times_reopened=cint(case.times_reopened) + 1)
	return True


def may_reopen(case: Document) -> bool:
	"""True when an answer of theirs reopens a case that is over."""
	days = cint(get_present_doc(SETTINGS).reopen_within_days)
	if case.category not in (case_states.SOLVED, case_states.CLOSED) or not days or not case.closed_on:
		return False
	return company_now() <= get_datetime(case.closed_on) + timedelta(days=days)


def _find_limit(now: datetime) -> datetime | None:
	"""Cases that have waited since then, or longer, are closed; None when the settings close none."""
	days = cint(get_present_doc(SETTINGS).close_after_days)
	return now - timedelta(days=days) if days > 0 else None


def _site_language() -> str:
	return frappe.get_system_settings("language") or "en"
