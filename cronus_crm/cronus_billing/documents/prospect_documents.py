"""Proformas of a prospect, and what becomes of them when it is a customer."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base import sales_documents
from cronus_crm.base.sales_documents import SalesDocument
from cronus_crm.cronus_billing.documents import document_chain

PROSPECT = "Cronus Prospect"


def make_proforma(source_name: str, target_doc: dict | str | None = None) -> Document:
	"""A proforma for a prospect, not saved yet: the form opens it. Without the prospect's customer, if it has
	none.

	Raises frappe.PermissionError without the right to read the prospect or to create proformas.
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
	proforma.take_from_prospect()
	proforma.set_customer_name()
	proforma.set_seller()
	proforma.set_work_center()
	proforma.set_currency()
	return proforma


def list_documents(prospect: str) -> list[SalesDocument]:
	"""Hook `cronus_prospect_documents`: its proformas and what was made from them, issued or cancelled."""
	proformas = frappe.get_all(
		"Proforma",
		filters={"prospect": prospect, "docstatus": (">", 0)},
		pluck="name",
		order_by="creation asc",
	)
	standing = [("Proforma", name) for name in proformas]
	return [
		sales_documents.load_document(*key)
		for key in [*standing, *document_chain.find_documents_made_from(standing)]
	]


def on_conversion(prospect: Document) -> None:
	"""Hook `cronus_prospect_converted`: its proformas, drafts too, are those of the customer from now on."""
	proformas = frappe.get_all(
		"Proforma",
		filters={"prospect": prospect.name, "customer": ("is", "not set")},
		pluck="name",
		order_by="creation asc",
	)
	_set_customer(proformas, prospect.customer)
	carried = frappe.parse_json(prospect.carried_over) or {}
	carried["Proforma"] = {name: {"customer": None} for name in proformas}
	prospect.db_set("carried_over", frappe.as_json(carried, indent=None), update_modified=False)


def on_conversion_undone(prospect: Document) -> None:
	"""Hook `cronus_prospect_conversion_undone`: what went over is for the prospect again."""
	carried = frappe.parse_json(prospect.carried_over) or {}
	_set_customer(list(carried.get("Proforma", {})), None, prospect.display_name)


def _set_customer(proformas: list[str], customer: str | None, name: str | None = None) -> None:
	"""Written past the controllers: an issued proforma does not change, it is for the same person."""
	name = name or frappe.db.get_value("Cronus Customer", customer, "customer_name")
	for proforma in proformas:
		frappe.db.set_value(
			"Proforma", proforma, {"customer": customer, "customer_name": name}, update_modified=False
		)
