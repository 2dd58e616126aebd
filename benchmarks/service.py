"""Times of service: the list and the board of an agent, the reports of cases, and the cards of the workspace.

List and board are measured as an agent who sees all cases and as one who sees those of the team, with
100,000 and 1,000,000 cases, and compared with plain SQL for the same answer and scope, in the same run,
alternately. The answers are compared before the times. Reports, cards and the numbers of the board are
measured as a lead and as such an agent. At the larger size each answer has to come within 50 ms. Every run
starts with cold caches, as a request does.

The company is the same at both sizes, half a year old and five years old: 50 agents in 5 teams, each with 60
open cases, and 20,000 customers.

`--keep` keeps the data, and reuses those of an earlier run. `--small` measures the smaller size alone.
"""

import sys
from collections.abc import Callable
from functools import partial

import frappe
from frappe.desk import reportview
from frappe.desk.doctype.number_card.number_card import get_result
from frappe.desk.query_report import run as run_report
from frappe.utils import add_days, getdate, now_datetime

from benchmarks.harness import as_request, connect_to_site, measure_medians, report_ratio
from cronus_crm.cronus_analytics.cases import account_cases, case_recount
from cronus_crm.cronus_service.cases import case_board
from tests.scaffold import make_user

SIZES = (100_000, 1_000_000)
TEAMS, TEAM = 5, 10
AGENTS = TEAMS * TEAM
OPEN = 60
CUSTOMERS = 20_000
RUNS = 15
TARGET, GROWTH_TARGET = 3.0, 1.5
SLOWEST = 0.050  # seconds, at the larger size
MARK = "benchmark.service"
CASE = "Cronus Case"
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
	keep, sizes = "--keep" in sys.argv, SIZES[:1] if "--small" in sys.argv else SIZES
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


# The data: all rows have an owner of their own, by which they are deleted again


def make_company() -> dict[str, str]:
	"""Makes agents, teams and customers; gives back the users who are measured."""
	for team in range(TEAMS):
		name = f"Benchmark team {team}"
		if not frappe.db.exists("Cronus Service Team", name):
			members = [{"user": make_user("Cronus Service Agent")} for _member in range(TEAM)]
			doc = {"doctype": "Cronus Service Team", "team_name": name, "members": members}
			frappe.get_doc(doc).insert(ignore_permissions=True).db_set("owner", MARK)
	if not frappe.db.exists("Cronus Customer", {"owner": MARK}):
		_insert(
			"Cronus Customer",
			f"seq_0_to_{CUSTOMERS - 1}",
			name="concat('BSV-', lpad(seq, 6, '0'))",
			customer_name="concat('Customer number ', seq)",
		)
	frappe.db.commit()
	return {"agent": _list_agents()[0], "lead": make_user("Cronus Service Lead")}


def _list_agents() -> list[str]:
	return frappe.db.sql(
		"""select user from `tabCronus Service Team Member` where parent like 'Benchmark team %'
			order by parent, idx""",
		pluck=True,
	)


def add_cases(size: int) -> None:
	"""Adds cases until there are `size`: first open ones, then past ones, newest first; and their totals."""
	there = frappe.db.count(CASE, {"owner": MARK})
	columns = _describe_cases()
	while there < size:
		until = min(size, there + 50_000)
		_insert(CASE, f"seq_{there}_to_{until - 1}", **columns)
		frappe.db.commit()
		there = until
	case_recount.repair()
	frappe.db.commit()
	for table in ("tabCronus Case", "tabCronus Case Total", "__cronus_case_times"):
		frappe.db.sql(f"analyze table `{table}`")
	rows = frappe.db.count("Cronus Case Total")
	times = frappe.db.sql("select count(*) from `__cronus_case_times`")[0][0]
	print(f"\n{size:,} cases, {rows:,} rows of totals, {times:,} of times")


def _describe_cases() -> dict[str, str]:
	"""By column, the expression of case number `seq`."""
	agents = ", ".join(frappe.db.escape(agent) for agent in _list_agents())
	# `turn` counts the cases of each agent. A year has 4,000 of each.
	agent, turn = f"seq mod {AGENTS}", f"cast(seq div {AGENTS} as signed)"
	is_open = f"{turn} < {OPEN}"
	now, types = frappe.db.escape(str(now_datetime())), "'Question', 'Request', 'Fault', 'Complaint'"
	opened = f"{now} - interval ({turn} * if({is_open}, 97, 131) + seq mod 97) minute"
	answered = f"{opened} + interval ({_taken(400)}) minute"
	solved = f"{opened} + interval ({_taken(6_000)}) minute"
	category = (
		f"if({is_open}, elt(1 + {turn} mod 4, 'New', 'Open', 'Waiting for us', 'Waiting for them'), 'Closed')"
	)
	return dict(
		name="concat('BCS-', lpad(seq, 8, '0'))",
		naming_series="'CS-.YYYY.-.#####'",
		subject="concat('The machine does not start, number ', seq)",
		description="repeat('It worked until yesterday. ', 20)",
		account_kind="'Customer'",
		customer=f"concat('BSV-', lpad((seq * 7919) mod {CUSTOMERS}, 6, '0'))",
		account_name=f"concat('Customer number ', (seq * 7919) mod {CUSTOMERS})",
		state=f"if({is_open}, 'Open', 'Closed')",
		category=category,
		priority="elt(1 + seq mod 4, 'Low', 'Medium', 'High', 'Urgent')",
		case_type=f"elt(1 + (seq * 31) mod 4, {types})",
		channel="'E-mail'",
		agent=f"elt(1 + {agent}, {agents})",
		team=f"concat('Benchmark team ', {agent} div {TEAM})",
		opened_on=opened,
		creation=opened,
		closed_on=f"if({is_open}, null, {solved})",
		ended_on=f"if({is_open}, null, {solved})",
		rating=f"if({is_open}, 0, (seq * 13) mod 6)",
		rating_asked_on=f"if({is_open}, null, {solved} + interval 1 day)",
		rating_agent=f"if({is_open}, null, elt(1 + {agent}, {agents}))",
		rating_team=f"if({is_open}, null, concat('Benchmark team ', {agent} div {TEAM}))",
		rating_type=f"if({is_open}, null, elt(1 + (seq * 31) mod 4, {types}))",
		**_times("first_answer", "first_answered", agents, is_open, answered, opened, 400, 240),
		**_times("solution", "solved", agents, is_open, solved, opened, 6_000, 4_800),
	)


def _taken(most: int) -> str:
	"""Minutes that something took: many a short time, few a long one."""
	return f"1 + floor({most} * pow(((seq * 7919) mod 9973) / 9973, 3))"


def _times(prefix, done, agents, is_open, done_on, opened, most, promised) -> dict[str, str]:
	return {
		f"{done}_on": f"if({is_open}, null, {done_on})",
		f"{done}_by": f"if({is_open}, null, elt(1 + seq mod {AGENTS}, {agents}))",
		f"{prefix}_taken": f"if({is_open}, 0, {_taken(most)})",
		f"{prefix}_minutes": str(promised),
		f"{prefix}_due": f"{opened} + interval {promised} minute",
		f"{prefix}_state": f"if({is_open}, 'Running', if({_taken(most)} <= {promised}, 'Met', 'Missed'))",
	}


def _insert(doctype: str, sequence: str, **columns: str) -> None:
	"""Inserts rows by SQL. columns: an SQL expression for each column, in which `seq` is the number of the
	row."""
	now, mark = frappe.db.escape(str(now_datetime())), frappe.db.escape(MARK)
	columns = {"owner": mark, "modified_by": mark, "creation": now, "modified": now, **columns}
	names = ", ".join(f"`{name}`" for name in columns)
	frappe.db.sql(
		f"insert into `tab{doctype}` ({names}) select {', '.join(columns.values())} from {sequence}"
	)


def clean_up() -> None:
	for table in ("tabCronus Case Total", "__cronus_case_times"):
		frappe.db.sql(f"delete from `{table}` where team like 'Benchmark team %'")
	frappe.db.sql("delete from `tabCronus Service Team Member` where parent like 'Benchmark team %'")
	for doctype in (CASE, "Cronus Customer", "Cronus Service Team"):
		while True:
			frappe.db.sql(f"delete from `tab{doctype}` where owner = %s limit 20000", MARK)
			deleted = frappe.db._cursor.rowcount
			frappe.db.commit()
			if not deleted:
				break


# The questions, and their answers in plain SQL


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
		plain = _ask_plainly(length, agent, teams, user)
		if (names := ours()) != plain():
			sys.exit(f"{question}: the server and plain SQL do not agree\n{names[:5]}\n{plain()[:5]}")
		measured, baseline = measure_medians(RUNS, as_request(ours), as_request(plain))
		times[f"{question}, agent {role}", size] = measured
		print(f"\n{question}, agent {role}, {size:,} cases, {len(names)} rows")
		rows = [("plain SQL", baseline), ("answer of the server", measured)]
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
