"""Makes the prospects of the story: medium, follow-ups, appointment and outcome of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from cronus_crm.demo import company_facts, word_lists
from cronus_crm.demo.story_parts import Counterpart, StoryTeller, find_team, list_sellers, next_working_day
from cronus_crm.demo.story_types import Account, Deal, Lead, Task

# Number of prospects without a deal in a full demo; most of them are recent.
PROSPECTS_WITHOUT_DEAL = 60
# The last ones have a picture attached.
PROSPECTS_WITH_PICTURE = 3


class OutsideCompany(NamedTuple):
	"""A company that is not a customer. line: its line of business."""

	name: str
	line: str


@dataclass(frozen=True)
class DealProspect:
	"""The prospect that a deal was opened for.

	deal: its number. account: name of the customer that the prospect became. counterpart: set when it became
	none.
	"""

	number: int
	deal: int
	account: str | None = None
	counterpart: Counterpart | None = None


def pick_company(number: int) -> OutsideCompany:
	"""A company that is not a customer; as many numbers in a row as there are companies give different
	ones."""
	kinds, names = company_facts.KINDS_OF_PROSPECT, company_facts.NAMES_OF_PROSPECTS
	# The index of names is shifted by one in each round, so that every pair of kind and name comes once.
	number %= len(kinds) * len(names)
	kind, line = kinds[number % len(kinds)]
	return OutsideCompany(f"{kind} {names[(number + number // len(kinds)) % len(names)]}", line)


def tell_prospects(
	today: date,
	language: str,
	scale: float,
	accounts: Sequence[Account],
	deal_prospects: Sequence[DealProspect],
	deals: Sequence[Deal],
) -> tuple[Lead, ...]:
	"""The prospects by `contacted_on`.

	deal_prospects: those of deals; a number of further ones that depends on scale is added.
	"""
	teller = _ProspectStory(today, language, scale)
	leads = [
		*teller.prospects_of_deals(accounts, deal_prospects, deals),
		*teller.prospects_without_deal(len(deal_prospects)),
	]
	leads = [
		replace(lead, pictured=True) if lead in leads[-PROSPECTS_WITH_PICTURE:] else lead for lead in leads
	]
	return tuple(sorted(leads, key=lambda lead: lead.contacted_on))


class _ProspectStory(StoryTeller):
	def __init__(self, today: date, language: str, scale: float):
		super().__init__(today, language, scale, "prospects")

	def prospects_of_deals(
		self, accounts: Sequence[Account], deal_prospects: Sequence[DealProspect], deals: Sequence[Deal]
	) -> Iterator[Lead]:
		account_of = {account.name: account for account in accounts}
		for deal_prospect in deal_prospects:
			deal = deals[deal_prospect.deal - 1]
			asked_on = next_working_day(deal.opened_on - timedelta(days=self.rng.randint(4, 30)))
			asked_on = min(asked_on, deal.opened_on)
			given_up = self.rng.random() < 0.85
			if deal_prospect.account:
				account = account_of[deal_prospect.account]
				person = account.people[0]
				counterpart = Counterpart(account.name, person, f"{account.street}, {account.city}")
				outcome = {"state": "Converted", "ended_on": deal.opened_on, "account": account.name}
				line, city = account.line, account.city
			else:
				counterpart = deal_prospect.counterpart
				line, city = pick_company(deal_prospect.number).line, find_team(deal.seller).city
				outcome = {"state": "Open"}
				if deal.closed_on and given_up:
					outcome = {"state": "Cancelled", "ended_on": deal.closed_on}
			# Tasks after the opening of the deal belong to the deal.
			until = deal.opened_on if deal_prospect.account else None
			yield self.make_lead(
				deal_prospect.number,
				counterpart,
				line,
				city,
				deal.seller,
				deal.medium,
				asked_on,
				deal.number,
				until,
				outcome,
			)

	def prospects_without_deal(self, first: int) -> Iterator[Lead]:
		everybody = list(list_sellers())
		for number in range(
			first + 1, first + 1 + max(PROSPECTS_WITH_PICTURE, round(PROSPECTS_WITHOUT_DEAL * self.scale))
		):
			days = int(self.rng.betavariate(1, 5) * 540)
			asked_on = min(next_working_day(self.today - timedelta(days=days)), self.today)
			seller = everybody[number % len(everybody)]
			company = pick_company(number)
			city = find_team(seller).city
			counterpart = Counterpart(
				company.name, self.make_person(company.name), f"{self.make_street()}, {city}"
			)
			given_up = self.rng.random() < (0.7 if days > 60 else 0.15)
			ended_on = self.working_day_after(asked_on, 5, 40)
			outcome = {"state": "Open"}
			if given_up and ended_on <= self.today:
				outcome = {"state": "Cancelled", "ended_on": ended_on}
			medium = self.pick_weighted(company_facts.MEDIA)
			yield self.make_lead(
				number, counterpart, company.line, city, seller, medium, asked_on, None, self.today, outcome
			)

	def make_lead(
		self,
		number: int,
		counterpart: Counterpart,
		line: str,
		city: str,
		seller: str,
		medium: str,
		asked_on: date,
		deal: int | None,
		followed_until: date | None,
		outcome: dict,
	) -> Lead:
		"""A prospect with its follow-ups and appointment.

		followed_until: last day of its follow-ups; None when all of them belong to its deal.
		outcome: the fields of Lead from `state` on.
		"""
		ended_on = outcome.get("ended_on")
		is_open = outcome["state"] == "Open"
		tasks = ()
		if followed_until:
			tasks = tuple(
				self.make_follow_ups(
					counterpart, seller, asked_on, ended_on or followed_until, outcome["state"]
				)
			)
		return Lead(
			number=number,
			person=counterpart.person,
			company=counterpart.company,
			line=line,
			city=city,
			seller=seller,
			medium=medium,
			subject=self.rng.choice(word_lists.SUBJECTS[self.language]),
			notes=self.rng.choice(word_lists.PROSPECT_NOTES[self.language]),
			internal_notes=self.rng.choice(word_lists.INTERNAL_NOTES[self.language]),
			contacted_on=asked_on,
			deal=deal,
			colours=self.rng.choice(company_facts.COLOURS) if self.rng.random() < 0.6 else None,
			appointment=self.make_appointment(counterpart, seller, asked_on, ended_on, is_open),
			tasks=tasks,
			**outcome,
		)

	def make_follow_ups(
		self, counterpart: Counterpart, seller: str, asked_on: date, until: date, state: str
	) -> Iterator[Task]:
		"""A follow-up every one or two weeks and, for most open prospects, a pending one.

		until: the last day for done ones. state: of the prospect.
		"""
		day = self.working_day_after(asked_on, 0, 3)
		for _number in range(self.rng.randint(1, 3)):
			if day < min(until, self.today):
				yield self.make_task(word_lists.PROSPECT_STEPS, counterpart, seller, day, "Done")
			day = self.working_day_after(day, 4, 12)
		if state == "Cancelled":
			last = self.make_task(word_lists.PROSPECT_STEPS, counterpart, seller, until, "Done")
			yield replace(last, result="Cancelled")
		elif state == "Open" and self.rng.random() < 0.75:
			planned = max(self.working_day_after(self.today, -6, 14), self.working_day_after(asked_on, 1, 4))
			yield self.make_task(word_lists.PROSPECT_STEPS, counterpart, seller, planned, "Pending")

	def make_appointment(
		self, counterpart: Counterpart, seller: str, asked_on: date, ended_on: date | None, is_open: bool
	) -> Task | None:
		"""The appointment with about half of the prospects; pending with some of the open ones, else past."""
		day = self.working_day_after(asked_on, 1, 8)
		to_come = self.working_day_after(self.today, 0, 12)
		wanted = self.rng.random()
		if is_open and wanted < 0.3:
			return self.make_task(word_lists.APPOINTMENT, counterpart, seller, to_come, "Pending")
		if wanted < 0.55 and day < min(ended_on or self.today, self.today):
			state = "Cancelled" if self.rng.random() < 0.1 else "Done"
			return self.make_task(word_lists.APPOINTMENT, counterpart, seller, day, state)
		return None
