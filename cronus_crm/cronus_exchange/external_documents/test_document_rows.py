"""Documents of an ERP, from the row to the ledger."""

import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_exchange.external_documents.document_kinds import KINDS
from cronus_crm.cronus_exchange.external_documents.papers import DOCUMENT, make_document_name
from cronus_crm.cronus_exchange.pushing.pushed_rows import KnownRecord, PushedRow, make_key
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext
from tests.scaffold import make_customer, make_seller, unique

pytestmark = pytest.mark.usefixtures("site")


class Erp:
	"""A source that tells rows, without the engine."""

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


@pytest.fixture
def erp():
	frappe.set_user("Administrator")
	seller = make_seller()
	erp = Erp({"C-1": make_customer(seller.name).name, "C-2": make_customer(make_seller().name).name})
	erp.seller = seller.name
	return erp


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


def entry(doc):
	key = {"source_doctype": doc.doctype, "source_name": doc.name}
	return frappe.db.get_value("Cronus Sales Entry", key, "*", as_dict=True)


def activities(doc):
	of = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	return frappe.get_all("Cronus Activity", of, ["*"], order_by="creation asc, name asc")


def differences():
	return list(verify.find_differences())


def test_an_invoice_of_an_erp_is_in_the_ledger_and_is_collected(erp):
	(row,) = erp.tell(invoice(items=[{"description": "Screws", "quantity": 2, "price": "50", "amount": 100}]))
	assert (row.outcome, row.message) == ("created", None)
	doc = erp.get("F-1")
	assert (doc.state, doc.balance, doc.tax_total, doc.docstatus) == ("Issued", 112, 12, 1)
	assert doc.items[0].description == "Screws"
	found = entry(doc)
	assert (found.kind, found.amount, found.total, found.balance) == ("Invoice", 100, 112, 112)
	assert (found.number, found.seller, found.is_sale) == ("F-1", erp.seller, 1)
	(activity,) = activities(doc)
	assert (activity.state, activity.seller, activity.announced) == ("Pending", erp.seller, 0)
	assert "F-1" in activity.subject
	assert differences() == []
