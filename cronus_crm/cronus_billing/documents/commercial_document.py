"""The base class of commercial documents: customer and seller, lines, totals, and how much of the lines later
documents have taken."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from cronus_crm.base.amounts import add_amounts, as_decimal, currency_decimals, round_decimal
from cronus_crm.base.company import company_currency, company_decimals
from cronus_crm.base.present_records import get_present_value, get_present_values, read_versions
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_billing.documents import (
	document_chain,
	document_discounts,
	document_lines,
	document_totals,
	issue_requests,
	issued_party,
	later_documents,
	numbering,
)
from cronus_crm.cronus_billing.pricing import exchange_rates, prices, taxes
from cronus_crm.visibility.rule import seller_of_user

# Larger figures are typing errors, and would soon exceed the range of the database's columns.
LARGEST_QUANTITY = 1e9
LARGEST_AMOUNT = 1e12


class CommercialDocument(Document):
	def before_naming(self):
		numbering.keep_own_number(self)

	def autoname(self):
		self.set_seller()
		self.set_work_center()
		self.name = numbering.make_next_name(self)

	def before_validate(self):
		# Set here from cached records: `fetch_from` would make one query for each line.
		self.set_customer_name()
		self.set_seller()
		self.set_work_center()
		self.set_currency()
		self.set_lines_from_products()

	def validate(self):
		self.keep_request()
		issued_party.clear_party(self)
		self.check_customer()
		self.check_seller()
		self.check_lines()
		document_chain.check_origins(self)
		self.compute_totals()
		prices.check_price_list(self)
		prices.check_discounts(self)
		self.reset_progress()

	def before_submit(self):
		issued_party.keep_party(self)
		self.update(self.compute_progress())

	def on_submit(self):
		document_chain.count_taken_quantities(self, 1)
		issue_requests.settle_request(self)

	def on_trash(self):
		issue_requests.settle_request(self)

	def keep_request(self):
		"""Discards what a client has sent as the request to issue it: see `issue_requests.py`."""
		if self.meta.has_field(issue_requests.ASKED_BY):
			restore_server_fields(self, issue_requests.FIELDS)

	def before_cancel(self):
		later_documents.check_no_later_documents(self)

	def on_cancel(self):
		document_chain.count_taken_quantities(self, -1)
		self.db_set("state", "Cancelled")

	def compute_state(self) -> str:
		"""The state of an issued document, from the quantities taken of its lines; subclasses add dates."""
		return {"all": "Invoiced", "part": "Partly invoiced"}.get(
			self.taken_part("invoiced_quantity"), "Issued"
		)

	def set_customer_name(self):
		if self.customer:
			self.customer_name = get_present_value("Cronus Customer", self.customer, "customer_name")

	def set_work_center(self):
		if self.seller and not self.work_center:
			self.work_center = get_present_value("Cronus Seller", self.seller, "work_center")

	def set_seller(self):
		"""Sets a missing seller: that of the opportunity, else that of the customer, else the session's
		user."""
		if self.seller:
			return
		opportunity = self.get("opportunity")
		self.seller = (
			(opportunity and frappe.db.get_value("Cronus Opportunity", opportunity, "seller"))
			or (self.customer and get_present_value("Cronus Customer", self.customer, "seller"))
			or seller_of_user()
		)

	def set_currency(self):
		if not self.currency:
			self.currency = (
				self.customer and get_present_value("Cronus Customer", self.customer, "currency")
			) or company_currency()
		exchange_rates.set_rate(self)

	def set_lines_from_products(self):
		"""Fills in missing descriptions, units and taxes of the lines from their products, and prices by the
		rule of `prices.py`.

		Raises frappe.ValidationError without an exchange rate and for too many lines.
		"""
		exchange_rates.check_rate(self)
		document_lines.check_number_of_lines(self.items)
		read_versions("Cronus Product", (row.product for row in self.items))
		for row in self.items:
			if row.product and not (row.description and row.unit):
				product = document_lines.get_product(row)
				row.description = row.description or product.product_name
				row.unit = row.unit or product.unit
		taxes.set_taxes(self.items)
		prices.set_price_list(self)
		prices.set_prices(self)

	def check_customer(self):
		if not self.customer:
			frappe.throw(self.missing_customer_message(), frappe.MandatoryError, title=_("No customer"))
		if self.follows_issued_document():
			return
		if get_present_value("Cronus Customer", self.customer, "disabled"):
			frappe.throw(
				_("{0} is disabled. Enable the customer before making documents for it.").format(
					frappe.bold(self.customer_name or self.customer)
				)
			)

	def follows_issued_document(self) -> bool:
		"""True for a document that goes on with what was issued before: made from its lines, or in place of a
		cancelled one. It needs no customer or seller that is still in use: what was agreed is settled."""
		return bool(self.amended_from) or any(document_lines.is_carried(row) for row in self.items)

	def missing_customer_message(self) -> str:
		return _("Choose the customer.")

	def check_seller(self):
		if not self.seller:
			frappe.throw(
				_(
					"Choose the seller. Neither the customer nor you have one: an administrator can set the"
					" customer's seller, or make you a seller."
				),
				frappe.MandatoryError,
				title=_("No seller"),
			)
		if self.follows_issued_document():
			return
		user, enabled = get_present_values("Cronus Seller", self.seller, "user", "enabled")
		if not user:
			frappe.throw(
				_("{0} is a team without a user. Choose the person who sells.").format(
					frappe.bold(self.seller)
				),
				title=_("A seller needs a user"),
			)
		if not enabled and self.docstatus.is_draft():
			frappe.throw(_("The seller {0} is disabled. Choose another.").format(frappe.bold(self.seller)))

	def check_lines(self):
		if not self.items:
			frappe.throw(_("Add at least one line."), frappe.MandatoryError, title=_("No lines"))
		for row in self.items:
			self.check_line(row)

	def check_line(self, row):
		"""Raises frappe.ValidationError, naming the line, for a missing price and for numbers out of range.

		The comparisons are written as `not low <= number <= high`, which also refuses NaN.
		"""
		if row.price is None and row.product:
			document_lines.refuse_line(row, _("no price list has a price for it. Write the price"))
		# A client may send numbers as formatted text, which must not reach the database.
		for fieldname in ("quantity", "price", "discount_percent"):
			row.set(fieldname, flt(row.get(fieldname)))
		if not 0 < row.quantity <= LARGEST_QUANTITY:
			document_lines.refuse_line(
				row, _("the quantity must be above zero and at most {0}").format(f"{LARGEST_QUANTITY:,.0f}")
			)
		if not 0 <= row.price <= LARGEST_AMOUNT:
			document_lines.refuse_line(
				row, _("the price cannot be negative nor above {0}").format(f"{LARGEST_AMOUNT:,.0f}")
			)
		if not 0 <= row.discount_percent <= 100:
			document_lines.refuse_line(row, _("the discount is a percentage from 0 to 100"))
		if row.product and not document_lines.is_carried(row):
			self.check_product_on_sale(row)

	def check_product_on_sale(self, row):
		"""Refuses a product or a tax that is disabled, and a product that is not sold.

		Only for new lines: lines made from an earlier document keep what that document has promised.
		"""
		product = document_lines.get_product(row)
		if product.disabled:
			document_lines.refuse_line(row, _("the product is disabled"))
		if not product.is_sold:
			document_lines.refuse_line(row, _("the product is not sold. Mark it as sold, or choose another"))
		if row.tax and taxes.is_tax_disabled(row.tax):
			document_lines.refuse_line(
				row, _("the tax {0} is disabled. Choose another").format(frappe.bold(_(row.tax)))
			)

	def compute_totals(self):
		self.discount_percent = flt(self.discount_percent)
		if not 0 <= self.discount_percent <= 100:
			frappe.throw(_("The discount on the whole document is a percentage from 0 to 100."))
		document_discounts.set_percentages(self)
		result = document_totals.compute_totals(
			(
				document_totals.Line(
					row.quantity,
					row.price,
					row.discount_percent,
					row.tax_rate,
					row.tax or "",
					flt(row.fixed_discount),
				)
				for row in self.items
			),
			self.discount_percent,
			bool(self.taxes_included),
			currency_decimals(self.currency),
			flt(self.fixed_discount),
		)
		if result.grand_total > LARGEST_AMOUNT:
			frappe.throw(
				_("The total is above {0}. Look at quantities and prices.").format(f"{LARGEST_AMOUNT:,.0f}")
			)
		amounts = zip(self.items, result.net_amounts, result.gross_amounts, strict=True)
		for row, net_amount, gross_amount in amounts:
			row.update({"net_amount": net_amount, "gross_amount": gross_amount})
		self.discount_amount = result.discount
		self.set_totals(result.taxes)

	def set_totals(self, computed: tuple[document_totals.Tax, ...]):
		"""Writes the table of taxes, and the totals, which are their sums. Existing rows are reused, so that
		saving again deletes and inserts none."""
		rows = self.get("taxes")[: len(computed)]
		self.set("taxes", rows)
		while len(self.taxes) < len(computed):
			self.append("taxes", {})
		for row, tax in zip(self.taxes, computed, strict=True):
			row.update({"tax": tax.tax or None, "rate": tax.rate, "base": tax.base, "amount": tax.amount})
		self.net_total = add_amounts(*(tax.base for tax in computed))
		self.tax_total = add_amounts(*(tax.amount for tax in computed))
		self.grand_total = add_amounts(self.net_total, self.tax_total)
		self.base_net_total = self.in_company_currency(self.net_total)

	def in_company_currency(self, amount: float) -> float:
		return document_totals.convert_to_company_currency(amount, self.exchange_rate, company_decimals())

	def reset_progress(self):
		"""Sets all taken quantities of a draft to zero, and its state to "Draft".

		A draft that amends a cancelled document is a copy with the quantities of that document.
		"""
		for row in self.items:
			for fieldname in (*document_chain.QUANTITY_FIELDS.values(), document_chain.RETURNED_QUANTITY):
				row.set(fieldname, 0)
		self.state = "Draft"
		if self.meta.has_field("left_to_invoice"):
			self.left_to_invoice = self.net_total

	def take_quantities(self, fieldname: str, changes: dict[str, float]):
		"""Adds to the quantity that later documents have taken of each line, and updates the progress.

		fieldname: the field of the lines that counts it, see `document_chain.QUANTITY_FIELDS`. changes: {name
		of the line: quantity}, negative to give it back. The caller has locked the row of this document, so
		that two documents cannot take the same remainder.

		Raises frappe.ValidationError when a line has less left than is taken, or this document is not issued.
		"""
		if not self.docstatus.is_submitted():
			document_chain.refuse_unissued(self.name)
		for row in self.items:
			if not (change := changes.get(row.name)):
				continue
			taken = flt(flt(row.get(fieldname)) + change, 6)
			if taken > flt(row.quantity, 6):
				frappe.throw(
					_("{0}, line {1} ({2}): {3}, and this document has {4}.").format(
						frappe.bold(self.name),
						row.idx,
						row.product,
						document_chain.describe_quantity_left(fieldname).format(
							frappe.bold(f"{row.quantity - flt(row.get(fieldname)):g}")
						),
						frappe.bold(f"{change:g}"),
					),
					title=_("More than is left"),
				)
			row.set(fieldname, max(taken, 0))
		document_chain.store_taken_quantities(self, fieldname, changes)
		self.refresh_progress()

	def refresh_progress(self):
		"""Stores the progress that the quantities of the lines give."""
		self.db_set(self.compute_progress())

	def compute_progress(self) -> dict:
		"""The fields that depend on the quantities taken of the lines: the state, and in DocTypes that have
		it the amount left to invoice. A dict of values by field."""
		progress = {"state": self.compute_state()}
		if self.meta.has_field("left_to_invoice"):
			progress["left_to_invoice"] = self.compute_amount_left()
		return progress

	def taken_part(self, fieldname: str, rows: list | None = None) -> str:
		"""Which part of the lines was taken, by the quantities in a field: "all", "part" or "nothing".

		rows: by default, all lines.
		"""
		rows = self.items if rows is None else rows
		if all(flt(row.get(fieldname), 6) >= flt(row.quantity, 6) for row in rows):
			return "all"
		return "part" if any(flt(row.get(fieldname)) > 0 for row in rows) else "nothing"

	def compute_amount_left(self) -> float:
		"""What is left to invoice, without tax, at the prices of this document and in its currency:

		Σ over the lines of net amount × (quantity - invoiced quantity) / quantity, each rounded.
		"""
		left = [
			as_decimal(row.net_amount)
			* (as_decimal(row.quantity) - as_decimal(row.invoiced_quantity))
			/ as_decimal(row.quantity)
			for row in self.items
		]
		decimals = currency_decimals(self.currency)
		return add_amounts(*(round_decimal(amount, decimals) for amount in left))

	def check_date_order(self, later: str, message: str):
		"""Raises frappe.ValidationError with the message where the date in the field `later` is before the
		document's own date."""
		if self.get(later) and getdate(self.get(later)) < getdate(self.posting_date):
			frappe.throw(message)
