import frappe
from frappe import _
from frappe.utils import add_days, cint, flt, getdate, nowdate

from cronus_crm.cronus_billing import totals
from cronus_crm.cronus_billing.commercial_document import CommercialDocument, names_in


class Proforma(CommercialDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_billing.doctype.cronus_document_item.cronus_document_item import (
			CronusDocumentItem,
		)

		amended_from: DF.Link | None
		base_net_total: DF.Currency
		currency: DF.Link
		customer: DF.Link | None
		customer_name: DF.Data | None
		exchange_rate: DF.Float
		grand_total: DF.Currency
		items: DF.Table[CronusDocumentItem]
		left_to_invoice: DF.Currency
		naming_series: DF.Literal["PF-.YYYY.-.#####"]
		net_total: DF.Currency
		notes: DF.SmallText | None
		opportunity: DF.Link | None
		posting_date: DF.Date
		prospect: DF.Link | None
		seller: DF.Link | None
		state: DF.Literal["Draft", "Issued", "Partly invoiced", "Invoiced", "Expired", "Cancelled"]
		tax_total: DF.Currency
		valid_until: DF.Date | None
		work_center: DF.Link | None

	# end: auto-generated types
	def before_validate(self):
		self.take_from_prospect()
		super().before_validate()
		self.set_validity()

	def validate(self):
		super().validate()
		self.check_date_order("valid_until", _("A proforma cannot end before its own date."))
		self.start_uninvoiced()

	def take_from_prospect(self):
		"""Whom the proforma is for and who sells, where it does not say."""
		if not self.prospect:
			return
		prospect = frappe.get_cached_doc("Cronus Prospect", self.prospect)
		self.customer = self.customer or prospect.customer
		self.seller = self.seller or prospect.seller
		if not self.customer:
			self.customer_name = prospect.display_name

	def check_customer(self):
		"""A customer, or somebody who may become one."""
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

	def ask_for_customer(self) -> str:
		return _("Choose the customer, or the prospect that it is for.")

	def set_validity(self):
		if not self.valid_until:
			days = frappe.get_cached_doc("Cronus CRM Settings").proforma_validity_days
			self.valid_until = add_days(self.posting_date or nowdate(), cint(days))

	def start_uninvoiced(self):
		"""A draft, also one amended from an invoiced proforma, has nothing invoiced."""
		for row in self.items:
			row.invoiced_quantity = 0
		self.left_to_invoice = self.net_total

	def before_submit(self):
		self.state = self.state_now()

	def on_cancel(self):
		self.db_set("state", "Cancelled")

	def change_invoiced_quantities(self, changes: dict[str, float]):
		"""Adds to what is invoiced of each line: {name of the line: quantity}, negative to take it back.

		The caller holds the row of this proforma locked, so that two invoices cannot take the same rest.

		Raises frappe.ValidationError when more would be invoiced than was offered.
		"""
		for row in self.items:
			if not (change := changes.get(row.name)):
				continue
			invoiced = flt(flt(row.invoiced_quantity) + change, 6)
			if invoiced > flt(row.quantity, 6):
				frappe.throw(
					_("{0}, line {1} ({2}): {3} are left to invoice and the invoice has {4}.").format(
						frappe.bold(self.name),
						row.idx,
						row.product,
						frappe.bold(f"{row.quantity - flt(row.invoiced_quantity):g}"),
						frappe.bold(f"{change:g}"),
					),
					title=_("More than is left of the proforma"),
				)
			row.db_set("invoiced_quantity", max(invoiced, 0), update_modified=False)
		self.left_to_invoice = self.amount_left()
		self.db_set({"left_to_invoice": self.left_to_invoice, "state": self.state_now()})

	def amount_left(self) -> float:
		"""What is left to invoice, without tax, at the prices of this proforma and in its currency.

		Line by line net amount × part that is left, rounded to the cent.
		"""
		left = sum(
			totals.to_cents(
				totals.exact(row.net_amount)
				* (totals.exact(row.quantity) - totals.exact(row.invoiced_quantity))
				/ totals.exact(row.quantity)
			)
			for row in self.items
		)
		return float(left)

	def state_now(self) -> str:
		"""The state that quantities and dates give to an issued proforma."""
		if all(flt(row.invoiced_quantity, 6) >= flt(row.quantity, 6) for row in self.items):
			return "Invoiced"
		if any(flt(row.invoiced_quantity) > 0 for row in self.items):
			return "Partly invoiced"
		return "Expired" if getdate(self.valid_until) < getdate(nowdate()) else "Issued"


def expire() -> None:
	"""Daily: an issued proforma past its validity, of which nothing was invoiced, is expired."""
	proforma = frappe.qb.DocType("Proforma")
	(
		frappe.qb.update(proforma)
		.set(proforma.state, "Expired")
		.where((proforma.state == "Issued") & (proforma.docstatus == 1) & (proforma.valid_until < nowdate()))
	).run()


@frappe.whitelist(methods=["POST"])
def make_from_opportunities(opportunities: list[str] | str) -> list[str]:
	"""Makes a draft proforma of each opportunity, with its customer and products; gives back their names.

	opportunities: one name or several (a list, or its JSON).

	Raises frappe.PermissionError when the user may not read one of them or create proformas, and
	frappe.ValidationError when one has no customer or no products. Then no proforma is made.
	"""
	return [_make_proforma(name) for name in names_in(opportunities, _("Choose at least one opportunity."))]


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
		line = {"product": row.product, "quantity": row.quantity, "price": row.price or None}
		proforma.append("items", line)
	proforma.insert()
	return proforma.name
