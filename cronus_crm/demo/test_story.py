"""The story that the demo writes: the same for a day, believable, and without a site."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cronus_crm.demo import company, story, words

TODAY = date(2026, 11, 20)
DIGEST = """
import hashlib
from datetime import date
from cronus_crm.demo import story
print(hashlib.sha256(repr(story.tell(date(2026, 11, 20))).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def told():
	return story.tell(TODAY)


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


def test_another_day_has_another_story(told):
	assert story.tell(TODAY + timedelta(days=1)) != told


def test_languages_differ_in_words_only(told):
	english = story.tell(TODAY, "en")
	assert english.accounts == told.accounts
	for ours, theirs in zip(told.deals, english.deals, strict=True):
		assert replace(ours, title="", tasks=()) == replace(theirs, title="", tasks=())
		assert [task.starts_on for task in ours.tasks] == [task.starts_on for task in theirs.tasks]


@pytest.mark.parametrize(
	"texts", [words.TITLES, words.FIRST_STEPS, words.LATER_STEPS, words.ROUTINE, words.NOTES]
)
def test_every_language_has_as_many_words(texts):
	assert set(texts) == set(words.LANGUAGES)
	assert len({len(texts[language]) for language in words.LANGUAGES}) == 1


def test_the_company():
	assert len(company.TEAMS) == 3
	assert len(list(story.sellers())) == len(set(story.sellers())) == 12
	assert len({customer.name for customer in company.CUSTOMERS}) == 60
	assert len({product.code for product in company.PRODUCTS}) == 15
	assert company.DASHBOARD_VIEWER in story.sellers()


def test_there_is_some_of_everything(told):
	assert 700 < len(told.deals) < 1100
	assert {deal.stage for deal in told.deals} == {
		"Initial contact",
		"Qualified",
		"Proposal",
		"Negotiation",
		"On hold",
		"Won",
		"Not won",
	}
	assert len({deal.loss_reason for deal in told.deals}) > 5
	assert any(deal.prospect for deal in told.deals)
	assert {bill.paid for deal in told.deals for bill in deal.bills} == {0.0, 0.5, 1.0}
	assert any(len(deal.bills) == 2 for deal in told.deals)
	assert any(bill.due < TODAY and not bill.paid for deal in told.deals for bill in deal.bills)
	tasks = [task for deal in told.deals for task in deal.tasks] + list(told.routine)
	assert {task.state for task in tasks} == {"Pending", "Done", "Cancelled"}
	assert {task.kind for task in tasks} == {"Call", "Meeting", "Visit", "Message", "Task"}
	assert any(task.state == "Pending" and task.starts_on.date() < TODAY for task in tasks)


def test_everybody_has_something_today_and_tomorrow(told):
	for day in (TODAY, TODAY + timedelta(days=1)):
		busy = {
			task.seller for task in told.routine if task.starts_on.date() == day and task.state == "Pending"
		}
		assert busy == set(story.sellers())


def test_nothing_has_happened_yet_that_is_to_come(told):
	for deal in told.deals:
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


def test_no_more_is_invoiced_than_was_offered(told):
	for deal in told.deals:
		for line, (_product, quantity) in enumerate(deal.lines):
			assert sum(bill.quantities[line] for bill in deal.bills) <= quantity


def test_december_is_the_best_month_and_january_a_dip():
	"""Over several endings of the story, because one has each month once or twice only."""
	sold, months = Counter(), Counter()
	for year in range(2020, 2030):
		told = story.tell(date(year, 7, 1))
		first = (told.today - timedelta(days=story.DAYS_OF_HISTORY - 60)).replace(day=1)
		for deal in told.deals:
			for bill in deal.bills:
				if bill.on >= first:
					sold[bill.on.month] += 1
					months[bill.on.month] |= 0
		for month in range(1, 13):
			months[month] += sum(
				first <= date(y, month, 1) < told.today.replace(day=1) for y in (year - 2, year - 1, year)
			)
	average = {month: sold[month] / months[month] for month in months if months[month]}
	assert max(average, key=average.get) == 12
	assert average[1] < sum(average.values()) / len(average)


def test_scale_makes_less_of_the_same(told):
	small = story.tell(TODAY, scale=0.1)
	assert small.accounts == told.accounts
	assert 0.05 < len(small.deals) / len(told.deals) < 0.15
