"""The proformas of a prospect, which pass to the customer when the prospect is converted."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.base.sales_documents import SalesDocument
from cronus_crm.cronus_billing.documents import later_documents

PROSPECT = "Cronus Prospect"


def make_proforma(source_name: str, target_doc: dict | str | None = None) -> Document:
	"""A new, unsaved proforma for a prospect, which the desk opens in a form.

	source_name: name of the Cronus Prospect. target_doc: sent by the framework's mapper, not used. The
	customer is set where the prospect has been converted.

	Raises frappe.PermissionError where the user may not read the prospect or create proformas, and
	frappe.ValidationError for a cancelled prospect.
	"""
	prospect = frappe.get_doc(PROSPECT, source_name)
	prospect.check_permission("read")
	frappe.has_permission("Proforma", "create", throw=True)
	if prospect.state == "Cancelled":
		frappe.throw(
			_("{0} is cancelled. Reopen it before quoting.").format(frappe.bold(prospect.prospect_name))
		)
	proforma = frappe.new_doc("Proforma")
	proforma.prospect = prospect.name
	proforma.set_fields_from_prospect()
	proforma.set_customer_name()
	proforma.set_seller()
	proforma.set_work_center()
	proforma.set_currency()
	return proforma


def list_documents(prospect: str) -> list[SalesDocument]:
	"""Hook `cronus_prospect_documents`: the issued and cancelled proformas of a prospect, and all documents
	made from them."""
	proformas = frappe.get_all(
		"Proforma",
		filters={"prospect": prospect, "docstatus": (">", 0)},
		pluck="name",
		order_by="creation asc",
	)
	keys = [("Proforma", name) for name in proformas]
	later = later_documents.find_documents_made_from(keys)
	return [sales_documents.load_document(*key) for key in [*keys, *later]]


def on_conversion(prospect: Document) -> None:
	"""Hook `cronus_prospect_converted`: sets the new customer on the prospect's proformas, drafts included,
	and its opportunity on them and on what was made from them.

	What they were is stored in `carried_over` of the prospect, for `on_conversion_undone`.
	"""
	carried = frappe.parse_json(prospect.carried_over) or {}
	proformas = frappe.get_all(
		"Proforma", filters={"prospect": prospect.name}, fields=["name", "customer"], order_by="creation asc"
	)
	without = [row.name for row in proformas if not row.customer]
	_set_customer(without, prospect.customer)
	changed = {("Proforma", name): {"customer": None} for name in without}
	if prospect.opportunity:
		keys = [("Proforma", row.name) for row in proformas]
		for key in [*keys, *later_documents.find_documents_made_from(keys, drafts=True)]:
			if _set_opportunity(*key, prospect.opportunity):
				changed.setdefault(key, {})["opportunity"] = None
	for (doctype, name), values in changed.items():
		carried.setdefault(doctype, {}).setdefault(name, {}).update(values)
	prospect.db_set("carried_over", frappe.as_json(carried, indent=None), update_modified=False)


def on_conversion_undone(prospect: Document) -> None:
	"""Hook `cronus_prospect_conversion_undone`: removes customer and opportunity from the documents in which
	`on_conversion` has set them."""
	carried = frappe.parse_json(prospect.carried_over) or {}
	for doctype in sales_documents.registered_doctypes():
		for name, values in carried.get(doctype, {}).items():
			if "customer" in values:
				_set_customer([name], None, prospect.display_name)
			if "opportunity" in values:
				frappe.db.set_value(doctype, name, "opportunity", None, update_modified=False)


def _set_opportunity(doctype: str, name: str, opportunity: str) -> bool:
	"""Sets the opportunity of a document that has none and is not cancelled; True where it did. Past the
	controller, as in `_set_customer`."""
	if not frappe.get_meta(doctype).has_field("opportunity"):
		return False
	stored = frappe.db.get_value(doctype, name, ["opportunity", "docstatus"], as_dict=True)
	if stored.opportunity or stored.docstatus == 2:
		return False
	frappe.db.set_value(doctype, name, "opportunity", opportunity, update_modified=False)
	return True


def _set_customer(proformas: list[str], customer: str | None, name: str | None = None) -> None:
	"""Sets customer and customer name of proformas; name: by default, that of the customer.

	Written past the controller, which refuses changes of an issued document: it is for the same person as
	before.
	"""
	name = name or frappe.db.get_value("Cronus Customer", customer, "customer_name")
	for proforma in proformas:
		frappe.db.set_value(
			"Proforma", proforma, {"customer": customer, "customer_name": name}, update_modified=False
		)
