"""How satisfied somebody is with a case: when they are asked, and what they answer, as facts on the case.

Whoever worked on it, the team and the type are kept as they were when the question was asked, so that
figures of the past stay: who gets the case afterwards does not change the mean of an agent.
"""

from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime

from cronus_crm.base.company import company_now
from cronus_crm.base.present_records import get_present_doc
from cronus_crm.cronus_service.cases import case_states

SETTINGS = "Cronus Service Settings"
LOWEST, HIGHEST = 1, 5

# Fields of a case that only this folder writes.
KEPT_FIELDS = (
	"rating",
	"rating_comment",
	"rated_on",
	"rating_asked_on",
	"rating_agent",
	"rating_team",
	"rating_type",
	"rating_due",
)

_LONGEST_COMMENT = 2_000
_ENDED = (case_states.SOLVED, case_states.CLOSED)


def plan_question(case: Document) -> None:
	"""For `validate` of a case: says when it is asked about, once it is solved or closed; never one that was
	cancelled or merged, and none a second time."""
	case.rating_due = _find_due(case)


def _find_due(case: Document):
	if case.rating_asked_on or not may_be_asked(case):
		return None
	settings = get_present_doc(SETTINGS)
	before = case.get_doc_before_save()
	if before and before.category in _ENDED:
		# Closed after it was solved, or written once more: as it was planned.
		return case.rating_due
	if not settings.ask_satisfaction:
		return None
	return get_datetime(case.closed_on or company_now()) + timedelta(days=cint(settings.ask_after_days))


def may_be_asked(case: Document) -> bool:
	"""True for a case that is solved or closed, and was not merged into another one."""
	return case.category in _ENDED and not case.merged_into


def mark_asked(case: Document) -> None:
	"""Keeps that the question was asked now, and whose work it is about; the caller saves the case."""
	case.set_on_server(
		rating_asked_on=company_now(),
		rating_due=None,
		rating_agent=case.agent or case.solved_by,
		rating_team=case.team,
		rating_type=case.case_type,
	)


def may_rate(case: Document) -> bool:
	"""True for a case that was asked about, or may be, and whose answer is not final."""
	if not (case.rating_asked_on or may_be_asked(case)) or case.merged_into:
		return False
	if case.category == case_states.CANCELLED:
		return False
	return not case.rated_on or company_now() <= _find_last_moment(case)


def _find_last_moment(case: Document):
	days = cint(get_present_doc(SETTINGS).correct_within_days)
	return get_datetime(case.rated_on) + timedelta(days=days) if days else get_datetime(case.rated_on)


def rate(case: Document, rating: int, comment: str | None = None) -> None:
	"""Keeps an answer, in the place of an earlier one of the same days.

	case: locked; the caller has asked whether this person may rate it. rating: from LOWEST to HIGHEST.

	Raises frappe.ValidationError for another number, for a comment that is too long, and where it is too
	early or too late for an answer.
	"""
	rating, comment = cint(rating), str(comment or "").strip()
	if not LOWEST <= rating <= HIGHEST:
		frappe.throw(
			_("Choose a number from {0} to {1}.").format(LOWEST, HIGHEST), title=_("How satisfied are you?")
		)
	if len(comment) > _LONGEST_COMMENT:
		frappe.throw(
			_("The comment has {0} characters, and may have {1}. Please shorten it.").format(
				len(comment), _LONGEST_COMMENT
			)
		)
	refuse_if_final(case)
	if not case.rating_asked_on:
		mark_asked(case)
	case.set_on_server(rating=rating, rating_comment=comment or None, rated_on=case.rated_on or company_now())
	# Whoever calls has asked who rates. A case that could not be saved today is rated all the same.
	case.flags.ignore_mandatory = case.flags.ignore_links = True
	case.save(ignore_permissions=True)


def refuse_if_final(case: Document) -> None:
	"""Raises frappe.ValidationError for a case that can no longer be rated, or not yet."""
	if may_rate(case):
		return
	if case.rated_on:
		frappe.throw(
			_("Thank you: your answer to case {0} is kept already, and cannot be changed any more.").format(
				frappe.bold(case.name)
			),
			title=_("Answered already"),
		)
	frappe.throw(_("Case {0} cannot be rated: it is not solved.").format(frappe.bold(case.name)))
