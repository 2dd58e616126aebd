"""What a person has to know of files: those that were refused, wholly or in part, and places that cannot be
used. It stands in the log of runs and in the source, and is told to the administrators once."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now
from frappe.utils.user import get_users_with_role

from cronus_crm.base.notices import Key, send_notice, user_language
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_exchange.pushing import runs
from cronus_crm.cronus_exchange.pushing.runs import RUN
from cronus_crm.cronus_exchange.pushing.sources import SOURCE
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE


def record_refused_file(source: Document, name: str, key: str, reason: str) -> None:
	"""Keeps that a file was refused as a whole, tells it, and commits. key: of its batch in the log of runs;
	a file is told once. reason: translated."""
	_record(source, name, key, state="Refused", message=reason)


def record_refused_rows(source: Document, name: str, key: str, refused: int) -> None:
	"""As `record_refused_file`, for a file of which some rows were refused, by their number."""
	message = _("{0}: {1} rows were refused. Its result, in the folder refused, says which and why.")
	_record(source, name, key, state="Done", rows_refused=refused, message=message.format(name, refused))


def _record(source: Document, name: str, key: str, **values) -> None:
	run = runs.make_name(source.name, key)
	if frappe.db.exists(RUN, run):
		return
	moment = now()
	frappe.get_doc(
		{
			"doctype": RUN,
			"source": source.name,
			"batch": key,
			"user": frappe.session.user,
			"origin": runs.FILE,
			"began_on": moment,
			"ended_on": moment,
			**values,
		}
	).insert(set_name=run, ignore_permissions=True)  # Nobody has asked; administrators read it.
	_tell_administrators(
		lambda language: _("A file of {0} was refused, or some of its rows: {1}", language).format(
			frappe.bold(source.name), frappe.bold(as_html(name))
		),
		(RUN, run),
	)
	frappe.db.commit()


def record_state(source: str, error: str | None) -> None:
	"""Keeps whether the files of a source can be fetched, and commits. error: translated, why not; None when
	they can. The first of several errors is told."""
	known = frappe.db.get_value(SOURCE, source, "files_error")
	if (known or None) != error:
		frappe.db.set_value(SOURCE, source, "files_error", error, update_modified=False)
		if error and not known:
			_tell_administrators(
				lambda language: _(
					"The files of {0} cannot be fetched. The source says why.", language
				).format(frappe.bold(source)),
				(SOURCE, source),
			)
	frappe.db.commit()


def _tell_administrators(write, document: Key) -> None:
	"""write: gives the text of the notice in a language."""
	for user in sorted({*get_users_with_role(ADMINISTRATOR_ROLE), "Administrator"}):
		send_notice(user, write(user_language(user)), document=document)
