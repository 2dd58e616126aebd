"""Hands over the work of a seller who leaves: records in course, pending activities and drafts.

What the leaver has finished stays theirs, and so do the figures of it: issued documents, opportunities that
are over, prospects that were converted or cancelled, and activities that are done. What becomes due later for
one of these, as the collection of an invoice, goes to the successor while the leaver is disabled (see
`cronus_seller.find_acting_seller`).
"""

from collections.abc import Iterator
from typing import TypedDict

import frappe
from frappe import _
from frappe.query_builder import Criterion, DocType
from frappe.utils import cint
from pypika import Table

from cronus_crm.base import sales_documents
from cronus_crm.base.batches import commit_between_batches
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.present_records import get_present_value
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import user_of_seller
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, PROSPECT, STATES_IN_COURSE
from cronus_crm.visibility import ownership, reassignment, rule
from cronus_crm.visibility.ownership import BySeller

SELLER, ACTIVITY = "Cronus Seller", "Cronus Activity"

# With more records the request would take long: a job does it, in steps that are committed.
MOST_AT_ONCE = 200
_RECORDS_PER_STEP = 50

# Records whose seller counts in the totals, which are kept by the events of a save.
_COUNTED = (OPPORTUNITY, ACTIVITY)


class HandOver(TypedDict):
	"""What was handed over. records: how many, by DocType. queued: True when a job does it, and `records`
	says how many it will be."""

	seller: str
	to: str
	records: dict[str, int]
	queued: bool


def hand_over(
	seller: str, to: str, disable: bool | int = False, shows_issued: bool | int = False
) -> HandOver:
	"""Gives everything that a seller has in course to another one. What has been handed over is not found
	again, so that it may be repeated.

	seller: who leaves. to: the successor, an enabled seller with a user. disable: also disables the leaver,
	for which the user needs the right to write sellers. shows_issued: the successor also sees what the leaver
	has issued and finished, because the leaver reports to the successor from now on; it needs the same right.

	More than MOST_AT_ONCE records are handed over by a job, with a notice at its end.

	Raises frappe.PermissionError unless the user may give records to another seller and both belong to the
	user's team; frappe.ValidationError for a successor who cannot be one.
	"""
	_check_rights(seller, to, changes_seller=bool(cint(disable) or cint(shows_issued)))
	_mark_seller(seller, to, bool(cint(disable)), bool(cint(shows_issued)))
	found = {doctype: len(names) for doctype, names in _find_records(seller)}
	if sum(found.values()) > MOST_AT_ONCE:
		frappe.enqueue(
			hand_over_in_steps,
			seller=seller,
			to=to,
			queue="long",
			timeout=3600,
			job_id=f"cronus-hand-over-{frappe.scrub(seller)}",
			deduplicate=True,
			enqueue_after_commit=True,
		)
		return HandOver(seller=seller, to=to, records=found, queued=True)
	for doctype, names in _find_records(seller):
		for name in names:
			_give_record(doctype, name, seller, to)
	_tell(
		seller, to, sum(found.values()), {user_of_seller(to), user_of_seller(seller)} - {frappe.session.user}
	)
	return HandOver(seller=seller, to=to, records=found, queued=False)


def hand_over_in_steps(seller: str, to: str) -> None:
	"""Job: hands over the records of a seller, some at a time, and tells the user when it is done.

	It runs as the user who has asked, whose rights are checked again. A job that is killed leaves the rest
	with the leaver, and is repeated by asking again.
	"""
	_check_rights(seller, to, changes_seller=False)
	records = [(doctype, name) for doctype, names in _find_records(seller) for name in names]
	done = 0
	for step in commit_between_batches(records, _RECORDS_PER_STEP):
		for doctype, name in step:
			_give_record(doctype, name, seller, to)
		done += len(step)
		frappe.publish_progress(
			100 * done / len(records), title=_("Handing over"), description=f"{done:,} / {len(records):,}"
		)
	_tell(seller, to, done, {frappe.session.user, user_of_seller(to), user_of_seller(seller)})


def _tell(seller: str, to: str, number: int, users: set[str | None]) -> None:
	"""One notice for each: who has taken over finds the customers by it; who has left does not see them any
	more, and is told without a link."""
	for user in sorted(user for user in users if user and get_present_value("User", user, "enabled")):
		if not number:
			return
		text = _("{0} records of {1} are with {2} now", user_language(user))
		names = (frappe.bold(as_html(name)) for name in (seller, to))
		about = {} if user == user_of_seller(seller) else {"document": (SELLER, to)}
		if user == user_of_seller(to):
			about["link"] = "/app/cronus-customer"
		send_notice(user, text.format(frappe.bold(number), *names), **about)


def _check_rights(seller: str, to: str, changes_seller: bool) -> None:
	reassignment.require_reassigning_role(
		_("Only a sales manager may hand over the work of a seller: ask yours.")
	)
	for name in (seller, to):
		# Raises frappe.DoesNotExistError, and frappe.PermissionError outside the team.
		frappe.get_doc(SELLER, name).check_permission("read")
	if not {seller, to} <= {*rule.visible_sellers()}:
		frappe.throw(
			_(
				"Both sellers have to be in your team. Ask an administrator to hand over from {0} to {1}."
			).format(frappe.bold(seller), frappe.bold(to)),
			frappe.PermissionError,
		)
	if changes_seller:
		frappe.get_doc(SELLER, seller).check_permission("write")
	successor = frappe.db.get_value(SELLER, to, ["user", "enabled"], as_dict=True)
	if seller == to or not successor.enabled or not successor.user:
		frappe.throw(
			_(
				"{0} cannot take over the work of {1}. Choose another seller, who is enabled and has a user."
			).format(frappe.bold(to), frappe.bold(seller)),
			title=_("Choose a successor"),
		)


def _mark_seller(seller: str, to: str, disable: bool, shows_issued: bool) -> None:
	doc = frappe.get_doc(SELLER, seller, for_update=True)
	doc.handed_over_to = to
	if disable:
		doc.enabled = 0
	if shows_issued:
		doc.parent_cronus_seller = to
	# The right to reassign was checked; to the rest of the seller nothing is changed without the right to
	# write.
	doc.save(ignore_permissions=True)


def _find_records(seller: str) -> Iterator[tuple[str, list[str]]]:
	"""By DocType, the names of what a seller has in course; what has no seller belongs to the seller's
	user."""
	user = frappe.db.get_value(SELLER, seller, "user")
	for doctype, owned in ownership.read_table().items():
		if not isinstance(owned, BySeller) or owned.stays:
			continue
		table = DocType(doctype)
		field = table[owned.seller_field]
		is_theirs = field == seller
		if user and owned.given_to_author:
			is_theirs |= (field.isnull() | (field == "")) & (table.owner == user)
		query = frappe.qb.from_(table).select(table.name).where(is_theirs)
		names = query.where(_in_course(doctype, table)).orderby(table.name).run(pluck=True)
		if names:
			yield doctype, names


def _in_course(doctype: str, table: Table) -> Criterion:
	if doctype in (OPPORTUNITY, PROSPECT):
		return table.state.isin(STATES_IN_COURSE[doctype])
	if doctype == ACTIVITY:
		return table.state == "Pending"
	# Of documents, the drafts; other records, such as customers, are never over.
	return table.docstatus == 0


def _give_record(doctype: str, name: str, seller: str, to: str) -> None:
	"""Gives one record to the successor, if it is still the leaver's. Rights were checked for the sellers."""
	fieldname = ownership.find_ownership(doctype).seller_field
	doc = frappe.get_doc(doctype, name, for_update=True)
	if doc.get(fieldname) not in (seller, None, ""):
		return
	if doctype in _COUNTED:
		doc.set(fieldname, to)
		doc.flags.ignore_links = doc.flags.ignore_mandatory = True
		# `_check_rights` has asked, for both sellers.
		doc.save(ignore_permissions=True)
	else:
		# Past the controller: a draft or a record that could not be saved today has a seller all the same.
		doc.db_set(fieldname, to)
	if doctype != ACTIVITY and doctype not in sales_documents.registered_doctypes():
		doc.add_comment("Info", _("handed over from {0} to {1}").format(seller, to))
