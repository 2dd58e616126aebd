"""Import of customers with branches, against the framework's Data Import of the same in the same run.

	scripts/bench import [CUSTOMERS [COMPARED]]

By default 50,000 customers with 70,000 branches; of the same records the first 1,000 customers with their
branches go through Data Import. Says records per second of both, memory while the file is read on, and what
opening a form takes meanwhile. Fails below six times the records per second of Data Import.
"""

import csv
import multiprocessing
import os
import resource
import statistics
import sys
import time
from io import StringIO

import frappe
from frappe.core.doctype.data_import.importer import Importer

from benchmarks.harness import connect_to_site
from cronus_crm.base.lock_waits import disable_snapshot_isolation
from cronus_crm.cronus_exchange.running import import_actions, import_state, tasks
from cronus_crm.cronus_exchange.running.import_state import IMPORT
from cronus_crm.cronus_exchange.running.stored_rows import JOURNAL
from cronus_crm.visibility.replaced.replacement import replace_all

TARGET_RATIO = 6
BRANCHES_OF_FIVE = 7  # five customers have so many branches


def make_rows(customers: int, mark: str, seller: str) -> list[dict]:
	"""A row for each branch, as in a file: the customer's own values stand in its first row."""
	rows, first_phone = [], int(mark[1:], 36) % 98_000_000
	for number in range(customers):
		branches = 3 if number % 5 == 0 else 1
		for branch in range(branches):
			first = branch == 0
			rows.append(
				{
					"key": f"{mark}-{number}",
					"name": f"Comercial {mark} {number:x} {hash((mark, number)) % 10**8:x}" if first else "",
					"city": "Quito" if first else "",
					"phone": f"09{first_phone + number:08d}" if first else "",
					"email": f"ventas{number}@{mark}.example.com" if first else "",
					"seller": seller if first else "",
					"branch": f"Sucursal {branch}",
					"code": f"{branch:03d}",
					"branch_city": "Loja",
				}
			)
	return rows


def write_file(rows: list[dict]) -> str:
	file = StringIO(newline="")
	writer = csv.writer(file, delimiter=";")
	writer.writerow(
		[
			"ID externo",
			"Nombre",
			"Ciudad",
			"Teléfono",
			"Correo",
			"Vendedor",
			"Sucursal",
			"Código de sucursal",
			"Ciudad de la sucursal",
		]
	)
	writer.writerows(row.values() for row in rows)
	return file.getvalue()


def make_import(text: str) -> str:
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "b.csv", "content": text, "is_private": 1}
	).insert()
	doc = frappe.get_doc({"doctype": IMPORT, "target": "Customers", "file": file.file_url}).insert()
	import_actions.read_file(doc.name)
	frappe.db.commit()
	return doc.name


def work(name: str, action) -> tuple[float, int]:
	"""Starts a task and does it in a process of its own, as a worker does: its seconds, and the most memory
	that the process had, in kilobytes."""
	action(name)
	frappe.db.commit()
	with multiprocessing.get_context("spawn").Pool(1) as pool:
		seconds, memory = pool.apply(do_task, (frappe.local.site, name))
	frappe.db.rollback()
	doc = frappe.get_doc(IMPORT, name)
	if doc.state not in ("Dry run made", "Done", "Undone"):
		sys.exit(f"{name}: {doc.state}: {doc.error}")
	return seconds, memory


def do_task(site: str, name: str) -> tuple[float, int]:
	frappe.init(site=site, sites_path=os.getcwd())
	frappe.connect()
	disable_snapshot_isolation()
	replace_all()
	start = time.perf_counter()
	while frappe.db.get_value(IMPORT, name, "state") in import_state.WORKING:
		tasks.run_task(name)
		frappe.db.commit()
	seconds = time.perf_counter() - start
	frappe.destroy()
	return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def import_in_frappe(doctype: str, columns: list[str], values: list[list]) -> float:
	"""Seconds of the framework's Data Import of these records."""
	labels = ["ID" if name == "name" else frappe.get_meta(doctype).get_label(name) for name in columns]
	file = StringIO(newline="")
	csv.writer(file).writerows([labels, *values])
	stored = frappe.get_doc(
		{"doctype": "File", "file_name": "d.csv", "content": file.getvalue(), "is_private": 1}
	).insert()
	data_import = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": doctype,
			"import_type": "Insert New Records",
			"import_file": stored.file_url,
			"mute_emails": 1,
		}
	).insert()
	frappe.db.commit()
	start = time.perf_counter()
	Importer(doctype, data_import=data_import).import_data()
	seconds = time.perf_counter() - start
	done = frappe.db.count("Data Import Log", {"data_import": data_import.name, "success": 1})
	if done != len(values):
		sys.exit(f"Data Import has written {done} of {len(values)}")
	return seconds


def measure_data_import(customers: int, mark: str, seller: str) -> float:
	"""Records per second of Data Import."""
	rows = make_rows(customers, mark, seller)
	firsts = [row for row in rows if row["name"]]
	seconds = import_in_frappe(
		"Cronus Customer",
		["customer_name", "city", "phone", "email", "seller"],
		[[row["name"], row["city"], row["phone"], row["email"], row["seller"]] for row in firsts],
	)
	by_name = {row["name"]: row["key"] for row in firsts}
	names = dict(
		frappe.get_all(
			"Cronus Customer",
			{"customer_name": ("in", list(by_name))},
			["customer_name", "name"],
			as_list=True,
			order_by="name asc",
		)
	)
	of_key = {by_name[title]: name for title, name in names.items()}
	seconds += import_in_frappe(
		"Cronus Customer Branch",
		["customer", "branch_name", "code", "city"],
		[[of_key[row["key"]], row["branch"], row["code"], row["branch_city"]] for row in rows],
	)
	return (len(firsts) + len(rows)) / seconds


def open_forms(site: str, customer: str, stop, times) -> None:
	"""Opens the form of a customer again and again, in a process of its own; puts the seconds into
	`times`."""
	from frappe.desk.form.load import getdoc

	frappe.init(site=site, sites_path=os.getcwd())
	frappe.connect()
	while not stop.is_set():
		start = time.perf_counter()
		frappe.local.response = frappe._dict(docs=[])
		getdoc("Cronus Customer", customer)
		times.append(time.perf_counter() - start)
		frappe.db.rollback()
		time.sleep(0.05)
	frappe.destroy()


def measure_forms(site: str, customer: str, action) -> tuple[object, float]:
	"""What an action gives back, and the 95th percentile of the seconds that a form takes meanwhile."""
	with multiprocessing.Manager() as manager:
		stop, times = manager.Event(), manager.list()
		# A process that begins anew: a connection cannot be shared.
		process = multiprocessing.get_context("spawn").Process(
			target=open_forms, args=(site, customer, stop, times)
		)
		process.start()
		result = action()
		stop.set()
		process.join()
		seconds = sorted(times)[5:] or [0]
		return result, statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]


def main() -> int:
	customers, compared = (int(text) for text in (sys.argv[1:3] + ["50000", "1000"][len(sys.argv[1:3]) :]))
	with connect_to_site():
		site = frappe.local.site
		mark = frappe.generate_hash(length=6)
		seller = (
			frappe.get_doc(
				{"doctype": "Cronus Seller", "seller_name": f"S {mark}", "enabled": 1, "is_group": 1}
			)
			.insert()
			.name
		)
		small = make_import(write_file(make_rows(max(customers // 5, 10), f"a{mark}", seller)))
		frappe.db.commit()
		memory_small = max(work(small, action)[1] for action in (import_actions.check, import_actions.run))
		customer = frappe.db.get_value(
			JOURNAL, {"customer_import": small, "record_doctype": "Cronus Customer"}, "record_name"
		)
		_none, form_before = measure_forms(site, customer, lambda: time.sleep(20))
		rows = make_rows(customers, f"b{mark}", seller)
		name = make_import(write_file(rows))
		checked, memory_of_check = work(name, import_actions.check)
		(ran, memory), form_meanwhile = measure_forms(site, customer, lambda: work(name, import_actions.run))
		memory = max(memory, memory_of_check)
		doc = frappe.get_doc(IMPORT, name)
		# Somebody opens forms meanwhile as well, so that both have the same machine.
		theirs, _form = measure_forms(
			site, customer, lambda: measure_data_import(compared, f"c{mark}", seller)
		)
		ours = doc.records_created / ran
		lines = {
			"dry run, rows/s": len(rows) / checked,
			"run, rows/s": len(rows) / ran,
			"run, records/s": ours,
			"Data Import, records/s": theirs,
			"memory, times that of a fifth of the rows (target 1.2)": memory / memory_small,
			"a form meanwhile, ms (95 %)": form_meanwhile * 1000,
			"a form before, ms (95 %; target half of meanwhile)": form_before * 1000,
		}
		for label, number in lines.items():
			print(f"{label:<58}{number:10.2f}")
		print(f"import: ratio {ours / theirs:.2f} (target ≥ {TARGET_RATIO})")
		return 0 if ours / theirs >= TARGET_RATIO else 1


if __name__ == "__main__":
	sys.exit(main())
