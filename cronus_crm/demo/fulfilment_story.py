"""Adds orders, partial deliveries, sales notes, instalments and returns to the deals of the story.

Pure. It draws from a random generator of its own, so that a change here does not change the deals.
"""

import math
from dataclasses import replace
from datetime import date, timedelta

from cronus_crm.demo.story_parts import StoryTeller, next_working_day
from cronus_crm.demo.story_types import Answer, Bill, Deal, Story

# (way of delivering what was sold, weight).
WAYS_OF_DELIVERY = (("Order", 11), ("Sales note", 8), ("Directly", 81))
# An order of these last days may be delivered in part only.
DAYS_TO_DELIVER = 60
# One in this many is issued with a mistake and cancelled.
ORDERS_PER_MISTAKE = 7
PAYMENTS_PER_MISTAKE = 45
# Days from an invoice to the due dates of its two halves, where it is paid in instalments.
INSTALMENT_DAYS = (30, 60)


def add_fulfilment(story: Story, language: str) -> Story:
	"""The story with what happened between the proforma and the payment of each won deal."""
	teller = _FulfilmentStory(story.today, language, 1, "fulfilment")
	return replace(story, deals=tuple(teller.fulfil_deal(deal) for deal in story.deals))


class _FulfilmentStory(StoryTeller):
	def fulfil_deal(self, deal: Deal) -> Deal:
		if not deal.bills:
			return deal
		way = self.pick_weighted(WAYS_OF_DELIVERY)
		has_goods = any(not product.is_service for product, _quantity in deal.lines)
		in_parts = len(deal.bills) > 1 and self.rng.random() < 0.6
		newly_ordered = self.is_recent(deal) and self.rng.random() < 0.4
		if has_goods and (way == "Order" or in_parts or newly_ordered):
			deal = self.add_order(deal)
		bills = tuple(self.add_return(self.split_into_instalments(bill)) for bill in deal.bills)
		if way == "Sales note" and not deal.ordered_on:
			bills = tuple(replace(bill, is_noted=True) for bill in bills)
		deal = replace(deal, bills=bills)
		return replace(deal, mistaken=deal.mistaken or self.mistaken_doctype(deal))

	def add_order(self, deal: Deal) -> Deal:
		first = deal.bills[0]
		ordered_on = next_working_day(first.on - timedelta(days=self.rng.randint(2, 7)))
		if not deal.proforma_on <= ordered_on <= first.on:
			ordered_on = first.on
		deal = replace(deal, ordered_on=ordered_on, promised_for=self.working_day_after(first.on, 5, 15))
		if self.is_recent(deal) and len(deal.bills) == 1:
			deal = replace(deal, bills=(self.halve_bill(deal, first),))
		if deal.is_billed:
			return deal
		return replace(
			deal,
			promised_for=self.working_day_after(first.on, 10, DAYS_TO_DELIVER),
			# A partly invoiced proforma keeps its follow-up open, so the seller ends it by hand.
			answer=deal.answer or Answer("Order made", deal.closed_on),
			rest_delivered_on=self.choose_delivery_of_rest(deal),
			advance_on=ordered_on if self.rng.random() < 0.4 else None,
		)

	def is_recent(self, deal: Deal) -> bool:
		return (self.today - deal.bills[0].on).days < DAYS_TO_DELIVER

	def halve_bill(self, deal: Deal, bill: Bill) -> Bill:
		halves = tuple(math.ceil(quantity / 2) for _product, quantity in deal.lines)
		return replace(bill, quantities=halves)

	def choose_delivery_of_rest(self, deal: Deal) -> date | None:
		"""The day on which the rest was delivered, not invoiced yet; None while it is not delivered."""
		if self.rng.random() < 0.6:
			return None
		return max(deal.bills[-1].on, self.last_working_day())

	def last_working_day(self) -> date:
		day = self.today
		while next_working_day(day) != day:
			day -= timedelta(days=1)
		return day

	def split_into_instalments(self, bill: Bill) -> Bill:
		if self.rng.random() > 0.12:
			return bill
		halves = tuple(bill.on + timedelta(days=days) for days in INSTALMENT_DAYS)
		pays = bill.paid or self.rng.random() < 0.7
		paid = sum(day <= self.today for day in halves) / 2 if pays else 0.0
		return replace(bill, halves=halves, paid=paid, late=0, due=halves[paid > 0])

	def add_return(self, bill: Bill) -> Bill:
		"""The invoice, in three of a hundred cases with the day on which one unit was returned."""
		back_on = self.working_day_after(bill.on, 4, 45)
		comes_back = self.rng.random() < 0.03
		if not comes_back or bill.halves or max(bill.quantities) < 2 or back_on > self.today:
			return bill
		return replace(bill, returned_on=back_on)

	def mistaken_doctype(self, deal: Deal) -> str | None:
		if deal.ordered_on and deal.number % ORDERS_PER_MISTAKE == 3:
			return "Cronus Order"
		if deal.bills[0].paid and deal.number % PAYMENTS_PER_MISTAKE == 8:
			return "Cronus Payment"
		return None
