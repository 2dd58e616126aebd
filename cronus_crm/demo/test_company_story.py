"""The story that the demo writes: the same for a day, believable, and without a site."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from cronus_crm.demo import activity_story, company_facts, company_story, holidays, story_parts, word_lists

TODAY = date(2026, 11, 20)
DIGEST = """
import hashlib
from datetime import date
from cronus_crm.demo import company_story
print(hashlib.sha256(repr(company_story.tell_story(date(2026, 11, 20))).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def story():
	return company_story.tell_story(TODAY)


def test_a_day_has_one_story_in_every_process():
	digests = {
		subprocess.run(
			[sys.executable, "-c", DIGEST],
			env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(path for path in sys.path if path)},
			capture_output=True,
			text=True,
			check=True,
		).stdout
		for seed in ("1", "2")
	}
	assert len(digests) == 1


def test_another_day_has_another_story(story):
	assert company_story.tell_story(TODAY + timedelta(days=1)) != story


def test_languages_differ_in_words_only(story):
	english = company_story.tell_story(TODAY, "en")
	assert english.accounts == story.accounts
	for ours, theirs in zip(story.deals, english.deals, strict=True):
		assert replace(ours, title="", tasks=()) == replace(theirs, title="", tasks=())
		assert [task.starts_on for task in ours.tasks] == [task.starts_on for task in theirs.tasks]
	for ours, theirs in zip(story.leads, english.leads, strict=True):
		wordless = {"subject": "", "notes": "", "internal_notes": "", "appointment": None, "tasks": ()}
		assert replace(ours, **wordless) == replace(theirs, **wordless)
	assert [task.starts_on for task in story.routine] == [task.starts_on for task in english.routine]


@pytest.mark.parametrize(
	"name", [name for name in dir(word_lists) if name.isupper() and name != "LANGUAGES"], ids=str.lower
)
def test_every_language_has_as_many_words(name):
	texts = getattr(word_lists, name)
	assert set(texts) == set(word_lists.LANGUAGES)
	assert len({len(texts[language]) for language in word_lists.LANGUAGES}) == 1


def test_holidays_have_a_name_each_and_nobody_works_on_them(story):
	assert len(word_lists.HOLIDAYS["es"]) == len(holidays.list_holidays(2026))
	assert date(2026, 4, 3) in holidays.list_holidays(2026)  # Good Friday
	for deal in story.deals:
		days = [deal.opened_on, deal.proforma_on, *(bill.on for bill in deal.bills)]
		assert not any(holidays.is_holiday(day) for day in days if day)


def test_the_company():
	assert len(company_facts.TEAMS) == 3
	assert len(list(story_parts.list_sellers())) == len(set(story_parts.list_sellers())) == 12
	assert len({customer.name for customer in company_facts.CUSTOMERS}) == 60
	assert len({product.code for product in company_facts.PRODUCTS}) == 15
	assert company_facts.DASHBOARD_VIEWER in story_parts.list_sellers()


def test_there_is_some_of_everything(story):
	assert 700 < len(story.deals) < 1100
	assert {deal.stage for deal in story.deals} == {
		"Initial contact",
		"Qualified",
		"Proposal",
		"Negotiation",
		"On hold",
		"Won",
		"Not won",
	}
	assert len({deal.loss_reason for deal in story.deals}) > 5
	assert any(deal.prospect and not deal.lead for deal in story.deals)
	assert {deal.mistaken for deal in story.deals} == {
		None,
		"Proforma",
		"Cronus Order",
		"Invoice",
		"Cronus Payment",
	}
	assert {bill.paid for deal in story.deals for bill in deal.bills} == {0.0, 0.5, 1.0}
	assert any(len(deal.bills) == 2 for deal in story.deals)
	assert any(bill.due < TODAY and not bill.paid for deal in story.deals for bill in deal.bills)
	tasks = [task for deal in story.deals for task in deal.tasks] + list(story.routine)
	assert {task.state for task in tasks} == {"Pending", "Done", "Cancelled"}
	assert {task.kind for task in tasks} == set(story_parts.MINUTES)
	assert any(task.remark for task in tasks)
	assert any(task.state == "Pending" and task.starts_on.date() < TODAY for task in tasks)


def test_what_is_sold_goes_every_way_to_its_payment(story):
	ordered = [deal for deal in story.deals if deal.ordered_on]
	bills = [bill for deal in story.deals for bill in deal.bills]
	assert 50 < len(ordered) < len(story.deals) / 5
	assert sum(len(deal.bills) == 2 for deal in ordered) > 20
	unfinished = [deal for deal in ordered if not deal.is_billed]
	assert any(deal.rest_delivered_on for deal in unfinished)
	assert any(deal.advance_on for deal in unfinished)
	assert any(deal.promised_for < TODAY for deal in unfinished if not deal.rest_delivered_on)
	assert sum(bill.is_noted for bill in bills) > 15
	assert {bill.paid for bill in bills if bill.halves} == {0.0, 0.5, 1.0}
	assert any(bill.returned_on for bill in bills)


def test_orders_are_between_proforma_and_invoice_and_nothing_is_delivered_before(story):
	for deal in story.deals:
		if deal.ordered_on:
			assert deal.proforma_on <= deal.ordered_on <= deal.bills[0].on < deal.promised_for
			assert not holidays.is_holiday(deal.ordered_on)
		if deal.rest_delivered_on:
			assert deal.bills[-1].on <= deal.rest_delivered_on <= TODAY
			assert any(deal.uninvoiced_quantities())
		for bill in deal.bills:
			assert bill.due in bill.halves or not bill.halves
			assert not (bill.is_noted and deal.ordered_on)
			assert bill.returned_on is None or bill.on < bill.returned_on <= TODAY


def test_everybody_has_something_today_and_tomorrow(story):
	for day in (TODAY, TODAY + timedelta(days=1)):
		busy = {
			task.seller for task in story.routine if task.starts_on.date() == day and task.state == "Pending"
		}
		assert busy == set(story_parts.list_sellers())


@pytest.mark.parametrize("day", [TODAY, date(2026, 11, 22), date(2027, 1, 1)], ids=str)
def test_agendas_are_neither_empty_nor_full_of_what_nobody_did(day):
	story = company_story.tell_story(day)
	tasks = [*story.routine, *(task for deal in story.deals for task in deal.tasks)]
	tasks += [task for lead in story.leads for task in (*lead.tasks, lead.appointment) if task]
	for seller in story_parts.list_sellers():
		days = Counter(
			(task.starts_on.date() - day).days
			for task in tasks
			if task.seller == seller and task.state == "Pending"
		)
		# Follow-ups and collections, which documents make by themselves, come on top of these.
		assert (
			sum(number for ahead, number in days.items() if ahead < 0)
			<= activity_story.AGENDA_BOUNDS["overdue"][1]
		)
		assert 1 <= days[0] <= activity_story.AGENDA_BOUNDS["today"][1]
		assert 1 <= days[1] <= activity_story.AGENDA_BOUNDS["tomorrow"][1]
		collections = [
			(bill.due - day).days
			for deal in story.deals
			for bill in deal.bills
			if deal.seller == seller and bill.paid < 1
		]
		assert any(ahead > 6 for ahead in (*days, *collections))


def test_prospects_are_as_many_as_people_and_mostly_recent(story):
	assert 110 <= len(story.leads) <= 150
	assert len({lead.company for lead in story.leads}) == len(story.leads)
	states = Counter(lead.state for lead in story.leads)
	assert states["Converted"] == sum(account.since is not None for account in story.accounts)
	assert min(states["Open"], states["Cancelled"]) > 20
	half_of_the_time = TODAY - timedelta(days=company_story.DAYS_OF_HISTORY // 2)
	assert sum(lead.contacted_on > half_of_the_time for lead in story.leads) > len(story.leads) * 0.6
	assert len({lead.medium for lead in story.leads}) >= 8
	assert sum(lead.pictured for lead in story.leads) == 3


def test_what_is_done_about_a_prospect_comes_after_it_and_ends_with_it(story):
	deals = {deal.number: deal for deal in story.deals}
	for lead in story.leads:
		assert (lead.ended_on is None) == (lead.state == "Open")
		tasks = [task for task in (*lead.tasks, lead.appointment) if task]
		assert all(task.starts_on.date() >= lead.contacted_on for task in tasks)
		if lead.ended_on:
			assert lead.contacted_on <= lead.ended_on <= TODAY
			assert not any(task.state == "Pending" for task in tasks)
		if lead.deal:
			assert deals[lead.deal].lead == lead.number
			assert lead.contacted_on <= deals[lead.deal].opened_on
			assert deals[lead.deal].customer == lead.account


def test_a_customer_that_was_a_prospect_buys_nothing_before(story):
	since = {account.name: account.since for account in story.accounts if account.since}
	assert since
	for deal in story.deals:
		assert not deal.customer or deal.opened_on >= since.get(deal.customer, deal.opened_on)


def test_stays_of_a_deal_follow_each_other_up_to_its_stage(story):
	for deal in story.deals:
		assert deal.stays[0].stage == "Initial contact"
		assert deal.stays[0].entered_on.date() == deal.opened_on
		assert (deal.stays[-1].stage, deal.stays[-1].left_on) == (deal.stage, None)
		for stay, following in pairwise(deal.stays):
			assert stay.left_on == following.entered_on > stay.entered_on
		assert deal.stays[-1].entered_on.date() <= TODAY
		assert deal.stays[-1].loss_reason == deal.loss_reason
	assert any(stay.stage == "Not won" for deal in story.deals for stay in deal.stays[:-1])


def test_nothing_has_happened_yet_that_is_to_come(story):
	for deal in story.deals:
		assert deal.opened_on <= TODAY
		assert (deal.closed_on is not None) == (deal.stage in ("Won", "Not won"))
		assert bool(deal.customer) != bool(deal.prospect)
		assert bool(deal.bills) <= (deal.stage == "Won")
		past = [deal.proforma_on, deal.closed_on, deal.answer and deal.answer.on]
		past += [bill.on for bill in deal.bills]
		assert all(deal.opened_on <= day <= TODAY for day in past if day)
		for bill in deal.bills:
			assert deal.proforma_on <= bill.on <= bill.due
		for task in deal.tasks:
			assert task.done_on is None or task.done_on.date() <= TODAY


def test_no_more_is_invoiced_than_was_offered(story):
	for deal in story.deals:
		for line, (_product, quantity) in enumerate(deal.lines):
			assert sum(bill.quantities[line] for bill in deal.bills) <= quantity


def test_december_is_the_best_month_and_january_a_dip():
	"""Over several endings of the story, because one has each month once or twice only."""
	sold, months = Counter(), Counter()
	for year in range(2020, 2030):
		story = company_story.tell_story(date(year, 7, 1))
		first = (story.today - timedelta(days=company_story.DAYS_OF_HISTORY - 60)).replace(day=1)
		for deal in story.deals:
			for bill in deal.bills:
				if bill.on >= first:
					sold[bill.on.month] += 1
					months[bill.on.month] |= 0
		for month in range(1, 13):
			months[month] += sum(
				first <= date(y, month, 1) < story.today.replace(day=1) for y in (year - 2, year - 1, year)
			)
	average = {month: sold[month] / months[month] for month in months if months[month]}
	assert max(average, key=average.get) == 12
	assert average[1] < sum(average.values()) / len(average)


def test_scale_makes_less_of_the_same(story):
	small = company_story.tell_story(TODAY, scale=0.1)
	# When somebody becomes a customer depends on the deals that there are.
	assert [replace(account, since=None) for account in small.accounts] == [
		replace(account, since=None) for account in story.accounts
	]
	assert 0.05 < len(small.deals) / len(story.deals) < 0.15
