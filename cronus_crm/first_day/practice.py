"""Step 6 of the guide: a customer to practise with, and its removal with all that was made of it.

What the guide has made is kept in the table of default values, in its own transaction; of a customer that
somebody has renamed or merged nothing is removed.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.cronus_analytics.ledger.entries import ENTRY, ORIGIN
from cronus_crm.cronus_billing.pricing import taxes
from cronus_crm.first_day import guide
from cronus_crm.visibility.rule import seller_of_user

CUSTOMER, PRODUCT, ACTIVITY = "Cronus Customer", "Cronus Product", "Cronus Activity"
_KEYS = {CUSTOMER: "practice_customer", PRODUCT: "practice_product"}


def find_practice() -> dict[str, str | None]:
	"""`customer` and `product` of the practice that is under way; None where there are none."""
	kept = frappe.defaults.get_defaults(guide.DEFAULTS_PARENT)
	found = {doctype: kept.get(key) for doctype, key in _KEYS.items()}
	found = {
		doctype: name if name and frappe.db.exists(doctype, name) else None for doctype, name in found.items()
	}
	return {"customer": found[CUSTOMER], "product": found[PRODUCT]}


def start_practice() -> dict[str, str | None]:
	"""Makes a customer to practise with, and a product where there is none; gives back their names, and the
	`seller` of the customer. Does nothing where they are there.

	Raises frappe.ValidationError where nobody sells yet or the usual tax is missing, frappe.PermissionError
	without the role.
	"""
	guide.require_guide_role()
	practice = find_practice()
	if not practice["customer"]:
		values = {"customer_name": _("Practice customer"), "seller": _find_seller()}
		practice["customer"] = _make(CUSTOMER, values)
	if not practice["product"] and not frappe.db.exists(PRODUCT, {"disabled": 0}):
		values = {
			"product_code": _("PRACTICE"),
			"product_name": _("Practice product"),
			"price": 100,
			"tax": taxes.require_default_tax(),
		}
		practice["product"] = _make(PRODUCT, values)
	return {**practice, "seller": frappe.db.get_value(CUSTOMER, practice["customer"], "seller")}


def remove_practice() -> int:
	"""Removes the practice customer, what was made for it, and its figures; gives back the number of records.

	Documents are cancelled first, from the end of the chain, so that what follows them is taken back as ever.

	Raises frappe.PermissionError without the role.
	"""
	guide.require_guide_role()
	practice, removed = find_practice(), 0
	if customer := practice["customer"]:
		_keep_that_it_was_practised(customer)
		for doc in _list_documents(customer):
			removed += _remove_document(doc)
		for doctype in (ACTIVITY, "Cronus Opportunity"):
			for name in frappe.get_all(
				doctype, {"customer": customer}, pluck="name", order_by="creation desc"
			):
				removed += _delete(doctype, name)
		removed += _delete(CUSTOMER, customer)
	if (product := practice["product"]) and not frappe.db.exists(
		"Cronus Document Item", {"product": product}
	):
		removed += _delete(PRODUCT, product)
	for key in _KEYS.values():
		frappe.defaults.clear_default(key, parent=guide.DEFAULTS_PARENT)
	return removed


def _keep_that_it_was_practised(customer: str) -> None:
	"""So that the step stays done when nothing is left of the practice."""
	if frappe.db.exists("Proforma", {"customer": customer, "docstatus": 1}):
		frappe.defaults.clear_default(guide.PRACTISED, parent=guide.DEFAULTS_PARENT)
		frappe.defaults.add_default(guide.PRACTISED, "1", guide.DEFAULTS_PARENT)


def _find_seller() -> str:
	seller = seller_of_user() or frappe.db.get_value(
		"Cronus Seller", {"enabled": 1, "user": ("is", "set")}, "name", order_by="lft asc"
	)
	if not seller:
		frappe.throw(_("Nobody sells yet. Enter the sellers first: it is step 3."))
	return seller


def _make(doctype: str, values: dict) -> str:
	name = frappe.get_doc({"doctype": doctype, **values}).insert().name
	frappe.defaults.clear_default(_KEYS[doctype], parent=guide.DEFAULTS_PARENT)
	frappe.defaults.add_default(_KEYS[doctype], name, guide.DEFAULTS_PARENT)
	return name


def _list_documents(customer: str) -> list[Document]:
	"""The commercial documents of a customer, latest first: what was made of others comes before them."""
	found = [
		(row.creation, doctype, row.name)
		for doctype in sales_documents.registered_doctypes()
		if frappe.get_meta(doctype).has_field("customer")
		for row in frappe.get_all(
			doctype, {"customer": customer}, ["name", "creation"], order_by="creation desc"
		)
	]
	return [frappe.get_doc(doctype, name) for _created, doctype, name in sorted(found, reverse=True)]


def _remove_document(doc: Document) -> int:
	if doc.docstatus == 1:
		doc.reload()
		doc.cancel()
	source = {"source_doctype": doc.doctype, "source_name": doc.name}
	entries = frappe.get_all(ENTRY, source, pluck="name", order_by="name asc")
	if entries:
		frappe.db.delete(ORIGIN, {"parent": ("in", entries)})
		frappe.db.delete(ENTRY, {"name": ("in", entries)})
	reference = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	removed = sum(
		_delete(ACTIVITY, name)
		for name in frappe.get_all(ACTIVITY, reference, pluck="name", order_by="name asc")
	)
	return removed + _delete(doc.doctype, doc.name)


def _delete(doctype: str, name: str) -> int:
	# force: links between the records of the practice, all of which go. The role has been asked; the records
	# are those of the practice customer.
	frappe.delete_doc(doctype, name, force=True, ignore_permissions=True, delete_permanently=True)
	return 1
