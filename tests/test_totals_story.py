"""The totals after any history, against a plain model: opportunities, activities and documents that are made,
changed, given to others, closed, opened again, cancelled and deleted at random, read by everybody who sees
a part of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import ClassVar, NamedTuple

import frappe
from frappe.utils import getdate
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition
from hypothesis.stateful import rule as step

from cronus_crm.cronus_analytics.ledger import recount_totals, totals
from cronus_crm.visibility import rule
from tests.depth import times_depth
from tests.scaffold import (
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	pay,
	unique,
)

OPPORTUNITY, ACTIVITY = "Cronus Opportunity", "Cronus Activity"

# State and probability of each stage of a new site.
STAGES = {
	"Initial contact": ("Open", 10),
	"Qualified": ("Open", 25),
	"Negotiation": ("Open", 75),
	"On hold": ("Pending", 10),
	"Won": ("Won", 100),
	"Not won": ("Not won", 0),
}
OVER = ("Won", "Not won")
ASIDE = ("On hold", "Not won")
NEVER = date(1900, 1, 1)

OF_DOCUMENTS = ("Proforma", "Proforma invoiced", "Invoice", "Credit Note", "Payment")
OF_THE_PAST = (
	*OF_DOCUMENTS,
	"Deal opened",
	"Deal won",
	"Deal lost",
	"Stage reached",
	"Furthest stage",
	"Activity done",
)
OF_NOW = ("Deal in progress", "Deal potential")
# Documents make and finish activities of other types, which other tests count.
TYPES = ("Call", "Visit")

# Three months and the beginning of a fourth: whole months, and ends of months, wherever a period begins.
days = st.integers(0, 100).map(lambda ago: getdate() - timedelta(days=ago))
cents = st.integers(0, 5_000_000)


class Event(NamedTuple):
	"""What a record adds to a figure. amount: in cents."""

	measure: str
	day: date
	dimension: str
	amount: int


@dataclass
class Record:
	"""seller: None for one that is its owner's. centre: the work centre, or an empty text."""

	name: str
	seller: str | None
	owner: str
	centre: str = ""

	def events(self) -> Iterator[Event]:
		raise NotImplementedError


@dataclass
class Opportunity(Record):
	"""value: in cents. reached: the first day in each stage that it was in."""

	value: int = 0
	stage: str = "Initial contact"
	probability: int = 10
	opened: date = NEVER
	expected: date | None = None
	closed: date | None = None
	reason: str = ""
	reached: dict[str, date] = field(default_factory=dict)

	@property
	def state(self) -> str:
		return STAGES[self.stage][0]

	def events(self):
		yield Event("Deal opened", self.opened, "", self.value)
		first = min(self.reached.values())
		for stage in self.reached:
			yield Event("Stage reached", first, stage, self.value)
		if on_the_way := [stage for stage in STAGES if stage in self.reached and stage not in ASIDE]:
			yield Event("Furthest stage", first, on_the_way[-1], self.value)
		if self.state == "Won":
			yield Event("Deal won", self.closed, "", self.value)
		elif self.state == "Not won":
			yield Event("Deal lost", self.closed, self.reason, self.value)
		else:
			month = self.expected.replace(day=1) if self.expected else NEVER
			yield Event("Deal in progress", month, self.stage, self.value)
			# To the cent, a half upwards.
			potential = (self.value * self.probability + 50) // 100
			yield Event("Deal potential", month, self.stage, potential)


@dataclass
class Activity(Record):
	kind: str = "Call"
	done: date | None = None

	def events(self):
		if self.done:
			yield Event("Activity done", self.done, self.kind, 0)


@dataclass
class Paper(Record):
	"""A proforma, an invoice, a credit note or a payment. quantity: units at 100. invoices: of a proforma."""

	kind: str = "Proforma"
	day: date = NEVER
	quantity: int = 0
	issued: bool = True
	origin: "Paper | None" = None
	made: list["Paper"] = field(default_factory=list)

	@property
	def doctype(self) -> str:
		return {"Credit Note": "Invoice", "Payment": "Cronus Payment"}.get(self.kind, self.kind)

	def units_in(self, kind: str) -> int:
		"""How many units went on to documents that were made from this one."""
		return sum(paper.quantity for paper in self.made if paper.issued and paper.kind == kind)

	def events(self):
		if not self.issued:
			return
		sign = -1 if self.kind == "Credit Note" else 1
		yield Event(self.kind, self.day, "", sign * self.quantity * 100_00)
		if self.kind == "Proforma" and (invoiced := self.units_in("Invoice")):
			yield Event("Proforma invoiced", self.day, "", invoiced * 100_00)


class Reader(NamedTuple):
	user: str
	sees: Callable[[Record], bool]


class Totals(RuleBasedStateMachine):
	steps: ClassVar[int] = 0

	def __init__(self):
		super().__init__()
		self.opportunities: list[Opportunity] = []
		self.activities: list[Activity] = []
		self.papers: list[Paper] = []

	@initialize()
	def begin(self):
		manager = make_seller(roles=(SELLER, MANAGER))
		first, second = make_seller(manager.name), make_seller(manager.name)
		stranger = make_seller(roles=(SELLER, MANAGER))
		self.newcomer = make_user(SELLER)  # nobody's seller yet
		team = {manager.name, first.name, second.name}
		self.sellers = [manager.name, first.name, second.name, stranger.name]
		self.customers = {seller: make_customer(seller).name for seller in self.sellers}
		centre = {"doctype": "Cronus Work Center", "work_center": unique("Centre")}
		self.centres = ["", frappe.get_doc(centre).insert().name]
		self.readers = [
			Reader("Administrator", lambda record: True),
			Reader(manager.user, lambda record: record.seller in team),
			Reader(first.user, lambda record: record.seller == first.name),
			Reader(stranger.user, lambda record: record.seller == stranger.name),
			Reader(self.newcomer, lambda record: not record.seller and record.owner == self.newcomer),
		]
		self.turn = 0
		# What other tests have committed.
		self.before = self.read(self.readers[0], NEVER, getdate())
		self.before_now = self.read_now(self.readers[0])

	def check_invariants(self, settings, output, runtimes):
		Totals.steps += 1
		super().check_invariants(settings, output, runtimes)

	def teardown(self):
		try:
			if hasattr(self, "readers"):
				assert list(recount_totals.find_differences()) == []
		finally:
			frappe.db.rollback()
			frappe.clear_messages()

	# Opportunities

	def change(self, record: Opportunity | Activity, **values) -> None:
		doctype = OPPORTUNITY if isinstance(record, Opportunity) else ACTIVITY
		frappe.get_doc(doctype, record.name).update(values).save()

	@step(data=st.data(), value=cents, opened=days, closed=days, stage=st.sampled_from(list(STAGES)))
	def open_opportunity(self, data, value, opened, closed, stage):
		mine = data.draw(st.booleans())
		seller = None if mine else data.draw(st.sampled_from(self.sellers))
		centre = data.draw(st.sampled_from(self.centres))
		closed = max(opened, closed) if stage in OVER else None
		reason = "Price" if stage == "Not won" else ""
		frappe.set_user(self.newcomer if mine else "Administrator")
		doc = frappe.get_doc(
			{
				"doctype": OPPORTUNITY,
				"title": "Deal",
				"prospect_name": "Somebody",
				"seller": seller,
				"work_center": centre,
				"stage": stage,
				"value": value / 100,
				"opened_on": opened,
				"closed_on": closed,
				"loss_reason": reason,
			}
		).insert()
		frappe.set_user("Administrator")
		opportunity = Opportunity(doc.name, seller, doc.owner, centre, value, stage, STAGES[stage][1], opened)
		opportunity.closed, opportunity.reason = closed, reason
		opportunity.reached[stage] = closed or opened
		self.opportunities.append(opportunity)

	@precondition(lambda self: self.opportunities)
	@step(data=st.data(), value=cents, probability=st.integers(0, 100))
	def value_opportunity(self, data, value, probability):
		opportunity = data.draw(st.sampled_from(self.opportunities))
		self.change(opportunity, value=value / 100, probability=probability)
		opportunity.value, opportunity.probability = value, probability

	@precondition(lambda self: self.opportunities)
	@step(
		data=st.data(), stage=st.sampled_from(list(STAGES)), reason=st.sampled_from(["Price", "Competitor"])
	)
	def move_opportunity(self, data, stage, reason):
		opportunity = data.draw(st.sampled_from(self.opportunities))
		moved = opportunity.stage != stage
		lost = stage == "Not won"
		self.change(opportunity, stage=stage, loss_reason=reason if lost else None)
		opportunity.reason = reason if lost else ""
		if moved:
			opportunity.stage, opportunity.probability = stage, STAGES[stage][1]
			# Of a stage that it comes back to, the first day stands.
			opportunity.reached.setdefault(stage, getdate())
			opportunity.reached[stage] = min(opportunity.reached[stage], getdate())
			opportunity.closed = getdate() if stage in OVER else None

	@precondition(lambda self: self.opportunities)
	@step(data=st.data(), opened=days, expected=st.none() | days)
	def date_opportunity(self, data, opened, expected):
		opportunity = data.draw(st.sampled_from(self.opportunities))
		opened = min(opened, opportunity.closed or opened)
		self.change(opportunity, opened_on=opened, expected_close=expected)
		opportunity.opened, opportunity.expected = opened, expected

	@precondition(lambda self: self.opportunities)
	@step(data=st.data())
	def give_opportunity(self, data):
		opportunity = data.draw(st.sampled_from(self.opportunities))
		seller = data.draw(st.sampled_from([*self.sellers, None]))
		centre = data.draw(st.sampled_from(self.centres))
		self.change(opportunity, seller=seller, work_center=centre)
		opportunity.seller, opportunity.centre = seller, centre

	@precondition(lambda self: self.opportunities)
	@step(data=st.data())
	def delete_opportunity(self, data):
		opportunity = data.draw(st.sampled_from(self.opportunities))
		frappe.delete_doc(OPPORTUNITY, opportunity.name)
		self.opportunities.remove(opportunity)

	# Activities

	@step(data=st.data(), kind=st.sampled_from(TYPES), done=st.none() | days)
	def plan(self, data, kind, done):
		seller = data.draw(st.sampled_from([*self.sellers, None]))
		doc = frappe.get_doc(
			{
				"doctype": ACTIVITY,
				"activity_type": kind,
				"subject": "Something",
				"seller": seller,
				"starts_on": datetime.combine(getdate(), time(10)),
				"state": "Done" if done else "Pending",
				# The last moment of a day is still of that day.
				"done_on": datetime.combine(done, time(23, 59, 59)) if done else None,
			}
		).insert()
		self.activities.append(Activity(doc.name, seller, doc.owner, "", kind, done))

	@precondition(lambda self: self.activities)
	@step(data=st.data(), is_done=st.booleans())
	def finish_or_reopen(self, data, is_done):
		activity = data.draw(st.sampled_from(self.activities))
		self.change(activity, state="Done" if is_done else "Pending")
		activity.done = (activity.done or getdate()) if is_done else None

	@precondition(lambda self: self.activities)
	@step(data=st.data(), kind=st.sampled_from(TYPES))
	def give_activity(self, data, kind):
		activity = data.draw(st.sampled_from(self.activities))
		seller = data.draw(st.sampled_from([*self.sellers, None]))
		self.change(activity, seller=seller, activity_type=kind)
		activity.seller, activity.kind = seller, kind

	@precondition(lambda self: self.activities)
	@step(data=st.data())
	def delete_activity(self, data):
		activity = data.draw(st.sampled_from(self.activities))
		frappe.delete_doc(ACTIVITY, activity.name)
		self.activities.remove(activity)

	# Documents; all that can happen to them is in `test_billing_story.py`

	def paper(self, data, kind: str) -> Paper | None:
		there = [paper for paper in self.papers if paper.issued and paper.kind == kind]
		return data.draw(st.sampled_from(there)) if there else None

	def add(self, doc, kind: str, quantity: int, origin: Paper | None = None) -> None:
		day = getdate(doc.posting_date)
		centre = doc.work_center or ""
		paper = Paper(doc.name, doc.seller, doc.owner, centre, kind, day, quantity, origin=origin)
		if origin:
			origin.made.append(paper)
		self.papers.append(paper)

	@step(data=st.data(), quantity=st.integers(1, 5), day=days)
	def issue(self, data, quantity, day):
		seller = data.draw(st.sampled_from(self.sellers))
		centre = data.draw(st.sampled_from(self.centres))
		proforma = issue_proforma(
			seller,
			customer=self.customers[seller],
			quantity=quantity,
			posting_date=day,
			work_center=centre or None,
		)
		self.add(proforma, "Proforma", quantity)

	@step(data=st.data(), days_later=st.integers(0, 60))
	def invoice(self, data, days_later):
		proforma = self.paper(data, "Proforma")
		left = proforma.quantity - proforma.units_in("Invoice") if proforma else 0
		if not left:
			return
		quantity = data.draw(st.integers(1, left))
		day = min(proforma.day + timedelta(days=days_later), getdate())
		doc = frappe.get_doc("Proforma", proforma.name)
		self.add(invoice_of(doc, quantity=quantity, posting_date=day), "Invoice", quantity, proforma)

	@step(data=st.data())
	def pay(self, data):
		invoice = self.paper(data, "Invoice")
		if not invoice or invoice.quantity == invoice.units_in("Payment") + invoice.units_in("Credit Note"):
			return
		payment = pay(frappe.get_doc("Invoice", invoice.name), 100)
		self.add(payment, "Payment", 1, invoice)

	@step(data=st.data())
	def give_back(self, data):
		invoice = self.paper(data, "Invoice")
		if not invoice or invoice.quantity == invoice.units_in("Payment") + invoice.units_in("Credit Note"):
			return
		note = credit_note_of(frappe.get_doc("Invoice", invoice.name), quantity=1)
		self.add(note, "Credit Note", 1, invoice)

	@precondition(lambda self: self.papers)
	@step(data=st.data())
	def cancel(self, data):
		paper = data.draw(st.sampled_from(self.papers))
		if not paper.issued or any(made.issued for made in paper.made):
			return
		frappe.get_doc(paper.doctype, paper.name).cancel()
		paper.issued = False

	# What everybody reads

	def as_reader(self, reader: Reader, read: Callable[[], list]) -> dict[tuple, tuple[int, int]]:
		frappe.set_user(reader.user)
		rule.clear_team_cache()
		rows = read()
		frappe.set_user("Administrator")
		return {
			(row.measure, getdate(row.month), row.seller, row.work_center, row.dimension): (
				row.number,
				round(row.amount * 100),
			)
			for row in rows
			if row.measure != "Activity done" or row.dimension in TYPES
		}

	def read(self, reader: Reader, from_date: date, to_date: date) -> dict:
		by = ("month", "seller", "work_center", "dimension")
		return self.as_reader(reader, lambda: totals.read_period_totals(OF_THE_PAST, from_date, to_date, by))

	def read_now(self, reader: Reader) -> dict:
		by = ("month", "seller", "work_center", "dimension")
		return self.as_reader(reader, lambda: totals.read_current_totals(OF_NOW, by))

	def expected(self, reader: Reader, measures: tuple, from_date: date, to_date: date, before: dict) -> dict:
		"""The model's answer, on top of what was there before."""
		sums = defaultdict(lambda: (0, 0), before if reader is self.readers[0] else {})
		for record in (*self.opportunities, *self.activities, *self.papers):
			if not reader.sees(record):
				continue
			for measure, day, dimension, amount in record.events():
				if measure not in measures or not from_date <= day <= to_date:
					continue
				key = (measure, day.replace(day=1), record.seller or "", record.centre, dimension)
				sums[key] = (sums[key][0] + 1, sums[key][1] + amount)
		return dict(sums)

	@invariant()
	def one_after_the_other_reads_all_figures(self):
		reader = self.readers[self.turn % len(self.readers)]
		self.turn += 1
		expected = self.expected(reader, OF_THE_PAST, NEVER, getdate(), self.before)
		assert self.read(reader, NEVER, getdate()) == expected
		expected = self.expected(reader, OF_NOW, NEVER, date.max, self.before_now)
		assert self.read_now(reader) == expected

	@invariant()
	def and_of_a_period_from_event_to_event(self):
		"""Where it is easiest to be a day wrong. Not as the Administrator, who sees what was there before."""
		reader = self.readers[1 + self.turn % (len(self.readers) - 1)]
		records = (*self.opportunities, *self.activities, *self.papers)
		there = sorted(event.day for record in records for event in record.events() if event.day != NEVER)
		if not there:
			return
		period = sorted((there[self.turn * 7 % len(there)], there[self.turn * 13 % len(there)]))
		assert self.read(reader, *period) == self.expected(reader, OF_THE_PAST, *period, {})


def test_every_history(site):
	Totals.steps = 0
	Totals.TestCase.settings = settings(
		max_examples=times_depth(25),
		stateful_step_count=40,
		deadline=None,
		database=None,
		suppress_health_check=list(HealthCheck),
	)
	Totals.TestCase("runTest").runTest()
	assert Totals.steps >= times_depth(500)
