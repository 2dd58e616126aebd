"""What customers owe by the invoices of ERPs."""

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import flt

from cronus_crm.base.sales_documents import INVOICE
from cronus_crm.cronus_exchange.external_documents.papers import DOCUMENT


def sum_told_debts(customer: str) -> float:
	"""Hook `cronus_debts_elsewhere`: what is left to pay of the invoices that ERPs have told of a customer.

	In the company's currency."""
	document = DocType(DOCUMENT)
	query = frappe.qb.from_(document).select(Sum(document.base_balance))
	query = query.where(document.customer == customer)
	((owed,),) = query.where((document.docstatus == 1) & (document.kind == INVOICE)).run()
	return flt(owed)
