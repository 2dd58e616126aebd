"""Documents in every order of events, against a plain model: what was issued, converted, paid, returned and
cancelled at random, and after each step quantities, balances, states and the ledger as the model has them.
In the end the totals are what the documents come to.
"""

from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe.utils import flt, getdate, nowdate
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cronus_crm.cronus_analytics.ledger import entries, recount_totals
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_billing.money import credit_notes, payment_allocation
from tests.depth import times_depth
from tests.scaffold import ensure_product, make_customer, make_seller

ORDER, DELIVERY, NOTE = "Cronus Order", "Cronus Delivery Note", "Cronus Sales Note"
TAX_RATE = 15


@dataclass
class Line:
	"""price: of a unit. origin: the line that it was made from."""

	quantity: int
	price: int
	origin: "Line | None" = None
	taken: dict[str, int] = field(default_factory=dict)

	def quantity_left(self, kind: str) -> int:
		"""What can still be taken, here and wherever this comes from."""
		lines = self.with_origins()
		return min(line.quantity - line.taken.get(kind, 0) for line in lines)

	def quantity_left_here(self, kind: str) -> int:
		return self.quantity - self.taken.get(kind, 0)

	def take(self, kind: str, quantity: int) -> None:
		for line in self.with_origins():
			line.taken[kind] = line.taken.get(kind, 0) + quantity

	def with_origins(self) -> list["Line"]:
		return [self, *(self.origin.with_origins() if self.origin else [])]


@dataclass
class Paper:
	"""A document as it should be. parents: what it was made from. paid: of an invoice."""

	doctype: str
	name: str
	lines: list[Line]
	parents: list["Paper"]
	issued: bool = True
	is_return: bool = False
	paid: int = 0

	def total(self) -> int:
		"""In cents, with tax; quantities and prices are such that nothing is rounded."""
		return int(sum(line.quantity * line.price for line in self.lines) * (100 + TAX_RATE))

	def ancestors(self) -> list["Paper"]:
		return [each for parent in self.parents for each in (parent, *parent.ancestors())]


@dataclass
class Receipt:
	name: str
	invoice: Paper
	amount: int
	issued: bool = True


class Billing(RuleBasedStateMachine):
	steps = 0

	def __init__(self):
		super().__init__()
		self.papers: list[Paper] = []
		self.receipts: list[Receipt] = []

	@initialize()
	def begin(self):
		self.seller = make_seller().name
		self.customer = make_customer(self.seller).name
		self.product = ensure_product("STORY-1", price=100, tax_rate=TAX_RATE)

	def check_invariants(self, settings, output, runtimes):
		Billing.steps += 1
		super().check_invariants(settings, output, runtimes)

	def teardown(self):
		try:
			assert list(recount_totals.find_differences()) == []
		finally:
			frappe.db.rollback()
			frappe.clear_messages()

	def paper(self, data, *doctypes: str) -> Paper | None:
		there = [paper for paper in self.papers if paper.issued and paper.doctype in doctypes]
		return data.draw(st.sampled_from(there)) if there else None

	def refused(self, action) -> bool:
		"""Runs what should be refused, and leaves nothing of it."""
		frappe.db.savepoint("story")
		try:
			action()
		except frappe.ValidationError:
			frappe.db.rollback(save_point="story")
			return True
		return False

	@rule(quantities=st.lists(st.integers(1, 12), min_size=1, max_size=3), price=st.integers(1, 9))
	def issue_proforma(self, quantities, price):
		proforma = frappe.get_doc(
			{
				"doctype": "Proforma",
				"customer": self.customer,
				"seller": self.seller,
				"items": [
					{"product": self.product, "quantity": quantity, "price": price * 100}
					for quantity in quantities
				],
			}
		).insert()
		proforma.submit()
		lines = [Line(quantity, price * 100) for quantity in quantities]
		self.papers.append(Paper("Proforma", proforma.name, lines, []))

	@rule(data=st.data(), half=st.booleans())
	def convert(self, data, half):
		source = self.paper(data, *document_chain.NEXT_DOCTYPES)
		if not source:
			return
		into = data.draw(st.sampled_from(document_chain.NEXT_DOCTYPES[source.doctype]))
		wanted = [
			(line, line.quantity_left_here(into))
			for line in source.lines
			if line.quantity_left_here(into) > 0
		]
		if not wanted:
			assert self.refused(lambda: document_chain.convert_documents(source.doctype, source.name, into))
			return
		if half:
			wanted = [(line, max(quantity // 2, 1)) for line, quantity in wanted]

		def issue():
			(name,) = document_chain.convert_documents(source.doctype, source.name, into)
			draft = frappe.get_doc(into, name)
			for row, (_line, quantity) in zip(draft.items, wanted, strict=True):
				row.quantity = quantity
			draft.submit()
			return name

		if any(quantity > line.quantity_left(into) for line, quantity in wanted):
			assert self.refused(issue)
			return
		name = issue()
		for line, quantity in wanted:
			line.take(into, quantity)
		lines = [Line(quantity, line.price, line) for line, quantity in wanted]
		self.papers.append(Paper(into, name, lines, [source]))

	@rule(data=st.data())
	def cancel(self, data):
		paper = self.paper(data, *document_chain.NEXT_DOCTYPES, "Invoice")
		if not paper:
			return
		standing = [other for other in self.papers if other.issued and paper in other.parents]
		paid = [receipt for receipt in self.receipts if receipt.issued and receipt.invoice is paper]

		def cancel():
			frappe.get_doc(paper.doctype, paper.name).cancel()

		if standing or paid:
			assert self.refused(cancel)
			return
		cancel()
		paper.issued = False
		if paper.is_return:
			(invoice,) = paper.parents
			invoice.paid -= paper.paid
			for line in paper.lines:
				line.origin.taken["returned"] -= line.quantity
		else:
			for line in paper.lines:
				if line.origin:
					line.origin.take(paper.doctype, -line.quantity)

	@rule(data=st.data(), part=st.sampled_from([1, 2, 4]))
	def pay(self, data, part):
		invoice = self.paper(data, "Invoice")
		if not invoice or invoice.is_return:
			return
		left = invoice.total() - invoice.paid
		if not left:
			assert self.refused(lambda: payment_allocation.make_payment(invoice.name))
			return
		amount = left // part or left
		payment = frappe.get_doc("Cronus Payment", payment_allocation.make_payment(invoice.name))
		payment.allocations[0].amount = payment.amount = amount / 100
		payment.submit()
		invoice.paid += amount
		self.receipts.append(Receipt(payment.name, invoice, amount))

	@rule(data=st.data())
	def pay_too_much(self, data):
		invoice = self.paper(data, "Invoice")
		if not invoice or invoice.is_return or invoice.paid == invoice.total():
			return

		def pay():
			payment = frappe.get_doc("Cronus Payment", payment_allocation.make_payment(invoice.name))
			payment.allocations[0].amount = payment.amount = (invoice.total() - invoice.paid + 1) / 100
			payment.submit()

		assert self.refused(pay)

	@precondition(lambda self: self.receipts)
	@rule(data=st.data())
	def cancel_payment(self, data):
		receipt = data.draw(st.sampled_from(self.receipts))
		if not receipt.issued:
			return
		frappe.get_doc("Cronus Payment", receipt.name).cancel()
		receipt.issued = False
		receipt.invoice.paid -= receipt.amount

	@rule(data=st.data(), half=st.booleans())
	def give_back(self, data, half):
		invoice = self.paper(data, "Invoice")
		if not invoice or invoice.is_return:
			return
		wanted = [
			(line, line.quantity_left_here("returned"))
			for line in invoice.lines
			if line.quantity_left_here("returned") > 0
		]
		if not wanted:
			assert self.refused(lambda: credit_notes.make_credit_note(invoice.name))
			return
		if half:
			wanted = [(line, max(quantity // 2, 1)) for line, quantity in wanted]
		note = frappe.get_doc("Invoice", credit_notes.make_credit_note(invoice.name))
		for row, (_line, quantity) in zip(note.items, wanted, strict=True):
			row.quantity = quantity
		note.submit()
		for line, quantity in wanted:
			line.taken["returned"] = line.taken.get("returned", 0) + quantity
		lines = [Line(quantity, line.price, line) for line, quantity in wanted]
		paper = Paper("Invoice", note.name, lines, [invoice], is_return=True)
		# It settles what is left to pay of its invoice; the rest is the customer's credit.
		paper.paid = min(paper.total(), invoice.total() - invoice.paid)
		invoice.paid += paper.paid
		self.papers.append(paper)

	@invariant()
	def every_line_is_as_the_model_has_it(self):
		counted = {**document_chain.QUANTITY_FIELDS, "returned": document_chain.RETURNED_QUANTITY}
		for paper in self.papers:
			if not paper.issued:
				continue
			rows = frappe.get_all(
				document_chain.ITEM, {"parent": paper.name}, list(counted.values()), order_by="idx asc"
			)
			for row, line in zip(rows, paper.lines, strict=True):
				for kind, fieldname in counted.items():
					assert flt(row[fieldname], 6) == line.taken.get(kind, 0), (paper, fieldname)

	@invariant()
	def every_balance_is_as_the_model_has_it(self):
		for paper in self.papers:
			entry = frappe.db.get_value(
				entries.ENTRY,
				{"source_doctype": paper.doctype, "source_name": paper.name},
				["balance", "cancelled", "first_invoiced_on"],
				as_dict=True,
			)
			assert entry.cancelled == (not paper.issued)
			if not paper.issued:
				continue
			if paper.doctype == "Invoice":
				balance = paper.total() - paper.paid
				stored = frappe.db.get_value("Invoice", paper.name, ["balance", "state"], as_dict=True)
				assert round(stored.balance * 100) == balance
				assert stored.state == self.state_of_invoice(paper)
				assert round(abs(entry.balance) * 100) == balance
				continue
			left = sum(line.quantity_left_here("Invoice") * line.price for line in paper.lines)
			assert entry.balance == left, paper
			assert frappe.db.get_value(paper.doctype, paper.name, "state") == self.state_of(paper)
			assert entry.first_invoiced_on == self.first_invoiced_on(paper)

	def state_of_invoice(self, paper: Paper) -> str:
		if paper.is_return:
			return "Issued" if paper.paid < paper.total() else "Settled"
		if paper.paid == paper.total():
			return "Paid"
		return "Partly paid" if paper.paid else "Issued"

	def state_of(self, paper: Paper) -> str:
		def quantity_of(kind):
			taken = [line.taken.get(kind, 0) for line in paper.lines]
			if all(quantity == line.quantity for quantity, line in zip(taken, paper.lines, strict=True)):
				return "all"
			return "part" if any(taken) else "nothing"

		invoiced, delivered = quantity_of("Invoice"), quantity_of(DELIVERY)
		if paper.doctype == ORDER:
			if (invoiced, delivered) == ("all", "all"):
				return "Completed"
			if invoiced == "all":
				return "Invoiced"
			if delivered != "nothing":
				return "Delivered" if delivered == "all" else "Partly delivered"
			return "Partly invoiced" if invoiced == "part" else "Issued"
		if invoiced != "nothing":
			return "Invoiced" if invoiced == "all" else "Partly invoiced"
		went_on = {quantity_of(kind) for kind in (ORDER, DELIVERY, NOTE)}
		return "Ordered" if paper.doctype == "Proforma" and went_on != {"nothing"} else "Issued"

	def first_invoiced_on(self, paper: Paper) -> date | None:
		invoiced = any(
			other.issued and other.doctype == "Invoice" and not other.is_return and paper in other.ancestors()
			for other in self.papers
		)
		return getdate(nowdate()) if invoiced else None


def test_every_order_of_events(site):
	Billing.steps = 0
	Billing.TestCase.settings = settings(
		max_examples=times_depth(60),
		stateful_step_count=40,
		deadline=None,
		database=None,
		suppress_health_check=list(HealthCheck),
	)
	Billing.TestCase("runTest").runTest()
	assert Billing.steps >= times_depth(1000)
