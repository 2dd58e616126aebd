"""The last touch on a story: agendas as people have them, neither empty nor full of what nobody did.

What each seller has overdue, today, tomorrow, in the days after and later is brought within bounds: what is
too much was done, or is put off, and what is missing is added, so that everybody has something of every kind.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cronus_crm.demo import word_lists
from cronus_crm.demo.story_parts import StoryTeller, sellers, working_day
from cronus_crm.demo.story_types import Answer, Deal, Lead, Story, Task

OVERDUE, TODAY, TOMORROW, SOON, LATER = "overdue", "today", "tomorrow", "soon", "later"
# How many a seller has at least, and at most where that can be helped.
BOUNDS = {OVERDUE: (2, 6), TODAY: (3, 6), TOMORROW: (2, 5), SOON: (2, None), LATER: (3, None)}
# Of one kind among what is overdue, while there are others.
OVERDUE_OF_A_KIND = 2
# Working days from a proforma to its follow-up, as the settings say on a new site.
FOLLOW_UP_DAYS = 3


@dataclass(frozen=True)
class _Item:
	"""Something pending. Settle: has it done in the story. Put off: moves it to another day, where that is
	the seller's to say."""

	kind: str
	on: datetime
	settle: Callable[[], None]
	put_off: Callable[[date], None] | None = None


def fill(told: Story, language: str) -> Story:
	"""The story with agendas that look like those of people who work."""
	return _Agendas(told, language).filled()


class _Agendas(StoryTeller):
	def __init__(self, told: Story, language: str):
		super().__init__(told.today, language, 1, "agendas")
		self.told = told
		self.deals = {deal.number: deal for deal in told.deals}
		self.leads = {lead.number: lead for lead in told.leads}
		self.routine = list(told.routine)
		self.pending: dict[str, list[_Item]] = defaultdict(list)

	def filled(self) -> Story:
		for seller, item in self.items():
			self.pending[seller].append(item)
		for seller in sellers():
			self.settle_what_is_too_old(seller)
			self.put_off_what_is_too_much(seller)
			self.add_what_is_missing(seller)
		return replace(
			self.told,
			deals=tuple(self.deals.values()),
			leads=tuple(self.leads.values()),
			routine=tuple(self.routine),
		)

	def items(self) -> Iterator[tuple[str, _Item]]:
		"""What is pending, with its seller."""
		for deal in self.told.deals:
			yield from ((deal.seller, item) for item in self.of_deal(deal))
			yield from self.of_tasks(
				deal.tasks, lambda position, task, deal=deal: self.rewrite(deal, position, task)
			)
		for lead in self.told.leads:
			yield from self.of_tasks(
				lead.tasks, lambda position, task, lead=lead: self.rewrite(lead, position, task)
			)
			if lead.appointment:
				yield from self.of_tasks(
					(lead.appointment,),
					lambda _position, task, number=lead.number: self.move_appointment(number, task),
				)
		yield from self.of_tasks(self.told.routine, self.routine.__setitem__)

	def of_deal(self, deal: Deal) -> Iterator[_Item]:
		"""The follow-up of its proforma and the collections of its invoices."""
		number = deal.number
		if deal.proforma_on and not deal.answer and not deal.is_billed:
			due = self.follow_up_day(deal.proforma_on)
			yield _Item("Follow-up", _at(due), lambda: self.answer(number, due))
		for position, bill in enumerate(deal.bills):
			if bill.paid < 1:
				yield _Item(
					"Collection",
					_at(working_day(bill.due)),
					lambda position=position: self.pay(number, position),
				)

	def of_tasks(
		self, tasks: tuple[Task, ...], write: Callable[[int, Task], None]
	) -> Iterator[tuple[str, _Item]]:
		for position, task in enumerate(tasks):
			if task.state == "Pending":
				yield (
					task.seller,
					_Item(
						task.kind,
						task.starts_on,
						lambda position=position, task=task: write(position, _done(task)),
						lambda day, position=position, task=task: write(position, _moved(task, day)),
					),
				)

	def rewrite(self, whose: Deal | Lead, position: int, task: Task) -> None:
		book = self.deals if isinstance(whose, Deal) else self.leads
		current = book[whose.number]
		tasks = (*current.tasks[:position], task, *current.tasks[position + 1 :])
		book[whose.number] = replace(current, tasks=tasks)

	def move_appointment(self, number: int, task: Task) -> None:
		self.leads[number] = replace(self.leads[number], appointment=task)

	def answer(self, number: int, due: date) -> None:
		result = self.pick((("Information", 5), ("No answer", 3)))
		answer = Answer(result, min(self.after(due, 0, 2), self.today))
		self.deals[number] = replace(self.deals[number], answer=answer)

	def pay(self, number: int, position: int) -> None:
		deal = self.deals[number]
		bills = list(deal.bills)
		bills[position] = replace(bills[position], paid=1.0, late=0)
		self.deals[number] = replace(deal, bills=tuple(bills))

	def follow_up_day(self, proforma_on: date) -> date:
		day = proforma_on
		for _step in range(FOLLOW_UP_DAYS):
			day = working_day(day + timedelta(days=1))
		return day

	def when(self, item: _Item) -> str:
		days = (item.on.date() - self.today).days
		if days < 0:
			return OVERDUE
		return {0: TODAY, 1: TOMORROW}.get(days, SOON if days < 7 else LATER)

	def of(self, seller: str, when: str) -> list[_Item]:
		return [item for item in self.pending[seller] if self.when(item) == when]

	def settle_what_is_too_old(self, seller: str) -> None:
		"""Of what is overdue the newest stay, few of each kind; everything else was done in time."""
		most = self.dice.randint(BOUNDS[OVERDUE][0] + 1, BOUNDS[OVERDUE][1] - 1)
		kept: list[_Item] = []
		for item in sorted(self.of(seller, OVERDUE), key=lambda item: item.on, reverse=True):
			alike = sum(other.kind == item.kind for other in kept)
			if len(kept) < most and alike < OVERDUE_OF_A_KIND:
				kept.append(item)
			else:
				item.settle()
				self.pending[seller].remove(item)

	def put_off_what_is_too_much(self, seller: str) -> None:
		for when in (TODAY, TOMORROW):
			there = self.of(seller, when)
			for item in [item for item in there if item.put_off][: len(there) - BOUNDS[when][1]]:
				day = self.after(self.today, 5, 12)
				item.put_off(day)
				self.pending[seller].remove(item)
				self.pending[seller].append(replace(item, on=datetime.combine(day, item.on.time())))

	def add_what_is_missing(self, seller: str) -> None:
		for when, (least, _most) in BOUNDS.items():
			# Not everybody has as much as everybody else.
			wanted = least + self.dice.randint(0, 1)
			for _missing in range(wanted - len(self.of(seller, when))):
				task = self.at_free_hour(seller, self.extra_task(seller, self.day_of(when)))
				self.routine.append(task)
				self.pending[seller].append(_Item(task.kind, task.starts_on, lambda: None))

	def day_of(self, when: str) -> date:
		if when == OVERDUE:
			day = self.today - timedelta(days=self.dice.randint(1, 5))
			while working_day(day) != day:
				day -= timedelta(days=1)
			return day
		if when == SOON:
			return self.today + timedelta(days=self.dice.randint(2, 6))
		if when == LATER:
			return self.after(self.today, 7, 20)
		return self.today + timedelta(days=when == TOMORROW)

	def extra_task(self, seller: str, day: date) -> Task:
		"""One of the kind of which the seller has least."""
		there = Counter(item.kind for item in self.pending[seller])
		steps = {
			language: (min(kinds, key=lambda step: there[step[0]]),)
			for language, kinds in word_lists.AGENDA.items()
		}
		own = [account for account in self.told.accounts if account.seller == seller]
		account = self.dice.choice(own or self.told.accounts)
		return self.task(steps, self.with_somebody_of(account), seller, day, "Pending")

	def at_free_hour(self, seller: str, task: Task) -> Task:
		"""The task at an hour at which the seller has nothing else, if there is one."""
		taken = {item.on for item in self.pending[seller]}
		hours = [datetime.combine(task.starts_on.date(), time(hour)) for hour in range(8, 17)]
		free = [hour for hour in hours if hour not in taken]
		start = self.dice.choice(free or hours)
		return replace(task, starts_on=start, ends_on=start + (task.ends_on - task.starts_on))


def _at(day: date) -> datetime:
	# Whatever the settings say: only the day matters here.
	return datetime.combine(day, time(9))


def _done(task: Task) -> Task:
	return replace(task, state="Done", result="Information", done_on=task.ends_on)


def _moved(task: Task, day: date) -> Task:
	start = datetime.combine(day, task.starts_on.time())
	return replace(task, starts_on=start, ends_on=start + (task.ends_on - task.starts_on))
