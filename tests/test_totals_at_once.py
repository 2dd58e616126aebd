"""What many do at the same moment to the figures of the same sellers: nothing is lost, nobody hears of a
deadlock, and the totals agree with the documents whenever somebody looks.

Everything here is committed and seen by other processes, as on a site at work.
"""

import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import frappe
import pytest
from frappe.query_builder import DocType

from cronus_crm.cronus_analytics.ledger import entries, recount_totals, totals
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_billing.money import payment_allocation
from tests.scaffold import ensure_product, make_customer, make_opportunity, make_seller, new_proforma
from tests.test_exactly_once import Together, convert_and_submit, forked, play, submit

CLIENTS, STEPS = 8, 15


@pytest.fixture
def together(site):
	return Together(site)


class Market(NamedTuple):
	"""What all clients work on. customers: one of each seller. opportunities: of both."""

	sellers: list[str]
	customers: list[str]
	opportunities: list[str]


@pytest.fixture
def market():
	ensure_product()
	sellers = [make_seller().name, make_seller().name]
	opportunities = [
		make_opportunity(seller, value=100).name for seller in sellers for _opportunity in range(CLIENTS // 2)
	]
	market = Market(sellers, [make_customer(seller).name for seller in sellers], opportunities)
	frappe.db.commit()
	return market


class Client:
	"""Does at random what a person would, one thing in a transaction."""

	def __init__(self, market: Market, number: int):
		self.market = market
		self.chance = random.Random(number)

	def work(self) -> None:
		actions = (
			self.issue,
			self.issue,
			self.convert,
			self.convert,
			self.pay,
			self.cancel,
			self.move_opportunity,
		)
		for _step in range(STEPS):
			try:
				self.chance.choice(actions)()
				frappe.db.commit()
			except frappe.ValidationError:
				# Somebody else was faster. A deadlock is none of these, and ends the client.
				frappe.db.rollback()

	def issue(self) -> None:
		which = self.chance.randrange(2)
		proforma = new_proforma(self.market.sellers[which], customer=self.market.customers[which])
		proforma.insert().submit()

	def one_of(self, doctype: str, **filters) -> str | None:
		"""Any issued document, also one that another client is about to change."""
		filters |= {"docstatus": 1, "seller": ("in", self.market.sellers)}
		names = frappe.get_all(doctype, filters, pluck="name", order_by="name asc")
		return self.chance.choice(names) if names else None

	def convert(self) -> None:
		if proforma := self.one_of("Proforma", state="Issued"):
			convert_and_submit("Proforma", proforma, self.chance.choice(["Invoice", "Cronus Order"]))

	def pay(self) -> None:
		if invoice := self.one_of("Invoice", state="Issued"):
			submit("Cronus Payment", payment_allocation.make_payment(invoice))

	def cancel(self) -> None:
		doctype = self.chance.choice(["Cronus Payment", "Invoice", "Cronus Order", "Proforma"])
		if name := self.one_of(doctype):
			frappe.get_doc(doctype, name).cancel()

	def move_opportunity(self) -> None:
		opportunity = frappe.get_doc("Cronus Opportunity", self.chance.choice(self.market.opportunities))
		opportunity.stage = self.chance.choice(["Proposal", "Won", "Not won"])
		opportunity.loss_reason = "Price" if opportunity.stage == "Not won" else None
		opportunity.update(
			{"value": self.chance.randrange(1000), "seller": self.chance.choice(self.market.sellers)}
		)
		opportunity.save()


def work(market: Market, number: int, working) -> None:
	try:
		Client(market, number).work()
	finally:
		with working:
			working.value -= 1


def move_opportunities(market: Market, number: int) -> None:
	client = Client(market, number)
	# Each its own opportunity: all that they share is the totals.
	client.market = market._replace(opportunities=[market.opportunities[number]])
	for _step in range(2 * STEPS):
		client.move_opportunity()
		frappe.db.commit()


def repair(found: Callable[[int], None], working) -> None:
	"""Again and again, until everybody has gone home. found: is told how many rows each one was wrong in."""
	while working.value:
		frappe.db.commit()
		found(recount_totals.repair())
		frappe.db.commit()


def differences() -> list:
	return [*entries.find_differences(), *recount_totals.find_differences()]


def clients_of(market: Market, working) -> list[tuple]:
	return [(work, market, number, working) for number in range(CLIENTS)]


def test_eight_clients_of_the_same_sellers_lose_nothing(together, market):
	working = forked.Value("i", CLIENTS)
	answers = together.run(play, *clients_of(market, working))
	assert Counter(answers) == {"ok": CLIENTS}
	assert frappe.db.count(entries.ENTRY, {"seller": ("in", market.sellers)}) > 2 * CLIENTS
	assert differences() == []


def test_opportunities_that_move_between_the_same_stages_and_sellers_do_not_block_each_other(
	together, market
):
	"""No number of a document is waited for here, so that all write to the same totals at the same moment."""
	answers = together.run(move_opportunities, *[(market, number) for number in range(CLIENTS)])
	assert Counter(answers) == {"ok": CLIENTS}
	assert differences() == []


def test_in_no_moment_are_the_totals_wrong(together, market):
	"""A repair while people work finds nothing, because each transaction moves the totals with it."""
	working, wrong = forked.Value("i", CLIENTS), forked.Value("i", 0)

	def found(number: int) -> None:
		wrong.value += number

	answers = together.run(play, *clients_of(market, working), (repair, found, working))
	assert Counter(answers) == {"ok": CLIENTS + 1}
	assert wrong.value == 0
	assert differences() == []


def test_what_is_wrong_is_repaired_while_people_work(together, market):
	Client(market, 0).work()
	total = DocType(totals.TOTAL)
	of_sellers = total.seller.isin(market.sellers)
	frappe.qb.update(total).set(total.amount, total.amount + 7).where(of_sellers).run()
	frappe.qb.from_(total).delete().where(of_sellers & (total.measure == "Invoice")).run()
	frappe.db.commit()
	working, mended = forked.Value("i", CLIENTS), forked.Value("i", 0)

	def found(number: int) -> None:
		mended.value += number

	answers = together.run(play, *clients_of(market, working), (repair, found, working))
	assert Counter(answers) == {"ok": CLIENTS + 1}
	assert mended.value > 0
	assert differences() == []


def die_before_the_commit(action: Callable, *arguments) -> None:
	action(*arguments)
	os.kill(os.getpid(), signal.SIGKILL)


def win(opportunity: str) -> None:
	frappe.get_doc("Cronus Opportunity", opportunity).update({"stage": "Won"}).save()


def test_a_process_killed_before_its_commit_leaves_totals_and_documents_as_they_were(together, market):
	proforma = new_proforma(market.sellers[0], customer=market.customers[0]).insert()
	proforma.submit()
	draft = new_proforma(market.sellers[0], customer=market.customers[0]).insert()
	(invoice,) = document_chain.convert_documents("Proforma", proforma.name, "Invoice")
	frappe.db.commit()

	def kept() -> list:
		return frappe.get_all(
			totals.TOTAL, {"seller": market.sellers[0]}, ["name", "number", "amount"], order_by="name asc"
		)

	before = kept()
	for action in (
		(submit, "Proforma", draft.name),
		(submit, "Invoice", invoice),
		(win, market.opportunities[0]),
	):
		assert together.run(die_before_the_commit, action) == []
	assert kept() == before
	assert differences() == []
	submit("Proforma", draft.name)
	submit("Invoice", invoice)
	win(market.opportunities[0])
	frappe.db.commit()
	assert kept() != before
	assert differences() == []
