"""Times of service: the list and the board of an agent, the reports of cases, and the cards of the workspace.

List and board are measured as an agent who sees all cases and as one who sees those of the team, with
100,000 and 1,000,000 cases, and compared with plain SQL for the same answer and scope, in the same run,
alternately; and so is the list of the framework without the rule of visibility, which is the least that a
list can cost. The answers are compared before the times. Reports, cards and the numbers of the board are
measured as a lead and as such an agent. At the larger size each answer has to come within 50 ms. Every run
starts with cold caches, as a request does.

The company is the same at both sizes, half a year old and five years old: 50 agents in 5 teams, each with 60
open cases, and 20,000 customers. See service_data.py.

`--keep` keeps the data, and reuses those of an earlier run. `--small` measures the smaller size alone,
`--large` the larger one. Growth is only told by a run of both that has found no data. Copies were made at
3 s for 10,000 on a busy machine: so a million should take some 5 minutes more than the first 200,000.
"""

import sys
from collections.abc import Callable
from functools import partial

import frappe
from frappe.desk import reportview
from frappe.desk.doctype.number_card.number_card import get_result
from frappe.desk.query_report import run as run_report
from frappe.utils import add_days, getdate

from benchmarks.harness import as_request, connect_to_site, measure_medians, report_ratio
from benchmarks.service_data import CASE, SIZES, add_cases, clean_up, make_company
from cronus_crm.cronus_analytics.cases import account_cases
from cronus_crm.cronus_service.cases import case_board
from cronus_crm.visibility import guards

RUNS = 15
TARGET, GROWTH_TARGET = 3.0, 1.5
SLOWEST = 0.050  # seconds, at the larger size
OPEN_CATEGORIES = ("New", "Open", "Waiting for us", "Waiting for them")
IS_OPEN = [[CASE, "category", "in", OPEN_CATEGORIES]]

LIST_FIELDS = (
	*("name", "subject", "account_name", "state", "category", "priority", "agent", "opened_on", "modified"),
	*("case_type", "customer", "contact", "solution_due", "docstatus", "_assign", "_user_tags", "_comments"),
)
PAGE, CARDS = 20, 500
CARDS_OF_WORKSPACE = (
	"Cronus New Cases",
	"Cronus Cases Waiting for Us",
	"Cronus Late Cases",
	"Cronus Cases Solved This Month",
)

Answer = Callable[[], list[str]]


def main() -> int:
	keep, sizes = "--keep" in sys.argv, _choose_sizes()
	try:
		users = make_company()
		times: dict[tuple[str, int], float] = {}
		codes = []
		for size in sizes:
			add_cases(size)
			for limited in (0, 1):
				frappe.db.set_single_value("Cronus Service Settings", "agents_see_their_team", limited)
				frappe.db.commit()
				codes += measure_lists(
					size, "of a team" if limited else "who sees all", users["agent"], times
				)
				role = "agent of a team" if limited else "lead"
				codes += measure_reports(size, role, users, times)
				codes += measure_cards(size, role, users, times)
		if sizes == SIZES:
			codes += [report_growth(question, times) for question, size in times if size == SIZES[0]]
		return max(codes)
	finally:
		frappe.set_user("Administrator")
		frappe.db.set_single_value("Cronus Service Settings", "agents_see_their_team", 0)
		frappe.db.commit()
		if not keep:
			clean_up()


# The questions, and their answers in plain SQL


def _choose_sizes() -> tuple[int, ...]:
	if "--small" in sys.argv:
		return SIZES[:1]
	return SIZES[1:] if "--large" in sys.argv else SIZES


def measure_lists(size: int, role: str, user: str, times: dict[tuple[str, int], float]) -> list[int]:
	"""Measures list and board as an agent and prints the ratios; gives back the exit codes."""
	frappe.set_user(user)
	teams = None if role == "who sees all" else ["Benchmark team 0"]
	questions = {
		"list": ([*IS_OPEN, [CASE, "agent", "=", user]], PAGE, user),
		"board": (IS_OPEN, CARDS, None),
	}
	codes = []
	for question, (filters, length, agent) in questions.items():
		ours = _ask(filters, length)
		alone = _ask_without_rule([*filters, [CASE, "team", "in", teams]] if teams else filters, length)
		plain = _ask_plainly(length, agent, teams, user)
		if not (names := ours()) == alone() == plain():
			sys.exit(f"{question}: server, framework and plain SQL do not agree\n{names[:5]}\n{plain()[:5]}")
		measured, framework, baseline = measure_medians(RUNS, *map(as_request, (ours, alone, plain)))
		times[f"{question}, agent {role}", size] = measured
		print(f"\n{question}, agent {role}, {size:,} cases, {len(names)} rows")
		print(f"the framework without the rule of visibility: ratio {framework / baseline:.2f}")
		rows = [("plain SQL", baseline), ("framework", framework), ("answer of the server", measured)]
		label = f"service: {question}, agent {role}, {size:,}"
		codes.append(report_ratio(label, rows, measured / baseline, TARGET))
		if slow := tell_slow(size, measured):
			print(slow.strip())
			codes.append(1)
	return codes


def _ask(filters: list, length: int) -> Answer:
	"""The framework's answer to its list, as the desk asks for it."""

	def ask() -> list[str]:
		fields = frappe.as_json([f"`tab{CASE}`.`{field}`" for field in LIST_FIELDS], indent=None)
		frappe.local.form_dict = frappe._dict(
			doctype=CASE,
			fields=fields,
			filters=frappe.as_json(filters, indent=None),
			order_by=f"`tab{CASE}`.`creation` desc",
			start=0,
			page_length=length,
			view="List",
		)
		answer = reportview.get()
		if not answer:
			return []
		place = answer["keys"].index("name")
		return [row[place] for row in answer["values"]]

	return ask


def _ask_without_rule(filters: list, length: int) -> Answer:
	"""What the framework's list costs by itself: the filters ask for what the rule would."""
	ask, rule = _ask(filters, length), guards.permission_query_conditions

	def ask_alone() -> list[str]:
		guards.permission_query_conditions = lambda user, doctype: ""
		try:
			return ask()
		finally:
			guards.permission_query_conditions = rule

	return ask_alone


def _ask_plainly(length: int, agent: str | None, teams: list[str] | None, user: str) -> Answer:
	fields = ", ".join(f"`{field}`" for field in LIST_FIELDS)
	conditions = ["category in %(open)s"]
	if agent:
		conditions.append("agent = %(agent)s")
	if teams:
		conditions.append("(team in %(teams)s or agent = %(user)s or owner = %(user)s)")
	where = " and ".join(conditions)
	query = f"select {fields} from `tab{CASE}` where {where} order by creation desc limit {length}"
	values = {"open": OPEN_CATEGORIES, "agent": agent, "teams": teams, "user": user}

	def ask() -> list[str]:
		return [row[0] for row in frappe.db.sql(query, values)]

	return ask


def measure_reports(size: int, role: str, users: dict, times: dict[tuple[str, int], float]) -> list[int]:
	"""Measures each report of cases, over the last year where it has a period (by account,
	a month); gives back the exit codes."""
	frappe.set_user(users["lead"] if role == "lead" else users["agent"])
	today = getdate()
	year = {"from_date": str(add_days(today, -364)), "to_date": str(today)}
	month = {"from_date": str(add_days(today, 1 - account_cases.MOST_DAYS)), "to_date": str(today)}
	asked = {
		"Cronus Case Load": {},
		"Cronus Case Trend": year,
		"Cronus Case Reasons": year,
		"Cronus Service Times": {"by": "Agent", **year},
		"Cronus Service Times, by type": {"by": "Type", **year},
		"Cronus Service Times, by account": {"by": "Account", **month},
		"Cronus Service Times, one account": {"by": "Account", "customer": "BSV-000007", **year},
		"Cronus Satisfaction": {"by": "Agent", **year},
		"Cronus Satisfaction, by month": {"by": "Month", **year},
		"Cronus Satisfaction, by account": {"by": "Account", **month},
	}
	print(f"\nreports, {role}, {size:,} cases")
	codes = []
	for label, filters in asked.items():
		read = partial(run_report, label.split(",")[0], filters)
		(measured,) = measure_medians(RUNS, as_request(read))
		times[f"{label}, {role}", size] = measured
		print(f"  {label:<36} {measured * 1000:8.2f} ms{tell_slow(size, measured)}")
		codes.append(int(bool(tell_slow(size, measured))))
	return codes


def measure_cards(size: int, role: str, users: dict, times: dict[tuple[str, int], float]) -> list[int]:
	"""Measures the cards of the workspace, and the numbers of the board; gives back the exit codes."""
	frappe.set_user(users["lead"] if role == "lead" else users["agent"])
	this_month = [CASE, "ended_on", ">=", str(getdate().replace(day=1))]
	print(f"\ncards, {role}, {size:,} cases")
	asked = {"numbers of the board": partial(case_board.count_columns, IS_OPEN)}
	for name in CARDS_OF_WORKSPACE:
		card = frappe.get_doc("Number Card", name).as_dict()
		of_month = [this_month] if frappe.parse_json(card.dynamic_filters_json or "[]") else []
		asked[name] = partial(get_result, card, [*frappe.parse_json(card.filters_json), *of_month])
	codes = []
	for name, read in asked.items():
		(measured,) = measure_medians(RUNS, as_request(read))
		times[f"card {name}, {role}", size] = measured
		print(f"  {name:<36} {measured * 1000:8.2f} ms{tell_slow(size, measured)}")
		codes.append(int(bool(tell_slow(size, measured))))
	return codes


def tell_slow(size: int, seconds: float) -> str:
	"""Words for what takes too long, else nothing."""
	return "  more than 50 ms" if size == SIZES[-1] and seconds > SLOWEST else ""


def report_growth(question: str, times: dict[tuple[str, int], float]) -> int:
	"""Prints how much slower ten times the data is; reports only have to be fast at the larger size."""
	before, after = (times[question, size] for size in SIZES)
	if question.startswith(("Cronus", "card")):
		print(f"service: {question}: grows to {after / before:.2f}")
		return 0
	rows = [(f"{SIZES[0]:,}", before), (f"{SIZES[1]:,}", after)]
	return report_ratio(f"service: growth of {question}", rows, after / before, GROWTH_TARGET)


if __name__ == "__main__":
	with connect_to_site():
		sys.exit(main())
