"""What figures cost at 100,000 and at 1,000,000 records of each sort: each figure of the dashboard, the whole
dashboard, each report, and the analysis of a customer.

Asked by an administrator, by a manager of ten and by a seller, as a request asks them: with the framework's
questions about rights, and with nothing in memory. What the dashboard shows is compared with plain SQL that
finds the same in the documents: first the answers, then the times. The plans of all queries over big tables
are printed, the heaviest first, and none of them may read a whole table. Issuing a document is compared with
issuing it without its totals.

The site is the benchmark's own: it is emptied at the beginning, and keeps what was filled in. `--measure`
measures once more what is there.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import frappe
from frappe.desk.query_report import run as run_report
from frappe.utils import getdate

from benchmarks import company
from benchmarks import plain_figures as plain
from benchmarks.company import People
from benchmarks.harness import as_a_request, medians, report, site
from cronus_crm.cronus_analytics.dashboard import dashboard_cards, dashboard_values
from cronus_crm.cronus_analytics.figures import customer_analysis, report_filters
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters
from cronus_crm.cronus_analytics.ledger import recount_totals, totals
from cronus_crm.visibility import rule
from tests.scaffold import ADMINISTRATOR, make_user, new_proforma

SIZES = (100_000, 1_000_000)
# Milliseconds at the greater size.
DASHBOARD, CUSTOMER, REPORT = 100, 15, 300
FASTER, GROWTH, ISSUE = 50, 1.5, 1.1
HEAVIEST = 10
# A table with more rows than these is big.
BIG = 10_000

# Reports that are lists of lines, and how many those are is for the reader to choose.
LISTS = ("Cronus Activity Log", "Cronus Products Sold", "Cronus Order Status")
NEEDED = {"Cronus Statement of Account": {"customer": "BC-000001"}}

# What was measured: milliseconds by question, role and size.
Times = dict[tuple[str, str, int], float]

Rows = Iterable[tuple]


class Figure(NamedTuple):
	"""A figure from the totals, and the statements by hand that find the same; both as rows."""

	name: str
	read: Callable[[ReportFilters], Rows]
	by_hand: Callable[[], list[str]]


def main() -> int:
	times: Times = {}
	missed: list[str] = []
	if "--measure" in sys.argv:
		size = frappe.db.count("Cronus Opportunity")
		measure(size, _people_of_before(), times, missed)
	else:
		people, there = company.begin(), 0
		for size in SIZES:
			started = time.monotonic()
			company.fill(there, size)
			print(f"\n{size:,} of each: filled in {time.monotonic() - started:.0f} s")
			measure(size, people, times, missed)
			there = size
		missed += tell_growth(times)
	missed += tell_issue()
	for miss in missed:
		print(f"missed: {miss}")
	return int(bool(missed))


def _people_of_before() -> People:
	with_user = {"user": ("is", "set")}
	users = dict(
		frappe.get_all("Cronus Seller", with_user, ["name", "user"], as_list=True, order_by="name asc")
	)
	return People(make_user(ADMINISTRATOR), users["Benchmark 000"], users["Benchmark 001"])


def measure(size: int, people: People, times: Times, missed: list[str]) -> None:
	"""Tells the times of everything at a size, and adds what is above its target."""
	plans = Plans()
	for role, user in people._asdict().items():
		frappe.set_user(user)
		print(f"\n{role}, {size:,} of each")
		for name, (answer, target) in questions(user).items():
			try:
				with plans.of(f"{name}, {role}"):
					as_a_request(answer)()
			except Exception as error:
				# What does not work is told, and does not keep the rest from being measured.
				frappe.db.rollback()
				missed.append(f"{name}, {role}: {error!r}")
				continue
			times[name, role, size] = milliseconds = _measured(answer)
			_tell(name, milliseconds, target)
			if size == SIZES[-1] and target and milliseconds > target:
				missed.append(f"{name}, {role}: {milliseconds:.1f} ms (target ≤ {target} ms)")
		missed += [f"{name}, {role}, {size:,}" for name in compare_with_hand(user, role, size, times)]
	frappe.set_user("Administrator")
	missed += plans.tell()


def questions(user: str) -> dict[str, tuple[Callable[[], object], float | None]]:
	"""What is asked, with its target in milliseconds."""
	charts = _charts()
	asked_of_all = {
		f"chart {name}": (lambda report=report, filters=filters: _run(report, filters), None)
		for name, (report, filters) in charts.items()
	}
	# As the page asks: one request for all.
	cards = [{"name": name} for name in dashboard_cards.CARDS]
	reports = [{"report_name": report, "filters": filters} for report, filters in charts.values()]
	asked_of_all["cards"] = (lambda: dashboard_values.read_cards_and_charts(cards=cards), None)
	asked_of_all["whole dashboard"] = (
		lambda: dashboard_values.read_cards_and_charts(cards, reports),
		DASHBOARD,
	)
	customer = _customer_of(user)
	asked_of_all["analysis of a customer"] = (lambda: customer_analysis.analyse_customer(customer), CUSTOMER)
	for name in _reports():
		target = None if name in LISTS else REPORT
		asked_of_all[f"report {name}"] = (lambda name=name: _run(name, NEEDED.get(name, {})), target)
	return asked_of_all


def _charts() -> dict[str, tuple[str, dict]]:
	found = frappe.get_all(
		"Dashboard Chart",
		filters={"module": "Cronus Analytics", "chart_type": "Report"},
		fields=["name", "report_name", "filters_json"],
		order_by="name asc",
	)
	return {chart.name: (chart.report_name, json.loads(chart.filters_json or "{}")) for chart in found}


def _reports() -> list[str]:
	reports = frappe.get_all(
		"Report", {"module": ("like", "Cronus%")}, ["name", "ref_doctype"], order_by="name asc"
	)
	return [
		report.name
		for report in reports
		if frappe.get_cached_doc("Report", report.name).is_permitted()
		and frappe.has_permission(report.ref_doctype, "report")
	]


def _run(report: str, filters: dict) -> object:
	return run_report(report, filters, ignore_prepared_report=True)


def _customer_of(user: str) -> str:
	seller = rule.seller_of_user(user) or "Benchmark 001"
	return frappe.get_all("Cronus Customer", {"seller": seller}, pluck="name", order_by="name asc")[0]


def _measured(answer: Callable[[], object]) -> float:
	"""Median milliseconds; of what takes long, of few runs."""
	answer = as_a_request(answer)
	start = time.perf_counter()
	answer()
	if (once := time.perf_counter() - start) > 1:
		answer()
		start = time.perf_counter()
		answer()
		return 1000 * min(once, time.perf_counter() - start)
	return 1000 * medians(10, answer)[0]


def _tell(name: str, milliseconds: float, target: float | None = None) -> None:
	print(f"  {name:<48} {milliseconds:10.1f} ms" + (f"  (target ≤ {target} ms)" if target else ""))


def tell_growth(times: Times) -> list[str]:
	"""Compares the times of the two sizes, of what reads totals or is of one customer."""
	small, large = SIZES
	missed = []
	print(f"\ngrowth from {small:,} to {large:,}")
	for name, role, size in times:
		if size != large or not name.startswith(("whole", "analysis", "chart", "cards")):
			continue
		before, after = times[name, role, small], times[name, role, large]
		print(f"  {name + ', ' + role:<60} {before:8.1f} → {after:8.1f} ms: {after / before:5.2f}")
		if name.startswith(("whole", "analysis")) and after / before > GROWTH:
			missed.append(f"growth of {name}, {role}: {after / before:.2f} (target ≤ {GROWTH})")
	return missed


# The same by hand


def compare_with_hand(user: str, role: str, size: int, times: Times) -> list[str]:
	"""Compares figures of the dashboard with plain SQL; gives back the names of those that miss something."""
	what = report_filters.read_filters_of_report({})
	everything = rule.get_scope(totals.TOTAL).everything
	parameters = {
		"from": what.from_date,
		"to": what.to_date,
		"from_before": what.a_year_before().from_date,
		"to_before": what.a_year_before().to_date,
		"user": user,
		"sellers": rule.visible_sellers(),
	}
	scope = "1 = 1" if everything else _SCOPE
	missed, by_hand = [], 0.0
	for figure in FIGURES:
		statements = [statement.replace("{scope}", scope) for statement in figure.by_hand()]
		results: list[tuple] = []

		def ask(statements=statements, results=results):
			results[:] = [row for statement in statements for row in frappe.db.sql(statement, parameters)]

		spent = _measured(ask)
		ours = _measured(lambda figure=figure: list(figure.read(what)))
		by_hand += spent
		same = _comparable(figure.read(what)) == _comparable(results)
		print(f"  {figure.name:<30} totals {ours:8.1f} ms   by hand {spent:10.1f} ms", end="")
		print(f"   {spent / ours:8.1f} times" + ("" if same else "   DIFFERENT"))
		if not same:
			missed.append(f"{figure.name} is not what the documents say")
	dashboard = times.get(("whole dashboard", role, size))
	if not dashboard:
		return missed
	print(f"  {'whole dashboard':<30} ours   {dashboard:8.1f} ms   by hand {by_hand:10.1f} ms", end="")
	print(f"   {by_hand / dashboard:8.1f} times (target at {SIZES[-1]:,}: ≥ {FASTER})")
	if size == SIZES[-1] and by_hand / dashboard < FASTER:
		missed.append(f"whole dashboard is {by_hand / dashboard:.1f} times faster (target ≥ {FASTER})")
	return missed


_SCOPE = "(d.seller in %(sellers)s or (coalesce(d.seller, '') = '' and d.owner = %(user)s))"


def _comparable(rows: Rows) -> list[tuple]:
	return sorted((*map(str, key), round(float(last), 2)) for *key, last in rows)


def _in_progress(what: ReportFilters) -> Rows:
	found = totals.read_current(("Deal in progress",), by=("seller", "dimension"))
	return [(row.seller, row.dimension, row.number, row.amount) for row in found]


def _potential(what: ReportFilters) -> Rows:
	return [
		(row.month, row.number, row.amount) for row in totals.read_current(("Deal potential",), by=("month",))
	]


def _of_months(*measures: str) -> Callable[[ReportFilters], Rows]:
	"""Of the period and of the one a year before it; credit notes subtract, and are not counted."""

	def read(what: ReportFilters) -> Rows:
		for period in (what, what.a_year_before()):
			months = defaultdict(lambda: [0, 0.0])
			for row in totals.read(measures, period.from_date, period.to_date, by=("month",)):
				month = months[row.month]
				month[0] += row.number if row.measure == measures[0] else 0
				month[1] += row.amount
			yield from ((month, *sums) for month, sums in months.items())

	return read


def _by(by: str, *measures: str) -> Callable[[ReportFilters], Rows]:
	def read(what: ReportFilters) -> Rows:
		found = totals.read(measures, what.from_date, what.to_date, by=() if by == "measure" else (by,))
		return [(_STATES.get(row[by], row[by]), row.number, row.amount) for row in found]

	return read


_STATES = {"Deal won": "Won", "Deal lost": "Not won"}


def _both_years(statement: str) -> Callable[[], list[str]]:
	return lambda: [statement.format(scope="{scope}", **period) for period in plain.PERIODS]


FIGURES = (
	Figure("deals in progress", _in_progress, lambda: [plain.IN_PROGRESS]),
	Figure("potential by month", _potential, lambda: [plain.POTENTIAL]),
	Figure("won and lost", _by("measure", "Deal won", "Deal lost"), lambda: [plain.CLOSED]),
	Figure("won revenue by month", _of_months("Deal won"), _both_years(plain.WON_BY_MONTH)),
	Figure("loss reasons", _by("dimension", "Deal lost"), lambda: [plain.LOSS_REASONS]),
	Figure("funnel", _by("dimension", "Stage reached"), lambda: [plain.FUNNEL]),
	Figure("invoiced by month", _of_months("Invoice", "Credit Note"), _both_years(plain.INVOICED_BY_MONTH)),
	Figure("proformas by seller", _by("seller", "Proforma"), lambda: [plain.PROFORMA_CONVERSION]),
)


# How the database answers


class Plans:
	"""The queries that were asked, with how long each took and how the database would answer it."""

	def __init__(self):
		self.queries: dict[str, tuple[float, str]] = {}
		self.big = {
			table
			for table, rows in frappe.db.sql(
				"select table_name, table_rows from information_schema.tables where table_schema = database()"
			)
			if (rows or 0) > BIG
		}

	@contextmanager
	def of(self, question: str) -> Iterator[None]:
		"""Records the queries over big tables that are asked inside."""
		execute = frappe.db.sql

		def record(*args, **kwargs):
			start = time.perf_counter()
			result = execute(*args, **kwargs)
			spent = time.perf_counter() - start
			query = str(frappe.db.last_query)
			if any(f"`{table}`" in query for table in self.big) and query.lstrip("( ").lower().startswith(
				"select"
			):
				self.queries[query] = (spent, question)
			return result

		frappe.db.sql = record
		try:
			yield
		finally:
			frappe.db.sql = execute

	def tell(self) -> list[str]:
		"""Prints the plans of the heaviest; gives back those of all that read a whole big table."""
		heaviest = sorted(self.queries.items(), key=lambda item: -item[1][0])
		print(f"\nplans of the {HEAVIEST} heaviest of {len(heaviest)} queries")
		whole = []
		for number, (query, (spent, question)) in enumerate(heaviest):
			plan = frappe.db.sql(f"explain {query}", as_dict=True)
			if number < HEAVIEST:
				print(f"\n  {1000 * spent:.1f} ms, {question}\n  {' '.join(query.split())[:400]}")
				for row in plan:
					print(f"    {row.table}: {row.type}, {row.key}, {row.rows} rows, {row.Extra}")
			whole += [
				f"{question}: reads all of {row.table} ({row.rows} rows)"
				for row in plan
				if row.type == "ALL" and int(row.rows or 0) > BIG and not str(row.table).startswith("<")
			]
		return whole


# What totals cost whoever issues


def tell_issue() -> list[str]:
	"""Issues proformas with their totals and, by turns, without."""
	seller = "Benchmark 001"
	customer = frappe.get_all("Cronus Customer", {"seller": seller}, pluck="name", order_by="name asc")[0]
	made = []

	def issue() -> None:
		proforma = new_proforma(seller, customer=customer, lines=5, posting_date=getdate() - timedelta(1))
		made.append(proforma.insert().submit())
		frappe.db.commit()

	def issue_without() -> None:
		move, totals.apply_change = totals.apply_change, lambda *changes: None
		try:
			issue()
		finally:
			totals.apply_change = move

	without, with_totals = medians(30, issue_without, issue)
	# So that the site can be measured once more.
	recount_totals.repair(("Proforma",))
	frappe.db.commit()
	print()
	rows = [("issue without totals", without), ("issue", with_totals)]
	return ["issuing a document"] if report("scale: issue", rows, with_totals / without, ISSUE) else []


if __name__ == "__main__":
	with site():
		sys.exit(main())
