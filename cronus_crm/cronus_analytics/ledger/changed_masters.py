"""What the ledger and the totals hold of other records, when these are renamed, merged or put in another
order.

The framework renames the values of Link fields. The name of a row of the totals is a hash of its key, and
some names are kept in fields that are no links: those are renamed here.
"""

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.base import sales_documents
from cronus_crm.cronus_analytics.ledger import recount_totals, totals
from cronus_crm.cronus_analytics.ledger.record_totals import CURRENT_MEASURES, FURTHEST_STAGE, STAGE_REACHED
from cronus_crm.cronus_analytics.ledger.totals import TOTAL

ENTRY = "Cronus Sales Entry"

# The column of the totals that holds the names of each DocType.
_COLUMN_OF = {
	"Cronus Seller": "seller",
	"Cronus Work Center": "work_center",
	"User": "owner",
	"Cronus Stage": "dimension",
	"Cronus Loss Reason": "dimension",
	"Cronus Activity Type": "dimension",
}
_OF_STAGES = (STAGE_REACHED, FURTHEST_STAGE)
_MEASURES_BY_DIMENSION = {
	"Cronus Stage": (*_OF_STAGES, *CURRENT_MEASURES),
	"Cronus Loss Reason": ("Deal lost",),
	"Cronus Activity Type": ("Activity done",),
}


def on_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of the DocTypes whose names are keys of the totals: gives the rows of the totals
	their new keys and the names that follow from them. Rows of two merged records become one."""
	total = DocType(TOTAL)
	column = total[_COLUMN_OF[doc.doctype]]
	if measures := _MEASURES_BY_DIMENSION.get(doc.doctype):
		# No link: the framework does not rename it.
		is_old = total.measure.isin(measures) & (column == old)
		frappe.qb.update(total).set(column, new).where(is_old).run()
	totals.rewrite_misnamed_rows(column == new)
	if merge and doc.doctype == "Cronus Stage":
		# An opportunity that was in both has reached the one that is left once.
		recount_totals.repair(_OF_STAGES)


def on_stage_change(stage: Document, method: str | None = None) -> None:
	"""Event `on_update` of Cronus Stage: in another order, other stages are the furthest ones."""
	if stage.get_doc_before_save() and (
		stage.has_value_changed("position") or stage.has_value_changed("state")
	):
		recount_totals.repair((FURTHEST_STAGE,))


def on_customer_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of Cronus Customer: renames the customer in the ledger, where it is no link."""
	entry = DocType(ENTRY)
	frappe.qb.update(entry).set(entry.customer, new).where(entry.customer == old).run()


def before_document_rename(
	doc: Document, method: str | None, old: str, new: str, merge: bool = False
) -> None:
	"""Event `before_rename` of every DocType: the entry of a deleted document gives its place to the one that
	gets its name. It is cancelled, and counts for nothing."""
	if merge or doc.doctype not in sales_documents.registered_doctypes():
		return
	left = {"source_doctype": doc.doctype, "source_name": new, "cancelled": 1}
	if not frappe.db.exists(doc.doctype, new):
		for name in frappe.get_all(ENTRY, left, pluck="name", order_by="name asc"):
			frappe.db.delete("Cronus Sales Entry Origin", {"parent": name})
			frappe.db.delete(ENTRY, {"name": name})
