"""What sellers should sell, and what they ask billing for on the last day of the story."""

from datetime import date

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from cronus_crm.cronus_analytics.doctype.cronus_sales_target.cronus_sales_target import MONTH_FIELDS
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.record_totals import SALE
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from cronus_crm.cronus_billing.documents.issue_requests import ASKED_BY, ASKED_ON
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import user_of_seller
from cronus_crm.demo.record_writer import RecordWriter

ORDER = "Cronus Order"

# A target is a tenth above what was sold in an average month, in whole hundreds.
_ABOVE_AVERAGE, _WHOLE = 1.1, 100

# Sellers who have drafted an order that they ask billing to issue.
_REQUESTS = 3


def write_targets(writer: RecordWriter, today: date) -> None:
	"""The targets of each seller for last year and this one, by what was sold since. Reads the totals."""
	begins = date(today.year - 1, 1, 1)
	months = 12 + today.month
	for row in totals.read_period_totals((SALE,), begins, today, by=("seller",)):
		if not row.seller:
			continue
		target = max(round(row.amount / months * _ABOVE_AVERAGE / _WHOLE), 1) * _WHOLE
		for year in (today.year - 1, today.year):
			amounts = dict.fromkeys(MONTH_FIELDS, target)
			writer.write("Cronus Sales Target", seller=row.seller, year=year, **amounts)


def write_requests(writer: RecordWriter, proformas: dict[int, Document]) -> None:
	"""Drafts of orders from the latest open proformas of some sellers, who ask billing to issue them.

	proformas: by the number of their deal.
	"""
	asking: set[str] = set()
	for deal, proforma in sorted(proformas.items(), reverse=True):
		state = frappe.db.get_value("Proforma", proforma.name, "state")
		if state != "Issued" or not proforma.customer or proforma.seller in asking:
			continue
		asking.add(proforma.seller)
		(name,) = convert_documents("Proforma", [proforma.name], ORDER)
		order = writer.record_document(frappe.get_doc(ORDER, name), deal)
		order.db_set({ASKED_BY: user_of_seller(proforma.seller), ASKED_ON: now_datetime()})
		if len(asking) == _REQUESTS:
			return
