"""Prospects: duplicates, conversion, follow-ups, and proformas."""

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_billing.documents import prospect_documents
from cronus_crm.cronus_crm.prospects import conversion, duplicates, prospect_follow_ups


@frappe.whitelist()
def find_duplicates(
	phone: str | None = None,
	email: str | None = None,
	tax_id: str | None = None,
	exclude: str | None = None,
) -> list[duplicates.Match]:
	"""Visible prospects and customers with the same phone, e-mail or tax id; at most 20 of each, customers
	first.

	exclude: name of the record for which duplicates are sought.

	Gives back rows with `doctype`, `name`, `title`, `company`, and `same`, the list of those among phone,
	email and tax_id that are equal.
	"""
	return duplicates.find_duplicates(phone, email, tax_id=tax_id, exclude=exclude)


@frappe.whitelist(methods=["POST"])
def merge(prospect: str, into: str) -> str:
	"""Merges two prospects and gives back the name of the remaining one.

	prospect: the one that is deleted. into: the one that remains. Its empty fields are filled from the other,
	notes are joined, and activities, documents, opportunities, contacts, files and comments are moved to it.
	A comment on it says which prospect was merged.

	Raises frappe.PermissionError without the right to write both and to delete the first, and
	frappe.ValidationError when one is converted or they belong to different customers.
	"""
	return duplicates.merge_prospects(prospect, into)


@frappe.whitelist(methods=["POST"])
def convert(
	prospect: str,
	customer: str | None = None,
	contact: bool | int = True,
	opportunity: bool | int = False,
	title: str | None = None,
	on: str | None = None,
) -> conversion.Conversion:
	"""Converts a prospect into a customer.

	customer: name of an existing customer; by default, that of the prospect or, if it has none, a new one.
	contact: whether a contact of the customer is created. opportunity: whether an opportunity is created, in
	the first stage. title: the title of the opportunity; by default, the subject of the prospect, otherwise
	its name. on: the day of the conversion (YYYY-MM-DD), for the entry of history; needs the right to import
	prospects.

	Gives back the names `prospect`, `customer`, `contact` and `opportunity`, and `made`, the list of those
	among the last three that were created.

	Raises frappe.PermissionError without the right to write the prospect, to read the customer, or to create
	the records; frappe.ValidationError for a prospect that is already converted.
	"""
	return conversion.convert_prospect(
		prospect, customer, contact=contact, opportunity=opportunity, title=title, on=on
	)


@frappe.whitelist(methods=["POST"])
def undo_conversion(prospect: str) -> str:
	"""Undoes the conversion of a prospect and gives back its new state.

	Records that the conversion created are deleted, and those that it moved to the customer are moved back.

	Raises frappe.PermissionError without the right to write the prospect, frappe.ValidationError when it is
	not converted, and frappe.LinkExistsError, with names, when other documents link to the records that were
	created.
	"""
	return conversion.undo_conversion(prospect)


@frappe.whitelist(methods=["POST"])
def add_follow_up(
	prospect: str,
	result: str,
	notes: str | None = None,
	next_activity: dict | str | None = None,
	activity: str | None = None,
) -> prospect_follow_ups.FollowUp:
	"""Records the result of a follow-up with a prospect, and optionally creates the next activity.

	result: Information, Quotation made, Order made, No answer or Cancelled. notes: plain text. next_activity:
	`activity_type` and `starts_on`, and optionally `subject` and `notes`; None for none. activity: name of a
	pending activity of the prospect that is finished; by default, a finished one is created.

	Gives back the names `activity`, the activity with the result, and `next`, the next one or None, and the
	`state` of the prospect.

	Raises frappe.PermissionError without the right to write the prospect, and frappe.ValidationError for an
	activity that is not pending or not of this prospect, and for an invalid result, type or date.
	"""
	return prospect_follow_ups.add_follow_up(
		prospect, result, notes=notes, next_activity=next_activity, activity=activity
	)


@frappe.whitelist()
def prepare_follow_up(prospect: str) -> prospect_follow_ups.Choices:
	"""Default values for the dialog of a follow-up.

	Gives back `prospect_name`; `pending`, at most ten visible pending activities, earliest first; `next_type`
	and `next_on`, the proposed type and time of the next activity.

	Raises frappe.PermissionError without the right to read the prospect.
	"""
	return prospect_follow_ups.prepare_follow_up(prospect)


@frappe.whitelist()
def list_follow_ups(
	prospect: str, start: int = 0, limit: int = prospect_follow_ups.FOLLOW_UPS_PER_PAGE
) -> prospect_follow_ups.Page:
	"""A page of the visible activities of a prospect, newest first: results, past appointments and pending
	ones.

	start: number of rows to skip. limit: rows in a page, at most 500. Gives back `rows`, and `more`, True
	when there are older ones.

	Raises frappe.PermissionError without the right to read the prospect.
	"""
	return prospect_follow_ups.list_follow_ups(prospect, start, limit=limit)


@frappe.whitelist(methods=["POST"])
def reopen(prospect: str) -> str:
	"""Reopens a cancelled prospect; gives back its new state, which follows from its documents and
	follow-ups.

	Raises frappe.PermissionError without the right to write it, frappe.ValidationError when it is not
	cancelled.
	"""
	return prospect_follow_ups.reopen_prospect(prospect)


@frappe.whitelist()
def make_proforma(source_name: str, target_doc: dict | str | None = None) -> Document:
	"""An unsaved proforma for a prospect, with its customer if it has one, which the desk opens in a form.

	source_name: name of the prospect. target_doc: the document to fill, as the framework's mapper sends it.

	Raises frappe.PermissionError without the right to read the prospect or to create proformas.
	"""
	return prospect_documents.make_proforma(source_name, target_doc)
