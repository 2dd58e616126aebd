"""The documents of a customer as files: one PDF with several, or an archive with the PDF of each.

A few are answered at once; more are prepared by a job, which leaves a private file and a notice to whoever
asked. What was prepared is kept for KEPT_DAYS in a folder of its own; whoever wants it longer moves it out.
"""

import hashlib
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
from frappe.utils import add_days, cint, escape_html, now_datetime, nowdate
from pypdf import PdfWriter

from cronus_crm.base import pdf_engine, sales_documents
from cronus_crm.base.arguments import read_list
from cronus_crm.base.notices import send_notice
from cronus_crm.cronus_analytics.figures import document_history

SHAPES = ("pdf", "zip")
AT_ONCE = 20
# Beyond this somebody wants an export, and the figures of the reports.
MOST = 1000
KEPT_DAYS = 7
FOLDER = "Home/Prepared documents"

_JOB_SECONDS = 3600

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
	"""Says how documents of a customer are to be had, and begins to prepare them when they are many.

	shape: "pdf", all in one, or "zip", each in its own. documents: [[DocType, name], …] (or its JSON); by
	default, what `document_history.list_documents_of_customer` lists with these kind, state and dates and may
	be printed.

	Gives back `documents`, to be asked of `download_customer_file`, when they are at most AT_ONCE; else
	`queued`, how many are being prepared for a notice to come.

	Raises frappe.PermissionError when one of them is not the customer's or the user may not print it, and
	frappe.ValidationError when there are none, more than MOST, or one is a draft or cancelled and the
	settings of printing leave those out. Then nothing is prepared.
	"""
	_check_shape(shape)
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	wanted = _references(documents) or _listed(customer, kind, state, since, until)
	_check(customer, wanted)
	if len(wanted) <= AT_ONCE:
		return {"documents": wanted}
	_enqueue(customer, shape, wanted)
	return {"queued": len(wanted)}


def download_customer_file(customer: str, shape: str, documents: list | str) -> None:
	"""Answers with the file of at most AT_ONCE documents; arguments and errors are those of
	`start_customer_file`."""
	_check_shape(shape)
	frappe.get_doc("Cronus Customer", customer).check_permission("read")
	wanted = _references(documents)
	if len(wanted) > AT_ONCE:
		frappe.throw(_("At most {0} documents are answered at once.").format(AT_ONCE))
	_check(customer, wanted)
	with TemporaryDirectory() as folder:
		path = _write(Path(folder), shape, wanted)
		frappe.local.response.filecontent = path.read_bytes()
	frappe.local.response.filename = file_name(_("documents"), customer, shape)
	frappe.local.response.type = "pdf" if shape == "pdf" else "download"


def _check_shape(shape: str) -> None:
	if shape not in SHAPES:
		frappe.throw(_("Documents are downloaded as {0}.").format(", ".join(SHAPES)))


def _references(documents: list | str | None) -> list[Reference]:
	"""What a client named, each once and in its order."""
	rows = read_list(documents, "documents")
	if not all(isinstance(row, list | tuple) and len(row) == 2 for row in rows):
		frappe.throw(_("Name each document by its DocType and its name."))
	return list(dict.fromkeys((str(doctype), str(name)) for doctype, name in rows))


def _listed(
	customer: str, kind: str | None, state: str | None, since: str | None, until: str | None
) -> list[Reference]:
	"""The documents of the list in the customer's form, of those that are printed."""
	found, before = [], None
	while True:
		page = document_history.list_documents_of_customer(
			customer, kind, state, since, until, before, limit=100
		)
		found += [(row["doctype"], row["name"]) for row in page["rows"] if _is_printed(row["state"])]
		before = page["next"]
		if not before or len(found) > MOST:
			return found


def _is_printed(state: str) -> bool:
	setting = {"Draft": "allow_print_for_draft", "Cancelled": "allow_print_for_cancelled"}.get(state)
	return not setting or bool(cint(frappe.db.get_single_value("Print Settings", setting)))


def _check(customer: str, documents: list[Reference]) -> None:
	"""All of them are of this customer and may be printed by the session's user, or none is told of."""
	if not documents:
		frappe.throw(_("Choose at least one document that can be printed."))
	if len(documents) > MOST:
		frappe.throw(
			_("These are more than {0} documents. Choose fewer, or narrow the dates.").format(MOST),
			title=_("Too many documents"),
		)
	names = defaultdict(list)
	for doctype, name in documents:
		names[doctype].append(name)
	for doctype, wanted in names.items():
		_check_belongs_to(doctype, wanted, customer)


def _check_belongs_to(doctype: str, names: list[str], customer: str) -> None:
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
		if not _is_printed({0: "Draft", 2: "Cancelled"}.get(found[name], "")):
			frappe.throw(
				_("{0} is a draft or cancelled, and those are not printed. Leave it out.").format(
					frappe.bold(name)
				)
			)


def _enqueue(customer: str, shape: str, documents: list[Reference]) -> None:
	asked = frappe.as_json([frappe.session.user, customer, shape, sorted(documents)], indent=None)
	frappe.enqueue(
		prepare_customer_file,
		queue="long",
		timeout=_JOB_SECONDS,
		# Whoever asks again while it is being prepared gets one file.
		job_id=f"cronus_customer_files::{hashlib.sha256(asked.encode()).hexdigest()}",
		deduplicate=True,
		enqueue_after_commit=True,
		customer=customer,
		shape=shape,
		documents=documents,
		for_user=frappe.session.user,
		language=frappe.local.lang,
		request=frappe.generate_hash(length=10),
	)


def prepare_customer_file(
	customer: str, shape: str, documents: list[Reference], for_user: str, language: str, request: str
) -> None:
	"""Background job: a private file of its user's with the documents, and a notice that it is there.

	request: what tells this request from others; one that is done is not done again.

	Raises frappe.PermissionError in a session that is not that user's. What else fails is told to the user
	and raised.
	"""
	if frappe.session.user != for_user:
		frappe.throw(_("This file is prepared for another user."), frappe.PermissionError)
	with print_language(language):
		name = file_name(_("documents"), customer, shape, request)
		if frappe.db.exists("File", {"file_name": name, "owner": for_user}):
			return
		try:
			_prepare(customer, shape, [tuple(row) for row in documents], name)
		except Exception:
			frappe.db.rollback()
			_notify(
				customer, _("The documents of {0} could not be prepared. Ask for them again, or for fewer.")
			)
			# The job that fails is rolled back, and its user is to know.
			frappe.db.commit()
			raise


def _prepare(customer: str, shape: str, documents: list[Reference], name: str) -> None:
	_check(customer, documents)
	with TemporaryDirectory() as folder:
		path = _write(Path(folder), shape, documents, tell=True)
		url = _keep(path, name)
	text = _(
		"The documents of {0} are ready: {1} in one file. Open this notice within {2} days to download it."
	)
	_notify(customer, text, len(documents), KEPT_DAYS, link=url)


def _write(folder: Path, shape: str, documents: list[Reference], tell: bool = False) -> Path:
	"""The file with the documents, in a folder for what is in between; one document is held at a time."""
	path = folder / f"documents.{shape}"
	pdfs = _pdfs(documents, tell)
	if shape == "zip":
		with ZipFile(path, "w", ZIP_DEFLATED) as archive:
			for (doctype, name), pdf in pdfs:
				archive.writestr(f"{_safe(_(doctype))}-{_safe(name)}.pdf", pdf)
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


def _pdfs(documents: list[Reference], tell: bool) -> Iterator[tuple[Reference, bytes]]:
	for number, (doctype, name) in enumerate(documents, start=1):
		frappe.get_doc(doctype, name).check_permission("print")
		yield (doctype, name), pdf_engine.render_pdf(pdf_engine.render_print_page(doctype, name))
		if tell:
			frappe.publish_progress(
				number * 100 / len(documents),
				title=_("Preparing documents"),
				description=_("{0} of {1}").format(number, len(documents)),
			)


def _keep(path: Path, name: str) -> str:
	"""Moves a file among the private ones of the site, as its user's own; gives back its address."""
	kept = Path(frappe.get_site_path("private", "files", name))
	shutil.move(path, kept)
	frappe.db.after_rollback.add(lambda: kept.unlink(missing_ok=True))
	file = frappe.new_doc("File")
	file.update(
		{
			"file_name": name,
			"file_url": f"/private/files/{name}",
			"file_size": os.path.getsize(kept),
			"file_type": kept.suffix[1:].upper(),
			"is_private": 1,
			# Without it the framework leaves the file on the disk when the row is deleted.
			"content_hash": _hash(kept),
			"folder": _folder(),
		}
	)
	# Only the row: the controller would read the whole file, and refuses one above the limit of uploads.
	file.db_insert()
	return file.file_url


def _hash(path: Path) -> str:
	"""The hash by which the framework knows contents, of a file that need not fit in memory."""
	digest = hashlib.md5(usedforsecurity=False)
	with path.open("rb") as file:
		for block in iter(lambda: file.read(1 << 20), b""):
			digest.update(block)
	return digest.hexdigest()


def _folder() -> str:
	if not frappe.db.exists("File", FOLDER):
		home, name = FOLDER.split("/")
		folder = frappe.get_doc({"doctype": "File", "file_name": name, "folder": home, "is_folder": 1})
		# Another job may make it at the same moment.
		folder.insert(ignore_permissions=True, ignore_if_duplicate=True)
		# The site's, whoever is the first to need it.
		frappe.db.set_value("File", FOLDER, "owner", "Administrator", update_modified=False)
	return FOLDER


def delete_old() -> None:
	"""Daily: files that were prepared more than KEPT_DAYS ago and are in their folder still."""
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
		# Of the user who asked; the scheduler has no part in it.
		frappe.delete_doc("File", name, ignore_permissions=True, delete_permanently=True)


def _notify(customer: str, text: str, *values, link: str | None = None) -> None:
	"""Tells whoever asked for a customer's documents; text: with {0} for the customer and more for values."""
	title = frappe.db.get_value("Cronus Customer", customer, "customer_name") or customer
	subject = text.format(frappe.bold(escape_html(title)), *values)
	send_notice(frappe.session.user, subject, link=link)


def file_name(what: str, customer: str, extension: str, request: str | None = None) -> str:
	"""Says what a file has, of whom and of which day: documents-CL-00001-Acme-2026-11-22.zip"""
	title = frappe.db.get_value("Cronus Customer", customer, "customer_name") or ""
	parts = [what, customer, title[:40], nowdate(), request or ""]
	return "-".join(filter(None, map(_safe, parts))) + f".{extension}"


def _safe(text: str) -> str:
	"""Letters and digits that every system takes in the name of a file."""
	plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
	return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.")
