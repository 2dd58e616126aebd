import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate

from cronus_crm.base.company import company_today
from cronus_crm.base.present_records import get_present_doc, get_settings
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_billing.documents.commercial_document import CommercialDocument


class Proforma(CommercialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_billing.doctype.cronus_document_item.cronus_document_item import (
			CronusDocumentItem,
		)
		from cronus_crm.cronus_billing.doctype.cronus_document_tax.cronus_document_tax import (
			CronusDocumentTax,
		)

		amended_from: DF.Link | None
		base_net_total: DF.Currency
		currency: DF.Link
		customer: DF.Link | None
		customer_name: DF.Data | None
		discount_amount: DF.Currency
		discount_percent: DF.Percent
		exchange_rate: DF.Float
		fixed_discount: DF.Currency
		grand_total: DF.Currency
		items: DF.Table[CronusDocumentItem]
		left_to_invoice: DF.Currency
		naming_series: DF.Literal["PF-.YYYY.-.#####"]
		net_total: DF.Currency
		notes: DF.SmallText | None
		opportunity: DF.Link | None
		party_address: DF.SmallText | None
		party_email: DF.Data | None
		party_name: DF.Data | None
		party_phone: DF.Data | None
		party_tax_id: DF.Data | None
		posting_date: DF.Date
		price_list: DF.Link | None
		prospect: DF.Link | None
		seller: DF.Link | None
		state: DF.Literal["Draft", "Issued", "Ordered", "Partly invoiced", "Invoiced", "Expired", "Cancelled"]
		tax_total: DF.Currency
		taxes: DF.Table[CronusDocumentTax]
		taxes_included: DF.Check
		valid_until: DF.Date | None
		work_center: DF.Link | None

	# end: auto-generated types
	def before_validate(self):
		self.set_fields_from_prospect()
		super().before_validate()
		self.set_validity()

	def validate(self):
		super().validate()
		self.check_date_order("valid_until", _("A proforma cannot end before its own date."))

	def set_fields_from_prospect(self):
		"""Sets missing customer and seller from the prospect; without a customer, the name of the
		prospect."""
		if not self.prospect:
			return
		prospect = get_present_doc("Cronus Prospect", self.prospect)
		self.customer = self.customer or prospect.customer
		self.seller = self.seller or prospect.seller
		if not self.customer:
			self.customer_name = prospect.display_name

	def check_customer(self):
		"""Checks that there is a customer or a prospect, and that the customer is that of the prospect, if
		the prospect has one. Raises frappe.ValidationError."""
		if not self.prospect:
			return super().check_customer()
		known = frappe.db.get_value("Cronus Prospect", self.prospect, "customer")
		if known and self.customer != known:
			frappe.throw(
				_("Prospect {0} is customer {1}, so its proforma is for that one.").format(
					frappe.bold(self.prospect), frappe.bold(known)
				),
				title=_("Another customer"),
			)
		if self.customer:
			super().check_customer()

	def follows_issued_document(self) -> bool:
		"""Never: a proforma is a new offer, also in place of a cancelled one."""
		return False

	def missing_customer_message(self) -> str:
		return _("Choose the customer, or the prospect that it is for.")

	def set_validity(self):
		if not self.valid_until:
			days = get_settings().proforma_validity_days
			self.valid_until = add_days(self.posting_date or company_today(), cint(days))

	def compute_state(self) -> str:
		"""The state of an issued proforma, from the quantities taken of its lines and its validity."""
		invoiced = self.taken_part("invoiced_quantity")
		if invoiced != "nothing":
			return "Invoiced" if invoiced == "all" else "Partly invoiced"
		if any(self.taken_part(counted) != "nothing" for counted in document_chain.QUANTITY_FIELDS.values()):
			return "Ordered"
		return "Expired" if getdate(self.valid_until) < company_today() else "Issued"


def expire() -> None:
	"""Daily: sets the state "Expired" of issued proformas past their validity from which nothing was made."""
	proforma = frappe.qb.DocType("Proforma")
	(
		frappe.qb.update(proforma)
		.set(proforma.state, "Expired")
		.where(
			(proforma.state == "Issued")
			& (proforma.docstatus == 1)
			& (proforma.valid_until < company_today())
		)
	).run()


def make_from_opportunities(opportunities: list[str] | str) -> list[str]:
	"""Makes a draft proforma for each opportunity, with its customer and products; returns their names.

	opportunities: one name, a list of names, or its JSON.

	Raises frappe.PermissionError where the user may not read one of them or create proformas, and
	frappe.ValidationError where one has no customer or no products. Then no proforma is made.
	"""
	return [
		_make_proforma(name)
		for name in document_chain.read_names(opportunities, _("Choose at least one opportunity."))
	]


def _make_proforma(opportunity: str) -> str:
	source = frappe.get_doc("Cronus Opportunity", opportunity)
	source.check_permission("read")
	title = frappe.bold(source.title)
	if not source.customer:
		frappe.throw(_("{0} has no customer yet. Choose one before making its proforma.").format(title))
	if not source.products:
		frappe.throw(_("{0} has no products yet. Add them before making its proforma.").format(title))
	proforma = frappe.new_doc("Proforma")
	proforma.update({f: source.get(f) for f in ("customer", "seller", "work_center", "currency")})
	proforma.opportunity = source.name
	for row in source.products:
		line = {"product": row.product, "quantity": row.quantity, "price": row.price}
		proforma.append("items", line)
	proforma.insert()
	return proforma.name
