"""How what was sold reaches its customers: orders, deliveries in parts, sales notes, instalments, returns.

Pure, as the story that it completes. Its dice are its own: what it tells does not change the deals.
"""

import math
from dataclasses import replace
from datetime import date, timedelta

from cronus_crm.demo.story_parts import StoryTeller, working_day
from cronus_crm.demo.story_types import Answer, Bill, Deal, Story

WAYS = (("Order", 11), ("Sales note", 8), ("Directly", 81))
# Of an order of these last days a part may still be to deliver.
DAYS_TO_DELIVER = 60
# One in so many is issued with a mistake, and cancelled.
ORDERS_FOR_A_MISTAKE = 7
PAYMENTS_FOR_A_MISTAKE = 45
# Days after an invoice on which its halves are due, where it is paid in two.
HALVES = (30, 60)


def fulfil(told: Story, language: str) -> Story:
	"""The story with what happened between proforma and payment."""
	teller = _Fulfilment(told.today, language, 1, "fulfilment")
	return replace(told, deals=tuple(teller.fulfilled(deal) for deal in told.deals))


class _Fulfilment(StoryTeller):
	def fulfilled(self, deal: Deal) -> Deal:
		if not deal.bills:
			return deal
		way = self.pick(WAYS)
		has_goods = any(not product.is_service for product, _quantity in deal.lines)
		in_parts = len(deal.bills) > 1 and self.dice.random() < 0.6
		newly_ordered = self.is_recent(deal) and self.dice.random() < 0.4
		if has_goods and (way == "Order" or in_parts or newly_ordered):
			deal = self.ordered(deal)
		bills = tuple(self.returned(self.in_instalments(bill)) for bill in deal.bills)
		if way == "Sales note" and not deal.ordered_on:
			bills = tuple(replace(bill, is_noted=True) for bill in bills)
		deal = replace(deal, bills=bills)
		return replace(deal, mistaken=deal.mistaken or self.mistaken(deal))

	def ordered(self, deal: Deal) -> Deal:
		first = deal.bills[0]
		ordered_on = working_day(first.on - timedelta(days=self.dice.randint(2, 7)))
		if not deal.proforma_on <= ordered_on <= first.on:
			ordered_on = first.on
		deal = replace(deal, ordered_on=ordered_on, promised_for=self.after(first.on, 5, 15))
		if self.is_recent(deal) and len(deal.bills) == 1:
			deal = replace(deal, bills=(self.first_half(deal, first),))
		if deal.is_billed:
			return deal
		return replace(
			deal,
			promised_for=self.after(first.on, 10, DAYS_TO_DELIVER),
			# What is left keeps the follow-up open; the customer has answered all the same.
			answer=deal.answer or Answer("Order made", deal.closed_on),
			rest_delivered_on=self.rest_delivered_on(deal),
			advance_on=ordered_on if self.dice.random() < 0.4 else None,
		)

	def is_recent(self, deal: Deal) -> bool:
		return (self.today - deal.bills[0].on).days < DAYS_TO_DELIVER

	def first_half(self, deal: Deal, bill: Bill) -> Bill:
		halves = tuple(math.ceil(quantity / 2) for _product, quantity in deal.lines)
		return replace(bill, quantities=halves)

	def rest_delivered_on(self, deal: Deal) -> date | None:
		"""The day on which the rest went out, without an invoice yet; None while it is to be delivered."""
		if self.dice.random() < 0.6:
			return None
		return max(deal.bills[-1].on, self.last_working_day())

	def last_working_day(self) -> date:
		day = self.today
		while working_day(day) != day:
			day -= timedelta(days=1)
		return day

	def in_instalments(self, bill: Bill) -> Bill:
		if self.dice.random() > 0.12:
			return bill
		halves = tuple(bill.on + timedelta(days=days) for days in HALVES)
		pays = bill.paid or self.dice.random() < 0.7
		paid = sum(day <= self.today for day in halves) / 2 if pays else 0.0
		return replace(bill, halves=halves, paid=paid, late=0, due=halves[paid > 0])

	def returned(self, bill: Bill) -> Bill:
		"""With the first of its products that came back, one of them, now and then."""
		back_on = self.after(bill.on, 4, 45)
		comes_back = self.dice.random() < 0.03
		if not comes_back or bill.halves or max(bill.quantities) < 2 or back_on > self.today:
			return bill
		return replace(bill, returned_on=back_on)

	def mistaken(self, deal: Deal) -> str | None:
		if deal.ordered_on and deal.number % ORDERS_FOR_A_MISTAKE == 3:
			return "Cronus Order"
		if deal.bills[0].paid and deal.number % PAYMENTS_FOR_A_MISTAKE == 8:
			return "Cronus Payment"
		return None
