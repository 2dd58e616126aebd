"""Times of figures at 100,000 and at 1,000,000 records of each DocType: each figure of the dashboard, the
whole dashboard, each report, and the analysis of a customer.

Measured as an administrator, as a manager of ten sellers and as a seller, as in a request: with permission
checks, and with cold caches. The figures of the dashboard are compared with plain SQL over the documents:
first the results, then the times. The query plans over big tables are printed, slowest first; none may be a
full table scan. Issuing a document is compared with issuing it without totals.

The site is the benchmark's own: it is emptied first, and keeps its data. `--measure` measures the existing
data again.
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
from benchmarks.harness import as_request, connect_to_site, measure_medians, report_ratio
from cronus_crm.cronus_analytics.dashboard import dashboard_cards, dashboard_values
from cronus_crm.cronus_analytics.figures import customer_analysis, month_figures, report_filters
from cronus_crm.cronus_analytics.figures.report_filters import ReportFilters
from cronus_crm.cronus_analytics.ledger import recount_totals, totals
from cronus_crm.visibility import rule
from tests.scaffold import ADMINISTRATOR, make_user, new_proforma

SIZES = (100_000, 1_000_000)
# Targets in milliseconds at the larger size. Below: ratios (plain SQL / ours, growth, issue with / without
# totals).
DASHBOARD, CUSTOMER, REPORT = 100, 15, 300
FASTER, GROWTH, ISSUE = 50, 1.5, 1.1
HEAVIEST = 10
# Rows from which a table is big.
BIG = 10_000

# Reports of single lines, without a target: their length depends on the filters.
LISTS = ("Cronus Activity Log", "Cronus Products Sold", "Cronus Order Status")
# Reports that answer as of a past day, too; it may take longer.
OF_A_PAST_DAY = ("Cronus Customer Portfolio", "Cronus Invoices Owed", "Cronus Purchase Peaks")
# Won opportunities with medians: their number grows with that of opportunities.
NEEDED = {"Cronus Statement of Account": {"customer": "BC-000001"}, "Cronus Won Deals": {"medians": 0}}

# Milliseconds by question, role and size.
Times = dict[tuple[str, str, int], float]

Rows = Iterable[tuple]


class Figure(NamedTuple):
	"""A figure read from the totals, and the SQL statements that compute the same from the documents."""

	name: str
	read: Callable[[ReportFilters], Rows]
	by_hand: Callable[[], list[str]]


def main() -> int:
	times: Times = {}
	missed: list[str] = []
	if "--measure" in sys.argv:
		size = frappe.db.count("Cronus Opportunity")
		measure(size, _find_people(), times, missed)
	else:
		people, there = company.make_company(), 0
		for size in SIZES:
			started = time.monotonic()
			company.add_records(there, size)
			print(f"\n{size:,} of each: filled in {time.monotonic() - started:.0f} s")
			measure(size, people, times, missed)
			there = size
		missed += report_growth(times)
	missed += measure_issue()
	for miss in missed:
		print(f"missed: {miss}")
	return int(bool(missed))


def _find_people() -> People:
	with_user = {"user": ("is", "set")}
	users = dict(
		frappe.get_all("Cronus Seller", with_user, ["name", "user"], as_list=True, order_by="name asc")
	)
	return People(make_user(ADMINISTRATOR), users["Benchmark 000"], users["Benchmark 001"])


def measure(size: int, people: People, times: Times, missed: list[str]) -> None:
	"""Prints all times at a size, and adds to `missed` what is above its target."""
	plans = Plans()
	for role, user in people._asdict().items():
		frappe.set_user(user)
		print(f"\n{role}, {size:,} of each")
		for name, (answer, target) in questions(user).items():
			try:
				with plans.record_queries(f"{name}, {role}"):
					as_request(answer)()
			except Exception as error:
				# A failing question is reported; the others are still measured.
				frappe.db.rollback()
				missed.append(f"{name}, {role}: {error!r}")
				continue
			times[name, role, size] = milliseconds = _measure_milliseconds(answer)
			_print_time(name, milliseconds, target)
			if size == SIZES[-1] and target and milliseconds > target:
				missed.append(f"{name}, {role}: {milliseconds:.1f} ms (target ≤ {target} ms)")
		missed += [f"{name}, {role}, {size:,}" for name in compare_with_plain_sql(user, role, size, times)]
	frappe.set_user("Administrator")
	missed += plans.report_whole_reads()


def questions(user: str) -> dict[str, tuple[Callable[[], object], float | None]]:
	"""(function, target in milliseconds or None) by the name of the question."""
	charts = _find_charts()
	asked_of_all = {
		f"chart {name}": (lambda report=report, filters=filters: _run_report(report, filters), None)
		for name, (report, filters) in charts.items()
	}
	# One request for all, as the page sends it.
	cards = [{"name": name} for name in dashboard_cards.CARDS]
	reports = [{"report_name": report, "filters": filters} for report, filters in charts.values()]
	asked_of_all["cards"] = (lambda: dashboard_values.read_cards_and_charts(cards=cards), None)
	asked_of_all["whole dashboard"] = (
		lambda: dashboard_values.read_cards_and_charts(cards, reports),
		DASHBOARD,
	)
	asked_of_all["month of the team"] = (month_figures.read_month, DASHBOARD)
	customer = _find_customer(user)
	asked_of_all["analysis of a customer"] = (lambda: customer_analysis.analyse_customer(customer), CUSTOMER)
	for name in _find_reports():
		target = None if name in LISTS else REPORT
		asked_of_all[f"report {name}"] = (lambda name=name: _run_report(name, NEEDED.get(name, {})), target)
	half_a_year_ago = {"as_of": str(getdate() - timedelta(days=182))}
	for name in OF_A_PAST_DAY:
		asked_of_all[f"report {name} of a past day"] = (
			lambda name=name: _run_report(name, half_a_year_ago),
			None,
		)
	for by in ("Seller", "Team", "Customer", "Product"):
		asked_of_all[f"report Cronus Won Deals by {by}, medians"] = (
			lambda by=by: _run_report("Cronus Won Deals", {"by": by}),
			None,
		)
	return asked_of_all


def _find_charts() -> dict[str, tuple[str, dict]]:
	found = frappe.get_all(
		"Dashboard Chart",
		filters={"module": "Cronus Analytics", "chart_type": "Report"},
		fields=["name", "report_name", "filters_json"],
		order_by="name asc",
	)
	return {chart.name: (chart.report_name, json.loads(chart.filters_json or "{}")) for chart in found}


def _find_reports() -> list[str]:
	reports = frappe.get_all(
		"Report", {"module": ("like", "Cronus%")}, ["name", "ref_doctype"], order_by="name asc"
	)
	return [
		report.name
		for report in reports
		if frappe.get_cached_doc("Report", report.name).is_permitted()
		and frappe.has_permission(report.ref_doctype, "report")
	]


def _run_report(report: str, filters: dict) -> object:
	return run_report(report, filters, ignore_prepared_report=True)


def _find_customer(user: str) -> str:
	seller = rule.seller_of_user(user) or "Benchmark 001"
	return frappe.get_all("Cronus Customer", {"seller": seller}, pluck="name", order_by="name asc")[0]


def _measure_milliseconds(answer: Callable[[], object]) -> float:
	"""Milliseconds: median of ten runs, or the best of two when one takes more than a second."""
	answer = as_request(answer)
	start = time.perf_counter()
	answer()
	if (once := time.perf_counter() - start) > 1:
		answer()
		start = time.perf_counter()
		answer()
		return 1000 * min(once, time.perf_counter() - start)
	return 1000 * measure_medians(10, answer)[0]


def _print_time(name: str, milliseconds: float, target: float | None = None) -> None:
	print(f"  {name:<48} {milliseconds:10.1f} ms" + (f"  (target ≤ {target} ms)" if target else ""))


def report_growth(times: Times) -> list[str]:
	"""Compares the times at both sizes of what reads totals or one customer; gives back what grows too
	much."""
	small, large = SIZES
	missed = []
	print(f"\ngrowth from {small:,} to {large:,}")
	for name, role, size in times:
		if size != large or not name.startswith(("whole", "analysis", "month", "chart", "cards")):
			continue
		before, after = times[name, role, small], times[name, role, large]
		print(f"  {name + ', ' + role:<60} {before:8.1f} → {after:8.1f} ms: {after / before:5.2f}")
		if name.startswith(("whole", "analysis", "month")) and after / before > GROWTH:
			missed.append(f"growth of {name}, {role}: {after / before:.2f} (target ≤ {GROWTH})")
	return missed


# Comparison with plain SQL


def compare_with_plain_sql(user: str, role: str, size: int, times: Times) -> list[str]:
	"""Compares figures of the dashboard with plain SQL; gives back what differs or is not fast enough."""
	filters = report_filters.read_report_filters({})
	everything = rule.get_scope(totals.TOTAL).everything
	parameters = {
		"from": filters.from_date,
		"to": filters.to_date,
		"from_before": filters.shift_one_year_back().from_date,
		"to_before": filters.shift_one_year_back().to_date,
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

		spent = _measure_milliseconds(ask)
		ours = _measure_milliseconds(lambda figure=figure: list(figure.read(filters)))
		by_hand += spent
		same = _to_comparable(figure.read(filters)) == _to_comparable(results)
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


def _to_comparable(rows: Rows) -> list[tuple]:
	return sorted((*map(str, key), round(float(last), 2)) for *key, last in rows)


def _read_in_progress(filters: ReportFilters) -> Rows:
	found = totals.read_current_totals(("Deal in progress",), by=("seller", "dimension"))
	return [(row.seller, row.dimension, row.number, row.amount) for row in found]


def _read_potential(filters: ReportFilters) -> Rows:
	return [
		(row.month, row.number, row.amount)
		for row in totals.read_current_totals(("Deal potential",), by=("month",))
	]


def _by_month_reader(*measures: str) -> Callable[[ReportFilters], Rows]:
	"""Reads measures by month, in the period and in the one a year before.

	The amounts of all measures are added; only the first measure is counted (credit notes are negative
	amounts).
	"""

	def read(filters: ReportFilters) -> Rows:
		for period in (filters, filters.shift_one_year_back()):
			months = defaultdict(lambda: [0, 0.0])
			for row in totals.read_period_totals(measures, period.from_date, period.to_date, by=("month",)):
				month = months[row.month]
				month[0] += row.number if row.measure == measures[0] else 0
				month[1] += row.amount
			yield from ((month, *sums) for month, sums in months.items())

	return read


def _grouped_reader(by: str, *measures: str) -> Callable[[ReportFilters], Rows]:
	def read(filters: ReportFilters) -> Rows:
		found = totals.read_period_totals(
			measures, filters.from_date, filters.to_date, by=() if by == "measure" else (by,)
		)
		return [(_STATES.get(row[by], row[by]), row.number, row.amount) for row in found]

	return read


_STATES = {"Deal won": "Won", "Deal lost": "Not won"}


def _both_years(statement: str) -> Callable[[], list[str]]:
	return lambda: [statement.format(scope="{scope}", **period) for period in plain.PERIODS]


FIGURES = (
	Figure("deals in progress", _read_in_progress, lambda: [plain.IN_PROGRESS]),
	Figure("potential by month", _read_potential, lambda: [plain.POTENTIAL]),
	Figure("won and lost", _grouped_reader("measure", "Deal won", "Deal lost"), lambda: [plain.CLOSED]),
	Figure("won revenue by month", _by_month_reader("Deal won"), _both_years(plain.WON_BY_MONTH)),
	Figure("loss reasons", _grouped_reader("dimension", "Deal lost"), lambda: [plain.LOSS_REASONS]),
	Figure("funnel", _grouped_reader("dimension", "Stage reached"), lambda: [plain.FUNNEL]),
	Figure(
		"invoiced by month", _by_month_reader("Invoice", "Credit Note"), _both_years(plain.INVOICED_BY_MONTH)
	),
	Figure("proformas by seller", _grouped_reader("seller", "Proforma"), lambda: [plain.PROFORMA_CONVERSION]),
)


# Query plans


class Plans:
	"""Queries over big tables with their seconds and the question that sent them."""

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
	def record_queries(self, question: str) -> Iterator[None]:
		"""Context that records the queries over big tables. question: its name."""
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

	def report_whole_reads(self) -> list[str]:
		"""Prints the plans of the slowest queries; gives back a line for each full scan of a big table."""
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


# Cost of totals when a document is issued


def measure_issue() -> list[str]:
	"""Issues proformas with and without totals alternately; gives back a line when the ratio misses its
	target."""
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

	without, with_totals = measure_medians(30, issue_without, issue)
	# The totals that `issue_without` left out, so that the site can be measured again.
	recount_totals.repair(("Proforma",))
	frappe.db.commit()
	print()
	rows = [("issue without totals", without), ("issue", with_totals)]
	return ["issuing a document"] if report_ratio("scale: issue", rows, with_totals / without, ISSUE) else []


if __name__ == "__main__":
	with connect_to_site():
		sys.exit(main())
