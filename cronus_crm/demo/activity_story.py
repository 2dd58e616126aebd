"""The last step of the story: evens out the agenda of each seller.

The pending activities of a seller are counted in five sections: overdue, today, tomorrow, soon and later.
Overdue ones above the limit are marked as done, those of today and tomorrow are postponed, and missing ones
are added, so that the demo shows every seller an agenda that is neither empty nor full of neglected work.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cronus_crm.demo import word_lists
from cronus_crm.demo.story_parts import StoryTeller, list_sellers, next_working_day
from cronus_crm.demo.story_types import Answer, Deal, Lead, Story, Task

OVERDUE, TODAY, TOMORROW, SOON, LATER = "overdue", "today", "tomorrow", "soon", "later"
# Lowest and highest number of pending activities of a seller in each section; None: no limit. More may remain
# today and tomorrow, because follow-ups and collections cannot be postponed.
AGENDA_BOUNDS = {OVERDUE: (2, 6), TODAY: (3, 6), TOMORROW: (2, 5), SOON: (2, None), LATER: (3, None)}
# Highest number of overdue activities of one type.
MOST_OVERDUE_OF_A_KIND = 2
# Working days from a proforma to its follow-up, as the settings say on a new site.
FOLLOW_UP_DAYS = 3


@dataclass(frozen=True)
class _PendingItem:
	"""A pending activity.

	settle: marks it as done in the story. postpone: moves it to another day; None for follow-ups and
	collections, whose day the system sets.
	"""

	kind: str
	on: datetime
	settle: Callable[[], None]
	postpone: Callable[[date], None] | None = None


def fill_agendas(story: Story, language: str) -> Story:
	"""The story with the agendas of all sellers within `AGENDA_BOUNDS`. language: see
	`company_story.tell_story`."""
	return _AgendaFiller(story, language).fill_all()


class _AgendaFiller(StoryTeller):
	def __init__(self, story: Story, language: str):
		super().__init__(story.today, language, 1, "agendas")
		self.story = story
		self.deals = {deal.number: deal for deal in story.deals}
		self.leads = {lead.number: lead for lead in story.leads}
		self.routine = list(story.routine)
		self.pending: dict[str, list[_PendingItem]] = defaultdict(list)

	def fill_all(self) -> Story:
		for seller, item in self.pending_items():
			self.pending[seller].append(item)
		for seller in list_sellers():
			self.settle_old_items(seller)
			self.postpone_surplus(seller)
			self.add_missing_tasks(seller)
		return replace(
			self.story,
			deals=tuple(self.deals.values()),
			leads=tuple(self.leads.values()),
			routine=tuple(self.routine),
		)

	def pending_items(self) -> Iterator[tuple[str, _PendingItem]]:
		"""Pairs of seller and pending activity: of deals, of prospects and of the routine."""
		for deal in self.story.deals:
			yield from ((deal.seller, item) for item in self.pending_items_of_deal(deal))
			yield from self.pending_items_of_tasks(
				deal.tasks, lambda position, task, deal=deal: self.replace_task(deal, position, task)
			)
		for lead in self.story.leads:
			yield from self.pending_items_of_tasks(
				lead.tasks, lambda position, task, lead=lead: self.replace_task(lead, position, task)
			)
			if lead.appointment:
				yield from self.pending_items_of_tasks(
					(lead.appointment,),
					lambda _position, task, number=lead.number: self.move_appointment(number, task),
				)
		yield from self.pending_items_of_tasks(self.story.routine, self.routine.__setitem__)

	def pending_items_of_deal(self, deal: Deal) -> Iterator[_PendingItem]:
		"""The follow-up of a deal's proforma and the collections of its unpaid invoices."""
		number = deal.number
		if deal.proforma_on and not deal.answer and not deal.is_billed:
			due = self.follow_up_day(deal.proforma_on)
			yield _PendingItem("Follow-up", _nine_o_clock(due), lambda: self.answer_follow_up(number, due))
		for position, bill in enumerate(deal.bills):
			if bill.paid < 1:
				yield _PendingItem(
					"Collection",
					_nine_o_clock(next_working_day(bill.due)),
					lambda position=position: self.pay_bill(number, position),
				)

	def pending_items_of_tasks(
		self, tasks: tuple[Task, ...], write: Callable[[int, Task], None]
	) -> Iterator[tuple[str, _PendingItem]]:
		for position, task in enumerate(tasks):
			if task.state == "Pending":
				yield (
					task.seller,
					_PendingItem(
						task.kind,
						task.starts_on,
						lambda position=position, task=task: write(position, _complete_task(task)),
						lambda day, position=position, task=task: write(position, _move_task(task, day)),
					),
				)

	def replace_task(self, owner: Deal | Lead, position: int, task: Task) -> None:
		owners = self.deals if isinstance(owner, Deal) else self.leads
		current = owners[owner.number]
		tasks = (*current.tasks[:position], task, *current.tasks[position + 1 :])
		owners[owner.number] = replace(current, tasks=tasks)

	def move_appointment(self, number: int, task: Task) -> None:
		self.leads[number] = replace(self.leads[number], appointment=task)

	def answer_follow_up(self, number: int, due: date) -> None:
		result = self.pick_weighted((("Information", 5), ("No answer", 3)))
		answer = Answer(result, min(self.working_day_after(due, 0, 2), self.today))
		self.deals[number] = replace(self.deals[number], answer=answer)

	def pay_bill(self, number: int, position: int) -> None:
		deal = self.deals[number]
		bills = list(deal.bills)
		bills[position] = replace(bills[position], paid=1.0, late=0)
		self.deals[number] = replace(deal, bills=tuple(bills))

	def follow_up_day(self, proforma_on: date) -> date:
		day = proforma_on
		for _step in range(FOLLOW_UP_DAYS):
			day = next_working_day(day + timedelta(days=1))
		return day

	def section_of(self, item: _PendingItem) -> str:
		days = (item.on.date() - self.today).days
		if days < 0:
			return OVERDUE
		return {0: TODAY, 1: TOMORROW}.get(days, SOON if days < 7 else LATER)

	def items_in_section(self, seller: str, section: str) -> list[_PendingItem]:
		return [item for item in self.pending[seller] if self.section_of(item) == section]

	def settle_old_items(self, seller: str) -> None:
		"""Keeps a few of the newest overdue activities of a seller and marks the others as done in time."""
		most = self.rng.randint(AGENDA_BOUNDS[OVERDUE][0] + 1, AGENDA_BOUNDS[OVERDUE][1] - 1)
		kept: list[_PendingItem] = []
		for item in sorted(self.items_in_section(seller, OVERDUE), key=lambda item: item.on, reverse=True):
			alike = sum(other.kind == item.kind for other in kept)
			if len(kept) < most and alike < MOST_OVERDUE_OF_A_KIND:
				kept.append(item)
			else:
				item.settle()
				self.pending[seller].remove(item)

	def postpone_surplus(self, seller: str) -> None:
		for section in (TODAY, TOMORROW):
			present = self.items_in_section(seller, section)
			for item in [item for item in present if item.postpone][
				: len(present) - AGENDA_BOUNDS[section][1]
			]:
				day = self.working_day_after(self.today, 5, 12)
				item.postpone(day)
				self.pending[seller].remove(item)
				self.pending[seller].append(replace(item, on=datetime.combine(day, item.on.time())))

	def add_missing_tasks(self, seller: str) -> None:
		for section, (least, _most) in AGENDA_BOUNDS.items():
			# One more or less, so that agendas differ.
			wanted = least + self.rng.randint(0, 1)
			for _missing in range(wanted - len(self.items_in_section(seller, section))):
				task = self.move_to_free_hour(seller, self.make_extra_task(seller, self.choose_day(section)))
				self.routine.append(task)
				self.pending[seller].append(_PendingItem(task.kind, task.starts_on, lambda: None))

	def choose_day(self, section: str) -> date:
		if section == OVERDUE:
			day = self.today - timedelta(days=self.rng.randint(1, 5))
			while next_working_day(day) != day:
				day -= timedelta(days=1)
			return day
		if section == SOON:
			return self.today + timedelta(days=self.rng.randint(2, 6))
		if section == LATER:
			return self.working_day_after(self.today, 7, 20)
		return self.today + timedelta(days=section == TOMORROW)

	def make_extra_task(self, seller: str, day: date) -> Task:
		"""A task of the type that the seller has fewest pending activities of."""
		present = Counter(item.kind for item in self.pending[seller])
		steps = {
			language: (min(kinds, key=lambda step: present[step[0]]),)
			for language, kinds in word_lists.AGENDA.items()
		}
		own = [account for account in self.story.accounts if account.seller == seller]
		account = self.rng.choice(own or self.story.accounts)
		return self.make_task(steps, self.choose_contact(account), seller, day, "Pending")

	def move_to_free_hour(self, seller: str, task: Task) -> Task:
		"""The task at an hour at which the seller has nothing else; at any hour when the whole day is
		taken."""
		taken = {item.on for item in self.pending[seller]}
		hours = [datetime.combine(task.starts_on.date(), time(hour)) for hour in range(8, 17)]
		free = [hour for hour in hours if hour not in taken]
		start = self.rng.choice(free or hours)
		return replace(task, starts_on=start, ends_on=start + (task.ends_on - task.starts_on))


def _nine_o_clock(day: date) -> datetime:
	# The hour of the settings is not known here; only the day matters.
	return datetime.combine(day, time(9))


def _complete_task(task: Task) -> Task:
	return replace(task, state="Done", result="Information", done_on=task.ends_on)


def _move_task(task: Task, day: date) -> Task:
	start = datetime.combine(day, task.starts_on.time())
	return replace(task, starts_on=start, ends_on=start + (task.ends_on - task.starts_on))
