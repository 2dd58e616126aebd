"""Tells agents, and then the leads of their teams, that a promised time is nearly over or was missed.

What is told is marked on the case, in the transaction of the notice and under a lock of the case: each is
told once, also after an error, a killed process, or days without the scheduler. Of several that were missed
meanwhile the last one is told, and several cases are told in one notice.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import formatdate, get_fullname

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.company import company_now
from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.present_records import get_present_doc, get_present_value
from cronus_crm.base.texts import as_html
from cronus_crm.base.user_days import get_user_days
from cronus_crm.cronus_service.promises.case_promises import (
	CASE,
	FIRST_ANSWER,
	PROMISED_TIMES,
	Moment,
	Promised,
	is_dropped,
)
from cronus_crm.cronus_service.promises.promise_choice import PROMISE
from cronus_crm.cronus_service.promises.promise_clock import MISSED, NEAR_STEPS, Kept, Step, advance
from cronus_crm.visibility import rule

# Cases of one agent in one transaction; the next run takes the others.
_MOST_CASES = 1_000
_MOST_NAMED = 5

# Who is told a step.
_OF_AGENT, _OF_LEAD = (Step.NEAR, Step.MISSED), (Step.NEAR_TO_LEAD, Step.MISSED_TO_LEAD)

_FIELDS = (
	"name",
	"subject",
	"agent",
	"team",
	"case_type",
	"category",
	"merged_into",
	"opened_on",
	"service_promise",
	"held_since",
	"held_minutes",
	"held_clock_minutes",
	"promise_told_next",
	*(field for promised in PROMISED_TIMES for field in promised),
)


_MARKS = (
	"promise_told_next",
	*(field for promised in PROMISED_TIMES for field in (promised.state, promised.told)),
)


@dataclass(frozen=True)
class News:
	"""What somebody is told of one case. is_missed: False while its time is nearly over. due: stored."""

	case: frappe._dict
	promised: Promised
	is_missed: bool
	due: datetime


def tell_due() -> None:
	"""Scheduled: tells what has come due since the last run."""
	now = company_now()
	case = DocType(CASE)
	due = case.promise_told_next <= now
	agents = (
		frappe.qb.from_(case).select(case.agent).where(due).distinct().orderby(case.agent).run(pluck=True)
	)
	for agent in agents:
		run_in_own_transaction(tell_cases_of_agent, agent, now)


def tell_cases_of_agent(agent: str | None, now: datetime) -> None:
	"""Tells what has come due of the cases of an agent (None: of nobody), and marks it."""
	moment = Moment(now)
	told: dict[str, list[News]] = defaultdict(list)
	missed = []
	for case in _lock_due_cases(agent, now):
		before = case.copy()
		for user, news in _read_news(case, moment):
			told[user].append(news)
		if any(case[promised.state] != before[promised.state] for promised in PROMISED_TIMES):
			missed.append((case, before))
	# All at once, so that rows of totals are locked in their order.
	call_hooks("cronus_promise_missed", missed)
	for user in sorted(told):
		_send(user, told[user], agent)


def _lock_due_cases(agent: str | None, now: datetime) -> list[frappe._dict]:
	case = DocType(CASE)
	of_agent = case.agent == agent if agent else case.agent.isnull() | (case.agent == "")
	query = frappe.qb.from_(case).select(case.name).where(of_agent & (case.promise_told_next <= now))
	names = query.orderby(case.promise_told_next).limit(_MOST_CASES).run(pluck=True)
	if not names:
		return []
	# By primary key: gap locks in a secondary index would block inserts of cases.
	query = frappe.qb.from_(case).select(*(case[field] for field in _FIELDS)).where(case.name.isin(names))
	rows = query.orderby(case.name).for_update().run(as_dict=True)
	return [row for row in rows if row.promise_told_next and row.promise_told_next <= now]


def _read_news(case: frappe._dict, moment: Moment) -> list[tuple[str, News]]:
	"""What is told of a case, with the user who is told; marks it on the case."""
	promise = get_present_doc(PROMISE, case.service_promise)
	found = []
	for promised in PROMISED_TIMES:
		_look_at_clock(case, promised, moment)
		steps = moment.find_steps(case, promised, promise)
		reached = [step for step, at in steps.items() if at <= moment.now]
		if reached:
			due = case.get(promised.due)
			found += [
				(user, News(case, promised, is_missed, due))
				for user, is_missed in _find_listeners(case, reached)
			]
			case[promised.told] = int(max(reached))
	case.promise_told_next = moment.find_next_notice(case, promise)
	marks = (
		"promise_told_next",
		*(field for promised in PROMISED_TIMES for field in (promised.state, promised.told)),
	)
	frappe.db.set_value(CASE, case.name, {field: case[field] for field in marks}, update_modified=False)
	return found


def _look_at_clock(case: frappe._dict, promised: Promised, moment: Moment) -> None:
	"""What has passed is missed from now on."""
	kept = moment.read_kept(case, promised)
	done_on = moment.read(case.get(promised.done_on))
	minutes = 0 if is_dropped(case) else kept.minutes
	time = moment.read_time(case, get_present_doc(PROMISE, case.service_promise))
	present: Kept = advance(kept, time, minutes, moment.now, done_on)
	if present.state == MISSED != kept.state:
		case[promised.state] = MISSED


def _find_listeners(case: frappe._dict, reached: list[Step]) -> list[tuple[str, bool]]:
	"""(user, whether it was missed) of everybody who is told these steps of a case. What was missed is not
	told as nearly over, too."""
	agent, lead = _find_agent(case), _find_lead(case)
	by_user: dict[str, Step] = {}
	for steps, user in ((_OF_AGENT, agent or lead), (_OF_LEAD, lead)):
		last = max((step for step in reached if step in steps), default=None)
		if user and last and rule.can_see(CASE, case.name, user):
			by_user[user] = max(by_user.get(user, last), last)
	return [(user, step not in NEAR_STEPS) for user, step in by_user.items()]


def _find_agent(case: frappe._dict) -> str | None:
	return case.agent if case.agent and _is_active(case.agent) else None


def _find_lead(case: frappe._dict) -> str | None:
	"""The lead of the team of a case; where it has none, of the team of its agent."""
	team, member = DocType("Cronus Service Team"), DocType("Cronus Service Team Member")
	query = frappe.qb.from_(team).select(team.lead).where((team.disabled == 0) & team.lead.notnull())
	if case.team:
		query = query.where(team.name == case.team)
	else:
		query = query.join(member).on(member.parent == team.name).where(member.user == case.agent)
	leads = query.orderby(team.name).run(pluck=True)
	return next(filter(_is_active, leads), None)


def _is_active(user: str) -> bool:
	return bool(get_present_value("User", user, "enabled"))


def _send(user: str, news: list[News], agent: str | None) -> None:
	"""One notice of what was missed and one of what is nearly over, as far as there is any."""
	for is_missed in (True, False):
		told = [each for each in news if each.is_missed == is_missed]
		# Both times of a case are one case.
		cases = list(dict.fromkeys(each.case.name for each in told))
		if not cases:
			continue
		language = user_language(user)
		if len(cases) == 1:
			text = _describe(told, user, language)
		else:
			text = _count(cases, is_missed, language)
		if agent and agent != user:
			text = f"{frappe.bold(as_html(get_fullname(agent)))}: {text}"
		if len(cases) == 1:
			send_notice(user, text, document=(CASE, cases[0]))
		else:
			send_notice(user, text, link="/app/cronus-case")


def _describe(told: list[News], user: str, language: str) -> str:
	"""What is told of one case."""
	news = told[0]
	subject = frappe.bold(as_html(news.case.subject))
	if len(told) > 1:
		text = (
			_("Case {0} has missed both promised times: {1}", language)
			if news.is_missed
			else _("Case {0} is near the end of both promised times: {1}", language)
		)
		return text.format(as_html(news.case.name), subject)
	texts = {
		(True, False): _("The first answer to case {0} is due on {1}: {2}", language),
		(True, True): _("The first answer to case {0} was due on {1}: {2}", language),
		(False, False): _("The solution of case {0} is due on {1}: {2}", language),
		(False, True): _("The solution of case {0} was due on {1}: {2}", language),
	}
	due = get_user_days(user, news.due).clock()
	text = texts[news.promised is FIRST_ANSWER, news.is_missed]
	return text.format(as_html(news.case.name), f"{formatdate(due)} {due:%H:%M}", subject)


def _count(cases: Iterable[str], is_missed: bool, language: str) -> str:
	cases = [*cases]
	named = ", ".join(map(as_html, cases[:_MOST_NAMED])) + (", …" if len(cases) > _MOST_NAMED else "")
	if is_missed:
		return _("{0} cases have missed their promised time: {1}", language).format(len(cases), named)
	return _("{0} cases are near the end of their promised time: {1}", language).format(len(cases), named)
