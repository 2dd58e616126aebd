"""How Cronus' own documents are read by what acts on any ERP's: see `cronus_crm.sales_documents`."""

from frappe.utils import getdate

from cronus_crm.cronus_billing.doctype.invoice.invoice import Invoice
from cronus_crm.cronus_billing.doctype.proforma.proforma import Proforma
from cronus_crm.cronus_crm.sales_documents import SalesDocument


def read_proforma(doc: Proforma) -> SalesDocument:
	"""A Proforma; its balance is what is left to invoice, without tax."""
	return _read(doc, kind="Proforma", due_date=doc.valid_until, balance=doc.left_to_invoice)


def read_invoice(doc: Invoice) -> SalesDocument:
	"""An Invoice; its balance is what is left to pay, with tax, and its origins are its proformas."""
	origins = dict.fromkeys(row.proforma for row in doc.items if row.proforma)
	return _read(
		doc,
		kind="Invoice",
		due_date=doc.due_date,
		balance=doc.balance,
		origins=tuple(("Proforma", name) for name in origins),
	)


def _read(doc, due_date, balance: float, **particulars) -> SalesDocument:
	return SalesDocument(
		doctype=doc.doctype,
		name=doc.name,
		customer=doc.customer or None,
		customer_name=doc.customer_name or doc.customer or "",
		seller=doc.seller or None,
		work_center=doc.work_center or None,
		posting_date=getdate(doc.posting_date),
		due_date=getdate(due_date) if due_date else None,
		currency=doc.currency,
		amount=doc.in_company_currency(doc.net_total),
		total=doc.in_company_currency(doc.grand_total),
		balance=doc.in_company_currency(balance),
		issued=doc.docstatus.is_submitted(),
		prospect=doc.get("prospect") or None,
		opportunity=doc.get("opportunity") or None,
		**particulars,
	)
