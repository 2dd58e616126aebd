"""An ERP that tells documents, as the engine of the push hands them to their kinds."""

import frappe
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_exchange.external_documents.document_kinds import KINDS
from cronus_crm.cronus_exchange.external_documents.papers import DOCUMENT, make_document_name
from cronus_crm.cronus_exchange.pushing.pushed_rows import KnownRecord, PushedRow, make_key
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext
from tests.scaffold import unique


class Erp:
	"""A new source. customers: names of Cronus Customers by what the ERP calls them."""

	def __init__(self, customers: dict[str, str], default_seller: str | None = None):
		self.source = frappe._dict(name=unique("ERP").replace(" ", "-"), default_seller=default_seller)
		frappe.get_doc(doctype="Cronus Source", source_name=self.source.name).insert(ignore_permissions=True)
		self.customers = customers
		self.known: dict[str, KnownRecord] = {}
		for external_id, name in customers.items():
			self._know("customer", external_id, "Cronus Customer", name, {})

	def _know(self, kind, external_id, doctype, name, told):
		key = make_key(self.source.name, kind, external_id)
		told = {**(self.known[key].told if key in self.known else {}), **told}
		self.known[key] = KnownRecord(key, kind, external_id, doctype, name, told=told)

	def tell(self, *rows: dict, history: bool = False, kind: str = "document") -> list[PushedRow]:
		context = PushContext(self.source, history)
		context.known = self.known
		made = [
			PushedRow(
				number, kind, row["id"], None, row.get("data", {}), is_cancelled=row.get("cancelled", False)
			)
			for number, row in enumerate(rows, start=1)
		]
		(of_kind,) = (one for one in KINDS if one.name == kind)
		for row in made:
			row.known = self.known.get(make_key(self.source.name, kind, row.external_id))
		of_kind.read(made, context)
		due = [row for row in made if row.is_open]
		if due:
			of_kind.write(due, context)
		for row in due:
			self._know(kind, row.external_id, row.doctype, row.name, row.data)
		return made

	def get(self, external_id: str):
		return frappe.get_doc(DOCUMENT, make_document_name(self.source.name, external_id))


def invoice(external_id: str = "F-1", total: str = "112.00", net: str = "100.00", **data) -> dict:
	return {
		"id": external_id,
		"data": {
			"kind": "invoice",
			"number": external_id,
			"customer": "C-1",
			"posting_date": nowdate(),
			"due_date": add_days(nowdate(), 30),
			"currency": "USD",
			"net_total": net,
			"grand_total": total,
			**data,
		},
	}


def payment(external_id: str, total: str, *origins: dict, **data) -> dict:
	return {
		"id": external_id,
		"data": {
			"kind": "payment",
			"number": external_id,
			"customer": "C-1",
			"posting_date": nowdate(),
			"currency": "USD",
			"grand_total": total,
			"origins": list(origins),
			**data,
		},
	}
