"""A prospect becomes a customer, with a contact and an opportunity, and what was done with it goes over.

All of it happens in the caller's transaction, with the prospect's row locked: of two conversions at once, the
second is told of the first. Other modules take part through hooks, whose functions take the prospect as a
document with its new customer: `cronus_prospect_converted` and `cronus_prospect_conversion_undone`.

What went over is written on the prospect, in `carried_over`, as {DocType: {name: {field: value before}}}; so
undoing gives back exactly that.
"""

from collections.abc import Iterator
from itertools import chain
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, now_datetime

from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.record_links import find_dynamic_links, find_links
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.opportunities import opportunity_progress
from cronus_crm.cronus_crm.prospects import prospect_state
from cronus_crm.visibility import rule

PROSPECT, CUSTOMER, OPPORTUNITY, ACTIVITY = (
	"Cronus Prospect",
	"Cronus Customer",
	"Cronus Opportunity",
	"Cronus Activity",
)

# What a conversion may make, in the order in which it is taken back.
DOCTYPE_OF = {"opportunity": OPPORTUNITY, "contact": "Contact", "customer": CUSTOMER}

# What stands in the way of undoing is named; beyond so many, counted.
NAMED_AT_MOST = 5
# Of each kind of link.
COUNTED_AT_MOST = 100

# What a dynamic link makes stand on a record: contacts and addresses by their table, and activities.
_TIES_DYNAMICALLY = ("Dynamic Link", ACTIVITY)

_TO_CUSTOMER = ("tax_id", "business_line", "phone", "email", "city", "seller", "work_center")


class Conversion(TypedDict):
	"""What a prospect has become. made: those of the three that did not exist before."""

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
) -> Conversion:
	"""Makes a customer of a prospect.

	customer: an existing one to continue with; None for that of the prospect or, if it has none, a new one.
	contact: whether the person becomes a contact of the customer. opportunity: whether an opportunity is
	opened, in the first stage. title: that of the opportunity; by default the subject, else the name.

	Raises frappe.PermissionError without the right to write the prospect, to read the customer, or to create
	what is asked for; frappe.ValidationError for a prospect that is already converted.
	"""
	doc = frappe.get_doc(PROSPECT, prospect, for_update=True)
	doc.check_permission("write")
	if doc.state == "Converted":
		frappe.throw(
			_("{0} is already a customer: {1}.").format(*map(frappe.bold, (doc.prospect_name, doc.customer))),
			title=_("Already converted"),
		)
	conversion = _make_what_it_becomes(doc, customer, bool(cint(contact)), bool(cint(opportunity)), title)
	_write_conversion(doc, conversion)
	call_hooks("cronus_prospect_converted", doc)
	traffic_light.update_record(PROSPECT, doc.name)
	if name := conversion["opportunity"]:
		traffic_light.update_record(OPPORTUNITY, name)
	doc.add_comment("Info", _("converted it to customer {0}").format(conversion["customer"]))
	return conversion


def _make_what_it_becomes(
	prospect: Document, customer: str | None, contact: bool, opportunity: bool, title: str | None
) -> Conversion:
	"""Finds or makes customer, contact and opportunity; arguments are those of `convert_prospect`."""
	made = []
	chosen = customer or prospect.customer
	if chosen:
		_require_customer(chosen, prospect)
	else:
		chosen = _make_customer(prospect)
		made.append("customer")
	person = _contact_of(prospect, chosen) if contact else None
	if contact and not person:
		person = _make_contact(prospect, chosen)
		made.append("contact")
	opened = _make_opportunity(prospect, chosen, person, title) if opportunity else None
	if opened:
		made.append("opportunity")
	return Conversion(prospect=prospect.name, customer=chosen, contact=person, opportunity=opened, made=made)


def _write_conversion(prospect: Document, conversion: Conversion) -> None:
	"""Writes on the prospect what it has become, and points at that what was done with it."""
	becomes = {thing: conversion[thing] for thing in ("customer", "contact", "opportunity")}
	carried = _carry_over(prospect, *becomes.values())
	prospect.db_set(
		{
			"state": "Converted",
			**becomes,
			"converted_on": now_datetime(),
			"converted_by": frappe.session.user,
			"carried_over": frappe.as_json(carried, indent=None),
			**{f"made_{thing}": int(thing in conversion["made"]) for thing in DOCTYPE_OF},
		}
	)


def undo_conversion(prospect: str) -> str:
	"""Makes a prospect again of what was converted, and gives back its state.

	What the conversion made is deleted, what went over goes back.

	Raises frappe.PermissionError without the right to write the prospect, frappe.ValidationError when it is
	not converted, and frappe.LinkExistsError, with names, once something stands on what the conversion made.
	"""
	doc = frappe.get_doc(PROSPECT, prospect, for_update=True)
	doc.check_permission("write")
	if doc.state != "Converted":
		frappe.throw(_("{0} is not converted.").format(frappe.bold(doc.prospect_name)))
	carried = frappe.parse_json(doc.carried_over) or {}
	_refuse_if_built_on(doc, carried)
	call_hooks("cronus_prospect_conversion_undone", doc)
	_restore_links(doc, carried)
	customer = doc.customer
	made = {thing: doc.get(thing) for thing in DOCTYPE_OF if doc.get(f"made_{thing}")}
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
	for thing, name in made.items():
		# Sellers may not delete customers or opportunities, but this takes back what this prospect has just
		# made.
		frappe.delete_doc(DOCTYPE_OF[thing], name, ignore_permissions=True)
	doc.add_comment("Info", _("undid its conversion to customer {0}").format(customer))
	prospect_state.refresh_state(doc.name)
	return frappe.db.get_value(PROSPECT, doc.name, "state")


def _require_customer(customer: str, prospect: Document) -> None:
	doc = frappe.get_doc(CUSTOMER, customer)
	doc.check_permission("read")
	if doc.disabled:
		frappe.throw(
			_("{0} is disabled. Enable the customer, or choose another.").format(
				frappe.bold(doc.customer_name)
			)
		)
	others = {
		each.customer for each in prospect_state.list_prospect_documents(prospect.name) if each.issued
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


def _make_customer(prospect: Document) -> str:
	customer = frappe.new_doc(CUSTOMER)
	customer.update({fieldname: prospect.get(fieldname) for fieldname in _TO_CUSTOMER})
	customer.customer_name = prospect.display_name
	return customer.insert().name


def _contact_of(prospect: Document, customer: str) -> str | None:
	"""The contact of a customer that has the prospect's e-mail; None without one."""
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


def _make_contact(prospect: Document, customer: str) -> str:
	first, _space, last = prospect.prospect_name.partition(" ")
	contact = frappe.new_doc("Contact")
	contact.update({"first_name": first, "last_name": last, "company_name": prospect.company_name})
	if prospect.email:
		contact.add_email(prospect.email, is_primary=True)
	if prospect.phone:
		contact.add_phone(prospect.phone, is_primary_phone=True)
	for doctype, name in ((CUSTOMER, customer), (PROSPECT, prospect.name)):
		contact.append("links", {"link_doctype": doctype, "link_name": name})
	return contact.insert().name


def _make_opportunity(prospect: Document, customer: str, contact: str | None, title: str | None) -> str:
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
			"stage": first_stage(),
		}
	)
	return opportunity.insert().name


def first_stage() -> str:
	"""The stage in which opportunities begin. Raises frappe.ValidationError on a site without any."""
	stage = opportunity_progress.first_stage("Open")
	if not stage:
		frappe.throw(_("There is no stage in which an opportunity is open. An administrator can add one."))
	return stage


def _carry_over(
	prospect: Document, customer: str, contact: str | None, opportunity: str | None
) -> dict[str, dict]:
	"""Points what was done with the prospect at what it has become; gives back what it was before.

	Without asking for each of them: they follow the prospect, which its user may convert.
	"""
	carried = {PROSPECT: {prospect.name: {"customer": prospect.customer, "state": prospect.state}}}
	becomes = {"customer": customer, "contact": contact, "opportunity": opportunity}
	becomes = {fieldname: name for fieldname, name in becomes.items() if name}
	for doctype, fieldnames in ((ACTIVITY, becomes), (OPPORTUNITY, ("customer", "contact"))):
		carried[doctype] = _set_links(
			doctype, prospect.name, {f: becomes[f] for f in fieldnames if f in becomes}
		)
	carried[OPPORTUNITY].pop(opportunity, None)
	carried["File"] = {file: {} for file in _copy_files(prospect.name, customer)}
	return carried


def _set_links(doctype: str, prospect: str, values: dict[str, str]) -> dict[str, dict]:
	"""Sets the fields of the prospect's records that are empty; gives back what was empty of each."""
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
	"""Attaches the prospect's files to the customer too; they are stored once. Gives back the new names."""
	files = frappe.get_all(
		"File",
		filters={"attached_to_doctype": PROSPECT, "attached_to_name": prospect, "is_folder": 0},
		fields=["file_name", "file_url", "is_private"],
		order_by="creation asc",
	)
	copies = []
	for file in files:
		copy = frappe.new_doc("File")
		copy.update({**file, "attached_to_doctype": CUSTOMER, "attached_to_name": customer})
		# The file itself is the prospect's, which its user may read.
		copies.append(copy.insert(ignore_permissions=True).name)
	return copies


def _restore_links(prospect: Document, carried: dict[str, dict]) -> None:
	for doctype in (ACTIVITY, OPPORTUNITY):
		for name, values in carried.get(doctype, {}).items():
			frappe.db.set_value(doctype, name, values, update_modified=False)
	for name in carried.get("File", {}):
		# A row of ours; the file stays on disk, where the prospect's row points at it.
		frappe.delete_doc("File", name, ignore_permissions=True, ignore_missing=True)


def _refuse_if_built_on(prospect: Document, carried: dict[str, dict]) -> None:
	built = list(dict.fromkeys(_documents_built_on(prospect, carried)))
	if not built:
		return
	seen = [each for each in built if rule.can_see(*each)]
	named = ", ".join(f"{_(doctype)} {frappe.bold(name)}" for doctype, name in seen[:NAMED_AT_MOST])
	if len(seen) > NAMED_AT_MOST:
		named = _("{0} and {1} more").format(named, len(seen) - NAMED_AT_MOST)
	if len(seen) < len(built):
		named = ", ".join(filter(None, (named, _("others outside your portfolio"))))
	frappe.throw(
		_("The conversion of {0} cannot be undone, because of what came after it: {1}.").format(
			frappe.bold(prospect.prospect_name), named
		),
		frappe.LinkExistsError,
		title=_("Something stands on it"),
	)


def _documents_built_on(prospect: Document, carried: dict[str, dict]) -> Iterator[tuple[str, str]]:
	"""What would be left without its customer, contact or opportunity: (DocType, name)."""
	for document in prospect_state.list_prospect_documents(prospect.name):
		if document.issued and document.origins:
			yield document.doctype, document.name
	known = {(doctype, name) for doctype, names in carried.items() for name in names}
	known |= {(PROSPECT, prospect.name), (OPPORTUNITY, prospect.opportunity), ("Contact", prospect.contact)}
	for thing, doctype in DOCTYPE_OF.items():
		if prospect.get(f"made_{thing}"):
			yield from (each for each in _pointing_at(doctype, prospect.get(thing)) if each not in known)
	if prospect.made_opportunity:
		stage = frappe.db.get_value(OPPORTUNITY, prospect.opportunity, "stage")
		if stage and stage != first_stage():
			yield OPPORTUNITY, prospect.opportunity


def _pointing_at(doctype: str, name: str) -> Iterator[tuple[str, str]]:
	"""Every document with a link to this one, rows as their documents; what hangs on it is not asked."""
	ignored = {"File", "Comment", *frappe.get_hooks("ignore_links_on_delete")}
	links = find_links(doctype, [name], lambda source: source not in ignored, COUNTED_AT_MOST)
	dynamic_links = find_dynamic_links(
		doctype, [name], lambda source: source in _TIES_DYNAMICALLY, COUNTED_AT_MOST
	)
	yield from (source for source, _name in chain(links, dynamic_links))
