"""An import whose worker is killed goes on where it was: nothing is lost, and nothing is there twice.

Workers are processes of their own, killed at random moments. CRONUS_IMPORT_ROWS and CRONUS_IMPORT_KILLS say
of how many rows and how often; by default, as many as fit into a minute.
"""

import os
import random
import signal
import subprocess
import sys
import time

import frappe
import pytest

from cronus_crm.cronus_exchange.running import import_actions, import_state, tasks
from cronus_crm.cronus_exchange.running.import_state import IMPORT, WORKING
from tests.import_helper import check, records_of
from tests.scaffold import unique

ROWS = int(os.environ.get("CRONUS_IMPORT_ROWS", 300))
KILLS = int(os.environ.get("CRONUS_IMPORT_KILLS", 4))

WORKER = """
import sys, frappe
from cronus_crm.base import lock_waits
from cronus_crm.visibility.replaced.replacement import replace_all
frappe.init(site=sys.argv[1], sites_path=".")
frappe.connect()
lock_waits.disable_snapshot_isolation()
replace_all()
from cronus_crm.cronus_exchange.running import row_tasks, tasks
row_tasks.CHUNK_ROWS = 50
print("begins", flush=True)
tasks.run_task(sys.argv[2])
"""


@pytest.fixture
def big_import(imports, team):
	mark = unique("M").replace(" ", "-")
	rows = []
	for n in range(ROWS):
		first = n % 2 == 0
		cells = [f"Acme {mark} {n}" if first else "", f"{mark}-{n // 2}", team.seller.name if first else ""]
		rows.append(";".join([*cells, f"S{n}", f"Persona {n}", f"099{n:07d}"]))
	heading = "Nombre;RUC;Vendedor;Sucursal;Nombre del contacto;Celular"
	return imports("\n".join([heading, *rows]) + "\n")


def state_of(name: str) -> str:
	frappe.db.rollback()
	return frappe.db.get_value(IMPORT, name, "state")


def work_with_kills(site: str, name: str) -> int:
	"""Has workers go on with an import until it is done, and kills them; gives back how often."""
	kills = 0
	for _attempt in range(KILLS * 4 + 10):
		worker = subprocess.Popen(
			[sys.executable, "-c", WORKER, site, name], stdout=subprocess.PIPE, text=True
		)
		assert worker.stdout.readline().strip() == "begins"
		if kills < KILLS:
			time.sleep(random.uniform(0.05, 1.2))
			if worker.poll() is None:
				worker.send_signal(signal.SIGKILL)
				kills += 1
		worker.wait()
		worker.stdout.close()
		if state_of(name) not in WORKING:
			return kills
	raise AssertionError(f"{name} does not end: {state_of(name)}")


def count_records(name: str) -> tuple[int, int, int]:
	names = {doctype: records_of(name, doctype) for doctype in DOCTYPES}
	for doctype, found in names.items():
		assert len(found) == len(set(found))
		assert frappe.db.count(doctype, {"name": ("in", found)}) == len(found)
	return tuple(len(names[doctype]) for doctype in DOCTYPES)


DOCTYPES = ("Cronus Customer", "Cronus Customer Branch", "Contact")


def test_a_killed_import_loses_and_doubles_nothing(site, big_import):
	check(big_import)
	import_actions.run(big_import)
	frappe.db.commit()
	kills = work_with_kills(site, big_import)
	assert kills
	doc = frappe.get_doc(IMPORT, big_import)
	assert (doc.state, doc.rows_done, doc.rows_refused) == ("Done", ROWS, 0), doc.error
	assert count_records(big_import) == (ROWS // 2, ROWS, ROWS)
	mark = frappe.db.get_value("Cronus Customer", records_of(big_import, DOCTYPES[0])[0], "tax_id")
	prefix = mark.rsplit("-", 1)[0]
	assert frappe.db.count("Cronus Customer", {"tax_id": ("like", f"{prefix}-%")}) == ROWS // 2
	import_actions.check_undo(big_import)
	frappe.db.commit()
	work_with_kills(site, big_import)
	import_actions.undo(big_import)
	frappe.db.commit()
	work_with_kills(site, big_import)
	doc.reload()
	assert (doc.state, doc.records_undone, doc.records_not_undone) == ("Undone", ROWS // 2 + 2 * ROWS, 0)
	assert not frappe.db.count("Cronus Customer", {"tax_id": ("like", f"{prefix}-%")})


def test_an_import_without_a_worker_is_taken_up(big_import, monkeypatch):
	queued = []
	monkeypatch.setattr(tasks, "enqueue_task", queued.append)
	import_actions.check(big_import)
	frappe.db.commit()
	queued.clear()
	# Silent, and nobody has its lock.
	frappe.db.set_value(IMPORT, big_import, "heartbeat_on", "2020-01-01 00:00:00", update_modified=False)
	import_actions.read_progress(big_import)
	assert queued == [big_import]
	# It has given a sign of life: it is not taken up again at once.
	import_actions.read_progress(big_import)
	assert queued == [big_import]
	frappe.db.rollback()


def test_only_one_worker_works_on_an_import(big_import, site):
	import_actions.check(big_import)
	frappe.db.commit()
	claims = "from cronus_crm.cronus_exchange.running import import_state\nimport_state.claim(sys.argv[2])"
	waits = "print('claimed', flush=True)\nsys.stdin.readline()"
	code = WORKER.replace("tasks.run_task(sys.argv[2])", f"{claims}\n{waits}")
	other = subprocess.Popen(
		[sys.executable, "-c", code, site, big_import],
		stdin=subprocess.PIPE,
		stdout=subprocess.PIPE,
		text=True,
	)
	assert [other.stdout.readline().strip() for _line in range(2)] == ["begins", "claimed"]
	assert import_state.is_worked_on(big_import)
	tasks.run_task(big_import)
	frappe.set_user("Administrator")
	assert state_of(big_import) == "Checking"
	other.kill()
	other.wait()
	other.stdin.close()
	other.stdout.close()
	time.sleep(0.3)
	tasks.run_task(big_import)
	frappe.set_user("Administrator")
	assert state_of(big_import) == "Dry run made"


def test_a_stopped_import_goes_on_where_it_was(big_import, monkeypatch):
	monkeypatch.setattr("cronus_crm.cronus_exchange.running.row_tasks.CHUNK_ROWS", 50)
	check(big_import)
	import_actions.run(big_import)
	frappe.db.commit()
	do = tasks._do_step
	done = []

	def stop_after_three(name, task, step):
		do(name, task, step)
		done.append(step)
		if len(done) == 3:
			import_state.write_state(name, stop_requested=1)
			frappe.db.commit()

	monkeypatch.setattr(tasks, "_do_step", stop_after_three)
	tasks.run_task(big_import)
	frappe.set_user("Administrator")
	doc = frappe.get_doc(IMPORT, big_import)
	assert (doc.state, doc.rows_done) == ("Stopped", 150)
	import_actions.resume(big_import)
	frappe.db.commit()
	tasks.run_task(big_import)
	frappe.set_user("Administrator")
	doc.reload()
	assert (doc.state, doc.rows_done) == ("Done", ROWS)
	assert count_records(big_import) == (ROWS // 2, ROWS, ROWS)
