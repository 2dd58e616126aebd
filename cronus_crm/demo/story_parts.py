"""Base class of the parts of the story: random draws, working days, people and tasks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from cronus_crm.demo import company_facts, holidays, word_lists
from cronus_crm.demo.email_addresses import make_email_address
from cronus_crm.demo.story_types import Account, Person, Task

# Duration of a task by its type.
MINUTES = {
	"Call": 30,
	"Meeting": 60,
	"Visit": 90,
	"Message": 30,
	"Task": 60,
	"Follow-up": 30,
	"Collection": 30,
}
# Types of activity that take place at the customer's.
AT_CUSTOMER = ("Meeting", "Visit")

# (type of activity, subject) in each language.
Steps = dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Counterpart:
	"""The other party of a task. account: the name of a customer; None for a prospect."""

	company: str
	person: Person
	place: str
	account: str | None = None


def list_sellers() -> Iterator[str]:
	"""Names of all sellers, in each team the manager first."""
	for team in company_facts.TEAMS:
		yield team.manager
		yield from team.sellers


def find_team(seller: str) -> company_facts.Team:
	return next(team for team in company_facts.TEAMS if seller in (team.manager, *team.sellers))


def next_working_day(day: date) -> date:
	"""That day, or the first working day after it."""
	while day.weekday() > 4 or holidays.is_holiday(day):
		day += timedelta(days=1)
	return day


class StoryTeller:
	"""A part of the story. theme: seeds its random numbers, so that a change in one part leaves the others
	alone."""

	def __init__(self, today: date, language: str, scale: float, theme: str):
		self.today = today
		self.language = language
		self.scale = scale
		# Random hashes a text seed with SHA-512, not with hash(): the numbers are the same in every process.
		self.rng = Random(f"Quillamar {theme} {today.isoformat()}")

	def working_day_after(self, day: date, least: int, most: int) -> date:
		"""A random working day, between `least` and `most` calendar days later (or the first working day
		after)."""
		return next_working_day(day + timedelta(days=self.rng.randint(least, most)))

	def pick_weighted(self, weighted: tuple[tuple[str, int], ...]) -> str:
		"""One of the values at random. weighted: (value, weight) pairs."""
		values, weights = zip(*weighted, strict=True)
		return self.rng.choices(values, weights=weights)[0]

	def make_person(self, host: str) -> Person:
		"""A random person. host: the company, for the e-mail address."""
		first_name = self.rng.choice(company_facts.FIRST_NAMES)
		last_name = self.rng.choice(company_facts.LAST_NAMES)
		return Person(
			first_name=first_name,
			last_name=last_name,
			position=self.rng.randrange(len(word_lists.POSITIONS[self.language])),
			phone=f"+593 99 {self.rng.randrange(100, 1000)} {self.rng.randrange(10**4):04d}",
			email=make_email_address(f"{first_name} {last_name}", host),
		)

	def make_street(self) -> str:
		street = self.rng.choice(company_facts.STREETS)
		return f"{street} N{self.rng.randint(1, 60)}-{self.rng.randint(1, 250)}"

	def choose_contact(self, account: Account) -> Counterpart:
		"""A contact of a customer, usually the first one."""
		person = account.people[0] if self.rng.random() < 0.7 else self.rng.choice(account.people)
		return Counterpart(account.name, person, f"{account.street}, {account.city}", account.name)

	def make_task(
		self, steps: Steps, counterpart: Counterpart, seller: str, day: date, state: str | None = None
	) -> Task:
		"""A task made of one of the steps, at a random hour of that day.

		state: without one, most tasks of the past are done, and those of today and later are pending.
		"""
		kind, subject = self.rng.choice(steps[self.language])
		half_hours = self.rng.randint(0, 16)
		starts_on = datetime.combine(day, time(8 + half_hours // 2, 30 * (half_hours % 2)))
		ends_on = starts_on + timedelta(minutes=MINUTES[kind])
		notes = self.rng.choice(word_lists.NOTES[self.language])
		dropped = self.rng.random() < 0.04
		forgotten = self.rng.random() < 0.3
		result = self.pick_weighted((("Information", 6), ("No answer", 2)))
		remark = self.rng.choice(word_lists.ACTIVITY_REMARKS[self.language])
		remarked = self.rng.random() < 0.02
		if not state:
			state = "Cancelled" if dropped else "Done"
			if day >= self.today or (forgotten and (self.today - day).days < 15):
				state = "Pending"
		done = state == "Done"
		return Task(
			kind=kind,
			subject=subject.format(customer=counterpart.company, contact=counterpart.person.first_name),
			notes=notes,
			seller=seller,
			customer=counterpart.account,
			person=counterpart.person.name if counterpart.account else None,
			place=counterpart.place if kind in AT_CUSTOMER else None,
			starts_on=starts_on,
			ends_on=ends_on,
			state=state,
			result=result if done else None,
			done_on=ends_on if done else None,
			remark=remark if done and remarked else None,
		)
