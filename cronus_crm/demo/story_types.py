"""Data types of the story, without logic. `company_story.py` and the other story modules make their values.

The words of the story are its own, so that a plan is not taken for the record written from it: an Account
becomes a Cronus Customer, a Lead a Cronus Prospect, a Deal a Cronus Opportunity, a Bill an Invoice, a Task a
Cronus Activity.
"""

from dataclasses import dataclass
from datetime import date, datetime

from cronus_crm.demo.company_facts import Colours, Product


@dataclass(frozen=True)
class Person:
	"""A contact of a customer, or a prospect. position: index in `word_lists.POSITIONS`."""

	first_name: str
	last_name: str
	position: int
	phone: str
	email: str

	@property
	def name(self) -> str:
		return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Branch:
	"""A shop or warehouse of a customer. name: index in `word_lists.BRANCHES`."""

	code: str
	name: int
	city: str
	street: str
	phone: str


@dataclass(frozen=True)
class Account:
	"""A customer.

	size: quantity that it buys, relative to the smallest customer. payment_days: its credit term in days.
	classes: for each criterion of `word_lists.CRITERIA`, the index of its value. since: the day on which a
	prospect became this customer; None for a customer from before the story. remark: index in
	`word_lists.REMARKS` of the comment below it, if any. is_slow: pays some invoices months late.
	"""

	name: str
	line: str
	city: str
	street: str
	work_center: str
	seller: str
	people: tuple[Person, ...]
	branches: tuple[Branch, ...]
	classes: tuple[int, ...]
	tax_id: str
	phone: str
	employees: int
	size: float
	payment_days: int
	remark: int | None = None
	since: date | None = None
	is_slow: bool = False


@dataclass(frozen=True)
class Task:
	"""An activity of a seller.

	person: name of the customer's contact. place: address, when it takes place at the customer's. done_on:
	None while it is pending or when it was cancelled. remark: text of the comment below it.
	"""

	kind: str
	subject: str
	notes: str
	seller: str
	customer: str | None
	person: str | None
	place: str | None
	starts_on: datetime
	ends_on: datetime
	state: str
	result: str | None = None
	done_on: datetime | None = None
	remark: str | None = None


@dataclass(frozen=True)
class Bill:
	"""An invoice.

	quantities: of each line of the deal. paid: share of the total that was paid, 0 to 1. late: days from the
	due date to the full payment; negative when it was paid before. halves: due dates of the two instalments,
	if it has any. is_noted: a sales note was issued before it. returned_on: the day of the credit note for
	one unit, if any.
	"""

	on: date
	due: date
	quantities: tuple[float, ...]
	paid: float
	late: int = 0
	halves: tuple[date, ...] = ()
	is_noted: bool = False
	returned_on: date | None = None


@dataclass(frozen=True)
class Answer:
	"""How the follow-up of a proforma ended."""

	result: str
	on: date


@dataclass(frozen=True)
class Stay:
	"""A row of a deal's stage log; `left_on` is None in the stage that the deal is in."""

	stage: str
	entered_on: datetime
	left_on: datetime | None = None
	loss_reason: str | None = None


@dataclass(frozen=True)
class Deal:
	"""An opportunity with its documents and activities. Either `customer` or `prospect` is set: a name.

	lead: number of the Lead, if there is one; with a customer, the lead that became this customer.
	mistaken: the DocType of which a document was issued with a mistake and cancelled.
	ordered_on, promised_for: day of the order and the delivery date that it promises. Goods of an order are
	delivered on the days of the bills, the rest on `rest_delivered_on`, or not yet when that is None.
	advance_on: the day of an advance payment for the order.
	"""

	number: int
	title: str
	customer: str | None
	prospect: str | None
	lead: int | None
	person: str | None
	medium: str
	seller: str
	priority: str
	lines: tuple[tuple[Product, int], ...]
	opened_on: date
	expected_close: date
	stage: str
	stays: tuple[Stay, ...]
	closed_on: date | None = None
	loss_reason: str | None = None
	proforma_on: date | None = None
	mistaken: str | None = None
	answer: Answer | None = None
	bills: tuple[Bill, ...] = ()
	tasks: tuple[Task, ...] = ()
	ordered_on: date | None = None
	promised_for: date | None = None
	rest_delivered_on: date | None = None
	advance_on: date | None = None

	@property
	def is_billed(self) -> bool:
		"""True when all quantities are invoiced."""
		return self.uninvoiced_quantities() == (0,) * len(self.lines)

	def uninvoiced_quantities(self) -> tuple[float, ...]:
		"""The quantity of each line that is not invoiced yet."""
		return tuple(
			quantity - sum(bill.quantities[number] for bill in self.bills)
			for number, (_product, quantity) in enumerate(self.lines)
		)


@dataclass(frozen=True)
class Lead:
	"""A prospect.

	state: Open, Cancelled or Converted. ended_on: the day of its cancellation or conversion. account: name of
	the customer that it became. deal: number of its deal, if it has one. pictured: has a picture attached.
	"""

	number: int
	person: Person
	company: str
	line: str
	city: str
	seller: str
	medium: str
	subject: str
	notes: str
	internal_notes: str
	contacted_on: date
	state: str
	ended_on: date | None = None
	account: str | None = None
	deal: int | None = None
	colours: Colours | None = None
	appointment: Task | None = None
	tasks: tuple[Task, ...] = ()
	pictured: bool = False


@dataclass(frozen=True)
class Story:
	"""The whole story. today: its last day. routine: tasks that belong to no deal or lead."""

	today: date
	accounts: tuple[Account, ...]
	leads: tuple[Lead, ...]
	deals: tuple[Deal, ...]
	routine: tuple[Task, ...]
