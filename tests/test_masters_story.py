"""Masters that are renamed, merged, swapped, disabled, deleted, restored and handed over at random among
records, against a plain model: totals, ledger and activities are compared as the walk goes, and `verify`
agrees at its end.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import frappe
from frappe.core.doctype.deleted_document.deleted_document import restore
from frappe.utils import getdate
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition
from hypothesis.stateful import rule as step

from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.verify import find_differences
from cronus_crm.cronus_crm.sellers.hand_over import hand_over
from cronus_crm.visibility import rule
from tests.depth import times_depth
from tests.scaffold import invoice_of, issue_proforma, make_customer, make_seller, make_user, unique

SELLER, CENTRE, STAGE, REASON, TYPE = MASTERS = (
	"Cronus Seller",
	"Cronus Work Center",
	"Cronus Stage",
	"Cronus Loss Reason",
	"Cronus Activity Type",
)
OPPORTUNITY, ACTIVITY, PROFORMA = "Cronus Opportunity", "Cronus Activity", "Proforma"
EVER = (getdate("2000-01-01"), getdate("2199-12-31"))
PAST = ("Deal opened", "Deal won", "Deal lost", "Stage reached", "Furthest stage", "Activity done")
OF_DOCUMENTS = ("Proforma", "Proforma invoiced", "Invoice")
# Steps between two comparisons: what goes wrong stays wrong.
COMPARED_EVERY = 20


@dataclass(eq=False)
class Master:
	doctype: str
	name: str
	disabled: bool = False
	state: str = ""
	position: int = 0


@dataclass(eq=False)
class Opportunity:
	name: str
	seller: Master
	centre: Master | None
	value: int
	stages: list[Master]
	reason: Master | None = None

	@property
	def state(self) -> str:
		return self.stages[-1].state

	def events(self) -> Iterator[tuple[str, str, int]]:
		"""(measure, dimension, amount) of what it adds to the totals."""
		yield "Deal opened", "", self.value
		visited = list(dict.fromkeys(self.stages))
		for stage in visited:
			yield "Stage reached", stage.name, self.value
		way = [stage for stage in visited if stage.state in ("Open", "Won")]
		if way:
			furthest = max(way, key=lambda stage: (stage.state == "Won", stage.position, stage.name))
			yield "Furthest stage", furthest.name, self.value
		if self.state == "Won":
			yield "Deal won", "", self.value
		elif self.state == "Not won":
			yield "Deal lost", self.reason.name, self.value
		else:
			yield "Deal in progress", self.stages[-1].name, self.value


@dataclass(eq=False)
class Activity:
	name: str
	seller: Master | None
	kind: Master
	done: bool
	owner: str = ""
	centre: Master | None = None

	def events(self):
		if self.done:
			yield "Activity done", self.kind.name, 0


@dataclass(eq=False)
class Customer:
	name: str
	title: str
	disabled: bool = False


@dataclass(eq=False)
class Offer:
	"""A proforma of `quantity` units at 100. invoices: (name, quantity) of those that are issued."""

	name: str
	seller: Master
	centre: Master | None
	customer: Customer
	quantity: int
	invoices: list[tuple[str, int]] = field(default_factory=list)
	cancelled: bool = False

	@property
	def invoiced(self) -> int:
		return sum(quantity for _name, quantity in self.invoices)

	@property
	def follow_up(self) -> str:
		if self.cancelled:
			return "Cancelled"
		return "Done" if self.invoiced == self.quantity else "Pending"

	def events(self):
		if self.cancelled:
			return
		yield "Proforma", "", 100 * self.quantity
		if self.invoices:
			yield "Proforma invoiced", "", 100 * self.invoiced
		for _name, quantity in self.invoices:
			yield "Invoice", "", 100 * quantity


class Masters(RuleBasedStateMachine):
	steps: ClassVar[int] = 0

	def __init__(self):
		super().__init__()
		self.masters: dict[str, list[Master]] = {doctype: [] for doctype in MASTERS}
		self.free_names: dict[str, list[str]] = {doctype: [] for doctype in MASTERS}
		self.opportunities: list[Opportunity] = []
		self.activities: list[Activity] = []
		self.deleted: list[tuple[str, Opportunity | Activity]] = []
		self.offers: list[Offer] = []

	@initialize()
	def begin(self):
		frappe.set_user("Administrator")
		for doctype in MASTERS:
			for _number in range(3):
				self.add_master(doctype, unique("Master"))
		self.customers = []
		for _number in range(2):
			doc = make_customer(self.masters[SELLER][0].name)
			self.customers.append(Customer(doc.name, doc.customer_name))
		self.user = make_user("Cronus Seller")

	def check_invariants(self, settings, output, runtimes):
		Masters.steps += 1
		if Masters.steps % COMPARED_EVERY == 0:
			self.compare()
		super().check_invariants(settings, output, runtimes)

	def teardown(self):
		try:
			if hasattr(self, "customers"):
				self.compare()
				assert list(find_differences()) == []
		finally:
			frappe.db.rollback()
			frappe.clear_messages()
			rule.clear_team_cache()

	# Masters

	def add_master(self, doctype: str, name: str) -> Master:
		if doctype == SELLER:
			master = Master(doctype, make_seller(seller_name=name).name)
		else:
			fieldname = frappe.get_meta(doctype).autoname.removeprefix("field:")
			values: dict = {"doctype": doctype, fieldname: name}
			if doctype == STAGE:
				number = len(self.masters[STAGE])
				values |= {"state": ("Open", "Won", "Not won")[number % 3], "position": 50 + number}
			doc = frappe.get_doc(values).insert()
			master = Master(doctype, doc.name, False, doc.get("state") or "", doc.get("position") or 0)
		self.masters[doctype].append(master)
		return master

	def draw(self, data, doctype: str, **values) -> Master:
		"""A master, if there is one also with these values."""
		there = self.masters[doctype]
		fitting = [one for one in there if all(getattr(one, key) == value for key, value in values.items())]
		return data.draw(st.sampled_from(fitting or there))

	def rename_master(self, doctype: str, old: str, new: str, merge: bool = False) -> None:
		frappe.rename_doc(doctype, old, new, merge=merge, show_alert=False, rebuild_search=False)
		rule.clear_team_cache()

	@step(data=st.data(), doctype=st.sampled_from(MASTERS), again=st.booleans(), merges=st.booleans())
	def rename_or_merge(self, data, doctype, again, merges):
		# It takes as long as ten other steps, because the framework clears all caches: one time of five.
		if data.draw(st.integers(0, 4)):
			return self.make_activity(data, done=True, own=False)
		if merges:
			return self.merge(data, doctype)
		master, free = self.draw(data, doctype), self.free_names[doctype]
		new = free.pop() if again and free else unique("Master")
		self.rename_master(doctype, master.name, new)
		free.append(master.name)
		master.name = new

	def merge(self, data, doctype):
		one = self.draw(data, doctype)
		others = [other for other in self.masters[doctype] if other is not one and other.state == one.state]
		if not others or len(self.masters[doctype]) < 3:
			return
		other = data.draw(st.sampled_from(others))
		self.rename_master(doctype, one.name, other.name, merge=True)
		self.masters[doctype].remove(one)
		self.free_names[doctype].append(one.name)
		for record in (*self.opportunities, *self.activities, *self.offers, *(r for _n, r in self.deleted)):
			for fieldname, value in vars(record).items():
				if value is one:
					setattr(record, fieldname, other)
			if isinstance(record, Opportunity):
				record.stages = [other if stage is one else stage for stage in record.stages]

	@step(data=st.data(), doctype=st.sampled_from((SELLER, STAGE, REASON, "Cronus Customer")))
	def turn_off_or_on(self, data, doctype):
		if doctype == "Cronus Customer":
			return self.turn_customer_off_or_on(data)
		master = self.draw(data, doctype)
		master.disabled = not master.disabled
		fieldname = "enabled" if doctype == SELLER else "disabled"
		value = master.disabled if fieldname == "disabled" else not master.disabled
		frappe.get_doc(doctype, master.name).update({fieldname: int(value)}).save()

	@step(data=st.data(), doctype=st.sampled_from(MASTERS))
	def delete_and_make_again(self, data, doctype):
		"""Deletes a master that nothing points at, and restores it, or gives its name to another."""
		master = self.draw(data, doctype)
		frappe.db.savepoint("before_deletion")
		try:
			frappe.delete_doc(doctype, master.name)
		except frappe.LinkExistsError:
			frappe.db.rollback(save_point="before_deletion")
			frappe.clear_messages()
			return
		assert not any(master in vars(record).values() for record in self.records())
		if doctype == SELLER or data.draw(st.booleans()):
			restored = frappe.db.get_value("Deleted Document", {"deleted_name": master.name, "restored": 0})
			restore(restored, alert=False)
		else:
			self.masters[doctype].remove(master)
			self.add_master(doctype, master.name)

	@step(data=st.data())
	def put_a_stage_elsewhere(self, data):
		stage = self.draw(data, STAGE)
		stage.position = data.draw(st.integers(40, 60))
		frappe.get_doc(STAGE, stage.name).update({"position": stage.position}).save()

	@step(data=st.data())
	def rename_customer(self, data):
		customer = data.draw(st.sampled_from(self.customers))
		customer.title = unique("Customer")
		frappe.get_doc("Cronus Customer", customer.name).update({"customer_name": customer.title}).save()

	def turn_customer_off_or_on(self, data):
		customer = data.draw(st.sampled_from(self.customers))
		customer.disabled = not customer.disabled
		doc = frappe.get_doc("Cronus Customer", customer.name)
		doc.update({"disabled": int(customer.disabled)}).save()

	@step(data=st.data())
	def hand_over_everything(self, data):
		seller, to = self.draw(data, SELLER), self.draw(data, SELLER, disabled=False)
		if to is seller or to.disabled:
			return
		hand_over(seller.name, to.name)
		for opportunity in self.opportunities:
			if opportunity.seller is seller and opportunity.state == "Open":
				opportunity.seller = to
		for activity in self.activities:
			if activity.seller is seller and not activity.done:
				activity.seller = to

	# Records

	def records(self) -> list:
		return [*self.opportunities, *self.activities, *self.offers]

	@step(data=st.data(), value=st.integers(0, 5_000))
	def open_opportunity(self, data, value):
		seller, stage = self.draw(data, SELLER), self.draw(data, STAGE, state="Open", disabled=False)
		centre = data.draw(st.sampled_from([None, *self.masters[CENTRE]]))
		if stage.disabled or stage.state != "Open":
			return
		values = {"title": "x", "prospect_name": "Somebody", "value": value, "stage": stage.name}
		doc = frappe.get_doc(
			{"doctype": OPPORTUNITY, "seller": seller.name, "work_center": centre and centre.name, **values}
		).insert()
		self.opportunities.append(Opportunity(doc.name, seller, centre, value, [stage]))

	@precondition(lambda self: self.opportunities)
	@step(data=st.data())
	def move_opportunity(self, data):
		opportunity = data.draw(st.sampled_from(self.opportunities))
		stage, reason = self.draw(data, STAGE), self.draw(data, REASON, disabled=False)
		if reason.disabled or stage is opportunity.stages[-1]:
			return
		doc = frappe.get_doc(OPPORTUNITY, opportunity.name)
		lost = stage.state == "Not won"
		doc.update({"stage": stage.name, "loss_reason": reason.name if lost else None})
		if self.refused(doc.save, stage.disabled):
			return
		opportunity.stages.append(stage)
		opportunity.reason = reason if lost else None

	@step(data=st.data(), done=st.booleans(), own=st.booleans())
	def plan_activity(self, data, done, own):
		self.make_activity(data, done, own)

	def make_activity(self, data, done, own):
		seller, kind = self.draw(data, SELLER), self.draw(data, TYPE)
		if own:
			frappe.set_user(self.user)
		doc = frappe.get_doc(
			{
				"doctype": ACTIVITY,
				"subject": "x",
				"activity_type": kind.name,
				"starts_on": "2026-11-20 10:00:00",
				"seller": None if own else seller.name,
				"state": "Done" if done else "Pending",
			}
		).insert()
		frappe.set_user("Administrator")
		self.activities.append(
			Activity(doc.name, None if own else seller, kind, done, owner=self.user if own else "")
		)

	@step(data=st.data(), done=st.booleans())
	def plan_another(self, data, done):
		self.make_activity(data, done, own=False)

	@precondition(lambda self: self.activities)
	@step(data=st.data(), done=st.booleans())
	def do_one(self, data, done):
		self.do_activity(data, done)

	def do_activity(self, data, done):
		activity = data.draw(st.sampled_from(self.activities))
		activity.done = done
		frappe.get_doc(ACTIVITY, activity.name).update({"state": "Done" if done else "Pending"}).save()

	@precondition(lambda self: self.activities)
	@step(data=st.data(), done=st.booleans())
	def do_another(self, data, done):
		self.do_activity(data, done)

	@precondition(lambda self: self.activities or self.opportunities)
	@step(data=st.data())
	def delete_record(self, data):
		record = data.draw(st.sampled_from([*self.activities, *self.opportunities]))
		there = self.activities if isinstance(record, Activity) else self.opportunities
		frappe.delete_doc(ACTIVITY if isinstance(record, Activity) else OPPORTUNITY, record.name)
		there.remove(record)

	# Documents

	@step(data=st.data(), quantity=st.integers(1, 4))
	def offer(self, data, quantity):
		seller, customer = self.draw(data, SELLER), data.draw(st.sampled_from(self.customers))
		centre = data.draw(st.sampled_from([None, *self.masters[CENTRE]]))
		made = []

		def issue():
			values = {"customer": customer.name, "work_center": centre and centre.name}
			made.append(issue_proforma(seller.name, quantity=quantity, **values).name)

		if not self.refused(issue, seller.disabled or customer.disabled):
			self.offers.append(Offer(made[0], seller, centre, customer, quantity))

	@precondition(lambda self: self.offers)
	@step(data=st.data())
	def invoice(self, data):
		"""Whoever is disabled by now: what was agreed is settled."""
		offer = data.draw(st.sampled_from(self.offers))
		if offer.cancelled or offer.invoiced == offer.quantity:
			return
		quantity = data.draw(st.integers(1, offer.quantity - offer.invoiced))
		invoice = invoice_of(frappe.get_doc(PROFORMA, offer.name), quantity=quantity)
		offer.invoices.append((invoice.name, quantity))

	@precondition(lambda self: self.offers)
	@step(data=st.data())
	def cancel(self, data):
		offer = data.draw(st.sampled_from(self.offers))
		if offer.invoices:
			name, _quantity = offer.invoices.pop()
			frappe.get_doc("Invoice", name).cancel()
		elif not offer.cancelled:
			frappe.get_doc(PROFORMA, offer.name).cancel()
			offer.cancelled = True

	def refused(self, act, expected: bool) -> bool:
		"""Does something; True where it was refused, which must be as expected."""
		frappe.db.savepoint("before_act")
		try:
			act()
		except frappe.ValidationError:
			frappe.db.rollback(save_point="before_act")
			frappe.clear_messages()
			assert expected
			return True
		assert not expected
		return False

	# What is compared

	def compare(self):
		if not hasattr(self, "customers"):
			return
		expected = defaultdict(lambda: [0, 0])
		for record in self.records():
			for measure, dimension, amount in record.events():
				seller = record.seller.name if record.seller else ""
				centre = record.centre.name if record.centre else ""
				found = expected[measure, seller, centre, dimension]
				found[0] += 1
				found[1] += amount
		assert self.read_totals() == {key: tuple(sums) for key, sums in expected.items()}
		self.compare_ledger()

	def read_totals(self) -> dict:
		by = ("seller", "work_center", "dimension")
		rows = totals.read_period_totals((*PAST, *OF_DOCUMENTS), *EVER, by)
		rows += totals.read_current_totals(("Deal in progress",), by)
		sellers = {master.name for master in self.masters[SELLER]}
		kinds = {master.name for master in self.masters[TYPE]}
		return {
			(row.measure, row.seller, row.work_center, row.dimension): (row.number, row.amount)
			for row in rows
			if (row.seller in sellers or not row.seller)
			# Documents have activities of other types.
			and (row.measure != "Activity done" or row.dimension in kinds)
			and (row.seller or row.dimension in kinds)
		}

	def compare_ledger(self) -> None:
		for offer in self.offers:
			entry = frappe.db.get_value(
				"Cronus Sales Entry",
				{"source_doctype": PROFORMA, "source_name": offer.name},
				["seller", "work_center", "customer", "cancelled"],
			)
			centre = offer.centre and offer.centre.name
			assert entry == (offer.seller.name, centre, offer.customer.name, int(offer.cancelled))
			state, name = frappe.db.get_value(
				ACTIVITY, {"origin_key": f"{PROFORMA}/{offer.name}"}, ["state", "customer_name"]
			)
			assert state == offer.follow_up
			assert state != "Pending" or name == offer.customer.title


def test_every_history_of_masters(site):
	Masters.steps = 0
	Masters.TestCase.settings = settings(
		max_examples=times_depth(14),
		stateful_step_count=100,
		deadline=None,
		database=None,
		suppress_health_check=list(HealthCheck),
	)
	Masters.TestCase("runTest").runTest()
	assert Masters.steps >= times_depth(1000)
