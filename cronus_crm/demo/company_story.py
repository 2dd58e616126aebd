"""Eighteen months of Quillamar: who sold what to whom, when, and what is still to be done.

Pure: the same day gives the same story, on any machine and in any language (the words differ, nothing else).
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from cronus_crm.demo import (
	activity_story,
	company_facts,
	fulfilment_story,
	holidays,
	prospect_story,
	word_lists,
)
from cronus_crm.demo.company_facts import Product
from cronus_crm.demo.prospect_story import Beginning
from cronus_crm.demo.story_parts import Counterpart, StoryTeller, sellers, team_of, working_day
from cronus_crm.demo.story_types import Account, Answer, Bill, Branch, Deal, Stay, Story, Task

DAYS_OF_HISTORY = 548
DEALS_A_DAY = 1.6
# Sales of each month of the year against an even one: shops equip themselves before Christmas and rest after.
# What is sold was begun about so many days before.
DAYS_TO_SELL = 28
SEASON = (0.55, 0.75, 0.95, 1.0, 1.1, 0.95, 0.9, 1.0, 1.0, 1.1, 1.3, 1.75)
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
# One customer in so many lets invoices wait; the others only exceptionally.
CUSTOMERS_FOR_A_SLOW_ONE = 6
IN_TIME, SLOW_IN_TIME = 0.98, 0.6
# A document is issued with a mistake, and cancelled, once in so many deals.
DEALS_FOR_A_MISTAKE = {"Proforma": 60, "Invoice": 40}


def tell_story(today: date, language: str = "es", scale: float = 1.0) -> Story:
	"""The story up to a day.

	language: one of `word_lists.LANGUAGES`. scale: how many deals against a full demo; 0.1 is a tenth.
	"""
	told = _Plot(today, language, scale).story()
	return activity_story.fill(fulfilment_story.fulfil(told, language), language)


class _Plot(StoryTeller):
	"""Customers and deals."""

	def __init__(self, today: date, language: str, scale: float):
		super().__init__(today, language, scale, "deals")
		self.skill = {seller: self.dice.uniform(0.46, 0.68) for seller in sellers()}
		self.beginnings: list[Beginning] = []

	def story(self) -> Story:
		self.accounts = [self.account(number) for number in range(len(company_facts.CUSTOMERS))]
		deals = tuple(self.deal(number, day) for number, day in enumerate(self.openings(), start=1))
		routine = tuple(self.routine())
		leads = prospect_story.tell(
			self.today, self.language, self.scale, self.accounts, self.beginnings, deals
		)
		return Story(self.today, tuple(self.accounts), leads, deals, routine)

	def account(self, number: int) -> Account:
		customer = company_facts.CUSTOMERS[number]
		team = next(
			team
			for team in company_facts.TEAMS
			if customer.city == team.city or customer.city in company_facts.NEARBY[team.city]
		)
		# A manager keeps one account in ten; the rest goes round the team.
		seller = team.manager if number % 10 == 4 else team.sellers[number % len(team.sellers)]
		size = self.dice.choice((1, 1, 1, 1.5, 1.5, 2, 3))
		return Account(
			name=customer.name,
			line=customer.line,
			city=customer.city,
			street=self.street(),
			work_center=team.work_center,
			seller=seller,
			people=tuple(self.person(customer.name) for _person in range(self.dice.choice((1, 2, 2, 3)))),
			branches=tuple(self.branches(customer.city)) if size > 1.5 else (),
			classes=tuple(
				self.dice.randrange(len(values)) for _name, values in word_lists.CRITERIA[self.language]
			),
			# No province has the number 99: nobody bears such an id.
			tax_id=f"99{self.dice.randrange(10**8):08d}001",
			phone=f"+593 2 555 {100 + number:04d}",
			employees=self.dice.choice((6, 9, 14, 22, 35, 60, 120, 240)),
			size=size,
			payment_days=self.dice.choice((15, 30, 30, 30, 45)),
			remark=self.dice.randrange(len(word_lists.REMARKS[self.language])) if number % 4 == 0 else None,
			# One in four has become a customer in these months, most of them of late.
			since=self.today - timedelta(days=20 + int(self.dice.betavariate(1, 2) * 480))
			if number % 4 == 2
			else None,
			is_slow=number % CUSTOMERS_FOR_A_SLOW_ONE == 1,
		)

	def branches(self, city: str) -> Iterator[Branch]:
		for number in range(self.dice.choice((2, 3, 4))):
			yield Branch(
				code=f"{number + 1:03d}",
				name=number,
				city=city if number < 2 else self.dice.choice(list(company_facts.PROVINCES)),
				street=self.street(),
				phone=f"+593 2 555 {self.dice.randrange(1000, 10**4)}",
			)

	def openings(self) -> Iterator[date]:
		"""The day on which each deal begins, in order."""
		for number in range(DAYS_OF_HISTORY + 1):
			day = self.today - timedelta(days=DAYS_OF_HISTORY - number)
			if day.weekday() > 4 or holidays.is_holiday(day):
				continue
			trend = 1 + (GROWTH - 1) * number / DAYS_OF_HISTORY
			season = SEASON[(day + timedelta(days=DAYS_TO_SELL)).month - 1]
			expected = DEALS_A_DAY * self.scale * season * trend
			whole = int(expected)
			for _deal in range(whole + (self.dice.random() < expected - whole)):
				yield day

	def whom(self, number: int, opened_on: date) -> tuple[Account | None, Beginning | None]:
		"""With whom a deal is: a customer, a prospect or, for a newcomer's first one, both.

		Neither: with somebody of whom there is no more than a name.
		"""
		for position, account in enumerate(self.accounts):
			greeted = any(beginning.account == account.name for beginning in self.beginnings)
			if account.since and account.since <= opened_on and not greeted:
				account = self.accounts[position] = replace(account, since=opened_on)
				return account, self.begin(number, account)
		if self.dice.random() < 0.08:
			return None, self.begin(number) if self.dice.random() < 0.8 else None
		customers = [account for account in self.accounts if not account.since or account.since <= opened_on]
		return self.dice.choices(customers, weights=[account.size for account in customers])[0], None

	def begin(self, deal: int, account: Account | None = None) -> Beginning:
		beginning = Beginning(len(self.beginnings) + 1, deal, account and account.name)
		self.beginnings.append(beginning)
		return beginning

	def deal(self, number: int, opened_on: date) -> Deal:
		account, beginning = self.whom(number, opened_on)
		seller = account.seller if account else self.dice.choice(list(sellers()))
		if account:
			counterpart = self.with_somebody_of(account)
		else:
			stranger = prospect_story.stranger(beginning.number if beginning else -number)
			counterpart = Counterpart(stranger.name, self.person(stranger.name), team_of(seller).city)
		if beginning and not account:
			self.beginnings[beginning.number - 1] = replace(beginning, counterpart=counterpart)
		lines = self.lines(account.size if account else 1)
		proforma_on = None
		if self.dice.random() < (0.9 if account else 0.6 if beginning else 0):
			proforma_on = self.after(opened_on, 1, 9)
		decided_on = self.after(proforma_on or opened_on, 4, 42)
		won = bool(account and proforma_on) and self.dice.random() < self.skill[seller]
		reason = self.pick(LOSS_REASONS)
		on_hold = self.dice.random() < 0.08
		taken_up = self.dice.random() < 0.3
		prospect = (counterpart.person.name if beginning else counterpart.company) if not account else None
		particulars = {
			"number": number,
			"title": self.dice.choice(word_lists.TITLES[self.language][lines[0][0].family]).format(
				customer=counterpart.company
			),
			"customer": counterpart.account,
			"prospect": prospect,
			"lead": beginning and beginning.number,
			"person": counterpart.person.name if account else None,
			"medium": self.pick(company_facts.MEDIA if beginning else company_facts.USUAL_MEDIA),
			"seller": seller,
			"priority": self.pick((("Medium", 6), ("High", 2), ("Low", 2))),
			"lines": lines,
			"opened_on": opened_on,
			"expected_close": working_day(decided_on + timedelta(days=self.dice.randint(-5, 10))),
			"proforma_on": proforma_on if proforma_on and proforma_on <= self.today else None,
		}
		bills = self.bills(lines, decided_on, account) if won else ()
		billed = sum(sum(bill.quantities) for bill in bills)
		left_over = billed < sum(quantity for _product, quantity in lines)
		answer = self.answer(proforma_on, decided_on, won, left_over)
		tasks = tuple(self.steps(seller, counterpart, opened_on, proforma_on, decided_on))
		if decided_on <= self.today:
			outcome = (
				{"stage": "Won", "bills": bills} if won else {"stage": "Not won", "loss_reason": reason}
			) | {"closed_on": decided_on}
			taken_up = False
		else:
			outcome = {"stage": self.open_stage(opened_on, particulars["proforma_on"], on_hold)}
		deal = Deal(**particulars, **outcome, answer=answer, tasks=tasks, stays=())
		return replace(
			deal, stays=tuple(self.stays(deal, reason if taken_up else None)), mistaken=self.mistaken(deal)
		)

	def lines(self, size: float) -> tuple[tuple[Product, int], ...]:
		products = self.dice.sample(company_facts.PRODUCTS, self.dice.choice((1, 1, 2, 2, 3)))
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

	def stays(self, deal: Deal, once_lost: str | None) -> Iterator[Stay]:
		"""The stages through which a deal has gone, as `open_stage` would have had it day by day.

		once_lost: why it was lost before it was taken up again; None when it never was.
		"""
		begun = [("Initial contact", deal.opened_on, None)]
		end = deal.closed_on or self.today
		qualified_on = deal.opened_on + timedelta(days=5)
		if qualified_on < (deal.proforma_on or end) or deal.stage == "Qualified":
			begun.append(("Qualified", qualified_on, None))
		if deal.proforma_on:
			begun.append(("Proposal", deal.proforma_on, None))
			negotiated_on = deal.proforma_on + timedelta(days=8)
			if negotiated_on < end or deal.stage == "Negotiation":
				begun.append(("Negotiation", negotiated_on, None))
		latest, since, _reason = begun[-1]
		if once_lost and (self.today - since).days >= 8:
			begun.append(("Not won", since + timedelta(days=3), once_lost))
			begun.append((latest, since + timedelta(days=6), None))
			since += timedelta(days=6)
		if deal.stage == "On hold":
			begun.append((deal.stage, since + (self.today - since) / 2, None))
		elif deal.closed_on:
			begun.append((deal.stage, deal.closed_on, deal.loss_reason))
		# Never two at the same hour, nor later than the office opens today.
		hours = [
			datetime.combine(day, time(8)) + timedelta(minutes=number)
			for number, (_stage, day, _reason) in enumerate(begun)
		]
		for (stage, _day, reason), (entered_on, left_on) in zip(begun, pairwise([*hours, None]), strict=True):
			yield Stay(stage, entered_on, left_on, reason)

	def mistaken(self, deal: Deal) -> str | None:
		"""The kind of document that was first issued with a mistake, if any."""
		for kind, issued in (("Invoice", deal.bills), ("Proforma", deal.proforma_on)):
			if issued and deal.number % DEALS_FOR_A_MISTAKE[kind] == 7:
				return kind
		return None

	def bills(
		self, lines: tuple[tuple[Product, int], ...], won_on: date, account: Account
	) -> tuple[Bill, ...]:
		"""The invoices of a deal up to today: one for all of it or, one time in five, one for each half."""
		ordered = tuple(quantity for _product, quantity in lines)
		first = tuple(math.ceil(quantity / 2) for quantity in ordered)
		rest = tuple(quantity - part for quantity, part in zip(ordered, first, strict=True))
		in_parts = self.dice.random() < 0.2 and any(rest)
		second_on = self.after(won_on, 10, 40)
		planned = [(won_on, first), (second_on, rest)] if in_parts else [(won_on, ordered)]
		return tuple(self.bill(on, account, parts) for on, parts in planned if on <= self.today)

	def bill(self, on: date, account: Account, quantities: tuple[float, ...]) -> Bill:
		due = on + timedelta(days=account.payment_days)
		# Most pay about when they should; a few let months go by.
		in_time = self.dice.random() < (SLOW_IN_TIME if account.is_slow else IN_TIME)
		late = round(self.dice.gauss(-2, 5) if in_time else self.dice.uniform(30, 150))
		in_part = self.dice.random() < 0.15
		if due + timedelta(days=late) <= self.today:
			paid = 1.0
		else:
			paid = 0.5 if in_part else 0.0
		return Bill(on, due, quantities, paid, late if paid == 1 else 0)

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
		whom: Counterpart,
		opened_on: date,
		proforma_on: date | None,
		decided_on: date,
	) -> Iterator[Task]:
		"""What the seller did about a deal and, while it is open, means to do."""
		yield self.task(word_lists.FIRST_STEPS, whom, seller, self.after(opened_on, 0, 2))
		if proforma_on and self.dice.random() < 0.6:
			between = self.after(proforma_on, 2, 12)
			if between < decided_on:
				yield self.task(word_lists.LATER_STEPS, whom, seller, between)
		if decided_on > self.today and self.dice.random() < 0.6:
			step = (
				word_lists.LATER_STEPS
				if proforma_on and proforma_on <= self.today
				else word_lists.FIRST_STEPS
			)
			yield self.task(step, whom, seller, self.after(self.today, 0, 12))

	def routine(self) -> Iterator[Task]:
		"""For each seller something every other week, and something today and tomorrow."""
		for seller in sellers():
			own = [account for account in self.accounts if account.seller == seller] or self.accounts
			day = self.today - timedelta(days=DAYS_OF_HISTORY)
			while day < self.today:
				if self.dice.random() < self.scale:
					yield self.routine_task(seller, own, working_day(day))
				day = self.after(day, 10, 18)
			yield self.routine_task(seller, own, self.today)
			yield self.routine_task(seller, own, self.today + timedelta(days=1))

	def routine_task(self, seller: str, own: list[Account], day: date) -> Task:
		known = [account for account in own if not account.since or account.since <= day] or own
		return self.task(word_lists.ROUTINE, self.with_somebody_of(self.dice.choice(known)), seller, day)
