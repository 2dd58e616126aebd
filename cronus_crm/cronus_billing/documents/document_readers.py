"""Readers of Cronus' own documents: each turns a document into a SalesDocument, the common form in which the
ledger, reminders and other modules read the documents of any ERP. See `base/sales_documents.py`.

The fields of a SalesDocument are explained there; its amounts are in the company's currency.
"""

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
	return _read_document(doc, kind="Proforma", due_date=doc.valid_until, balance=doc.left_to_invoice)


def read_order(doc: CronusOrder) -> SalesDocument:
	"""A Cronus Order; its balance is what is left to invoice, without tax."""
	return _read_document(doc, kind="Order", due_date=doc.delivery_date, balance=doc.left_to_invoice)


def read_delivery_note(doc: CommercialDocument) -> SalesDocument:
	"""A Cronus Delivery Note; its balance is what is left to invoice, without tax."""
	return _read_document(doc, kind="Delivery Note", due_date=None, balance=doc.left_to_invoice)


def read_sales_note(doc: CommercialDocument) -> SalesDocument:
	"""A Cronus Sales Note; its balance is what is left to invoice, without tax."""
	return _read_document(doc, kind="Sales Note", due_date=None, balance=doc.left_to_invoice)


def read_invoice(doc: Invoice) -> SalesDocument:
	"""An Invoice; its balance is what is left to pay, with tax. A credit note has negative amounts, and its
	balance is the credit that the customer has not used."""
	if doc.is_return:
		settled = [doc.return_against, *(row.invoice for row in doc.credit_uses)]
		origins = tuple(dict.fromkeys(("Invoice", invoice) for invoice in settled if invoice))
		return _read_document(
			doc, kind="Credit Note", due_date=None, balance=doc.balance, origins=origins, sign=-1
		)
	return _read_document(
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
	"""A Cronus Payment, negative when money is returned; its balance is the advance that is left, and its
	origins are the documents that it settles."""
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
		**_read_common_values(doc),
	)


def _read_document(
	doc, due_date, balance: float, origins=None, sign: int = 1, **particulars
) -> SalesDocument:
	return SalesDocument(
		due_date=getdate(due_date) if due_date else None,
		amount=sign * doc.in_company_currency(doc.net_total),
		total=sign * doc.in_company_currency(doc.grand_total),
		balance=sign * doc.in_company_currency(balance),
		origins=document_chain.find_origins(doc) if origins is None else origins,
		prospect=doc.get("prospect") or None,
		opportunity=doc.get("opportunity") or None,
		**_read_common_values(doc),
		**particulars,
	)


def _read_common_values(doc) -> dict:
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
