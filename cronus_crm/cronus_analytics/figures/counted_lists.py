"""Where a figure leads that counts documents: to the list of their DocType, or where other apps and ERPs have
documents too, to the report *Issued Documents*, which has all of them."""

import frappe

from cronus_crm.base import sales_documents

# What the report calls an amount invoiced: invoices less credit notes, which are in one list of ours.
INVOICED = "Invoices and credit notes"

# The kinds that the report shows instead of a list, by the DocType of the list.
_KINDS = {
	"Proforma": "Proforma",
	"Cronus Order": "Order",
	"Cronus Delivery Note": "Delivery Note",
	"Cronus Sales Note": "Sales Note",
	"Invoice": INVOICED,
	"Cronus Payment": "Payment",
}


def list_kinds_instead_of_lists() -> dict[str, str]:
	"""By DocType, the kind by which the report has the documents of its list; {} for a user who sees no
	documents of another app or ERP, for whom lists have all."""
	others = [doctype for doctype in sales_documents.registered_doctypes() if doctype not in _KINDS]
	return _KINDS if any(_sees_one(doctype) for doctype in others) else {}


def _sees_one(doctype: str) -> bool:
	if not frappe.has_permission(doctype, "read"):
		return False
	return bool(frappe.get_list(doctype, pluck="name", order_by="name asc", limit=1))
