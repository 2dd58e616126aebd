"""Looks for files of the sources on their schedule, in the background.

Who looks for the files of a source holds a named lock of the database, which ends with its connection. What
is in `working` was begun by a worker that is gone, and comes first.
"""

import time

import frappe
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime
from rq.timeouts import BaseTimeoutException

from cronus_crm.base.failed_requests import find_failure
from cronus_crm.base.framework_state import act_as_user
from cronus_crm.base.jobs import enqueue_if_possible
from cronus_crm.cronus_exchange.fetching import file_runs
from cronus_crm.cronus_exchange.fetching.exchanged_files import file_order
from cronus_crm.cronus_exchange.fetching.places import WORKING, Place, PlaceError, open_place
from cronus_crm.cronus_exchange.fetching.refused_files import record_state
from cronus_crm.cronus_exchange.pushing.runs import TooManyRows
from cronus_crm.cronus_exchange.pushing.sources import SOURCE, SourceBusy
from cronus_crm.cronus_exchange.running import named_locks

# How often files are looked for, in minutes, where the source does not say; and the least.
EVERY, LEAST = 15, 5

# A file is taken when it has not changed for so many seconds: one that is still being written grows.
SETTLED_SECONDS = 5

# A job makes way for others after this time, and the next one goes on.
_MAX_SECONDS = 600
_JOB_SECONDS = 3600
_MAX_REASON = 1000


def start_due() -> None:
	"""Scheduled: has a worker fetch the files of each source whose time has come."""
	sources = frappe.get_all(
		SOURCE,
		{"enabled": 1, "file_place": ("in", ("Folder", "SFTP"))},
		["name", "files_next_on"],
		order_by="name asc",
	)
	for source in sources:
		if not source.files_next_on or source.files_next_on <= now_datetime():
			start_fetching(source.name)


def start_fetching(source: str) -> bool:
	"""Has a worker fetch the files of a source now. False without a queue."""
	return enqueue_if_possible(fetch_files, queue="long", timeout=_JOB_SECONDS, source=source)


def fetch_files(source: str) -> None:
	"""Background job: fetches the files of a source, as the user of the source. One that is switched off, or
	that another worker fetches, is left alone."""
	doc = frappe.get_doc(SOURCE, source)
	lock = f"files:{source}"
	if not (doc.enabled and doc.file_place and doc.user) or not named_locks.take(lock, 0):
		return
	try:
		_plan_next(doc)
		with act_as_user(doc.user):
			error = _fetch(doc)
		record_state(source, error)
	finally:
		frappe.db.rollback()
		named_locks.release(lock)


def _plan_next(source: Document) -> None:
	minutes = max(source.every_minutes or EVERY, LEAST)
	next_on = add_to_date(now_datetime(), minutes=minutes)
	frappe.db.set_value(SOURCE, source.name, "files_next_on", next_on, update_modified=False)
	frappe.db.commit()


def _fetch(source: Document) -> str | None:
	"""Does the files that wait. Gives back, translated, what has stopped it; None when nothing has.

	Raises what only the moment has failed (a lock, a database that restarts): the next time goes on.
	"""
	try:
		place = open_place(source)
		try:
			_do_files(source, place)
		finally:
			place.close()
	except BaseTimeoutException:
		raise
	except (SourceBusy, TooManyRows):
		frappe.db.rollback()  # The file stays, and is done the next time.
	except PlaceError as error:
		return str(error)[:_MAX_REASON]
	except Exception as error:
		frappe.db.rollback()
		if find_failure(error):
			raise
		frappe.log_error(title=f"cronus_crm: files of {source.name}")
		text = " ".join(frappe.utils.strip_html(str(error)).split()) or type(error).__name__
		return text[:_MAX_REASON]
	return None


def _do_files(source: Document, place: Place) -> None:
	ends = time.monotonic() + _MAX_SECONDS
	for name in _list_begun(place):
		file_runs.run_file(source, place, name)
	for name in sorted(_list_settled(place), key=file_order):
		if time.monotonic() > ends:
			start_fetching(source.name)
			return
		place.take(name)
		file_runs.run_file(source, place, name)


def _list_begun(place: Place) -> list[str]:
	return sorted((name for name, _size, _moment in place.list_files(WORKING)), key=file_order)


def _list_settled(place: Place) -> list[str]:
	"""The files that nobody is writing any more: they are as they were some seconds ago."""
	first = place.list_files()
	if not first:
		return []
	time.sleep(SETTLED_SECONDS)
	return [file[0] for file in place.list_files() if file in first]
