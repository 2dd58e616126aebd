"""The company of the benchmark `service`: cases that SQL makes, and their totals. All rows have an owner of
their own, by which they are deleted again."""

import time
from collections.abc import Iterable

import frappe
from frappe.utils import now_datetime

from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_analytics.cases.case_times import COLUMNS
from tests.scaffold import make_user

SIZES = (100_000, 1_000_000)
YEAR = 200_000
TEAMS, TEAM = 5, 10
AGENTS = TEAMS * TEAM
OPEN = 60
CUSTOMERS = 20_000
MARK = "benchmark.service"
CASE = "Cronus Case"

# The tables of totals, with the columns of their numbers; and which of their rows are the benchmark's.
_TOTALS = {"tabCronus Case Total": ("number",), "__cronus_case_times": tuple(COLUMNS.values())}
_OF_MARK = "team like 'Benchmark team %'"


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
	"""Adds cases until there are `size`: first open ones, then past ones, newest first; and their totals.
	Of more than a year, the past years are copies of the last one, and so are their totals."""
	there = frappe.db.count(CASE, {"owner": MARK})
	started, columns = time.monotonic(), _describe_cases()
	for begins in range(there, min(size, YEAR), 50_000):
		until = min(size, YEAR, begins + 50_000)
		_insert(CASE, f"seq_{begins}_to_{until - 1}", **columns)
		frappe.db.commit()
	if _count_opened() < min(size, YEAR):
		case_recount.repair()
		frappe.db.commit()
	if size > YEAR:
		add_past_years(there // YEAR, size // YEAR)
	for table in ("tabCronus Case", *_TOTALS):
		frappe.db.sql(f"analyze table `{table}`")
	cases, rows = frappe.db.count(CASE, {"owner": MARK}), frappe.db.count("Cronus Case Total")
	times = frappe.db.sql("select count(*) from `__cronus_case_times`")[0][0]
	seconds = time.monotonic() - started
	print(f"\n{cases:,} cases, {rows:,} rows of totals, {times:,} of times, made in {seconds:.0f} s")


def add_past_years(there: int, years: int) -> None:
	"""Copies the last year into those before which are not there yet, and then its totals.

	An open case becomes a closed one that nobody has answered: so the totals of a copy are those of the last
	year, some years before.
	"""
	for year in range(max(there, 1), years):
		_copy_cases(year)
		frappe.db.commit()
	if _count_opened() == YEAR:
		for table in _TOTALS:
			year = f"create temporary table `last year of {table}` select * from `{table}` where {_OF_MARK}"
			frappe.db.sql_ddl(year)
		for table, numbers in _TOTALS.items():
			_copy_totals(table, numbers, years)
		frappe.db.commit()


def _count_opened() -> int:
	"""How many cases the totals have counted."""
	of_months = "measure = 'Opened' and grain = 'Month'"
	query = f"select sum(number) from `tabCronus Case Total` where {of_months} and {_OF_MARK}"
	return int(frappe.db.sql(query)[0][0] or 0)


def _copy_cases(year: int) -> None:
	meta = frappe.get_meta(CASE)
	is_open = "closed_on is null"
	changed = {
		"name": f"concat('BCS-', lpad(substr(name, 5) + {year * YEAR}, 8, '0'))",
		"state": "'Closed'",
		"category": "'Closed'",
		"first_answer_state": f"if({is_open}, null, first_answer_state)",
		"solution_state": f"if({is_open}, null, solution_state)",
	}
	for column in ("creation", *(field.fieldname for field in meta.get("fields", {"fieldtype": "Datetime"}))):
		changed[column] = f"`{column}` - interval {year} year"
	columns = meta.get_valid_columns()
	names = ", ".join(f"`{column}`" for column in columns)
	values = ", ".join(changed.get(column, f"`{column}`") for column in columns)
	of_last_year = f"owner = '{MARK}' and name < 'BCS-{YEAR:08}'"
	frappe.db.sql(f"insert into `tab{CASE}` ({names}) select {values} from `tab{CASE}` where {of_last_year}")


def _copy_totals(table: str, numbers: Iterable[str], years: int) -> None:
	copied = f"`last year of {table}`"
	key = "concat_ws(unhex('00'), measure, grain, period, team, dimension, detail)"
	added = (f"`{table}`.`{name}` = `{table}`.`{name}` + values(`{name}`)" for name in numbers)
	into = f"insert into `{table}` select * from {copied} on duplicate key update {', '.join(added)}"
	for _year in range(1, years):
		frappe.db.sql(f"update {copied} set period = period - interval 1 year")
		if table == "tabCronus Case Total":
			frappe.db.sql(f"update {copied} set name = md5({key})")
		frappe.db.sql(into)


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
	for table in _TOTALS:
		frappe.db.sql(f"delete from `{table}` where {_OF_MARK}")
	frappe.db.sql("delete from `tabCronus Service Team Member` where parent like 'Benchmark team %'")
	for doctype in (CASE, "Cronus Customer", "Cronus Service Team"):
		while True:
			frappe.db.sql(f"delete from `tab{doctype}` where owner = %s limit 20000", MARK)
			deleted = frappe.db._cursor.rowcount
			frappe.db.commit()
			if not deleted:
				break
