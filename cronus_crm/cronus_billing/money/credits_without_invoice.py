"""Credit notes without their invoice: for goods of before, a bonus, a difference that was agreed on.

They are credit of the customer until they are used on an invoice (`credit_use.py`) or paid out. The settings
say whether there may be any and how large one may be, and only roles that set prices freely make them, with a
reason: a credit note of an invoice is bounded by what was sold, this one is not.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from cronus_crm.base.company import company_currency
from cronus_crm.base.money_format import format_money
from cronus_crm.cronus_billing.documents import document_lines
from cronus_crm.cronus_billing.pricing import prices

SETTINGS = "Cronus CRM Settings"


def check_credit_without_invoice(doc: Document) -> None:
	"""Raises frappe.ValidationError where the settings do not allow this credit note, frappe.PermissionError
	for a user without the right, and frappe.MandatoryError without a reason."""
	if not frappe.db.get_single_value(SETTINGS, "credits_without_invoice"):
		frappe.throw(
			_(
				"A credit note needs the invoice that it is for. Whether there are credit notes without one,"
				" an administrator says in the settings."
			),
			frappe.MandatoryError,
		)
	if not prices.may_set_prices():
		frappe.throw(
			_("Billing users, sales managers and administrators make credit notes without an invoice."),
			frappe.PermissionError,
		)
	doc.credit_reason = (doc.credit_reason or "").strip()
	if not doc.credit_reason:
		frappe.throw(_("Write the reason of the credit: it has no invoice."), frappe.MandatoryError)
	for row in doc.items:
		if document_lines.is_carried(row):
			document_lines.refuse_line(row, _("it is from another document, and this credit has no invoice"))
	_check_limit(doc)


def _check_limit(doc: Document) -> None:
	limit = flt(frappe.db.get_single_value(SETTINGS, "credit_without_invoice_limit"))
	if limit and doc.in_company_currency(doc.grand_total) > limit:
		frappe.throw(
			_("This credit comes to {0}, and one without an invoice may come to {1}.").format(
				frappe.bold(format_money(doc.grand_total, doc.currency)),
				frappe.bold(format_money(limit, company_currency())),
			),
			title=_("Above the limit"),
		)
