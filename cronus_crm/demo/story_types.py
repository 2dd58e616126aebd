"""What a story consists of. Plain facts, without logic: `company_story.py` and its neighbours make them
up."""

from dataclasses import dataclass
from datetime import date, datetime

from cronus_crm.demo.company_facts import Colours, Product


@dataclass(frozen=True)
class Person:
	"""Somebody of a customer, or a prospect. Position: which of `word_lists.POSITIONS`."""

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
	"""A shop or warehouse of a customer. Name: which of `word_lists.BRANCHES`."""

	code: str
	name: int
	city: str
	street: str
	phone: str


@dataclass(frozen=True)
class Account:
	"""A customer. Size: how much it buys against the smallest. Payment days: the term it has.

	classes: for each of `word_lists.CRITERIA`, which of its values. since: the day on which a prospect became
	this customer; None for one that was there before the story begins. remark: which of `word_lists.REMARKS`
	is written below it, if any. is_slow: lets invoices wait for months now and then.
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
	"""Something in a seller's agenda. Done on: None while pending or when it was cancelled.

	person: the one of the customer whom it is with. place: where, when it is not at a desk. remark: what
	somebody has written below it.
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
	"""An invoice. Quantities: of each line of the deal. Paid: the part of it that was paid, from 0 to 1.

	late: days after its due date on which it was paid as a whole; negative before it.
	halves: when each half is due, of one that is paid in two. is_noted: there was a sales note before it.
	returned_on: when one of the goods came back.
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
	"""A stay of a deal in a stage; `left_on` is None while it is there."""

	stage: str
	entered_on: datetime
	left_on: datetime | None = None
	loss_reason: str | None = None


@dataclass(frozen=True)
class Deal:
	"""An opportunity with what became of it. Either `customer` or `prospect` is set.

	prospect: name of whom it is with. lead: number of the prospect, when there is more of it than a name;
	that of a customer is the prospect that it was. mistaken: the DocType of the document that was first
	issued with a mistake and cancelled.
	ordered_on: when the customer confirmed it with an order, promised for another day; its goods go out on
	the days of the bills, and what is left after these, if it went out already, on `rest_delivered_on`.
	advance_on: when a part of the order was paid in advance.
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
		"""True when nothing is left to invoice."""
		return self.left() == (0,) * len(self.lines)

	def left(self) -> tuple[float, ...]:
		"""What is left to invoice of each line."""
		return tuple(
			quantity - sum(bill.quantities[number] for bill in self.bills)
			for number, (_product, quantity) in enumerate(self.lines)
		)


@dataclass(frozen=True)
class Lead:
	"""A prospect. Ended on: when it was given up or became the account, by its state.

	state: Open, Cancelled or Converted. deal: number of its deal, if it has come to one.
	pictured: there is a picture of what it wants.
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
	"""All of it. Routine: what is in the agendas without being part of a deal."""

	today: date
	accounts: tuple[Account, ...]
	leads: tuple[Lead, ...]
	deals: tuple[Deal, ...]
	routine: tuple[Task, ...]
