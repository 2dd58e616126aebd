"""The prospects of Quillamar: who asked, through what, what was done about it and what they became."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from cronus_crm.demo import company_facts, word_lists
from cronus_crm.demo.story_parts import Counterpart, StoryTeller, sellers, team_of, working_day
from cronus_crm.demo.story_types import Account, Deal, Lead, Task

# Besides those of deals. Most of them are recent: the others were given up or forgotten long ago.
WITHOUT_DEAL = 60
PICTURED = 3


class Stranger(NamedTuple):
	"""A company that is not a customer."""

	name: str
	line: str


@dataclass(frozen=True)
class Beginning:
	"""The prospect that a deal begins with. Account: the customer that it became; else the counterpart."""

	number: int
	deal: int
	account: str | None = None
	counterpart: Counterpart | None = None


def stranger(number: int) -> Stranger:
	"""One of the companies that are not customers: another one for each number, up to their number."""
	kinds, names = company_facts.KINDS_OF_PROSPECT, company_facts.NAMES_OF_PROSPECTS
	# Both change from one to the next, and no pair comes twice before all have come.
	number %= len(kinds) * len(names)
	kind, line = kinds[number % len(kinds)]
	return Stranger(f"{kind} {names[(number + number // len(kinds)) % len(names)]}", line)


def tell(
	today: date,
	language: str,
	scale: float,
	accounts: Sequence[Account],
	beginnings: Sequence[Beginning],
	deals: Sequence[Deal],
) -> tuple[Lead, ...]:
	"""The prospects, in the order of the days on which they were first spoken to."""
	told = _Prospecting(today, language, scale)
	leads = [*told.of_deals(accounts, beginnings, deals), *told.others(len(beginnings))]
	leads = [replace(lead, pictured=True) if lead in leads[-PICTURED:] else lead for lead in leads]
	return tuple(sorted(leads, key=lambda lead: lead.contacted_on))


class _Prospecting(StoryTeller):
	def __init__(self, today: date, language: str, scale: float):
		super().__init__(today, language, scale, "prospects")

	def of_deals(
		self, accounts: Sequence[Account], beginnings: Sequence[Beginning], deals: Sequence[Deal]
	) -> Iterator[Lead]:
		account_of = {account.name: account for account in accounts}
		for beginning in beginnings:
			deal = deals[beginning.deal - 1]
			asked_on = working_day(deal.opened_on - timedelta(days=self.dice.randint(4, 30)))
			asked_on = min(asked_on, deal.opened_on)
			given_up = self.dice.random() < 0.85
			if beginning.account:
				account = account_of[beginning.account]
				person = account.people[0]
				whom = Counterpart(account.name, person, f"{account.street}, {account.city}")
				outcome = {"state": "Converted", "ended_on": deal.opened_on, "account": account.name}
				line, city = account.line, account.city
			else:
				whom = beginning.counterpart
				line, city = stranger(beginning.number).line, team_of(deal.seller).city
				outcome = {"state": "Open"}
				if deal.closed_on and given_up:
					outcome = {"state": "Cancelled", "ended_on": deal.closed_on}
			# What was done about the deal stands with the deal.
			until = deal.opened_on if beginning.account else None
			yield self.lead(
				beginning.number,
				whom,
				line,
				city,
				deal.seller,
				deal.medium,
				asked_on,
				deal.number,
				until,
				outcome,
			)

	def others(self, first: int) -> Iterator[Lead]:
		everybody = list(sellers())
		for number in range(first + 1, first + 1 + max(PICTURED, round(WITHOUT_DEAL * self.scale))):
			days = int(self.dice.betavariate(1, 5) * 540)
			asked_on = min(working_day(self.today - timedelta(days=days)), self.today)
			seller = everybody[number % len(everybody)]
			who = stranger(number)
			city = team_of(seller).city
			whom = Counterpart(who.name, self.person(who.name), f"{self.street()}, {city}")
			given_up = self.dice.random() < (0.7 if days > 60 else 0.15)
			ended_on = self.after(asked_on, 5, 40)
			outcome = {"state": "Open"}
			if given_up and ended_on <= self.today:
				outcome = {"state": "Cancelled", "ended_on": ended_on}
			medium = self.pick(company_facts.MEDIA)
			yield self.lead(number, whom, who.line, city, seller, medium, asked_on, None, self.today, outcome)

	def lead(
		self,
		number: int,
		whom: Counterpart,
		line: str,
		city: str,
		seller: str,
		medium: str,
		asked_on: date,
		deal: int | None,
		followed_until: date | None,
		outcome: dict,
	) -> Lead:
		"""followed_until: None for one whose follow-ups are those of its deal."""
		ended_on = outcome.get("ended_on")
		open_ = outcome["state"] == "Open"
		tasks = ()
		if followed_until:
			tasks = tuple(
				self.follow_ups(whom, seller, asked_on, ended_on or followed_until, outcome["state"])
			)
		return Lead(
			number=number,
			person=whom.person,
			company=whom.company,
			line=line,
			city=city,
			seller=seller,
			medium=medium,
			subject=self.dice.choice(word_lists.SUBJECTS[self.language]),
			notes=self.dice.choice(word_lists.PROSPECT_NOTES[self.language]),
			internal_notes=self.dice.choice(word_lists.INTERNAL_NOTES[self.language]),
			contacted_on=asked_on,
			deal=deal,
			colours=self.dice.choice(company_facts.COLOURS) if self.dice.random() < 0.6 else None,
			appointment=self.appointment(whom, seller, asked_on, ended_on, open_),
			tasks=tasks,
			**outcome,
		)

	def follow_ups(
		self, whom: Counterpart, seller: str, asked_on: date, until: date, state: str
	) -> Iterator[Task]:
		"""One every week or two and, while the prospect is open, mostly one that is still to come."""
		day = self.after(asked_on, 0, 3)
		for _number in range(self.dice.randint(1, 3)):
			if day < min(until, self.today):
				yield self.task(word_lists.PROSPECT_STEPS, whom, seller, day, "Done")
			day = self.after(day, 4, 12)
		if state == "Cancelled":
			last = self.task(word_lists.PROSPECT_STEPS, whom, seller, until, "Done")
			yield replace(last, result="Cancelled")
		elif state == "Open" and self.dice.random() < 0.75:
			planned = max(self.after(self.today, -6, 14), self.after(asked_on, 1, 4))
			yield self.task(word_lists.PROSPECT_STEPS, whom, seller, planned, "Pending")

	def appointment(
		self, whom: Counterpart, seller: str, asked_on: date, ended_on: date | None, open_: bool
	) -> Task | None:
		"""Half of them come to one; some of those who are open have it before them."""
		day = self.after(asked_on, 1, 8)
		to_come = self.after(self.today, 0, 12)
		wanted = self.dice.random()
		if open_ and wanted < 0.3:
			return self.task(word_lists.APPOINTMENT, whom, seller, to_come, "Pending")
		if wanted < 0.55 and day < min(ended_on or self.today, self.today):
			kept = "Cancelled" if self.dice.random() < 0.1 else "Done"
			return self.task(word_lists.APPOINTMENT, whom, seller, day, kept)
		return None
