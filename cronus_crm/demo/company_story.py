"""Eighteen months of sales of Quillamar: customers, deals, their documents and activities.

Pure and deterministic: one day gives one story, on every machine. Languages differ in the texts only. The
order of the random draws is part of the result: tests and the pictures of the documentation show its figures.
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
from cronus_crm.demo.prospect_story import DealProspect
from cronus_crm.demo.story_parts import Counterpart, StoryTeller, find_team, list_sellers, next_working_day
from cronus_crm.demo.story_types import Account, Answer, Bill, Branch, Deal, Stay, Story, Task

DAYS_OF_HISTORY = 548
DEALS_A_DAY = 1.6
# Days from the opening of a deal to its sale, on average; shifts the season of deals before that of sales.
DAYS_TO_SELL = 28
# Sales of each month, January first, relative to an average month: shops buy before Christmas.
SEASON = (0.55, 0.75, 0.95, 1.0, 1.1, 0.95, 0.9, 1.0, 1.0, 1.1, 1.3, 1.75)
# Deals of the last day of the story divided by those of the first.
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
# One customer in this many pays late. Then: share of invoices paid about when due, by the others and by
# these.
CUSTOMERS_PER_SLOW_PAYER = 6
PAID_IN_TIME, SLOW_PAID_IN_TIME = 0.98, 0.6
# One deal in this many has a document of the kind that was issued with a mistake and cancelled.
DEALS_PER_MISTAKE = {"Proforma": 60, "Invoice": 40}


def tell_story(today: date, language: str = "es", scale: float = 1.0) -> Story:
	"""The story up to a day.

	language: one of `word_lists.LANGUAGES`. scale: number of deals relative to a full
	demo; 0.1 makes a tenth.
	"""
	story = _DealStory(today, language, scale).tell()
	return activity_story.fill_agendas(fulfilment_story.add_fulfilment(story, language), language)


class _DealStory(StoryTeller):
	"""Makes customers and deals. skill: probability of winning a quoted deal, by seller."""

	def __init__(self, today: date, language: str, scale: float):
		super().__init__(today, language, scale, "deals")
		self.skill = {seller: self.rng.uniform(0.46, 0.68) for seller in list_sellers()}
		self.deal_prospects: list[DealProspect] = []

	def tell(self) -> Story:
		self.accounts = [self.make_account(number) for number in range(len(company_facts.CUSTOMERS))]
		deals = tuple(self.make_deal(number, day) for number, day in enumerate(self.opening_days(), start=1))
		routine = tuple(self.make_routine())
		leads = prospect_story.tell_prospects(
			self.today, self.language, self.scale, self.accounts, self.deal_prospects, deals
		)
		return Story(self.today, tuple(self.accounts), leads, deals, routine)

	def make_account(self, number: int) -> Account:
		customer = company_facts.CUSTOMERS[number]
		team = next(
			team
			for team in company_facts.TEAMS
			if customer.city == team.city or customer.city in company_facts.NEARBY[team.city]
		)
		# A manager keeps one account in ten; the rest goes round the team.
		seller = team.manager if number % 10 == 4 else team.sellers[number % len(team.sellers)]
		size = self.rng.choice((1, 1, 1, 1.5, 1.5, 2, 3))
		return Account(
			name=customer.name,
			line=customer.line,
			city=customer.city,
			street=self.make_street(),
			work_center=team.work_center,
			seller=seller,
			people=tuple(self.make_person(customer.name) for _person in range(self.rng.choice((1, 2, 2, 3)))),
			branches=tuple(self.make_branches(customer.city)) if size > 1.5 else (),
			classes=tuple(
				self.rng.randrange(len(values)) for _name, values in word_lists.CRITERIA[self.language]
			),
			# Tax ids begin with the number of a province; there is no province 99, so the id belongs to
			# nobody.
			tax_id=f"99{self.rng.randrange(10**8):08d}001",
			phone=f"+593 2 555 {100 + number:04d}",
			employees=self.rng.choice((6, 9, 14, 22, 35, 60, 120, 240)),
			size=size,
			payment_days=self.rng.choice((15, 30, 30, 30, 45)),
			remark=self.rng.randrange(len(word_lists.REMARKS[self.language])) if number % 4 == 0 else None,
			# One in four became a customer during the story, most of them recently.
			since=self.today - timedelta(days=20 + int(self.rng.betavariate(1, 2) * 480))
			if number % 4 == 2
			else None,
			is_slow=number % CUSTOMERS_PER_SLOW_PAYER == 1,
		)

	def make_branches(self, city: str) -> Iterator[Branch]:
		for number in range(self.rng.choice((2, 3, 4))):
			yield Branch(
				code=f"{number + 1:03d}",
				name=number,
				city=city if number < 2 else self.rng.choice(list(company_facts.PROVINCES)),
				street=self.make_street(),
				phone=f"+593 2 555 {self.rng.randrange(1000, 10**4)}",
			)

	def opening_days(self) -> Iterator[date]:
		"""The day on which each deal begins, in order."""
		for number in range(DAYS_OF_HISTORY + 1):
			day = self.today - timedelta(days=DAYS_OF_HISTORY - number)
			if day.weekday() > 4 or holidays.is_holiday(day):
				continue
			trend = 1 + (GROWTH - 1) * number / DAYS_OF_HISTORY
			season = SEASON[(day + timedelta(days=DAYS_TO_SELL)).month - 1]
			expected = DEALS_A_DAY * self.scale * season * trend
			whole = int(expected)
			for _deal in range(whole + (self.rng.random() < expected - whole)):
				yield day

	def choose_party(self, number: int, opened_on: date) -> tuple[Account | None, DealProspect | None]:
		"""The customer and the prospect of a deal.

		Both are set in the first deal of a prospect that became a customer. Both are None when the other
		party is only a name in the opportunity, without a record of its own.
		"""
		for position, account in enumerate(self.accounts):
			is_known = any(deal_prospect.account == account.name for deal_prospect in self.deal_prospects)
			if account.since and account.since <= opened_on and not is_known:
				account = self.accounts[position] = replace(account, since=opened_on)
				return account, self.add_prospect(number, account)
		if self.rng.random() < 0.08:
			return None, self.add_prospect(number) if self.rng.random() < 0.8 else None
		customers = [account for account in self.accounts if not account.since or account.since <= opened_on]
		return self.rng.choices(customers, weights=[account.size for account in customers])[0], None

	def add_prospect(self, deal: int, account: Account | None = None) -> DealProspect:
		deal_prospect = DealProspect(len(self.deal_prospects) + 1, deal, account and account.name)
		self.deal_prospects.append(deal_prospect)
		return deal_prospect

	def make_deal(self, number: int, opened_on: date) -> Deal:
		account, deal_prospect = self.choose_party(number, opened_on)
		seller = account.seller if account else self.rng.choice(list(list_sellers()))
		if account:
			counterpart = self.choose_contact(account)
		else:
			stranger = prospect_story.pick_company(deal_prospect.number if deal_prospect else -number)
			counterpart = Counterpart(stranger.name, self.make_person(stranger.name), find_team(seller).city)
		if deal_prospect and not account:
			self.deal_prospects[deal_prospect.number - 1] = replace(deal_prospect, counterpart=counterpart)
		lines = self.make_lines(account.size if account else 1)
		proforma_on = None
		if self.rng.random() < (0.9 if account else 0.6 if deal_prospect else 0):
			proforma_on = self.working_day_after(opened_on, 1, 9)
		decided_on = self.working_day_after(proforma_on or opened_on, 4, 42)
		won = bool(account and proforma_on) and self.rng.random() < self.skill[seller]
		reason = self.pick_weighted(LOSS_REASONS)
		on_hold = self.rng.random() < 0.08
		reopened = self.rng.random() < 0.3
		prospect = (
			(counterpart.person.name if deal_prospect else counterpart.company) if not account else None
		)
		particulars = {
			"number": number,
			"title": self.rng.choice(word_lists.TITLES[self.language][lines[0][0].family]).format(
				customer=counterpart.company
			),
			"customer": counterpart.account,
			"prospect": prospect,
			"lead": deal_prospect and deal_prospect.number,
			"person": counterpart.person.name if account else None,
			"medium": self.pick_weighted(company_facts.MEDIA if deal_prospect else company_facts.USUAL_MEDIA),
			"seller": seller,
			"priority": self.pick_weighted((("Medium", 6), ("High", 2), ("Low", 2))),
			"lines": lines,
			"opened_on": opened_on,
			"expected_close": next_working_day(decided_on + timedelta(days=self.rng.randint(-5, 10))),
			"proforma_on": proforma_on if proforma_on and proforma_on <= self.today else None,
		}
		bills = self.make_bills(lines, decided_on, account) if won else ()
		billed = sum(sum(bill.quantities) for bill in bills)
		left_over = billed < sum(quantity for _product, quantity in lines)
		answer = self.make_answer(proforma_on, decided_on, won, left_over)
		tasks = tuple(self.make_tasks(seller, counterpart, opened_on, proforma_on, decided_on))
		if decided_on <= self.today:
			outcome = (
				{"stage": "Won", "bills": bills} if won else {"stage": "Not won", "loss_reason": reason}
			) | {"closed_on": decided_on}
			reopened = False
		else:
			outcome = {"stage": self.stage_when_open(opened_on, particulars["proforma_on"], on_hold)}
		deal = Deal(**particulars, **outcome, answer=answer, tasks=tasks, stays=())
		return replace(
			deal,
			stays=tuple(self.make_stays(deal, reason if reopened else None)),
			mistaken=self.mistaken_doctype(deal),
		)

	def make_lines(self, size: float) -> tuple[tuple[Product, int], ...]:
		products = self.rng.sample(company_facts.PRODUCTS, self.rng.choice((1, 1, 2, 2, 3)))
		return tuple(
			(product, max(1, round(product.typical * size * self.rng.uniform(0.5, 1.6))))
			for product in products
		)

	def stage_when_open(self, opened_on: date, proforma_on: date | None, on_hold: bool) -> str:
		if on_hold:
			return "On hold"
		if proforma_on:
			return "Negotiation" if (self.today - proforma_on).days > 7 else "Proposal"
		return "Qualified" if (self.today - opened_on).days > 4 else "Initial contact"

	def make_stays(self, deal: Deal, earlier_loss: str | None) -> Iterator[Stay]:
		"""The stages of a deal, oldest first, consistent with what `stage_when_open` gives for each day.

		earlier_loss: the loss reason of a deal that was lost once and reopened; None for the others.
		"""
		entered = [("Initial contact", deal.opened_on, None)]
		end = deal.closed_on or self.today
		qualified_on = deal.opened_on + timedelta(days=5)
		if qualified_on < (deal.proforma_on or end) or deal.stage == "Qualified":
			entered.append(("Qualified", qualified_on, None))
		if deal.proforma_on:
			entered.append(("Proposal", deal.proforma_on, None))
			negotiated_on = deal.proforma_on + timedelta(days=8)
			if negotiated_on < end or deal.stage == "Negotiation":
				entered.append(("Negotiation", negotiated_on, None))
		latest, since, _reason = entered[-1]
		if earlier_loss and (self.today - since).days >= 8:
			entered.append(("Not won", since + timedelta(days=3), earlier_loss))
			entered.append((latest, since + timedelta(days=6), None))
			since += timedelta(days=6)
		if deal.stage == "On hold":
			entered.append((deal.stage, since + (self.today - since) / 2, None))
		elif deal.closed_on:
			entered.append((deal.stage, deal.closed_on, deal.loss_reason))
		# Each at a different minute after eight, before the first activity of the day.
		hours = [
			datetime.combine(day, time(8)) + timedelta(minutes=number)
			for number, (_stage, day, _reason) in enumerate(entered)
		]
		for (stage, _day, reason), (entered_on, left_on) in zip(
			entered, pairwise([*hours, None]), strict=True
		):
			yield Stay(stage, entered_on, left_on, reason)

	def mistaken_doctype(self, deal: Deal) -> str | None:
		"""The DocType of which a document was issued with a mistake and cancelled, or None."""
		for kind, issued in (("Invoice", deal.bills), ("Proforma", deal.proforma_on)):
			if issued and deal.number % DEALS_PER_MISTAKE[kind] == 7:
				return kind
		return None

	def make_bills(
		self, lines: tuple[tuple[Product, int], ...], won_on: date, account: Account
	) -> tuple[Bill, ...]:
		"""The invoices of a won deal up to today: one for all of it or, one time in five, one for each half.

		won_on: the day of the first invoice.
		"""
		ordered = tuple(quantity for _product, quantity in lines)
		first = tuple(math.ceil(quantity / 2) for quantity in ordered)
		rest = tuple(quantity - part for quantity, part in zip(ordered, first, strict=True))
		in_parts = self.rng.random() < 0.2 and any(rest)
		second_on = self.working_day_after(won_on, 10, 40)
		planned = [(won_on, first), (second_on, rest)] if in_parts else [(won_on, ordered)]
		return tuple(self.make_bill(on, account, parts) for on, parts in planned if on <= self.today)

	def make_bill(self, on: date, account: Account, quantities: tuple[float, ...]) -> Bill:
		due = on + timedelta(days=account.payment_days)
		# Most pay around the due date, a few some months after it.
		in_time = self.rng.random() < (SLOW_PAID_IN_TIME if account.is_slow else PAID_IN_TIME)
		late = round(self.rng.gauss(-2, 5) if in_time else self.rng.uniform(30, 150))
		in_part = self.rng.random() < 0.15
		if due + timedelta(days=late) <= self.today:
			paid = 1.0
		else:
			paid = 0.5 if in_part else 0.0
		return Bill(on, due, quantities, paid, late if paid == 1 else 0)

	def make_answer(
		self, proforma_on: date | None, decided_on: date, won: bool, left_over: bool
	) -> Answer | None:
		"""How the follow-up of a proforma ended; None while it is pending and when the invoice ends it."""
		if not proforma_on:
			return None
		asked_on = min(self.working_day_after(proforma_on, 4, 7), decided_on)
		early = self.rng.random() < 0.45
		neglected = self.rng.random() < 0.35
		result = self.pick_weighted((("Information", 5), ("No answer", 3)))
		lost = self.pick_weighted((("Cancelled", 5), ("No answer", 3), ("Information", 2)))
		if decided_on > self.today:
			return None if neglected or asked_on > self.today else Answer(result, asked_on)
		if not won:
			return Answer(lost, decided_on)
		if early and asked_on < decided_on:
			return Answer("Information", asked_on)
		# A partly invoiced proforma keeps its follow-up open, so the seller ends it by hand.
		return Answer("Order made", decided_on) if left_over else None

	def make_tasks(
		self,
		seller: str,
		counterpart: Counterpart,
		opened_on: date,
		proforma_on: date | None,
		decided_on: date,
	) -> Iterator[Task]:
		"""Activities of the seller in a deal: done ones and, while it is open, sometimes a pending one."""
		yield self.make_task(
			word_lists.FIRST_STEPS, counterpart, seller, self.working_day_after(opened_on, 0, 2)
		)
		if proforma_on and self.rng.random() < 0.6:
			between = self.working_day_after(proforma_on, 2, 12)
			if between < decided_on:
				yield self.make_task(word_lists.LATER_STEPS, counterpart, seller, between)
		if decided_on > self.today and self.rng.random() < 0.6:
			step = (
				word_lists.LATER_STEPS
				if proforma_on and proforma_on <= self.today
				else word_lists.FIRST_STEPS
			)
			yield self.make_task(step, counterpart, seller, self.working_day_after(self.today, 0, 12))

	def make_routine(self) -> Iterator[Task]:
		"""Tasks without a deal: for each seller one about every two weeks, one today and one tomorrow."""
		for seller in list_sellers():
			own = [account for account in self.accounts if account.seller == seller] or self.accounts
			day = self.today - timedelta(days=DAYS_OF_HISTORY)
			while day < self.today:
				if self.rng.random() < self.scale:
					yield self.make_routine_task(seller, own, next_working_day(day))
				day = self.working_day_after(day, 10, 18)
			yield self.make_routine_task(seller, own, self.today)
			yield self.make_routine_task(seller, own, self.today + timedelta(days=1))

	def make_routine_task(self, seller: str, own: list[Account], day: date) -> Task:
		known = [account for account in own if not account.since or account.since <= day] or own
		return self.make_task(word_lists.ROUTINE, self.choose_contact(self.rng.choice(known)), seller, day)
