"""Prospects: their follow-ups, who is the same one, and what becomes of them."""

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
	"""Prospects and customers, of those that the caller may see, with this phone, e-mail or tax id; at most
	20 of each, customers first.

	exclude: name of the record that is being asked about.

	Gives back of each its `doctype`, `name`, `title` and `company`, and `same`, which of phone, email and
	tax_id it has in common.
	"""
	return duplicates.find_duplicates(phone, email, tax_id=tax_id, exclude=exclude)


@frappe.whitelist(methods=["POST"])
def merge(prospect: str, into: str) -> str:
	"""Makes one prospect of two and gives back the name of the one that stays.

	prospect: the one that goes. What it knows and the other lacks is filled in, notes are put one below the
	other, and what hangs on it moves: activities, documents, opportunities, contacts, files, comments. A
	comment on the one that stays says which was merged.

	Raises frappe.PermissionError without the right to write both and to delete the first, and
	frappe.ValidationError when one is converted or they are of two customers.
	"""
	return duplicates.merge_prospects(prospect, into)


@frappe.whitelist(methods=["POST"])
def convert(
	prospect: str,
	customer: str | None = None,
	contact: bool | int = True,
	opportunity: bool | int = False,
	title: str | None = None,
) -> conversion.Conversion:
	"""Makes a customer of a prospect.

	customer: an existing one to continue with; None for that of the prospect or, if it has none, a new one.
	contact: whether the person becomes a contact of the customer. opportunity: whether an opportunity is
	opened, in the first stage. title: that of the opportunity; by default the subject, else the name.

	Gives back the names `prospect`, `customer`, `contact` and `opportunity`, and `made`, which of the last
	three did not exist before.

	Raises frappe.PermissionError without the right to write the prospect, to read the customer, or to create
	what is asked for; frappe.ValidationError for a prospect that is already converted.
	"""
	return conversion.convert_prospect(
		prospect, customer, contact=contact, opportunity=opportunity, title=title
	)


@frappe.whitelist(methods=["POST"])
def undo_conversion(prospect: str) -> str:
	"""Makes a prospect again of what was converted, and gives back its state.

	What the conversion made is deleted, what went over goes back.

	Raises frappe.PermissionError without the right to write the prospect, frappe.ValidationError when it is
	not converted, and frappe.LinkExistsError, with names, once something stands on what the conversion made.
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
	"""Records what was last learnt of a prospect, and plans what is next.

	result: Information, Quotation made, Order made, No answer or Cancelled. notes: plain text.
	next_activity: `activity_type` and `starts_on`, and optionally `subject` and `notes`; None for none.
	activity: name of a pending activity of the prospect that this finishes; without it, a follow-up is made
	that is done already.

	Gives back the names `activity`, of the one that has the result, and `next`, or None, and the `state` of
	the prospect.

	Raises frappe.PermissionError without the right to write the prospect, and frappe.ValidationError for an
	activity that is not pending or not of this prospect, and for what is not a result, a type or a date.
	"""
	return prospect_follow_ups.add_follow_up(
		prospect, result, notes=notes, next_activity=next_activity, activity=activity
	)


@frappe.whitelist()
def prepare_follow_up(prospect: str) -> prospect_follow_ups.Choices:
	"""What the dialog of a follow-up begins with.

	Gives back `prospect_name`; `pending`, at most ten pending activities that the user may see, soonest
	first; `next_type` and `next_on`, what is proposed as the next one.

	Raises frappe.PermissionError without the right to read the prospect.
	"""
	return prospect_follow_ups.prepare_follow_up(prospect)


@frappe.whitelist()
def list_follow_ups(
	prospect: str, start: int = 0, limit: int = prospect_follow_ups.FOLLOW_UPS_PER_PAGE
) -> prospect_follow_ups.Page:
	"""A page of a prospect's activities that the caller may see, newest first: what was learnt and when, past
	appointments, and what is planned.

	start: how many to leave out. limit: rows in the page, at most 500. Gives back `rows`, and `more`, whether
	there are older ones.

	Raises frappe.PermissionError without the right to read the prospect.
	"""
	return prospect_follow_ups.list_follow_ups(prospect, start, limit=limit)


@frappe.whitelist(methods=["POST"])
def reopen(prospect: str) -> str:
	"""Takes up a prospect that was given up; gives back the state that its documents and follow-ups give it.

	Raises frappe.PermissionError without the right to write it, frappe.ValidationError for one that was not.
	"""
	return prospect_follow_ups.reopen_prospect(prospect)


@frappe.whitelist()
def make_proforma(source_name: str, target_doc: dict | str | None = None) -> Document:
	"""A proforma for a prospect, not saved yet: the form opens it. Without the prospect's customer, if it has
	none.

	Raises frappe.PermissionError without the right to read the prospect or to create proformas.
	"""
	return prospect_documents.make_proforma(source_name, target_doc)
