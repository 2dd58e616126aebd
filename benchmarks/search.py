"""Times of the search bar, with 2,000 and with 200,000 customers and as many contacts.

Measured as a seller, as the manager of ten and as an administrator: a part of a name that many have, one that
few have, the last digits of a telephone, a tax id, the number of a customer, and what nobody has. Each is the
whole answer of the server, over all kinds of records. It is compared in the same run, alternately, with plain
SQL that looks for the same text in the customers alone: `like '%…%'` on name, telephone, tax id and mail.
Every run starts with cold caches, as a request does. Printed are medians and the 95th percentile.

The answer may not grow with the number of customers. For the administrator it has to be faster than plain SQL
at 200,000 customers where few have the text; where many have it, plain SQL is done after some rows, and for a
seller it reads a small portfolio by the index on the seller: both are only printed.

`--keep` keeps the data, and reuses those of an earlier run.
"""

import statistics
import sys
import time
from collections.abc import Callable

import frappe
from frappe.utils import now_datetime

from benchmarks.harness import as_request, connect_to_site, report_ratio
from cronus_crm.base.batches import split_batches
from cronus_crm.cronus_analytics.figures import found_records
from cronus_crm.visibility import rule, search_index
from tests.scaffold import ADMINISTRATOR, MANAGER, SELLER, make_user

SIZES = (2_000, 200_000)
TEAM, SELLERS = 10, 200
RUNS, LIMIT = 21, 5
TARGET, GROWTH_TARGET = 1.0, 1.5
MARK = "benchmark.search"
FILLED = ("Dynamic Link", "Contact", "Cronus Customer", "Cronus Seller")

KINDS = "'Comercial', 'Distribuidora', 'Importadora', 'Ferretería', 'Farmacia', 'Constructora', 'Textiles'"
FAMILIES = "'García', 'Pérez', 'López', 'Andrade', 'Rodríguez', 'Sánchez', 'Núñez', 'Martínez', 'Gómez'"
NAME = f"concat(elt(1 + seq mod 7, {KINDS}), ' ', elt(1 + seq mod 9, {FAMILIES}), ' X', seq)"

# By what is searched, of the customer with number 1,234, whom the first manager and the first seller see.
RARE = {
	"a name that few have": "x1234",
	"the last digits of a telephone": "9001234",
	"a tax id": "1790001234-001",
	"a number": "BS-001234",
	"what nobody has": "zzqqxx",
}
COMMON = {"a part of many names": "arci", "two words": "garcia comer"}


def main() -> int:
	keep = "--keep" in sys.argv
	try:
		people = make_people()
		times: dict[tuple[str, int], float] = {}
		codes = []
		for size in SIZES:
			add_customers(size)
			for role, user in people.items():
				codes += measure(size, role, user, times)
		codes += [report_growth(question, times) for question, size in times if size == SIZES[0]]
		return max(codes)
	finally:
		frappe.set_user("Administrator")
		if not keep:
			clean_up()


def make_people() -> dict[str, str]:
	people = {
		"seller": make_user(SELLER),
		f"manager of {TEAM}": make_user(MANAGER),
		"administrator": make_user(ADMINISTRATOR),
	}
	own = 1234 % SELLERS
	manager = own - own % TEAM
	users = {manager: people[f"manager of {TEAM}"], own: people["seller"]}
	left = frappe.db.sql("select coalesce(max(rgt), 0) from `tabCronus Seller`")[0][0]
	frappe.db.delete("Cronus Seller", {"owner": MARK})
	rows = []
	for number in range(SELLERS):
		member = number % TEAM
		begins = left + 1 + (number // TEAM) * 2 * TEAM
		lft, rgt = (
			(begins, begins + 2 * TEAM - 1) if not member else (begins + 2 * member - 1, begins + 2 * member)
		)
		name = f"Searcher {number:03}"
		rows.append((name, MARK, name, users.get(number), lft, rgt, 1, int(not member)))
	fields = ("name", "owner", "seller_name", "user", "lft", "rgt", "enabled", "is_group")
	frappe.db.bulk_insert("Cronus Seller", fields, rows)
	frappe.db.commit()
	return people


def add_customers(size: int) -> None:
	"""Adds customers, each with a contact, and their index, until there are `size`."""
	there = frappe.db.count("Cronus Customer", {"owner": MARK})
	number = "lpad(seq, 6, '0')"
	while there < size:
		until = min(size, there + 10_000)
		rows = f"seq_{there}_to_{until - 1}"
		_insert(
			"Cronus Customer",
			rows,
			name=f"concat('BS-', {number})",
			seller=f"concat('Searcher ', lpad(seq mod {SELLERS}, 3, '0'))",
			customer_name=NAME,
			phone=f"concat('02 9', {number})",
			tax_id=f"concat('1790', {number}, '001')",
			email="concat('compras', seq, '@empresa', seq, '.example.com')",
		)
		_insert(
			"Contact",
			rows,
			name=f"concat('BSC-', {number})",
			first_name=f"elt(1 + seq mod 9, {FAMILIES})",
			full_name=f"elt(1 + seq mod 9, {FAMILIES})",
			mobile_no=f"concat('+593 98 7', {number})",
		)
		_insert(
			"Dynamic Link",
			rows,
			name=f"concat('BSL-', {number})",
			parent=f"concat('BSC-', {number})",
			parenttype="'Contact'",
			parentfield="'links'",
			link_doctype="'Cronus Customer'",
			link_name=f"concat('BS-', {number})",
		)
		for doctype, prefix in (("Cronus Customer", "BS"), ("Contact", "BSC")):
			names = [f"{prefix}-{seq:06}" for seq in range(there, until)]
			for batch in split_batches(names, 1000):
				search_index.index_records(doctype, batch)
				frappe.db.commit()
		there = until
	for table in ("tabCronus Customer", "tabContact", "__cronus_search_record", "__cronus_search_term"):
		frappe.db.sql(f"analyze table `{table}`")


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
	for doctype in ("Cronus Customer", "Contact"):
		names = frappe.get_all(doctype, filters={"owner": MARK}, pluck="name", order_by="name asc")
		for batch in split_batches(names, 1000):
			frappe.db.delete(doctype, {"name": ("in", batch)})
			search_index.index_records(doctype, batch)
			frappe.db.commit()
	for doctype in FILLED:
		frappe.db.delete(doctype, {"owner": MARK})
		frappe.db.commit()


def measure(size: int, role: str, user: str, times: dict[tuple[str, int], float]) -> list[int]:
	"""Measures each question as a user and prints the results; gives back the exit codes."""
	frappe.set_user(user)
	codes = []
	for question, text in {**RARE, **COMMON}.items():
		ours, plain = measure_both(
			lambda text=text: found_records.search_with_balances(text, LIMIT),
			lambda text=text: search_plainly(text),
		)
		times[f"{question}, {role}", size] = statistics.median(ours)
		rows = [
			("plain SQL, customers alone", statistics.median(plain)),
			("answer of the server", statistics.median(ours)),
			("95th percentile of it", statistics.quantiles(ours, n=20)[-1]),
		]
		ratio = statistics.median(ours) / statistics.median(plain)
		print()
		compared = question in RARE and role == "administrator" and size == SIZES[-1]
		target = TARGET if compared else float("inf")
		codes.append(report_ratio(f"search: {question}, {role}, {size:,}", rows, ratio, target))
	return codes


def measure_both(*actions: Callable[[], object]) -> list[list[float]]:
	times: list[list[float]] = [[] for _action in actions]
	for run in range(RUNS + 3):
		for action, spent in zip(map(as_request, actions), times, strict=True):
			start = time.perf_counter()
			action()
			if run >= 3:  # the first ones warm the caches
				spent.append(time.perf_counter() - start)
	return times


def search_plainly(text: str) -> list:
	scope = rule.get_scope("Cronus Customer")
	own = "1 = 1" if scope.everything else "seller in %(sellers)s"
	words = [f"%{word}%" for word in text.replace("-001", "001").split()]
	each = " and ".join(
		f"(name like %(w{place})s or customer_name like %(w{place})s or phone like %(w{place})s"
		f" or tax_id like %(w{place})s or email like %(w{place})s)"
		for place in range(len(words))
	)
	values = {f"w{place}": word for place, word in enumerate(words)}
	return frappe.db.sql(
		f"select name, customer_name, phone from `tabCronus Customer` where {own} and {each} limit {LIMIT}",
		{**values, "sellers": scope.sellers or ("",)},
	)


def report_growth(question: str, times: dict[tuple[str, int], float]) -> int:
	small, large = (times[question, size] for size in SIZES)
	print()
	rows = [(f"{size:,}", times[question, size]) for size in SIZES]
	return report_ratio(f"search: growth of {question}", rows, large / small, GROWTH_TARGET)


if __name__ == "__main__":
	with connect_to_site():
		sys.exit(main())
