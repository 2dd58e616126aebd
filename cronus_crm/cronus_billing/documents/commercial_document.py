"""What commercial documents have in common: whom they are for, their lines, what they come to, and how much
of them went on into other documents."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from cronus_crm.base.company import company_currency
from cronus_crm.cronus_billing.documents import document_chain, document_lines, document_totals, numbering
from cronus_crm.cronus_billing.pricing import exchange_rates, prices, taxes
from cronus_crm.visibility.rule import seller_of_user

# Beyond these a figure is a slip of the keyboard, and beyond the database's columns soon after.
LARGEST_QUANTITY = 1e9
LARGEST_AMOUNT = 1e12


class CommercialDocument(Document):
	def autoname(self):
		self.set_seller()
		self.set_work_center()
		self.name = numbering.next_name(self)

	def before_validate(self):
		# Read here from cached records: `fetch_from` would ask the database once for each line.
		self.set_customer_name()
		self.set_seller()
		self.set_work_center()
		self.set_currency()
		self.set_lines_from_products()

	def validate(self):
		self.check_customer()
		self.check_seller()
		self.check_lines()
		document_chain.check_origins(self)
		self.add_up()
		prices.check_price_list(self)
		prices.check_discounts(self)
		self.start_anew()

	def before_submit(self):
		self.update(self.progress_now())

	def on_submit(self):
		document_chain.count_taken_quantities(self, 1)

	def before_cancel(self):
		document_chain.check_nothing_stands_on(self)

	def on_cancel(self):
		document_chain.count_taken_quantities(self, -1)
		self.db_set("state", "Cancelled")

	def state_now(self) -> str:
		"""The state that quantities and dates give to an issued document."""
		return {"all": "Invoiced", "part": "Partly invoiced"}.get(self.taken("invoiced_quantity"), "Issued")

	def set_customer_name(self):
		if self.customer:
			self.customer_name = frappe.get_cached_value("Cronus Customer", self.customer, "customer_name")

	def set_work_center(self):
		if self.seller and not self.work_center:
			self.work_center = frappe.get_cached_value("Cronus Seller", self.seller, "work_center")

	def set_seller(self):
		"""That of the opportunity, else that of the customer, else whoever writes the document."""
		if self.seller:
			return
		opportunity = self.get("opportunity")
		self.seller = (
			(opportunity and frappe.db.get_value("Cronus Opportunity", opportunity, "seller"))
			or (self.customer and frappe.get_cached_value("Cronus Customer", self.customer, "seller"))
			or seller_of_user()
		)

	def set_currency(self):
		if not self.currency:
			self.currency = (
				self.customer and frappe.get_cached_value("Cronus Customer", self.customer, "currency")
			) or company_currency()
		exchange_rates.set_rate(self)

	def set_lines_from_products(self):
		"""A line takes from its product what it does not say itself: text, unit, tax. Its price is found by
		the rule of `prices`."""
		exchange_rates.check_rate(self)
		document_lines.check_number_of_lines(self.items)
		for row in self.items:
			if row.product and not (row.description and row.unit):
				product = document_lines.product_of(row)
				row.description = row.description or product.product_name
				row.unit = row.unit or product.unit
		taxes.set_taxes(self.items)
		prices.set_price_list(self)
		prices.set_prices(self)

	def check_customer(self):
		if not self.customer:
			frappe.throw(self.ask_for_customer(), frappe.MandatoryError, title=_("No customer"))
		if frappe.get_cached_value("Cronus Customer", self.customer, "disabled"):
			frappe.throw(
				_("{0} is disabled. Enable the customer before making documents for it.").format(
					frappe.bold(self.customer_name or self.customer)
				)
			)

	def ask_for_customer(self) -> str:
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
		user, enabled = frappe.get_cached_value("Cronus Seller", self.seller, ["user", "enabled"])
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
		"""Written so that what is not a number fails every comparison and is refused too."""
		if row.price is None and row.product:
			document_lines.refuse_line(row, _("no price list has a price for it. Write the price"))
		# flt reads numbers as people write them; the database would otherwise get the text as it came.
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
			self.check_offer(row)

	def check_offer(self, row):
		"""What is new on a document is still on offer. What an earlier document has promised is kept."""
		product = document_lines.product_of(row)
		if product.disabled:
			document_lines.refuse_line(row, _("the product is disabled"))
		if not product.is_sold:
			document_lines.refuse_line(row, _("the product is not sold. Mark it as sold, or choose another"))
		if row.tax and taxes.is_disabled(row.tax):
			document_lines.refuse_line(
				row, _("the tax {0} is disabled. Choose another").format(frappe.bold(_(row.tax)))
			)

	def add_up(self):
		self.discount_percent = flt(self.discount_percent)
		if not 0 <= self.discount_percent <= 100:
			frappe.throw(_("The discount on the whole document is a percentage from 0 to 100."))
		result = document_totals.add_up(
			(
				document_totals.Line(
					row.quantity, row.price, row.discount_percent, row.tax_rate, row.tax or ""
				)
				for row in self.items
			),
			self.discount_percent,
			bool(self.taxes_included),
		)
		if result.grand_total > LARGEST_AMOUNT:
			frappe.throw(
				_("The total is above {0}. Look at quantities and prices.").format(f"{LARGEST_AMOUNT:,.0f}")
			)
		amounts = zip(self.items, result.net_amounts, result.gross_amounts, strict=True)
		for row, net_amount, gross_amount in amounts:
			row.update({"net_amount": net_amount, "gross_amount": gross_amount})
		self.set_taxes(result.taxes)
		self.discount_amount = result.discount
		self.net_total = result.net_total
		self.tax_total = result.tax_total
		self.grand_total = result.grand_total
		self.base_net_total = self.in_company_currency(result.net_total)

	def set_taxes(self, shown: tuple[document_totals.Tax, ...]):
		"""Writes the table of taxes; rows that are there are kept, so that saving again replaces none."""
		rows = self.get("taxes")[: len(shown)]
		self.set("taxes", rows)
		while len(self.taxes) < len(shown):
			self.append("taxes", {})
		for row, tax in zip(self.taxes, shown, strict=True):
			row.update({"tax": tax.tax or None, "rate": tax.rate, "base": tax.base, "amount": tax.amount})

	def in_company_currency(self, amount: float) -> float:
		return document_totals.in_company_currency(flt(amount, 2), self.exchange_rate)

	def start_anew(self):
		"""A draft, also one amended from a document that went on, has nothing taken from it."""
		for row in self.items:
			for fieldname in (*document_chain.COUNTED_IN.values(), document_chain.RETURNED):
				row.set(fieldname, 0)
		self.state = "Draft"
		if self.meta.has_field("left_to_invoice"):
			self.left_to_invoice = self.net_total

	def advance(self, fieldname: str, changes: dict[str, float]):
		"""Adds to what was taken of each line: {name of the line: quantity}, negative to give it back.

		fieldname: where it is counted. The caller holds the row of this document locked, so that two
		documents cannot take the same rest.

		Raises frappe.ValidationError when more would be taken than the line has, and when this was cancelled
		meanwhile.
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
						document_chain.words_for_what_is_left(fieldname).format(
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
		"""Brings the state, and what is left to invoice, in line with the lines."""
		self.db_set(self.progress_now())

	def progress_now(self) -> dict:
		"""What the document says of how far it went on, by field."""
		progress = {"state": self.state_now()}
		if self.meta.has_field("left_to_invoice"):
			progress["left_to_invoice"] = self.amount_left()
		return progress

	def taken(self, fieldname: str, rows: list | None = None) -> str:
		"""How much of the lines (by default, of all) was taken: "all", "part" or "nothing"."""
		rows = self.items if rows is None else rows
		if all(flt(row.get(fieldname), 6) >= flt(row.quantity, 6) for row in rows):
			return "all"
		return "part" if any(flt(row.get(fieldname)) > 0 for row in rows) else "nothing"

	def amount_left(self) -> float:
		"""What is left to invoice, without tax, at the prices of this document and in its currency.

		Line by line net amount × part that is left, rounded to the cent.
		"""
		left = sum(
			document_totals.to_cents(
				document_totals.as_decimal(row.net_amount)
				* (
					document_totals.as_decimal(row.quantity)
					- document_totals.as_decimal(row.invoiced_quantity)
				)
				/ document_totals.as_decimal(row.quantity)
			)
			for row in self.items
		)
		return float(left)

	def check_date_order(self, later: str, message: str):
		"""Refuses a document whose date of the named field is before its own date."""
		if self.get(later) and getdate(self.get(later)) < getdate(self.posting_date):
			frappe.throw(message)
