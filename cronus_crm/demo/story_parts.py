"""What every part of the story is told with: the day, the words, the dice, and what people do with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from cronus_crm.demo import company_facts, holidays, word_lists
from cronus_crm.demo.addresses import address_of
from cronus_crm.demo.story_types import Account, Person, Task

MINUTES = {
	"Call": 30,
	"Meeting": 60,
	"Visit": 90,
	"Message": 30,
	"Task": 60,
	"Follow-up": 30,
	"Collection": 30,
}
# What is done where the customer is.
AWAY = ("Meeting", "Visit")

# (type of activity, subject) in each language.
Steps = dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Counterpart:
	"""Whom a task is with. Account: the name of a customer; None for a prospect."""

	company: str
	person: Person
	place: str
	account: str | None = None


def sellers() -> Iterator[str]:
	"""Everybody who sells, managers first in each team."""
	for team in company_facts.TEAMS:
		yield team.manager
		yield from team.sellers


def team_of(seller: str) -> company_facts.Team:
	return next(team for team in company_facts.TEAMS if seller in (team.manager, *team.sellers))


def working_day(day: date) -> date:
	"""That day, or the next one on which the company works."""
	while day.weekday() > 4 or holidays.is_holiday(day):
		day += timedelta(days=1)
	return day


class StoryTeller:
	"""A part of the story. Its theme seeds its dice: what one part tells does not change another."""

	def __init__(self, today: date, language: str, scale: float, theme: str):
		self.today = today
		self.language = language
		self.scale = scale
		# A text seeds the dice through a digest of its own: the same numbers in every process.
		self.dice = Random(f"Quillamar {theme} {today.isoformat()}")

	def after(self, day: date, least: int, most: int) -> date:
		"""A working day so many days later."""
		return working_day(day + timedelta(days=self.dice.randint(least, most)))

	def pick(self, weighted: tuple[tuple[str, int], ...]) -> str:
		values, weights = zip(*weighted, strict=True)
		return self.dice.choices(values, weights=weights)[0]

	def person(self, host: str) -> Person:
		"""Somebody of a company."""
		first_name = self.dice.choice(company_facts.FIRST_NAMES)
		last_name = self.dice.choice(company_facts.LAST_NAMES)
		return Person(
			first_name=first_name,
			last_name=last_name,
			position=self.dice.randrange(len(word_lists.POSITIONS[self.language])),
			phone=f"+593 99 {self.dice.randrange(100, 1000)} {self.dice.randrange(10**4):04d}",
			email=address_of(f"{first_name} {last_name}", host),
		)

	def street(self) -> str:
		street = self.dice.choice(company_facts.STREETS)
		return f"{street} N{self.dice.randint(1, 60)}-{self.dice.randint(1, 250)}"

	def with_somebody_of(self, account: Account) -> Counterpart:
		"""One of the people of a customer, the first of them most of the time."""
		person = account.people[0] if self.dice.random() < 0.7 else self.dice.choice(account.people)
		return Counterpart(account.name, person, f"{account.street}, {account.city}", account.name)

	def task(self, steps: Steps, whom: Counterpart, seller: str, day: date, state: str | None = None) -> Task:
		"""One of the steps on that day. By default what is past is mostly done, the rest is pending."""
		kind, subject = self.dice.choice(steps[self.language])
		half_hours = self.dice.randint(0, 16)
		starts_on = datetime.combine(day, time(8 + half_hours // 2, 30 * (half_hours % 2)))
		ends_on = starts_on + timedelta(minutes=MINUTES[kind])
		notes = self.dice.choice(word_lists.NOTES[self.language])
		dropped = self.dice.random() < 0.04
		forgotten = self.dice.random() < 0.3
		result = self.pick((("Information", 6), ("No answer", 2)))
		remark = self.dice.choice(word_lists.ACTIVITY_REMARKS[self.language])
		remarked = self.dice.random() < 0.02
		if not state:
			state = "Cancelled" if dropped else "Done"
			if day >= self.today or (forgotten and (self.today - day).days < 15):
				state = "Pending"
		done = state == "Done"
		return Task(
			kind=kind,
			subject=subject.format(customer=whom.company, contact=whom.person.first_name),
			notes=notes,
			seller=seller,
			customer=whom.account,
			person=whom.person.name if whom.account else None,
			place=whom.place if kind in AWAY else None,
			starts_on=starts_on,
			ends_on=ends_on,
			state=state,
			result=result if done else None,
			done_on=ends_on if done else None,
			remark=remark if done and remarked else None,
		)
