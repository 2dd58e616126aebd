"""Writes the price list and, for each deal of the story, its documents from proforma to payment."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from frappe.model.document import Document
from frappe.model.naming import make_autoname
from frappe.utils import flt

from cronus_crm.demo import company_facts, fulfilment_story, past_documents, word_lists
from cronus_crm.demo.past_documents import Issued
from cronus_crm.demo.record_writer import RecordWriter
from cronus_crm.demo.story_types import Bill, Deal

PROFORMA, ORDER, DELIVERY_NOTE, SALES_NOTE, INVOICE, PAYMENT = (
	"Proforma",
	"Cronus Order",
	"Cronus Delivery Note",
	"Cronus Sales Note",
	"Invoice",
	"Cronus Payment",
)
CREDIT_NOTE = "Credit Note"
SERIES = {
	PROFORMA: "PF",
	ORDER: "PED",
	DELIVERY_NOTE: "ENT",
	SALES_NOTE: "NV",
	INVOICE: "FAC",
	CREDIT_NOTE: "NC",
	PAYMENT: "PAG",
}
# Share of an order's total that is paid in advance, 0 to 1.
ADVANCE_SHARE = 0.3
# Days after which the balance of a credit note is paid back to the customer.
DAYS_TO_GIVE_BACK = 10


class DocumentWriter:
	"""Writes the documents of deals.

	opportunities: Cronus Opportunity by number of the deal; the caller fills it before a deal's documents are
	written. proformas, orders: issued documents by number of the deal, from which the next documents are
	made. corrected: numbers of the deals whose mistaken document has been issued and cancelled.
	"""

	def __init__(self, writer: RecordWriter, opportunities: dict[int, Document]):
		self.writer = writer
		self.opportunities = opportunities
		self.proformas: dict[int, Document] = {}
		self.orders: dict[int, Document] = {}
		self.corrected: set[int] = set()

	@property
	def terms_title(self) -> str:
		return word_lists.TERMS[self.writer.language][0]

	def write_terms(self) -> None:
		days = [{"percentage": 50, "days": days} for days in fulfilment_story.INSTALMENT_DAYS]
		self.writer.write("Cronus Payment Terms", title=self.terms_title, terms=days)

	def write_prices(self) -> None:
		"""Writes the wholesale price list: discounts by quantity, prices raised on 1 January of this year."""
		price_list = word_lists.PRICE_LISTS[self.writer.language][0]
		self.writer.write("Cronus Price List", title=price_list, currency=company_facts.CURRENCY, enabled=1)
		new_year = self.writer.story.today.replace(month=1, day=1)
		for product in company_facts.PRODUCTS:
			for since, factor in ((self.writer.founded_on, 1), (new_year, company_facts.PRICE_RISE)):
				for times, discount in company_facts.WHOLESALE:
					self.writer.write(
						"Cronus Product Price",
						product=product.code,
						price_list=price_list,
						minimum_quantity=times * product.typical,
						valid_from=since,
						price=flt(product.price * factor * (1 - discount), 2),
					)

	def events_of_deal(self, deal: Deal) -> Iterator[tuple]:
		"""The documents of a deal as tuples of day, order within the day, method that writes it, its
		arguments."""
		if deal.proforma_on:
			yield (deal.proforma_on, 2, self.issue_proforma, deal)
		if deal.ordered_on:
			yield (deal.ordered_on, 3, self.issue_order, deal)
		for bill in deal.bills:
			yield (bill.on, 4, self.issue_invoice, deal, bill)
		if deal.rest_delivered_on:
			yield (deal.rest_delivered_on, 5, self.deliver_rest, deal)

	def issue_proforma(self, deal: Deal) -> None:
		opportunity = self.opportunities[deal.number]
		values = {f: opportunity.get(f) for f in ("customer", "seller", "work_center", "currency")}
		values |= {"opportunity": opportunity.name, "posting_date": deal.proforma_on}
		if not deal.customer:
			values["prospect"] = opportunity.prospect
		lines = [{"product": product.code, "quantity": quantity} for product, quantity in deal.lines]

		def issue() -> Issued:
			name = self.next_name(PROFORMA, deal.proforma_on)
			return past_documents.issue_proforma(values, [dict(line) for line in lines], name)

		self.proformas[deal.number] = self.issue_or_correct(PROFORMA, deal, deal.proforma_on, issue).document

	def issue_order(self, deal: Deal) -> None:
		proforma = self.proformas[deal.number]

		def issue() -> Issued:
			return self.issue_next_document(
				ORDER,
				proforma,
				deal.ordered_on,
				past_documents.make_linked_lines(proforma),
				delivery_date=deal.promised_for,
				customer_order=f"OC-{deal.number:04d}",
			)

		order = self.issue_or_correct(ORDER, deal, deal.ordered_on, issue).document
		self.orders[deal.number] = order
		if deal.advance_on:
			name = self.next_name(PAYMENT, deal.advance_on)
			amount = order.grand_total * ADVANCE_SHARE
			self.writer.record_document(
				past_documents.pay_in_advance(order, amount, deal.advance_on, name), deal.number
			)

	def issue_invoice(self, deal: Deal, bill: Bill) -> None:
		"""Issues an invoice with the delivery or sales note before it, and its payments and return after it.

		The first invoice of a deal is noted in the opportunity as the one that won it.
		"""
		lines = self.make_invoice_lines(deal, bill)
		terms = {"payment_terms": self.terms_title} if bill.halves else {"due_date": bill.due}

		def issue() -> Issued:
			return self.issue_next_document(INVOICE, self.proformas[deal.number], bill.on, lines, **terms)

		issued = self.issue_or_correct(INVOICE, deal, bill.on, issue)
		past_documents.backdate_settled_follow_up(self.proformas[deal.number], bill.on)
		self.write_payments_and_return(deal, bill, issued)
		if bill == deal.bills[0]:
			past_documents.mark_as_won(self.opportunities[deal.number], issued.document)

	def make_invoice_lines(self, deal: Deal, bill: Bill) -> list[past_documents.Line]:
		"""Issues the delivery or sales note that comes before an invoice, and gives back the invoice's lines.

		Lines are linked to the document that they come from: the sales note, the delivery note (goods) and
		the order (services, which are not delivered), or the proforma.
		"""
		proforma = self.proformas[deal.number]
		if bill.is_noted:
			note = self.issue_next_document(
				SALES_NOTE, proforma, bill.on, past_documents.make_linked_lines(proforma, bill.quantities)
			)
			return past_documents.make_linked_lines(self.record_issued(note, deal).document)
		if not deal.ordered_on:
			return past_documents.make_linked_lines(proforma, bill.quantities)
		note = self.issue_delivery_note(deal, bill.on, bill.quantities)
		order = self.orders[deal.number]
		services = [
			quantity if product.is_service else 0
			for (product, _ordered), quantity in zip(deal.lines, bill.quantities, strict=True)
		]
		return (past_documents.make_linked_lines(note) if note else []) + past_documents.make_linked_lines(
			order, services
		)

	def issue_delivery_note(self, deal: Deal, on: date, quantities: tuple[float, ...]) -> Document | None:
		"""Issues a delivery note for the goods of an order; None when these quantities are of services only.

		quantities: of each line of the deal.
		"""
		order = self.orders[deal.number]
		goods = [
			0 if product.is_service else quantity
			for (product, _ordered), quantity in zip(deal.lines, quantities, strict=True)
		]
		if not any(goods):
			return None
		carrier = company_facts.CARRIERS[deal.number % len(company_facts.CARRIERS)]
		note = self.issue_next_document(
			DELIVERY_NOTE,
			order,
			on,
			past_documents.make_linked_lines(order, goods),
			carrier=carrier,
			received_by=deal.person,
		)
		return self.record_issued(note, deal).document

	def deliver_rest(self, deal: Deal) -> None:
		self.issue_delivery_note(deal, deal.rest_delivered_on, deal.uninvoiced_quantities())

	def write_payments_and_return(self, deal: Deal, bill: Bill, invoice: Issued) -> None:
		"""Writes payments and credit note of an invoice in the order of their days.

		The invoice is read again after each, because its balance has changed.
		"""
		days = self.payment_days(bill)
		is_returned_first = bill.returned_on and (not days or bill.returned_on < days[0])
		if is_returned_first:
			self.issue_credit_note(deal, bill, invoice.document)
		for number, day in enumerate(days, start=1):
			document = invoice.document.reload() if is_returned_first or number > 1 else invoice.document
			is_last = bill.paid == 1 and number == len(days)
			self.issue_payment(deal, document, document.balance if is_last else document.grand_total / 2, day)
		if bill.paid == 1 or bill.halves:
			past_documents.backdate_collections(invoice, days)
		if bill.returned_on and not is_returned_first:
			self.issue_credit_note(deal, bill, invoice.document.reload())

	def payment_days(self, bill: Bill) -> list[date]:
		"""The days on which an invoice was paid, none of them after the last day of the story."""
		if bill.halves:
			days = bill.halves[: round(bill.paid * 2)]
		else:
			days = (max(bill.on, bill.due + timedelta(days=bill.late)),) if bill.paid else ()
		return [min(day, self.writer.story.today) for day in days]

	def issue_payment(
		self, deal: Deal, document: Document, amount: float, on: date, kind: str = "Received"
	) -> None:
		def issue() -> Issued:
			return Issued(
				past_documents.pay_invoice(document, amount, on, self.next_name(PAYMENT, on), kind), []
			)

		self.issue_or_correct(PAYMENT, deal, on, issue)

	def issue_credit_note(self, deal: Deal, bill: Bill, invoice: Document) -> None:
		"""Issues a credit note for one unit of the first line with a quantity above one.

		After `DAYS_TO_GIVE_BACK` what it leaves to the customer is paid back.
		"""
		position = next(number for number, row in enumerate(invoice.items) if row.quantity > 1)
		quantities = [float(number == position) for number in range(len(invoice.items))]
		note = self.issue_next_document(
			INVOICE,
			invoice,
			bill.returned_on,
			past_documents.make_linked_lines(invoice, quantities),
			self.next_name(CREDIT_NOTE, bill.returned_on),
			is_return=1,
			return_against=invoice.name,
		)
		note = self.record_issued(note, deal).document
		days = (self.writer.story.today - bill.returned_on).days
		if note.balance > 0 and days > DAYS_TO_GIVE_BACK:
			self.issue_payment(deal, note, note.balance, self.writer.story.today, "Returned")

	def issue_or_correct(self, doctype: str, deal: Deal, on: date, issue: Callable[[], Issued]) -> Issued:
		"""Calls `issue` and records the document.

		Where the story has a mistaken document of this kind in the deal, issues and cancels one first.
		"""
		if deal.mistaken == doctype and deal.number not in self.corrected:
			self.corrected.add(deal.number)
			past_documents.cancel_issued(self.record_issued(issue(), deal), on)
		return self.record_issued(issue(), deal)

	def issue_next_document(self, doctype, source, on, lines, name: str | None = None, **values) -> Issued:
		return past_documents.issue_next_document(
			doctype, source, on, lines, name or self.next_name(doctype, on), **values
		)

	def record_issued(self, issued: Issued, deal: Deal) -> Issued:
		"""Records a document and its activities in the deal's group of `demo_records`."""
		for activity in issued.activities:
			self.writer.record_document(activity, deal.number)
		self.writer.record_document(issued.document, deal.number)
		return issued

	def next_name(self, kind: str, on: date) -> str:
		return make_autoname(f"{SERIES[kind]}-{on.year}-.#####")
