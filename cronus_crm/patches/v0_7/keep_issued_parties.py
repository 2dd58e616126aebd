"""Writes whom they are for into the documents that were issued before they kept it.

The name is the one that each document bears; tax id, address, telephone and e-mail are today's, as nothing
older is stored. Documents that have it already are left alone, so that the patch can be run again.
"""

import frappe
from frappe.query_builder import DocType

from cronus_crm.base.batches import commit_between_batches
from cronus_crm.cronus_billing.documents import issued_party

DOCTYPES = (
	"Proforma",
	"Cronus Order",
	"Cronus Delivery Note",
	"Cronus Sales Note",
	"Invoice",
	"Cronus Payment",
)
_BATCH = 500


def execute() -> None:
	for doctype in DOCTYPES:
		_fill("Cronus Customer", "customer", doctype)
	_fill("Cronus Prospect", "prospect", "Proforma")


def _fill(party_doctype: str, fieldname: str, doctype: str) -> None:
	"""Fills the documents of a DocType, all of a customer or prospect in one statement."""
	table = DocType(doctype)
	unfilled = (table.docstatus > 0) & (table.party_name.isnull() | (table.party_name == ""))
	parties = frappe.qb.from_(table).select(table[fieldname]).distinct().where(unfilled).run(pluck=True)
	existing = set(frappe.get_all(party_doctype, pluck="name", order_by="name asc")) & set(parties)
	for names in commit_between_batches(sorted(existing), _BATCH):
		for name in names:
			values = issued_party.as_fields(issued_party.read_party(party_doctype, name, name))
			query = frappe.qb.update(table).set(table.party_name, table.customer_name)
			for field in issued_party.FIELDS[1:]:
				query = query.set(table[field], values[field])
			query.where(unfilled & (table[fieldname] == name)).run()
