"""Conversion of a prospect to a customer, with a contact and an opportunity, and its reversal.

Everything happens in the caller's transaction, with the prospect's row locked, so that of two concurrent
conversions the second fails. Other modules take part with two hooks, `cronus_prospect_converted` and
`cronus_prospect_conversion_undone`; their functions take the prospect as a document that has its new
customer.

The links that a conversion changes on other records are stored on the prospect, in `carried_over`, as
{DocType: {name: {field: former value}}}, from which the reversal restores them.
"""

from datetime import datetime
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from cronus_crm.base import history
from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.stored_files import attach_copy
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.customers.phone_numbers import split_phone_numbers
from cronus_crm.cronus_crm.opportunities import opportunity_progress
from cronus_crm.cronus_crm.prospects import conversion_dependents, prospect_state

PROSPECT, CUSTOMER, OPPORTUNITY, ACTIVITY = (
	"Cronus Prospect",
	"Cronus Customer",
	"Cronus Opportunity",
	"Cronus Activity",
)

# The records that a conversion can create, in the order in which the reversal deletes them.
DOCTYPE_OF = {"opportunity": OPPORTUNITY, "contact": "Contact", "customer": CUSTOMER}

_CUSTOMER_FIELDS = ("tax_id", "business_line", "phone", "email", "city", "seller", "work_center")


class Conversion(TypedDict):
	"""The result of a conversion. opportunity: the one that was created, else the only one of the prospect in
	course. made: which of "customer", "contact" and "opportunity" were created."""

	prospect: str
	customer: str
	contact: str | None
	opportunity: str | None
	made: list[str]


def convert_prospect(
	prospect: str,
	customer: str | None = None,
	contact: bool | int = True,
	opportunity: bool | int = False,
	title: str | None = None,
	on: str | None = None,
) -> Conversion:
	"""Converts a prospect to a customer.

	customer: an existing customer; None for that of the prospect or, if it has none, a new one.
	contact: also find or create the person as a contact of the customer. opportunity: also create an
	opportunity, in the first stage. title: of the opportunity; by default the prospect's subject, else its
	name. on: the day of the conversion, for history; by default it is now.

	Raises frappe.PermissionError without the right to write the prospect, to read the customer, or to create
	one of the records, and with a day without the right to enter history; frappe.ValidationError for a
	prospect that is already converted, and for a day that is none or is ahead.
	"""
	converted_on = history.read_moment(PROSPECT, on)
	doc = frappe.get_doc(PROSPECT, prospect, for_update=True)
	doc.check_permission("write")
	if doc.state == "Converted":
		frappe.throw(
			_("{0} is already a customer: {1}.").format(*map(frappe.bold, (doc.prospect_name, doc.customer))),
			title=_("Already converted"),
		)
	wanted = bool(cint(contact)), bool(cint(opportunity))
	conversion = _create_targets(doc, customer, *wanted, title, converted_on)
	_write_conversion(doc, conversion, converted_on)
	call_hooks("cronus_prospect_converted", doc)
	traffic_light.update_record(PROSPECT, doc.name)
	if name := conversion["opportunity"]:
		documents = prospect_state.list_prospect_documents(doc.name)
		opportunity_progress.apply_prospect_documents(name, documents)
		traffic_light.update_record(OPPORTUNITY, name)
	doc.add_comment("Info", _("converted it to customer {0}").format(conversion["customer"]))
	return conversion


def _create_targets(
	prospect: Document,
	customer: str | None,
	contact: bool,
	opportunity: bool,
	title: str | None,
	on: datetime,
) -> Conversion:
	"""Finds or creates customer, contact and opportunity; arguments are those of `convert_prospect`."""
	created = []
	chosen = customer or prospect.customer
	if chosen:
		_check_customer(chosen, prospect)
	else:
		chosen = _create_customer(prospect)
		created.append("customer")
	person = _find_contact(prospect, chosen) if contact else None
	if contact and not person:
		person = _create_contact(prospect, chosen)
		created.append("contact")
	if opportunity:
		sale = _create_opportunity(prospect, chosen, person, title, on)
		created.append("opportunity")
	else:
		sale = prospect_state.find_opportunity(prospect.name)
	return Conversion(prospect=prospect.name, customer=chosen, contact=person, opportunity=sale, made=created)


def _write_conversion(prospect: Document, conversion: Conversion, on: datetime) -> None:
	"""Writes the conversion on the prospect, and links its activities, opportunities and files to the
	targets."""
	targets = {part: conversion[part] for part in ("customer", "contact", "opportunity")}
	carried = _carry_over_records(prospect, *targets.values())
	prospect.db_set(
		{
			"state": "Converted",
			**targets,
			"converted_on": on,
			"converted_by": frappe.session.user,
			"carried_over": frappe.as_json(carried, indent=None),
			**{f"made_{part}": int(part in conversion["made"]) for part in DOCTYPE_OF},
		}
	)


def undo_conversion(prospect: str) -> str:
	"""Reverses the conversion of a prospect; returns its new state.

	Deletes the records that the conversion has created, and restores the links that it has changed.

	Raises frappe.PermissionError without the right to write the prospect, frappe.ValidationError if it is not
	converted, and frappe.LinkExistsError, naming them, if documents depend on the created records.
	"""
	doc = frappe.get_doc(PROSPECT, prospect, for_update=True)
	doc.check_permission("write")
	if doc.state != "Converted":
		frappe.throw(_("{0} is not converted.").format(frappe.bold(doc.prospect_name)))
	carried = frappe.parse_json(doc.carried_over) or {}
	conversion_dependents.refuse_if_depended_on(doc, carried, DOCTYPE_OF)
	call_hooks("cronus_prospect_conversion_undone", doc)
	_restore_links(doc, carried)
	customer = doc.customer
	made = {part: doc.get(part) for part in DOCTYPE_OF if doc.get(f"made_{part}")}
	before = carried.get(PROSPECT, {}).get(doc.name, {})
	doc.db_set(
		{
			"state": before.get("state") or "Open",
			"customer": before.get("customer"),
			"contact": None,
			"opportunity": None,
			"converted_on": None,
			"converted_by": None,
			"carried_over": None,
			"made_customer": 0,
			"made_contact": 0,
			"made_opportunity": 0,
		}
	)
	for part, name in made.items():
		# Sellers may not delete customers or opportunities; here only those go that this conversion created
		# and on which nothing depends.
		frappe.delete_doc(DOCTYPE_OF[part], name, ignore_permissions=True)
	doc.add_comment("Info", _("undid its conversion to customer {0}").format(customer))
	prospect_state.refresh_state(doc.name)
	return frappe.db.get_value(PROSPECT, doc.name, "state")


def _check_customer(customer: str, prospect: Document) -> None:
	"""Raises an error unless the user may read the customer, it is enabled, and the prospect has no documents
	of another one."""
	doc = frappe.get_doc(CUSTOMER, customer)
	doc.check_permission("read")
	if doc.disabled:
		frappe.throw(
			_("{0} is disabled. Enable the customer, or choose another.").format(
				frappe.bold(doc.customer_name)
			)
		)
	others = {
		document.customer
		for document in prospect_state.list_prospect_documents(prospect.name)
		if document.issued
	} - {
		None,
		customer,
	}
	if others:
		frappe.throw(
			_("{0} has documents of customer {1}. Choose that one.").format(
				frappe.bold(prospect.prospect_name), frappe.bold(min(others))
			),
			title=_("Documents of another customer"),
		)


def _create_customer(prospect: Document) -> str:
	customer = frappe.new_doc(CUSTOMER)
	customer.update({fieldname: prospect.get(fieldname) for fieldname in _CUSTOMER_FIELDS})
	customer.customer_name = prospect.display_name
	return customer.insert().name


def _find_contact(prospect: Document, customer: str) -> str | None:
	"""The contact of the customer with the prospect's e-mail, or None."""
	if not prospect.email:
		return None
	link, email = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType("Contact Email")
	found = (
		frappe.qb.from_(link)
		.join(email)
		.on((email.parent == link.parent) & (email.parenttype == "Contact"))
		.where(
			(link.parenttype == "Contact") & (link.link_doctype == CUSTOMER) & (link.link_name == customer)
		)
		.where(email.email_id == prospect.email)
		.select(link.parent)
		.orderby(link.creation)
		.limit(1)
		.run(pluck=True)
	)
	return found[0] if found else None


def _create_contact(prospect: Document, customer: str) -> str:
	first, _space, last = prospect.prospect_name.partition(" ")
	contact = frappe.new_doc("Contact")
	contact.update({"first_name": first, "last_name": last, "company_name": prospect.company_name})
	if prospect.email:
		contact.add_email(prospect.email, is_primary=True)
	for number in split_phone_numbers(prospect.phone):
		contact.append("phone_nos", {"phone": number, "is_primary_phone": not contact.phone_nos})
	for doctype, name in ((CUSTOMER, customer), (PROSPECT, prospect.name)):
		contact.append("links", {"link_doctype": doctype, "link_name": name})
	return contact.insert().name


def _create_opportunity(
	prospect: Document, customer: str, contact: str | None, title: str | None, on: datetime
) -> str:
	opportunity = frappe.new_doc(OPPORTUNITY)
	opportunity.update(
		{
			"title": title or prospect.subject or prospect.display_name,
			"customer": customer,
			"prospect": prospect.name,
			"contact": contact,
			"seller": prospect.seller,
			"work_center": prospect.work_center,
			"medium": prospect.medium,
			"campaign": prospect.campaign,
			"stage": opportunity_progress.find_opening_stage(),
			"opened_on": on.date(),
		}
	)
	return opportunity.insert().name


def _carry_over_records(
	prospect: Document, customer: str, contact: str | None, opportunity: str | None
) -> dict[str, dict]:
	"""Links the records of the prospect to customer, contact and opportunity; returns their former values.

	Without a check of permission on each record: they follow the prospect, which the user may convert.
	"""
	carried = {PROSPECT: {prospect.name: {"customer": prospect.customer, "state": prospect.state}}}
	targets = {"customer": customer, "contact": contact, "opportunity": opportunity}
	targets = {fieldname: name for fieldname, name in targets.items() if name}
	for doctype, fieldnames in ((ACTIVITY, targets), (OPPORTUNITY, ("customer", "contact"))):
		carried[doctype] = _set_links(
			doctype, prospect.name, {f: targets[f] for f in fieldnames if f in targets}
		)
	carried[OPPORTUNITY].pop(opportunity, None)
	carried["File"] = {file: {} for file in _copy_files(prospect.name, customer)}
	return carried


def _set_links(doctype: str, prospect: str, values: dict[str, str]) -> dict[str, dict]:
	"""Sets those of the fields that are empty on the prospect's records of a DocType.

	values: by fieldname. Returns the changed fields, with their former value None, by record.
	"""
	rows = frappe.get_all(
		doctype, filters={"prospect": prospect}, fields=["name", *values], order_by="creation asc"
	)
	changed = {}
	for row in rows:
		missing = {fieldname: name for fieldname, name in values.items() if not row[fieldname]}
		if missing:
			frappe.db.set_value(doctype, row.name, missing, update_modified=False)
			changed[row.name] = dict.fromkeys(missing)
	return changed


def _copy_files(prospect: str, customer: str) -> list[str]:
	"""Attaches the prospect's files to the customer too; returns the names of the new File records, which
	share the stored files."""
	of_prospect = {"attached_to_doctype": PROSPECT, "attached_to_name": prospect, "is_folder": 0}
	files = frappe.get_all("File", of_prospect, pluck="name", order_by="creation asc")
	# The user may read the prospect, and so its files.
	return [attach_copy(file, CUSTOMER, customer).name for file in files]


def _restore_links(prospect: Document, carried: dict[str, dict]) -> None:
	for doctype in (ACTIVITY, OPPORTUNITY):
		for name, values in carried.get(doctype, {}).items():
			frappe.db.set_value(doctype, name, values, update_modified=False)
	for name in carried.get("File", {}):
		# The record was created by the conversion. The stored file stays, as the prospect's record uses it.
		frappe.delete_doc("File", name, ignore_permissions=True, ignore_missing=True)
