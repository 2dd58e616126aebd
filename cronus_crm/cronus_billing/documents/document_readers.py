"""How Cronus' own documents are read by what acts on any ERP's: see `cronus_crm.sales_documents`."""

from frappe.utils import getdate

from cronus_crm.base.sales_documents import Instalment, SalesDocument
from cronus_crm.cronus_billing.doctype.cronus_order.cronus_order import CronusOrder
from cronus_crm.cronus_billing.doctype.cronus_payment.cronus_payment import CronusPayment
from cronus_crm.cronus_billing.doctype.invoice.invoice import Invoice
from cronus_crm.cronus_billing.doctype.proforma.proforma import Proforma
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_billing.documents.commercial_document import CommercialDocument


def read_proforma(doc: Proforma) -> SalesDocument:
	"""A Proforma; its balance is what is left to invoice, without tax."""
	return _read(doc, kind="Proforma", due_date=doc.valid_until, balance=doc.left_to_invoice)


def read_order(doc: CronusOrder) -> SalesDocument:
	"""A Cronus Order; its balance is what is left to invoice, without tax."""
	return _read(doc, kind="Order", due_date=doc.delivery_date, balance=doc.left_to_invoice)


def read_delivery_note(doc: CommercialDocument) -> SalesDocument:
	"""A Cronus Delivery Note; its balance is what is left to invoice, without tax."""
	return _read(doc, kind="Delivery Note", due_date=None, balance=doc.left_to_invoice)


def read_sales_note(doc: CommercialDocument) -> SalesDocument:
	"""A Cronus Sales Note; its balance is what is left to invoice, without tax."""
	return _read(doc, kind="Sales Note", due_date=None, balance=doc.left_to_invoice)


def read_invoice(doc: Invoice) -> SalesDocument:
	"""An Invoice; its balance is what is left to pay, with tax. Of a credit note everything is negative, and
	its balance is what the customer has left of it."""
	if doc.is_return:
		of = (("Invoice", doc.return_against),)
		return _read(doc, kind="Credit Note", due_date=None, balance=doc.balance, origins=of, sign=-1)
	return _read(
		doc,
		kind="Invoice",
		due_date=doc.due_date,
		balance=doc.balance,
		instalments=tuple(
			Instalment(row.idx, getdate(row.due_date), doc.in_company_currency(row.balance))
			for row in doc.instalments
		),
	)


def read_payment(doc: CronusPayment) -> SalesDocument:
	"""A Cronus Payment, negative when money goes back; its balance is the advance that is left of it, and its
	origins are what it settles."""
	amount = doc.base_amount if doc.kind == "Received" else -doc.base_amount
	return SalesDocument(
		kind="Payment",
		amount=amount,
		total=amount,
		balance=doc.in_company_currency(doc.unallocated_amount),
		due_date=None,
		origins=tuple(
			dict.fromkeys(
				("Cronus Payment", row.payment) if row.payment else ("Invoice", row.invoice)
				for row in doc.allocations
			)
		),
		**_whom(doc),
	)


def _read(doc, due_date, balance: float, origins=None, sign: int = 1, **particulars) -> SalesDocument:
	return SalesDocument(
		due_date=getdate(due_date) if due_date else None,
		amount=sign * doc.in_company_currency(doc.net_total),
		total=sign * doc.in_company_currency(doc.grand_total),
		balance=sign * doc.in_company_currency(balance),
		origins=document_chain.origins_of(doc) if origins is None else origins,
		prospect=doc.get("prospect") or None,
		opportunity=doc.get("opportunity") or None,
		**_whom(doc),
		**particulars,
	)


def _whom(doc) -> dict:
	return {
		"doctype": doc.doctype,
		"name": doc.name,
		"customer": doc.customer or None,
		"customer_name": doc.customer_name or doc.customer or "",
		"seller": doc.seller or None,
		"work_center": doc.work_center or None,
		"posting_date": getdate(doc.posting_date),
		"currency": doc.currency,
		"issued": doc.docstatus.is_submitted(),
	}
