"""Eighteen months of Quillamar: who sold what to whom, when, and what is still to be done.

Pure: the same day gives the same story, on any machine and in any language (the words differ, nothing else).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from cronus_crm.demo import company, words
from cronus_crm.demo.company import Product

DAYS_OF_HISTORY = 548
DEALS_A_DAY = 1.9
# Sales of each month of the year against an even one: shops equip themselves before Christmas and rest after.
# What is sold was begun about so many days before.
DAYS_TO_SELL = 28
SEASON = (0.55, 0.75, 0.95, 1.0, 1.1, 0.95, 0.9, 1.0, 1.0, 1.1, 1.35, 1.6)
# How much busier the last day is than the first.
GROWTH = 1.3

LOSS_REASONS = (
	("Price", 30),
	("Insufficient budget", 20),
	("Competitor", 18),
	("No answer", 14),
	("Postponed", 10),
	("Delivery time", 5),
	("Product does not fit", 3),
)
MINUTES = {"Call": 30, "Meeting": 60, "Visit": 90, "Message": 30, "Task": 60}


@dataclass(frozen=True)
class Account:
	"""A customer. Size: how much it buys against the smallest. Payment days: the term it has."""

	name: str
	line: str
	city: str
	work_center: str
	seller: str
	contact: str
	tax_id: str
	phone: str
	employees: int
	size: float
	payment_days: int


@dataclass(frozen=True)
class Task:
	"""Something in a seller's agenda. Done on: None while pending or when it was cancelled."""

	kind: str
	subject: str
	notes: str
	seller: str
	customer: str | None
	starts_on: datetime
	ends_on: datetime
	state: str
	result: str | None = None
	done_on: datetime | None = None


@dataclass(frozen=True)
class Bill:
	"""An invoice. Quantities: of each line of the deal. Paid: the part of it that was paid, from 0 to 1."""

	on: date
	due: date
	quantities: tuple[float, ...]
	paid: float


@dataclass(frozen=True)
class Answer:
	"""How the follow-up of a proforma ended."""

	result: str
	on: date


@dataclass(frozen=True)
class Deal:
	"""An opportunity with what became of it. Either `customer` or `prospect` is set."""

	number: int
	title: str
	customer: str | None
	prospect: str | None
	seller: str
	priority: str
	lines: tuple[tuple[Product, int], ...]
	opened_on: date
	expected_close: date
	stage: str
	closed_on: date | None = None
	loss_reason: str | None = None
	proforma_on: date | None = None
	answer: Answer | None = None
	bills: tuple[Bill, ...] = ()
	tasks: tuple[Task, ...] = ()


@dataclass(frozen=True)
class Story:
	"""All of it. Routine: what is in the agendas without being part of a deal."""

	today: date
	accounts: tuple[Account, ...]
	deals: tuple[Deal, ...]
	routine: tuple[Task, ...]


def sellers() -> Iterator[str]:
	"""Everybody who sells, managers first in each team."""
	for team in company.TEAMS:
		yield team.manager
		yield from team.sellers


def tell(today: date, language: str = "es", scale: float = 1.0) -> Story:
	"""The story up to a day.

	language: one of `words.LANGUAGES`. scale: how many deals against a full demo; 0.1 is a tenth.
	"""
	return _Teller(today, language, scale).story()


def working_day(day: date) -> date:
	"""That day, or the Monday after it."""
	return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


class _Teller:
	"""Holds what every part of the telling needs: the day, the words and the dice."""

	def __init__(self, today: date, language: str, scale: float):
		self.today = today
		self.language = language
		self.scale = scale
		# A text seeds the dice through a digest of its own: the same numbers in every process.
		self.dice = Random(f"Quillamar {today.isoformat()}")
		self.skill = {seller: self.dice.uniform(0.46, 0.68) for seller in sellers()}

	def story(self) -> Story:
		self.accounts = tuple(self.account(number) for number in range(len(company.CUSTOMERS)))
		self.sizes = [account.size for account in self.accounts]
		deals = tuple(self.deal(number, day) for number, day in enumerate(self.openings(), start=1))
		return Story(self.today, self.accounts, deals, tuple(self.routine()))

	def account(self, number: int) -> Account:
		customer = company.CUSTOMERS[number]
		team = next(
			team
			for team in company.TEAMS
			if customer.city == team.city or customer.city in company.NEARBY[team.city]
		)
		# A manager keeps one account in ten; the rest goes round the team.
		seller = team.manager if number % 10 == 4 else team.sellers[number % len(team.sellers)]
		return Account(
			name=customer.name,
			line=customer.line,
			city=customer.city,
			work_center=team.work_center,
			seller=seller,
			contact=self.dice.choice(company.CONTACTS),
			# No province has the number 99: nobody bears such an id.
			tax_id=f"99{self.dice.randrange(10**8):08d}001",
			phone=f"+593 2 555 {100 + number:04d}",
			employees=self.dice.choice((6, 9, 14, 22, 35, 60, 120, 240)),
			size=self.dice.choice((1, 1, 1, 1.5, 1.5, 2, 3)),
			payment_days=self.dice.choice((15, 30, 30, 30, 45)),
		)

	def openings(self) -> Iterator[date]:
		"""The day on which each deal begins, in order."""
		for number in range(DAYS_OF_HISTORY + 1):
			day = self.today - timedelta(days=DAYS_OF_HISTORY - number)
			if day.weekday() > 4:
				continue
			trend = 1 + (GROWTH - 1) * number / DAYS_OF_HISTORY
			season = SEASON[(day + timedelta(days=DAYS_TO_SELL)).month - 1]
			expected = DEALS_A_DAY * self.scale * season * trend
			whole = int(expected)
			for _deal in range(whole + (self.dice.random() < expected - whole)):
				yield day

	def deal(self, number: int, opened_on: date) -> Deal:
		account = (
			None if self.dice.random() < 0.08 else self.dice.choices(self.accounts, weights=self.sizes)[0]
		)
		seller = account.seller if account else self.dice.choice(list(sellers()))
		prospect = None if account else self.dice.choice(company.PROSPECTS)
		whose = account.name if account else prospect
		lines = self.lines(account.size if account else 1)
		proforma_on = None
		if account and self.dice.random() < 0.9:
			proforma_on = self.after(opened_on, 1, 9)
		decided_on = self.after(proforma_on or opened_on, 4, 42)
		won = bool(proforma_on) and self.dice.random() < self.skill[seller]
		reason = self.pick(LOSS_REASONS)
		on_hold = self.dice.random() < 0.08
		particulars = {
			"number": number,
			"title": self.dice.choice(words.TITLES[self.language][lines[0][0].family]).format(customer=whose),
			"customer": account and account.name,
			"prospect": prospect,
			"seller": seller,
			"priority": self.pick((("Medium", 6), ("High", 2), ("Low", 2))),
			"lines": lines,
			"opened_on": opened_on,
			"expected_close": working_day(decided_on + timedelta(days=self.dice.randint(-5, 10))),
			"proforma_on": proforma_on if proforma_on and proforma_on <= self.today else None,
		}
		bills = self.bills(lines, decided_on, account.payment_days) if won else ()
		billed = sum(sum(bill.quantities) for bill in bills)
		left_over = billed < sum(quantity for _product, quantity in lines)
		answer = self.answer(proforma_on, decided_on, won, left_over)
		contact = account.contact if account else self.dice.choice(company.CONTACTS)
		tasks = tuple(self.steps(seller, account, whose, contact, opened_on, proforma_on, decided_on))
		if decided_on <= self.today:
			outcome = (
				{"stage": "Won", "bills": bills} if won else {"stage": "Not won", "loss_reason": reason}
			) | {"closed_on": decided_on}
		else:
			outcome = {"stage": self.open_stage(opened_on, particulars["proforma_on"], on_hold)}
		return Deal(**particulars, **outcome, answer=answer, tasks=tasks)

	def lines(self, size: float) -> tuple[tuple[Product, int], ...]:
		products = self.dice.sample(company.PRODUCTS, self.dice.choice((1, 1, 2, 2, 3)))
		return tuple(
			(product, max(1, round(product.typical * size * self.dice.uniform(0.5, 1.6))))
			for product in products
		)

	def open_stage(self, opened_on: date, proforma_on: date | None, on_hold: bool) -> str:
		if on_hold:
			return "On hold"
		if proforma_on:
			return "Negotiation" if (self.today - proforma_on).days > 7 else "Proposal"
		return "Qualified" if (self.today - opened_on).days > 4 else "Initial contact"

	def bills(self, lines: tuple[tuple[Product, int], ...], won_on: date, term: int) -> tuple[Bill, ...]:
		"""The invoices of a deal up to today: one for all of it or, one time in five, one for each half."""
		ordered = tuple(quantity for _product, quantity in lines)
		first = tuple(math.ceil(quantity / 2) for quantity in ordered)
		rest = tuple(quantity - part for quantity, part in zip(ordered, first, strict=True))
		in_parts = self.dice.random() < 0.2 and any(rest)
		second_on = self.after(won_on, 10, 40)
		planned = [(won_on, first), (second_on, rest)] if in_parts else [(won_on, ordered)]
		return tuple(self.bill(on, term, parts) for on, parts in planned if on <= self.today)

	def bill(self, on: date, term: int, quantities: tuple[float, ...]) -> Bill:
		due = on + timedelta(days=term)
		# Most pay about when they should; a few let months go by.
		late = self.dice.gauss(0, 9) if self.dice.random() < 0.92 else self.dice.uniform(30, 150)
		in_part = self.dice.random() < 0.15
		if due + timedelta(days=late) <= self.today:
			paid = 1.0
		else:
			paid = 0.5 if in_part else 0.0
		return Bill(on, due, quantities, paid)

	def answer(self, proforma_on: date | None, decided_on: date, won: bool, left_over: bool) -> Answer | None:
		"""How the follow-up ended; None while it is pending and when the invoice itself ends it."""
		if not proforma_on:
			return None
		asked_on = min(self.after(proforma_on, 4, 7), decided_on)
		early = self.dice.random() < 0.45
		neglected = self.dice.random() < 0.35
		result = self.pick((("Information", 5), ("No answer", 3)))
		lost = self.pick((("Cancelled", 5), ("No answer", 3), ("Information", 2)))
		if decided_on > self.today:
			return None if neglected or asked_on > self.today else Answer(result, asked_on)
		if not won:
			return Answer(lost, decided_on)
		if early and asked_on < decided_on:
			return Answer("Information", asked_on)
		# What is left of the proforma keeps its follow-up open; the customer has answered all the same.
		return Answer("Order made", decided_on) if left_over else None

	def steps(
		self,
		seller: str,
		account: Account | None,
		whose: str,
		contact: str,
		opened_on: date,
		proforma_on: date | None,
		decided_on: date,
	) -> Iterator[Task]:
		"""What the seller did about a deal and, while it is open, means to do."""
		names = {"customer": whose, "contact": contact}
		customer = account and account.name
		yield self.task(words.FIRST_STEPS, names, seller, customer, self.after(opened_on, 0, 2))
		if proforma_on and self.dice.random() < 0.6:
			between = self.after(proforma_on, 2, 12)
			if between < decided_on:
				yield self.task(words.LATER_STEPS, names, seller, customer, between)
		if decided_on > self.today and self.dice.random() < 0.6:
			step = words.LATER_STEPS if proforma_on and proforma_on <= self.today else words.FIRST_STEPS
			yield self.task(step, names, seller, customer, self.after(self.today, 0, 12))

	def routine(self) -> Iterator[Task]:
		"""For each seller something every other week, and something today and tomorrow."""
		for seller in sellers():
			own = [account for account in self.accounts if account.seller == seller] or list(self.accounts)
			day = self.today - timedelta(days=DAYS_OF_HISTORY)
			while day < self.today:
				if self.dice.random() < self.scale:
					yield self.routine_task(seller, own, working_day(day))
				day = self.after(day, 10, 18)
			yield self.routine_task(seller, own, self.today)
			yield self.routine_task(seller, own, self.today + timedelta(days=1))

	def routine_task(self, seller: str, own: list[Account], day: date) -> Task:
		account = self.dice.choice(own)
		names = {"customer": account.name, "contact": account.contact}
		return self.task(words.ROUTINE, names, seller, account.name, day)

	def task(
		self,
		steps: dict[str, tuple[tuple[str, str], ...]],
		names: dict[str, str],
		seller: str,
		customer: str | None,
		day: date,
	) -> Task:
		kind, subject = self.dice.choice(steps[self.language])
		half_hours = self.dice.randint(0, 16)
		starts_on = datetime.combine(day, time(8 + half_hours // 2, 30 * (half_hours % 2)))
		ends_on = starts_on + timedelta(minutes=MINUTES[kind])
		notes = self.dice.choice(words.NOTES[self.language])
		dropped = self.dice.random() < 0.04
		forgotten = self.dice.random() < 0.3
		result = self.pick((("Information", 6), ("No answer", 2)))
		state, ended = "Done", {"result": result, "done_on": ends_on}
		if day >= self.today or (forgotten and (self.today - day).days < 15):
			state, ended = "Pending", {}
		elif dropped:
			state, ended = "Cancelled", {}
		subject = subject.format(**names)
		return Task(kind, subject, notes, seller, customer, starts_on, ends_on, state, **ended)

	def after(self, day: date, least: int, most: int) -> date:
		"""A working day so many days later."""
		return working_day(day + timedelta(days=self.dice.randint(least, most)))

	def pick(self, weighted: tuple[tuple[str, int], ...]) -> str:
		values, weights = zip(*weighted, strict=True)
		return self.dice.choices(values, weights=weights)[0]
