"""Writes what the deals of a story are sold with: price lists, and documents from proforma to payment."""

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
# Part of an order that is paid in advance.
ADVANCE = 0.3
# Days after which a customer is given back what a credit note leaves it.
DAYS_TO_GIVE_BACK = 10


class Sales:
	"""Writes the documents of deals and keeps those that others are made from, by number of the deal."""

	def __init__(self, pen: RecordWriter, opportunities: dict[int, Document]):
		self.pen = pen
		self.opportunities = opportunities
		self.proformas: dict[int, Document] = {}
		self.orders: dict[int, Document] = {}
		self.corrected: set[int] = set()

	@property
	def terms(self) -> str:
		return word_lists.TERMS[self.pen.language][0]

	def write_terms(self) -> None:
		days = [{"percentage": 50, "days": days} for days in fulfilment_story.HALVES]
		self.pen.new("Cronus Payment Terms", title=self.terms, terms=days)

	def write_prices(self) -> None:
		"""A list for those who buy much: the more, the less it costs; dearer since the first of this year."""
		price_list = word_lists.PRICE_LISTS[self.pen.language][0]
		self.pen.new("Cronus Price List", title=price_list, currency=company_facts.CURRENCY, enabled=1)
		new_year = self.pen.told.today.replace(month=1, day=1)
		for product in company_facts.PRODUCTS:
			for since, factor in ((self.pen.founded_on, 1), (new_year, company_facts.RISE)):
				for times, discount in company_facts.WHOLESALE:
					self.pen.new(
						"Cronus Product Price",
						product=product.code,
						price_list=price_list,
						minimum_quantity=times * product.typical,
						valid_from=since,
						price=flt(product.price * factor * (1 - discount), 2),
					)

	def events(self, deal: Deal) -> Iterator[tuple]:
		"""What is to be written about a deal: day, order within the day, what writes it and its arguments."""
		if deal.proforma_on:
			yield (deal.proforma_on, 2, self.issue_proforma, deal)
		if deal.ordered_on:
			yield (deal.ordered_on, 3, self.issue_order, deal)
		for bill in deal.bills:
			yield (bill.on, 4, self.issue_bill, deal, bill)
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
			name = self.name(PROFORMA, deal.proforma_on)
			return past_documents.issue_proforma(values, [dict(line) for line in lines], name)

		self.proformas[deal.number] = self.issue(PROFORMA, deal, deal.proforma_on, issue).document

	def issue_order(self, deal: Deal) -> None:
		proforma = self.proformas[deal.number]

		def issue() -> Issued:
			return self.issue_next(
				ORDER,
				proforma,
				deal.ordered_on,
				past_documents.carry(proforma),
				delivery_date=deal.promised_for,
				customer_order=f"OC-{deal.number:04d}",
			)

		order = self.issue(ORDER, deal, deal.ordered_on, issue).document
		self.orders[deal.number] = order
		if deal.advance_on:
			name = self.name(PAYMENT, deal.advance_on)
			amount = order.grand_total * ADVANCE
			self.pen.add(past_documents.pay_in_advance(order, amount, deal.advance_on, name), deal.number)

	def issue_bill(self, deal: Deal, bill: Bill) -> None:
		"""An invoice with what stands before and after it."""
		lines = self.lines(deal, bill)
		terms = {"payment_terms": self.terms} if bill.halves else {"due_date": bill.due}

		def issue() -> Issued:
			return self.issue_next(INVOICE, self.proformas[deal.number], bill.on, lines, **terms)

		issued = self.issue(INVOICE, deal, bill.on, issue)
		past_documents.note_settled(self.proformas[deal.number], bill.on)
		self.settle(deal, bill, issued)
		if bill == deal.bills[0]:
			past_documents.win(self.opportunities[deal.number], issued.document)

	def lines(self, deal: Deal, bill: Bill) -> list[past_documents.Line]:
		"""Lines of an invoice, after what is delivered or noted before it. Services are not delivered."""
		proforma = self.proformas[deal.number]
		if bill.is_noted:
			note = self.issue_next(
				SALES_NOTE, proforma, bill.on, past_documents.carry(proforma, bill.quantities)
			)
			return past_documents.carry(self.add(note, deal).document)
		if not deal.ordered_on:
			return past_documents.carry(proforma, bill.quantities)
		note = self.deliver(deal, bill.on, bill.quantities)
		order = self.orders[deal.number]
		services = [
			quantity if product.is_service else 0
			for (product, _ordered), quantity in zip(deal.lines, bill.quantities, strict=True)
		]
		return (past_documents.carry(note) if note else []) + past_documents.carry(order, services)

	def deliver(self, deal: Deal, on: date, quantities: tuple[float, ...]) -> Document | None:
		"""A delivery note of the goods among these; None where there are none."""
		order = self.orders[deal.number]
		goods = [
			0 if product.is_service else quantity
			for (product, _ordered), quantity in zip(deal.lines, quantities, strict=True)
		]
		if not any(goods):
			return None
		carrier = company_facts.CARRIERS[deal.number % len(company_facts.CARRIERS)]
		note = self.issue_next(
			DELIVERY_NOTE,
			order,
			on,
			past_documents.carry(order, goods),
			carrier=carrier,
			received_by=deal.person,
		)
		return self.add(note, deal).document

	def deliver_rest(self, deal: Deal) -> None:
		self.deliver(deal, deal.rest_delivered_on, deal.left())

	def settle(self, deal: Deal, bill: Bill, invoice: Issued) -> None:
		"""What was paid of an invoice, and what came back of it, as it happened."""
		paid_on = self.paid_on(bill)
		is_back_first = bill.returned_on and (not paid_on or bill.returned_on < paid_on[0])
		if is_back_first:
			self.return_one(deal, bill, invoice.document)
		for number, day in enumerate(paid_on, start=1):
			document = invoice.document.reload() if is_back_first or number > 1 else invoice.document
			is_last = bill.paid == 1 and number == len(paid_on)
			self.pay(deal, document, document.balance if is_last else document.grand_total / 2, day)
		if bill.paid == 1 or bill.halves:
			past_documents.note_collected(invoice, paid_on)
		if bill.returned_on and not is_back_first:
			self.return_one(deal, bill, invoice.document.reload())

	def paid_on(self, bill: Bill) -> list[date]:
		if bill.halves:
			days = bill.halves[: round(bill.paid * 2)]
		else:
			days = (max(bill.on, bill.due + timedelta(days=bill.late)),) if bill.paid else ()
		return [min(day, self.pen.told.today) for day in days]

	def pay(self, deal: Deal, document: Document, amount: float, on: date, kind: str = "Received") -> None:
		def issue() -> Issued:
			return Issued(past_documents.pay(document, amount, on, self.name(PAYMENT, on), kind), [])

		self.issue(PAYMENT, deal, on, issue)

	def return_one(self, deal: Deal, bill: Bill, invoice: Document) -> None:
		"""A credit note of one of the first product that there are several of."""
		several = next(number for number, row in enumerate(invoice.items) if row.quantity > 1)
		one = [float(number == several) for number in range(len(invoice.items))]
		note = self.issue_next(
			INVOICE,
			invoice,
			bill.returned_on,
			past_documents.carry(invoice, one),
			self.name(CREDIT_NOTE, bill.returned_on),
			is_return=1,
			return_against=invoice.name,
		)
		note = self.add(note, deal).document
		days = (self.pen.told.today - bill.returned_on).days
		if note.balance > 0 and days > DAYS_TO_GIVE_BACK:
			self.pay(deal, note, note.balance, self.pen.told.today, "Returned")

	def issue(self, doctype: str, deal: Deal, on: date, issue: Callable[[], Issued]) -> Issued:
		"""Issues a document, after one with a mistake that was cancelled where the story has one."""
		if deal.mistaken == doctype and deal.number not in self.corrected:
			self.corrected.add(deal.number)
			past_documents.cancel(self.add(issue(), deal), on)
		return self.add(issue(), deal)

	def issue_next(self, doctype, source, on, lines, name: str | None = None, **values) -> Issued:
		return past_documents.issue_next(doctype, source, on, lines, name or self.name(doctype, on), **values)

	def add(self, issued: Issued, deal: Deal) -> Issued:
		for activity in issued.activities:
			self.pen.add(activity, deal.number)
		self.pen.add(issued.document, deal.number)
		return issued

	def name(self, kind: str, on: date) -> str:
		return make_autoname(f"{SERIES[kind]}-{on.year}-.#####")
