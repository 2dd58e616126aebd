"""Times of the daily pages: Pending with its counts, and a month of the Agenda.

Measured as a seller, as a manager of ten and as an administrator, with 100,000 and 1,000,000 activities, and
compared with plain SQL for the same answer and scope, in the same run, alternately. The answers are compared
before the times. Every run starts with cold caches, as a request does.

The company is the same at both sizes, half a year old and five years old: 200 sellers in 20 teams, each with
five thousand activities in five years, four for every working day. Of those that are past, 97 % are done
and 3 % cancelled. What is pending does not grow with the age of the company: 60 activities of each seller,
a third of them overdue.

`--keep` keeps the data, and reuses those of an earlier run.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import frappe
from frappe.utils import getdate, now_datetime

from benchmarks.harness import as_request, connect_to_site, measure_medians, report_ratio
from cronus_crm.base.user_days import get_user_days
from cronus_crm.cronus_crm.activities import calendar, pending_activities
from cronus_crm.visibility import rule
from tests.scaffold import ADMINISTRATOR, MANAGER, SELLER, make_user

SIZES = (100_000, 1_000_000)
TEAMS, TEAM = 20, 10
SELLERS = TEAMS * TEAM
PENDING = 60
CUSTOMERS, PROSPECTS = 20, 5  # of each seller
RUNS = 25
TARGET, GROWTH_TARGET = 3.0, 1.5
MARK = "benchmark.agenda"
FILLED = (
	"Cronus Activity",
	"Cronus Customer",
	"Cronus Prospect",
	"Contact",
	"Dynamic Link",
	"Cronus Seller",
)

Answer = Callable[[], object]


def main() -> int:
	keep = "--keep" in sys.argv
	try:
		people = make_company()
		times: dict[tuple[str, int], float] = {}
		codes = []
		for size in SIZES:
			add_activities(size)
			for role, user in people.items():
				codes += measure(size, role, user, times)
		codes += [report_growth(question, times) for question, size in times if size == SIZES[0]]
		return max(codes)
	finally:
		frappe.set_user("Administrator")
		if not keep:
			clean_up()


# The data: all rows have an owner of their own, by which they are deleted again


def make_company() -> dict[str, str]:
	"""Makes sellers, customers, contacts and prospects; gives back the user of each role that is measured."""
	people = {
		"seller": make_user(SELLER),
		f"manager of {TEAM}": make_user(MANAGER),
		"administrator": make_user(ADMINISTRATOR),
	}
	users = {0: people[f"manager of {TEAM}"], 1: people["seller"]}
	left = frappe.db.sql("select coalesce(max(rgt), 0) from `tabCronus Seller`")[0][0]
	sellers = []
	for number in range(SELLERS):
		team, member = divmod(number, TEAM)
		begins = left + 1 + team * 2 * TEAM
		lft, rgt = (
			(begins, begins + 2 * TEAM - 1) if not member else (begins + 2 * member - 1, begins + 2 * member)
		)
		manager = None if not member else _seller(team * TEAM)
		name = _seller(number)
		sellers.append((name, MARK, name, users.get(number), manager, lft, rgt, 1, int(not member)))
	fields = (
		"name",
		"owner",
		"seller_name",
		"user",
		"parent_cronus_seller",
		"lft",
		"rgt",
		"enabled",
		"is_group",
	)
	frappe.db.delete("Cronus Seller", {"owner": MARK})
	frappe.db.bulk_insert("Cronus Seller", fields, sellers)
	if not frappe.db.exists("Cronus Customer", {"owner": MARK}):
		_make_accounts()
	frappe.db.commit()
	return people


def _seller(number: int) -> str:
	return f"Benchmark {number:03}"


def _make_accounts() -> None:
	count = SELLERS * CUSTOMERS
	_insert(
		"Cronus Customer",
		f"seq_0_to_{count - 1}",
		name="concat('BC-', lpad(seq, 6, '0'))",
		seller=f"concat('Benchmark ', lpad(seq mod {SELLERS}, 3, '0'))",
		customer_name="concat('Customer number ', seq)",
		phone="concat('+593 2 ', 2000000 + seq)",
		email="concat('office', seq, '@example.com')",
	)
	_insert(
		"Contact",
		f"seq_0_to_{count - 1}",
		name="concat('BK-', lpad(seq, 6, '0'))",
		first_name="concat('Contact ', seq)",
		mobile_no="concat('+593 9 ', 80000000 + seq)",
		email_id="concat('contact', seq, '@example.com')",
	)
	_insert(
		"Dynamic Link",
		f"seq_0_to_{count - 1}",
		name="concat('BL-', lpad(seq, 6, '0'))",
		parent="concat('BK-', lpad(seq, 6, '0'))",
		parenttype="'Contact'",
		parentfield="'links'",
		link_doctype="'Cronus Customer'",
		link_name="concat('BC-', lpad(seq, 6, '0'))",
	)
	_insert(
		"Cronus Prospect",
		f"seq_0_to_{SELLERS * PROSPECTS - 1}",
		name="concat('BP-', lpad(seq, 6, '0'))",
		seller=f"concat('Benchmark ', lpad(seq mod {SELLERS}, 3, '0'))",
		prospect_name="concat('Prospect number ', seq)",
		phone="concat('+593 2 ', 3000000 + seq)",
		email="concat('prospect', seq, '@example.com')",
	)


def add_activities(size: int) -> None:
	"""Adds activities until there are `size`: first pending ones, then past ones, newest first."""
	there = frappe.db.count("Cronus Activity", {"owner": MARK})
	# `turn` counts the activities of each seller.
	turn = f"cast(seq div {SELLERS} as signed)"
	is_pending = f"{turn} < {PENDING}"
	overdue = PENDING // 3
	today = frappe.db.escape(str(getdate()))
	begins = (
		f"if({is_pending},"
		f" timestamp({today}, '09:00') + interval ({turn} - {overdue}) * 18 hour,"
		f" timestamp({today}, '09:00') - interval ({turn} - {PENDING}) * 526 minute)"
		" + interval (seq * 7) mod 480 minute"
	)
	account = f"lpad(seq mod {SELLERS} + {SELLERS} * ({turn} mod {CUSTOMERS}), 6, '0')"
	prospect = f"lpad(seq mod {SELLERS} + {SELLERS} * ({turn} mod {PROSPECTS}), 6, '0')"
	of_prospect = f"{turn} mod 10 = 0"
	customer_name = f"concat('Customer number ', {account})"
	prospect_name = f"concat('Prospect number ', {prospect})"
	kinds = "'Follow-up', 'Collection', 'Call', 'Meeting', 'Visit', 'Message', 'Task'"
	while there < size:
		until = min(size, there + 50_000)
		_insert(
			"Cronus Activity",
			f"seq_{there}_to_{until - 1}",
			name="concat('BA-', lpad(seq, 8, '0'))",
			subject="concat('Ask how the order goes, number ', seq)",
			activity_type=f"elt(1 + (seq * 31 + {turn}) mod 7, {kinds})",
			state=f"if({is_pending}, 'Pending', if({turn} mod 33 = 0, 'Cancelled', 'Done'))",
			priority="'Medium'",
			seller=f"concat('Benchmark ', lpad(seq mod {SELLERS}, 3, '0'))",
			starts_on=begins,
			ends_on=f"{begins} + interval 45 minute",
			all_day="0",
			customer=f"if({of_prospect}, null, concat('BC-', {account}))",
			customer_name=f"if({of_prospect}, {prospect_name}, {customer_name})",
			prospect=f"if({of_prospect}, concat('BP-', {prospect}), null)",
			contact=f"if({turn} mod 2 = 1, concat('BK-', {account}), null)",
			color="'#93c5fd'",
			notes="repeat('They will decide this week. ', 6)",
			announced="1",
			overdue_told="1",
			escalated="1",
		)
		frappe.db.commit()
		there = until
	frappe.db.sql("analyze table `tabCronus Activity`")


def _insert(doctype: str, sequence: str, **columns: str) -> None:
	"""Inserts rows by SQL. columns: an SQL expression for each column, in which `seq` is the number of the
	row."""
	now = frappe.db.escape(str(now_datetime()))
	mark = frappe.db.escape(MARK)
	columns = {"owner": mark, "modified_by": mark, "creation": now, "modified": now, **columns}
	names = ", ".join(f"`{name}`" for name in columns)
	frappe.db.sql(
		f"insert into `tab{doctype}` ({names}) select {', '.join(columns.values())} from {sequence}"
	)


def clean_up() -> None:
	for doctype in FILLED:
		while True:
			frappe.db.sql(f"delete from `tab{doctype}` where owner = %s limit 20000", MARK)
			deleted = frappe.db._cursor.rowcount
			frappe.db.commit()
			if not deleted:
				break


# The questions, and their answers in plain SQL


def measure(size: int, role: str, user: str, times: dict[tuple[str, int], float]) -> list[int]:
	"""Measures both pages as a user and prints the ratios; gives back the exit codes."""
	frappe.set_user(user)
	start, end = days_of_last_month()
	everything = rule.get_scope("Cronus Activity").everything
	questions = {
		"pending": (first_page, lambda: plain_first_page(user, everything)),
		"agenda": (
			lambda: calendar.get_events("Cronus Activity", str(start), str(end)),
			lambda: plain_month(user, everything, start, end),
		),
	}
	codes = []
	for question, (ours, plain) in questions.items():
		_check_same_answer(question, ours, plain)
		print(f"\n{question}, {role}, {size:,} activities")
		explain(ours)
		measured, baseline = measure_medians(RUNS, as_request(ours), as_request(plain))
		times[f"{question}, {role}", size] = measured
		rows = [("plain SQL", baseline), ("answer of the server", measured)]
		codes.append(report_ratio(f"agenda: {question}, {role}, {size:,}", rows, measured / baseline, TARGET))
	return codes


def report_growth(question: str, times: dict[tuple[str, int], float]) -> int:
	small, large = (times[question, size] for size in SIZES)
	print()
	rows = [(f"{size:,}", times[question, size]) for size in SIZES]
	return report_ratio(f"agenda: growth of {question}", rows, large / small, GROWTH_TARGET)


def first_page() -> tuple[dict, dict]:
	answer = pending_activities.get_overview()
	return answer["summary"], answer["page"]


def plain_first_page(user: str, everything: bool) -> tuple[dict, dict]:
	days = get_user_days()
	tomorrow = days.today + timedelta(days=1)
	values = {
		"user": user,
		"sellers": _sellers_of(user),
		"now": days.now,
		"today": days.today,
		"tomorrow": tomorrow,
		"after": tomorrow + timedelta(days=1),
		"next_week": days.next_week,
		"limit": pending_activities.PAGE_LENGTH + 1,
	}
	of_pending = f"from `tabCronus Activity` a where a.state = 'Pending' and {_scope('a', everything)}"
	groups = frappe.db.sql(
		f"""select case
				when if(a.all_day, a.ends_on < %(today)s, a.ends_on < %(now)s) then 'overdue'
				when a.starts_on < %(tomorrow)s then 'today'
				when a.starts_on < %(after)s then 'tomorrow'
				when a.starts_on < %(next_week)s then 'week'
				else 'later' end, count(*)
			{of_pending} group by 1""",
		values,
	)
	kinds = frappe.db.sql(
		f"""select t.kind, count(*) from `tabCronus Activity` a
			join `tabCronus Activity Type` t on t.name = a.activity_type
			where a.state = 'Pending' and {_scope("a", everything)} group by t.kind""",
		values,
	)
	sellers = frappe.db.sql(
		f"""select a.seller, s.seller_name, count(*),
				sum(if(a.all_day, a.ends_on < %(today)s, a.ends_on < %(now)s))
			from `tabCronus Activity` a join `tabCronus Seller` s on s.name = a.seller
			where a.state = 'Pending' and {_scope("a", everything)} group by a.seller order by s.lft""",
		values,
	)
	# Without the forced index the optimizer reads all past activities by date to find pending ones: seconds.
	hint = (
		"force index (state_starts_on_name_ends_on_all_day_activity_type_seller_index)" if everything else ""
	)
	rows = frappe.db.sql(
		f"""select a.name, a.subject, a.activity_type, a.color, a.priority, a.seller, a.starts_on, a.ends_on,
				a.all_day, a.place, a.customer, a.customer_name, a.prospect, a.contact, a.reference_doctype,
				a.reference_name, s.seller_name, t.kind,
				coalesce(k.mobile_no, k.phone, p.phone, c.phone) as phone,
				coalesce(k.email_id, p.email, c.email) as email
			from `tabCronus Activity` a {hint}
			left join `tabCronus Seller` s on s.name = a.seller
			left join `tabCronus Activity Type` t on t.name = a.activity_type
			left join `tabCronus Customer` c on c.name = a.customer and {_scope("c", everything)}
			left join `tabCronus Prospect` p on p.name = a.prospect and {_scope("p", everything)}
			left join `tabContact` k on k.name = a.contact and exists (
				select 1 from `tabDynamic Link` l join `tabCronus Customer` o on o.name = l.link_name
				where l.parent = k.name and l.parenttype = 'Contact' and l.link_doctype = 'Cronus Customer'
					and {_scope("o", everything)})
			where a.state = 'Pending' and {_scope("a", everything)}
			order by a.starts_on, a.name limit %(limit)s""",
		values,
		as_dict=True,
	)
	counts = {"groups": dict(groups), "kinds": dict(kinds), "sellers": sellers}
	return counts, {"rows": rows[: pending_activities.PAGE_LENGTH]}


def plain_month(user: str, everything: bool, start: datetime, end: datetime) -> list[dict]:
	return frappe.db.sql(
		f"""select a.name, a.subject, a.activity_type, a.state, a.seller, a.customer_name, a.place,
				a.starts_on, a.ends_on, a.all_day, a.color, a.text_color
			from `tabCronus Activity` a
			where a.starts_on >= %(from)s and a.starts_on < %(end)s and a.ends_on >= %(start)s
				and {_scope("a", everything)}
			order by a.starts_on, a.name limit %(limit)s""",
		{
			"user": user,
			"sellers": _sellers_of(user),
			"from": start - timedelta(days=calendar.MAX_DAYS + 1),
			"start": start - timedelta(days=1),
			"end": end + timedelta(days=1),
			"limit": calendar.MAX_EVENTS,
		},
		as_dict=True,
	)


def _sellers_of(user: str) -> list[str]:
	"""The sellers of a user's team, in a query of their own: joined, the optimizer would scan all
	activities."""
	return frappe.db.sql(
		"""select below.name from `tabCronus Seller` own
			join `tabCronus Seller` below on below.lft between own.lft and own.rgt
			where own.user = %s and own.enabled = 1""",
		user,
		pluck=True,
	)


def _scope(table: str, everything: bool) -> str:
	"""The visibility rule as an SQL condition."""
	if everything:
		return "1 = 1"
	return f"""({table}.seller in %(sellers)s
		or (({table}.seller is null or {table}.seller = '') and {table}.owner = %(user)s))"""


def days_of_last_month() -> tuple[datetime, datetime]:
	"""First and last moment of the six weeks that the calendar shows for last month."""
	first = (getdate().replace(day=1) - timedelta(days=1)).replace(day=1)
	begins: date = first - timedelta(days=first.weekday())
	start = datetime.combine(begins, time.min)
	return start, start + timedelta(weeks=6)


def _check_same_answer(question: str, ours: Answer, plain: Answer) -> None:
	"""Raises when both answers differ, because their times could not be compared then."""
	a, b = _comparable_answer(question, ours()), _comparable_answer(question, plain())
	if a != b:
		sys.exit(f"{question}: the server and plain SQL do not agree\n{a}\n{b}")


def _comparable_answer(question: str, answer) -> object:
	if question == "agenda":
		return [event["name"] for event in answer]
	counts, page = answer
	rows = [(row["name"], row["kind"], row["phone"], row["email"]) for row in page["rows"]]
	groups = {group: count for group, count in counts["groups"].items() if count}
	return groups, counts["kinds"], rows


def explain(answer: Answer) -> None:
	"""Prints the query plan of each query on activities."""
	with _record_queries() as queries:
		answer()
	for query in queries:
		if "tabCronus Activity`" not in query:
			continue
		print(f"  {' '.join(query.split())[:150]}…")
		for row in frappe.db.sql(f"explain {query}", as_dict=True):
			print(f"    {row.table}: {row.type}, {row.key}, {row.rows} rows, {row.Extra}")


@contextmanager
def _record_queries() -> Iterator[list[str]]:
	queries: list[str] = []
	execute = frappe.db.sql

	def record(*args, **kwargs):
		result = execute(*args, **kwargs)
		queries.append(str(frappe.db.last_query))
		return result

	frappe.db.sql = record
	try:
		yield queries
	finally:
		frappe.db.sql = execute


if __name__ == "__main__":
	with connect_to_site():
		sys.exit(main())
