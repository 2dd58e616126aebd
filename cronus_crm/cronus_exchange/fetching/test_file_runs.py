"""Files of sources from the folder to the records: once, whatever is killed in between.

Everything here is committed and seen by other processes, as on a site at work.
"""

import csv
import os
import re
import shutil
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from cronus_crm.cronus_exchange.fetching import fetch_tasks, file_runs
from cronus_crm.cronus_exchange.fetching.allowed_folders import list_allowed_folders
from cronus_crm.cronus_exchange.pushing.runs import RUN
from cronus_crm.cronus_exchange.pushing.sources import SOURCE
from tests.scaffold import make_seller, make_user, unique
from tests.sftp_server import USER, make_key, open_sftp_server
from tests.test_exactly_once import Together
from tests.test_killed_while_writing import kill_again_and_again

RECORD = "Cronus External Record"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
	"""Nothing else writes into the folders of these tests."""
	monkeypatch.setattr(fetch_tasks, "SETTLED_SECONDS", 0)


@pytest.fixture
def folder(site) -> Iterator[Path]:
	"""The folder of an ERP, where a site has it without further settings."""
	folder = list_allowed_folders()[0] / frappe.generate_hash(length=8)
	folder.mkdir()
	yield folder
	shutil.rmtree(folder)


@pytest.fixture
def make_source(folder):
	"""Makes a source whose files are in the folder, and the seller of its customers; committed."""
	made = []

	def make(**values):
		doc = {"doctype": SOURCE, "source_name": f"ERP-{frappe.generate_hash(length=8)}", "enabled": 1}
		place = {"file_place": "Folder", "folder": folder.name, "user": make_user("Cronus Integrator")}
		source = frappe.get_doc({**doc, **place, **values}).insert()
		source.default_seller = make_seller().name
		source.save()
		made.append(source.name)
		frappe.db.commit()
		return source

	yield make
	frappe.db.rollback()
	for name in made:
		frappe.db.set_value(SOURCE, name, "enabled", 0)
	frappe.db.commit()


@pytest.fixture
def source(make_source):
	return make_source()


def write_customers(folder: Path, number: int, name: str = "customers.csv", wrong: bool = False) -> list[str]:
	"""Writes a file of customers; gives back their ids. wrong: the last one is refused."""
	mark = unique("C").replace(" ", "-")
	ids = [f"{mark}-{row}" for row in range(number)]
	lines = ["id,version,customer_name,credit_limit", *(f"{each},1,Comercial {each},500" for each in ids)]
	if wrong:
		lines[-1] = lines[-1].replace("500", "a lot")
	(folder / name).write_text("\n".join(lines) + "\n")
	return ids


def stored_customers(source, ids: list[str]) -> list[str]:
	frappe.db.rollback()
	filters = {"source": source.name, "kind": "Customer", "external_id": ("in", ids), "state": "In Step"}
	return frappe.get_all(RECORD, filters, pluck="record_name", order_by="external_id asc")


def read_result(folder: Path) -> list[dict]:
	(path,) = folder.glob("*.result.csv")
	with path.open(encoding="utf-8-sig", newline="") as file:
		return list(csv.DictReader(file))


def names_in(folder: Path) -> list[str]:
	"""The names of its CSV files, without the hashes of those that are done."""
	return sorted(re.sub(r"\.[0-9a-f]{8}\.", ".", path.name) for path in folder.glob("*.csv"))


def notices_of(source) -> int:
	runs = frappe.get_all(RUN, {"source": source.name}, pluck="name", order_by="name asc")
	about = ("in", [*runs, source.name])
	return frappe.db.count("Notification Log", {"document_name": about, "for_user": "Administrator"})


def test_a_file_becomes_records_and_is_moved_with_its_result(source, folder):
	ids = write_customers(folder, 3)
	fetch_tasks.fetch_files(source.name)
	assert len(set(stored_customers(source, ids))) == 3
	assert names_in(folder) == names_in(folder / "working") == names_in(folder / "refused") == []
	assert names_in(folder / "done") == ["customers.csv", "customers.result.csv"]
	result = read_result(folder / "done")
	assert [(row["line"], row["id"], row["outcome"]) for row in result] == [
		(str(line), each, "created") for line, each in enumerate(ids, start=2)
	]
	(run,) = frappe.get_all(RUN, {"source": source.name}, ["origin", "user", "rows_created"], order_by="name")
	assert (run.origin, run.user, run.rows_created) == ("File", source.user, 3)
	assert notices_of(source) == 0


def test_a_file_comes_by_sftp(make_source, folder):
	key = make_key()
	with open_sftp_server(folder, key) as server:
		source = make_source(
			file_place="SFTP",
			folder="/",
			sftp_host="127.0.0.1",
			sftp_port=server.port,
			sftp_user=USER,
			sftp_key=key,
			sftp_host_key=server.host_key,
		)
		ids = write_customers(folder, 2)
		fetch_tasks.fetch_files(source.name)
	assert len(stored_customers(source, ids)) == 2
	assert names_in(folder / "done") == ["customers.csv", "customers.result.csv"]
	assert frappe.db.get_value(SOURCE, source.name, "files_error") is None


def test_files_of_one_look_stand_on_each_other(source, folder):
	(customer,) = write_customers(folder, 1, "customers-2.csv")
	(folder / "branches-1.csv").write_text(f"id,customer,branch_name\n{customer}/1,{customer},Matriz\n")
	fetch_tasks.fetch_files(source.name)
	outcomes = [row["outcome"] for row in _all_results(folder / "done")]
	assert outcomes == ["created", "created"]


def _all_results(folder: Path) -> list[dict]:
	found = []
	for path in sorted(folder.glob("*.result.csv")):
		with path.open(encoding="utf-8-sig", newline="") as file:
			found += csv.DictReader(file)
	return found


def test_a_file_of_many_rows_is_several_batches(source, folder, monkeypatch):
	monkeypatch.setattr(file_runs, "BATCH_ROWS", 4)
	ids = write_customers(folder, 10)
	fetch_tasks.fetch_files(source.name)
	assert len(set(stored_customers(source, ids))) == 10
	assert frappe.db.count(RUN, {"source": source.name}) == 3
	assert [row["id"] for row in read_result(folder / "done")] == ids


def test_a_file_with_a_refused_row_is_told_once(source, folder):
	ids = write_customers(folder, 3, wrong=True)
	for _time in range(2):
		fetch_tasks.fetch_files(source.name)
	assert len(stored_customers(source, ids)) == 2
	assert names_in(folder / "refused") == ["customers.csv", "customers.result.csv"]
	last = read_result(folder / "refused")[-1]
	assert (last["outcome"], last["code"], last["field"], last["value"]) == (
		"refused",
		"bad_value",
		"credit_limit",
		"a lot",
	)
	assert notices_of(source) == 1


def test_a_file_that_cannot_be_read_to_its_end_brings_nothing(source, folder):
	ids = write_customers(folder, 3)
	path = folder / "customers.csv"
	path.write_text(path.read_text() + 'C-9,1,"open\n')
	fetch_tasks.fetch_files(source.name)
	assert stored_customers(source, ids) == []
	assert names_in(folder / "refused") == ["customers.csv", "customers.result.csv"]
	(row,) = read_result(folder / "refused")
	assert row["code"] == "bad_file" and "Line 5" in row["message"]
	(run,) = frappe.get_all(RUN, {"source": source.name}, ["state", "message"], order_by="name asc")
	assert run.state == "Refused" and "Line 5" in run.message
	assert notices_of(source) == 1


def test_a_file_that_says_no_kind_is_refused(source, folder):
	(folder / "clientes.csv").write_text("id\nC-1\n")
	fetch_tasks.fetch_files(source.name)
	assert names_in(folder / "refused") == ["clientes.csv", "clientes.result.csv"]


def test_the_same_file_again_is_not_done_again(source, folder):
	ids = write_customers(folder, 2)
	text = (folder / "customers.csv").read_text()
	fetch_tasks.fetch_files(source.name)
	customers = stored_customers(source, ids)
	(folder / "customers.csv").write_text(text)
	fetch_tasks.fetch_files(source.name)
	assert stored_customers(source, ids) == customers
	assert frappe.db.count(RUN, {"source": source.name}) == 1
	assert names_in(folder / "done") == ["customers.csv", "customers.result.csv"]


def test_another_file_of_the_same_name_is_done(source, folder):
	for _time in range(2):
		ids = write_customers(folder, 1)
		fetch_tasks.fetch_files(source.name)
		assert len(stored_customers(source, ids)) == 1
	assert len(list((folder / "done").glob("customers.*.result.csv"))) == 2


def fetch(source: str) -> None:
	fetch_tasks.fetch_files(source)


def test_a_worker_that_is_killed_at_any_write_loses_and_doubles_nothing(source, folder, site):
	ids = write_customers(folder, 5, wrong=True)
	killed = kill_again_and_again(Together(site), partial(fetch, source.name))
	assert killed > 3
	assert len(set(stored_customers(source, ids))) == 4
	names = [f"Comercial {each}" for each in ids]
	assert frappe.db.count("Cronus Customer", {"customer_name": ("in", names)}) == 4
	assert names_in(folder / "refused") == ["customers.csv", "customers.result.csv"]
	assert len(read_result(folder / "refused")) == 5
	assert names_in(folder / "working") == names_in(folder) == []
	assert notices_of(source) == 1


def die_at_move(number: int, source: str) -> None:
	"""Fetches, and kills this process just after the file was moved for the `number`th time."""
	replace, moved = os.replace, 0

	def counted(*args, **kwargs):
		nonlocal moved
		replace(*args, **kwargs)
		moved += 1
		if moved == number:
			os.kill(os.getpid(), signal.SIGKILL)

	os.replace = counted
	fetch(source)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_worker_that_is_killed_between_two_moves_loses_and_doubles_nothing(source, folder, site, number):
	"""The moves: into working, of the result, and out of working."""
	ids = write_customers(folder, 2)
	assert Together(site).run(die_at_move, (number, source.name)) == []
	fetch(source.name)
	assert len(set(stored_customers(source, ids))) == 2
	assert names_in(folder / "done") == ["customers.csv", "customers.result.csv"]
	assert [row["outcome"] for row in read_result(folder / "done")] == ["created", "created"]
	assert names_in(folder / "working") == names_in(folder) == []


def test_several_workers_do_a_file_once(source, folder, site):
	ids = write_customers(folder, 5)
	Together(site).run(fetch, *[(source.name,)] * 4)
	fetch(source.name)
	assert len(set(stored_customers(source, ids))) == 5
	assert len(read_result(folder / "done")) == 5


def test_a_place_that_cannot_be_used_is_told_once_and_forgotten_when_it_can(source, folder):
	away = folder.rename(folder.with_name(f"{folder.name}-away"))
	for _time in range(2):
		fetch(source.name)
	assert "cannot be opened" in frappe.db.get_value(SOURCE, source.name, "files_error")
	assert notices_of(source) == 1
	away.rename(folder)
	fetch(source.name)
	assert frappe.db.get_value(SOURCE, source.name, "files_error") is None


def test_a_source_that_is_off_is_left_alone(source, folder):
	frappe.db.set_value(SOURCE, source.name, "enabled", 0)
	write_customers(folder, 1)
	fetch(source.name)
	assert names_in(folder) == ["customers.csv"]


def test_a_file_that_is_still_written_is_left_alone(source, folder, monkeypatch):
	write_customers(folder, 1)

	def grow(_seconds):
		with (folder / "customers.csv").open("a") as file:
			file.write("C-9,1,Comercial,500\n")

	monkeypatch.setattr(fetch_tasks.time, "sleep", grow)
	fetch(source.name)
	assert names_in(folder) == ["customers.csv"]


def test_a_source_is_looked_at_when_its_time_has_come(source, monkeypatch):
	started = []
	monkeypatch.setattr(fetch_tasks, "start_fetching", started.append)
	fetch_tasks.start_due()
	assert source.name in started
	fetch(source.name)
	assert frappe.db.get_value(SOURCE, source.name, "files_next_on") > add_to_date(now_datetime(), minutes=14)
	started.clear()
	fetch_tasks.start_due()
	assert source.name not in started
