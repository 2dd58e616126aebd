"""The documents of a customer as a file: one PDF with all of them, or an archive with the PDF of each.

At most MOST_AT_ONCE documents are answered directly. More are prepared by a background job, which stores a
private file and sends a notice to the user (`document_bundles.py`). Such files are deleted after KEPT_DAYS,
unless the user moves them out of their folder.
"""

import hashlib
import json
import os
import re
import shutil
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import frappe
from frappe import _
from frappe.translate import print_language
from frappe.utils import add_days, cint, now_datetime
from pypdf import PdfWriter

from cronus_crm.base import pdf_engine, sales_documents
from cronus_crm.base.arguments import read_list
from cronus_crm.base.company import company_today
from cronus_crm.cronus_analytics.figures import document_history
from cronus_crm.cronus_analytics.files import document_bundles

SHAPES = ("pdf", "zip")
MOST_AT_ONCE = 20
# For more documents than these, an export of the list or a report is the better tool.
MOST_DOCUMENTS = 1000
KEPT_DAYS = 7
FOLDER = "Home/Prepared documents"

Reference = tuple[str, str]


def start_customer_file(
	customer: str,
	shape: str,
	documents: list | str | None = None,
	kind: str | None = None,
	state: str | None = None,
	since: str | None = None,
	until: str | None = None,
) -> dict:
	"""Checks which documents of a customer are wanted, and enqueues their preparation when they are many.

	shape: "pdf", all in one file, or "zip", one file each. documents: [[DocType, name], …], or its JSON; by
	default, the printable ones of those that `document_history.list_documents_of_customer` lists for kind,
	state, since and until.

	Returns `documents` when they are at most MOST_AT_ONCE: the client then calls `download_customer_file`
	with them. Otherwise it returns `queued`, the number of documents of the job, and `done`, how many of them
	it has prepared, where it was asked for before; a notice follows when it is done.

	Raises frappe.PermissionError when one of them is not the customer's or the user may not print it, and
	frappe.ValidationError when there are none, more than MOST_DOCUMENTS, or one is a draft or cancelled and
	the print settings exclude those. Then nothing is prepared.
	"""
	_check_shape(shape)
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	wanted = _read_references(documents) or _list_documents(customer, kind, state, since, until)
	_check_documents(customer, wanted)
	if len(wanted) <= MOST_AT_ONCE:
		return {"documents": wanted}
	return document_bundles.ask_for(customer, shape, wanted)


def download_customer_file(customer: str, shape: str, documents: list | str) -> None:
	"""Sets the response to the file of at most MOST_AT_ONCE documents.

	Arguments and errors are those of `start_customer_file`; more documents raise frappe.ValidationError.
	"""
	_check_shape(shape)
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	wanted = _read_references(documents)
	if len(wanted) > MOST_AT_ONCE:
		frappe.throw(_("At most {0} documents are answered at once.").format(MOST_AT_ONCE))
	_check_documents(customer, wanted)
	with TemporaryDirectory() as folder:
		path = _write_file(Path(folder), shape, wanted)
		frappe.local.response.filecontent = path.read_bytes()
	frappe.local.response.filename = make_file_name(_("documents"), customer, shape)
	frappe.local.response.type = "pdf" if shape == "pdf" else "download"


def _check_shape(shape: str) -> None:
	if shape not in SHAPES:
		frappe.throw(_("Documents are downloaded as {0}.").format(", ".join(SHAPES)))


def _read_references(documents: list | str | None) -> list[Reference]:
	"""Parses the documents that a client has sent; duplicates are dropped, the order stays.

	Raises frappe.ValidationError unless each is a pair.
	"""
	rows = read_list(documents, "documents")
	if not all(isinstance(row, list | tuple) and len(row) == 2 for row in rows):
		frappe.throw(_("Name each document by its DocType and its name."))
	return list(dict.fromkeys((str(doctype), str(name)) for doctype, name in rows))


def _list_documents(
	customer: str, kind: str | None, state: str | None, since: str | None, until: str | None
) -> list[Reference]:
	"""The printable documents of the list in the customer's form; stops soon after MOST_DOCUMENTS, which is
	an error later."""
	found, before = [], None
	while True:
		page = document_history.list_documents_of_customer(
			customer, kind, state, since, until, before, limit=100
		)
		found += [(row["doctype"], row["name"]) for row in page["rows"] if _may_print_state(row["state"])]
		before = page["next"]
		if not before or len(found) > MOST_DOCUMENTS:
			return found


def _may_print_state(state: str) -> bool:
	setting = {"Draft": "allow_print_for_draft", "Cancelled": "allow_print_for_cancelled"}.get(state)
	return not setting or bool(cint(frappe.db.get_single_value("Print Settings", setting)))


def _check_documents(customer: str, documents: list[Reference]) -> None:
	"""Checks that all documents are of this customer and that the session's user may print them.

	Raises what `start_customer_file` says. A document that does not exist and one that the user may not see
	give the same error, which tells nobody that it exists.
	"""
	if not documents:
		frappe.throw(_("Choose at least one document that can be printed."))
	if len(documents) > MOST_DOCUMENTS:
		frappe.throw(
			_("These are more than {0} documents. Choose fewer, or narrow the dates.").format(MOST_DOCUMENTS),
			title=_("Too many documents"),
		)
	names = defaultdict(list)
	for doctype, name in documents:
		names[doctype].append(name)
	for doctype, wanted in names.items():
		_check_documents_of_customer(doctype, wanted, customer)


def _check_documents_of_customer(doctype: str, names: list[str], customer: str) -> None:
	found = {}
	if doctype in sales_documents.registered_doctypes() and frappe.has_permission(doctype, "print"):
		rows = frappe.get_list(
			doctype,
			filters={"name": ("in", names), "customer": customer},
			fields=["name", "docstatus"],
			order_by="name asc",
			limit=len(names),
		)
		found = {row.name: row.docstatus for row in rows}
	for name in names:
		if name not in found:
			frappe.throw(
				_("{0} is not a document of this customer that you may print.").format(frappe.bold(name)),
				frappe.PermissionError,
				title=_("Not in your portfolio"),
			)
		if not _may_print_state({0: "Draft", 2: "Cancelled"}.get(found[name], "")):
			frappe.throw(
				_("{0} is a draft or cancelled, and those are not printed. Leave it out.").format(
					frappe.bold(name)
				)
			)


def prepare_customer_file(bundle: str, request: str) -> None:
	"""Background job: stores a private file of the user with the documents of a bundle, and sends a notice.

	request: of the run that was enqueued. The job is idempotent: what another one prepares, or has prepared,
	is left to it.

	Raises frappe.PermissionError in a session of another user. After any other error, the user gets a notice
	and the error is raised.
	"""
	wanted = document_bundles.begin(bundle, request)
	if not wanted:
		return
	with print_language(wanted.language):
		try:
			_prepare_file(wanted)
		except document_bundles.SupersededError:
			frappe.db.rollback()
		except Exception:
			frappe.db.rollback()
			document_bundles.finish(wanted, "Failed", document_bundles.failure_text())
			# The framework rolls a failed job back; without this commit, the notice would be lost.
			frappe.db.commit()
			raise


def _prepare_file(bundle: frappe._dict) -> None:
	documents = [tuple(row) for row in json.loads(bundle.documents)]
	_check_documents(bundle.customer, documents)
	folder = document_bundles.find_folder(bundle)
	folder.mkdir(parents=True)
	path = _write_file(folder, bundle.shape, documents, bundle)
	document_bundles.lock_own(bundle)
	# The same name each time it is tried, so that what a killed job has left is overwritten.
	url = store_file(path, make_file_name(_("documents"), bundle.customer, bundle.shape, bundle.request))
	text = _(
		"The documents of {0} are ready: {1} in one file. Open this notice within {2} days to download it."
	)
	document_bundles.finish(bundle, "Done", text, len(documents), KEPT_DAYS, link=url)
	frappe.db.commit()


def _write_file(
	folder: Path, shape: str, documents: list[Reference], bundle: frappe._dict | None = None
) -> Path:
	"""Writes the file with the documents into a temporary folder; only one PDF is in memory at a time.

	bundle: the one that a job prepares.
	"""
	path = folder / f"documents.{shape}"
	pdfs = _render_pdfs(documents, bundle)
	if shape == "zip":
		with ZipFile(path, "w", ZIP_DEFLATED) as archive:
			for (doctype, name), pdf in pdfs:
				archive.writestr(f"{_make_safe(_(doctype))}-{_make_safe(name)}.pdf", pdf)
		return path
	writer = PdfWriter()
	for number, (_document, pdf) in enumerate(pdfs):
		part = folder / f"{number}.pdf"
		part.write_bytes(pdf)
		writer.append(part, import_outline=False)
		part.unlink()
	writer.write(path)
	writer.close()
	return path


def _render_pdfs(
	documents: list[Reference], bundle: frappe._dict | None
) -> Iterator[tuple[Reference, bytes]]:
	for number, (doctype, name) in enumerate(documents, start=1):
		frappe.get_doc(doctype, name).check_permission("print")
		yield (doctype, name), pdf_engine.render_pdf(pdf_engine.render_print_page(doctype, name))
		if bundle:
			document_bundles.show_progress(bundle, number)
		else:
			document_bundles.tell_progress(number, len(documents))


def store_file(path: Path, name: str) -> str:
	"""Moves a file to the private files of the site, owned by the session's user; returns its URL."""
	stored = Path(frappe.get_site_path("private", "files", name))
	shutil.move(path, stored)
	frappe.db.after_rollback.add(lambda: stored.unlink(missing_ok=True))
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": name,
			"file_url": f"/private/files/{name}",
			"file_size": os.path.getsize(stored),
			"file_type": stored.suffix[1:].upper(),
			"is_private": 1,
			# Without a hash the framework does not delete the file from the disk with the row.
			"content_hash": _hash_file(stored),
			"folder": _ensure_folder(),
		}
	)
	# Past the controller, which reads the whole file into memory and refuses one above the limit of uploads.
	file.db_insert()
	return file.file_url


def _hash_file(path: Path) -> str:
	"""The content hash of a file as the framework computes it (MD5), read in blocks of 1 MB."""
	digest = hashlib.md5(usedforsecurity=False)
	with path.open("rb") as file:
		for block in iter(lambda: file.read(1 << 20), b""):
			digest.update(block)
	return digest.hexdigest()


def _ensure_folder() -> str:
	if not frappe.db.exists("File", FOLDER):
		home, name = FOLDER.split("/")
		folder = frappe.get_doc({"doctype": "File", "file_name": name, "folder": home, "is_folder": 1})
		# `ignore_if_duplicate`: another job may create it at the same time. Permissions: the folder is the
		# site's.
		folder.insert(ignore_permissions=True, ignore_if_duplicate=True)
		# The folder belongs to the site and not to the user whose job has created it.
		frappe.db.set_value("File", FOLDER, "owner", "Administrator", update_modified=False)
	return FOLDER


def delete_old() -> None:
	"""Daily: deletes files that were prepared more than KEPT_DAYS ago and are still in their folder."""
	document_bundles.delete_old(KEPT_DAYS)
	names = frappe.get_all(
		"File",
		filters={
			"folder": FOLDER,
			"is_folder": 0,
			"creation": ("<", add_days(now_datetime(), -KEPT_DAYS)),
		},
		pluck="name",
		order_by="creation asc",
	)
	for name in names:
		# `ignore_permissions`: the scheduler deletes files of other users.
		frappe.delete_doc("File", name, ignore_permissions=True, delete_permanently=True)


def make_file_name(what: str, customer: str, extension: str, request: str | None = None) -> str:
	"""A file name from content, customer, day and request: documents-CL-00001-Acme-2026-11-22.zip"""
	title = frappe.db.get_value("Cronus Customer", customer, "customer_name") or ""
	parts = [what, customer, title[:40], str(company_today()), request or ""]
	return "-".join(filter(None, map(_make_safe, parts))) + f".{extension}"


def _make_safe(text: str) -> str:
	"""Replaces all but ASCII letters, digits and dots, so that every operating system accepts the name."""
	plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
	return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.")
