"""The cases of a contact in the portal: a list, one of them, and the files of its messages.

Each answer asks the rule of the portal (`visibility/portal_rule.py`) by the database. Internal notes, names
of fields, and messages that went to others than the customer are no part of it.
"""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Coalesce, Count
from frappe.utils import cint, formatdate, get_fullname
from pypika import Order

from cronus_crm.base.present_records import get_present_doc
from cronus_crm.base.user_days import get_user_days
from cronus_crm.cronus_service.cases import case_states, reopening
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.cases.conversation import follow_merges
from cronus_crm.cronus_service.mail.quoting import split_quoted
from cronus_crm.cronus_service.outside_texts import render_outside
from cronus_crm.cronus_service.portal import outside_files, portal_messages, ratings
from cronus_crm.visibility import portal_rule

PAGE_ROUTE = "my-cases"
STATES = {"open": case_states.IN_COURSE, "over": case_states.OVER}

_ROWS = 20


def find_case(name: str, lock: bool = False) -> str:
	"""The name of a case that the session's user sees in the portal; of one that was merged, the case that it
	was merged into. lock: locks the case.

	Raises frappe.DoesNotExistError for any other: it tells nobody which cases there are.
	"""
	survivor = follow_merges(str(name or "").upper())
	if not portal_rule.can_see(CASE, survivor, lock):
		raise frappe.DoesNotExistError(_("There is no such case among yours."))
	return survivor


def is_contact() -> bool:
	"""True when the session's user has a place in the portal."""
	return bool(portal_rule.list_memberships(CASE))


def list_page(state: str = "", text: str = "", page: int = 1) -> dict[str, Any]:
	"""What the list shows: `cases` (`name`, `subject`, `state`, `category`, `opened_on`), `page`, `pages`,
	and what was asked for.

	state: a key of STATES; all without it. text: words of the subject, or a folio.
	"""
	state, text = state if state in STATES else "", " ".join(str(text or "").split())[:140]
	case, query = _query(state, text)
	number = query.select(Count("*")).run()[0][0]
	pages = max(1, -(-number // _ROWS))
	page = min(max(1, cint(page)), pages)
	case, query = _query(state, text)
	rows = (
		query.select(case.name, case.subject, case.state, case.category, case.opened_on, case.contact_name)
		.orderby(case.creation, order=Order.desc)
		.orderby(case.name, order=Order.desc)
		.limit(_ROWS)
		.offset((page - 1) * _ROWS)
	).run(as_dict=True)
	for row in rows:
		row.state, row.opened_on = _(row.state), show_moment(row.opened_on)
	return {"cases": rows, "page": page, "pages": pages, "state": state, "text": text, "number": number}


def _query(state: str, text: str):
	case = DocType(CASE)
	query = frappe.qb.from_(case).where(Coalesce(case.merged_into, "") == "")
	if state:
		query = query.where(case.category.isin(STATES[state]))
	for word in text.split():
		like = f"%{_escape_like(word)}%"
		query = query.where(case.subject.like(like) | case.name.like(like))
	return case, portal_rule.filter_visible(query, CASE, case)


def _escape_like(word: str) -> str:
	return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def read_case(name: str) -> dict[str, Any]:
	"""What the page of a case shows. Raises what :func:`find_case` raises."""
	case = frappe.get_doc(CASE, find_case(name))
	messages = portal_messages.list_messages(case)
	is_over = case.category in case_states.OVER
	return {
		"name": case.name,
		"subject": case.subject,
		"state": _(case.state),
		"category": case.category,
		"opened_on": show_moment(case.opened_on),
		"case_type": _(case.case_type) if case.case_type else "",
		"account_name": case.account_name,
		# Else it stands among the messages.
		"description": "" if messages else render_outside(case.description, {}, str),
		"messages": [_show_message(case, message) for message in messages],
		"may_answer": not is_over or reopening.may_reopen(case),
		"may_close": not is_over,
		"is_over": is_over,
		"may_rate": ratings.may_rate(case),
		"rating": case.rating or 0,
		"comment": case.rating_comment or "",
		"promises": _list_promises(case),
	}


def _show_message(case: Document, message: dict) -> dict[str, Any]:
	is_ours = message.sent_or_received == "Sent"
	files = portal_messages.list_files(message.name)
	shown = [*portal_messages.list_pictures(message, case.name), *files]
	own = {file.file_url: file.name for file in shown}
	content, quoted = (message.content, "") if is_ours else split_quoted(message.content)

	def render(html: str) -> str:
		return render_outside(html, own, lambda file: get_file_address(case.name, file))

	return {
		"is_ours": is_ours,
		"by": _find_author(message, is_ours),
		"on": show_moment(message.communication_date),
		"content": render(content),
		"quoted": render(quoted) if quoted else "",
		"files": [
			{"name": file.file_name, "address": get_file_address(case.name, file.name)} for file in files
		],
	}


def _find_author(message: dict, is_ours: bool) -> str:
	if is_ours:
		return message.sender_full_name or get_fullname(message.sender) or _("Customer service")
	return message.sender_full_name or message.sender or ""


def _list_promises(case: Document) -> list[dict[str, str]]:
	if not cint(get_present_doc(ratings.SETTINGS).portal_shows_promises):
		return []
	times = ((_("First answer"), case.first_answer_due, case.first_answered_on),)
	times += ((_("Solution"), case.solution_due, case.solved_on),)
	return [
		{"label": label, "due": show_moment(due), "done": show_moment(done) if done else ""}
		for label, due, done in times
		if due
	]


def show_moment(moment) -> str:
	"""A moment by the clock of the session's user, as they write dates."""
	if not moment:
		return ""
	local = get_user_days(frappe.session.user, moment).clock()
	return f"{formatdate(local)} {local:%H:%M}"


def get_file_address(case: str, file: str) -> str:
	return f"/api/method/cronus_crm.api.portal.open_file?case={case}&file={file}"


def open_file(case: str, file: str) -> None:
	"""Sets the response to a file of a message that the session's user sees in the portal.

	Raises frappe.DoesNotExistError for any other, whatever the reason.
	"""
	doc = frappe.get_doc(CASE, find_case(case))
	for message in portal_messages.list_messages(doc):
		files = portal_messages.list_files(message.name) + portal_messages.list_pictures(message, doc.name)
		if file in [row.name for row in files]:
			outside_files.send(file)
			return
	raise frappe.DoesNotExistError(_("This file is not there any more."))
