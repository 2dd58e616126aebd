"""Files that a job prepares, each with a record (Cronus Document Bundle) of who asked for what, and how far
it is.

The record's *name* is the hash of user and request, so the same request made again, or by two at once, is one
record. The job writes a sign of life into it with each document. Where that stays away for SILENT_SECONDS the
worker is gone, or the queue has lost the job: the sweep enqueues it again, and after MOST_TRIES tells the
user. Whoever asks again meanwhile is told how far it is.

`request` and `tries` are those of one run: a worker that was only slow and meets another run gives up.
"""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.translate import print_language
from frappe.utils import add_days, now_datetime

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.framework_state import act_as_user
from cronus_crm.base.jobs import enqueue_if_possible
from cronus_crm.base.notices import send_notice
from cronus_crm.base.texts import as_html

BUNDLE = "Cronus Document Bundle"
SILENT_SECONDS = 300
MOST_TRIES = 3

_JOB = "cronus_crm.cronus_analytics.files.customer_files.prepare_customer_file"
_JOB_SECONDS = 3600
_UNFINISHED = ("Waiting", "Running")


class SupersededError(Exception):
	"""Another run prepares the bundle, or it is finished."""


def ask_for(customer: str, shape: str, documents: list[tuple[str, str]]) -> dict[str, int]:
	"""Has the documents prepared for the session's user, unless they are being prepared already.

	Returns `queued`, the number of documents, and `done`, how many of them are prepared.
	"""
	user = frappe.session.user
	request = frappe.as_json([user, customer, shape, sorted(documents)], indent=None)
	name = sha256(request.encode()).hexdigest()
	known = lock(name)
	if known and known.state in _UNFINISHED and not _is_silent(known):
		return {"queued": known.total, "done": known.done}
	values = {
		"user": user,
		"customer": customer,
		"shape": shape,
		"language": frappe.local.lang,
		"documents": json.dumps(documents),
		"state": "Waiting",
		"done": 0,
		"total": len(documents),
		"tries": 0,
		"heartbeat": now_datetime(),
		"request": frappe.generate_hash(length=10),
	}
	if known:
		frappe.db.set_value(BUNDLE, name, values)
	else:
		# Whoever may print the documents may have them prepared; nobody has a right to the records. Of two at
		# once the second waits for the first, and changes nothing.
		bundle = frappe.get_doc({"doctype": BUNDLE, "name": name, **values})
		bundle.insert(ignore_permissions=True, ignore_if_duplicate=True)
	_enqueue_after_commit(lock(name))
	return {"queued": len(documents), "done": 0}


def lock(name: str) -> frappe._dict | None:
	"""The present values of a bundle, locked until the transaction ends."""
	return frappe.db.get_value(BUNDLE, name, "*", as_dict=True, for_update=True)


def _is_silent(bundle: frappe._dict) -> bool:
	# A sign of life that lies ahead is from before the clock, or the time zone, was set back.
	age = (now_datetime() - bundle.heartbeat).total_seconds()
	return not -SILENT_SECONDS < age < SILENT_SECONDS


def _enqueue_after_commit(bundle: frappe._dict) -> None:
	def enqueue() -> None:
		# With the rights of whoever asked, also when the sweep does it.
		with act_as_user(bundle.user):
			enqueue_if_possible(
				_JOB,
				queue="long",
				timeout=_JOB_SECONDS,
				# A job that still waits in the queue is not enqueued again; one whose worker is gone is.
				job_id=f"cronus_document_bundle::{bundle.request}::{bundle.tries}",
				deduplicate=True,
				bundle=bundle.name,
				request=bundle.request,
			)

	frappe.db.after_commit.add(enqueue)


def begin(name: str, request: str) -> frappe._dict | None:
	"""For the job: marks the bundle as running, commits, and returns it; None when there is nothing to do.

	Raises frappe.PermissionError in a session of another user.
	"""
	bundle = lock(name)
	if not bundle or bundle.request != request or bundle.state not in _UNFINISHED:
		return None
	if bundle.state == "Running" and not _is_silent(bundle):
		return None
	if bundle.user != frappe.session.user:
		frappe.throw(_("This file is prepared for another user."), frappe.PermissionError)
	changes = {"state": "Running", "tries": bundle.tries + 1, "done": 0, "heartbeat": now_datetime()}
	frappe.db.set_value(BUNDLE, name, changes)
	frappe.db.commit()
	shutil.rmtree(find_folder(bundle), ignore_errors=True)
	return bundle.update(changes)


def show_progress(bundle: frappe._dict, done: int) -> None:
	"""For the job: gives a sign of life, commits, and shows its user how far it is. Raises
	SupersededError."""
	lock_own(bundle)
	frappe.db.set_value(BUNDLE, bundle.name, {"done": done, "heartbeat": now_datetime()})
	frappe.db.commit()
	tell_progress(done, bundle.total)


def tell_progress(done: int, total: int) -> None:
	"""Shows the session's user how many documents of a file are prepared."""
	frappe.publish_progress(
		done * 100 / total,
		title=_("Preparing documents"),
		description=_("{0} of {1}").format(done, total),
	)


def lock_own(bundle: frappe._dict) -> None:
	"""Locks a bundle that this job prepares. Raises SupersededError when another one does."""
	present = lock(bundle.name)
	run = ("request", "tries", "state")
	if not present or [present[field] for field in run] != [bundle[field] for field in run]:
		raise SupersededError


def finish(bundle: frappe._dict, state: str, text: str, *values, link: str | None = None) -> None:
	"""Marks a bundle as Done or Failed and sends its user a notice. Does not commit.

	text: in the language of the bundle; {0} is the customer's name, {1} … are values.
	"""
	frappe.db.set_value(BUNDLE, bundle.name, {"state": state, "heartbeat": now_datetime()})
	title = frappe.db.get_value("Cronus Customer", bundle.customer, "customer_name") or bundle.customer
	send_notice(bundle.user, text.format(frappe.bold(as_html(title)), *values), link=link)
	shutil.rmtree(find_folder(bundle), ignore_errors=True)


def failure_text() -> str:
	return _("The documents of {0} could not be prepared. Ask for them again, or for fewer.")


def find_folder(bundle: frappe._dict) -> Path:
	"""The folder for what is only needed while a bundle is prepared; it need not be there."""
	return _all_folders() / bundle.request


def _all_folders() -> Path:
	return Path(frappe.get_site_path("private", "document_bundles"))


def resume_abandoned() -> None:
	"""Scheduled: repeats what no job prepares any more, or tells its user, and removes what was left on the
	disk."""
	unfinished = frappe.get_all(
		BUNDLE,
		filters={"state": ("in", _UNFINISHED)},
		fields=["name", "request"],
		order_by="creation asc",
	)
	for bundle in unfinished:
		run_in_own_transaction(_resume, bundle.name)
	needed = {bundle.request for bundle in unfinished}
	for folder in _all_folders().glob("*"):
		if folder.name not in needed:
			shutil.rmtree(folder, ignore_errors=True)


def _resume(name: str) -> None:
	bundle = lock(name)
	if not bundle or bundle.state not in _UNFINISHED or not _is_silent(bundle):
		return
	if bundle.tries >= MOST_TRIES:
		with print_language(bundle.language):
			finish(bundle, "Failed", failure_text())
		return
	frappe.db.set_value(BUNDLE, name, {"state": "Waiting", "heartbeat": now_datetime()})
	_enqueue_after_commit(bundle)


def delete_old(days: int) -> None:
	"""Deletes the records of bundles that were finished more than `days` ago."""
	bundle = DocType(BUNDLE)
	limit = add_days(now_datetime(), -days)
	frappe.db.delete(bundle, filters=(bundle.state.notin(_UNFINISHED) & (bundle.modified < limit)))
