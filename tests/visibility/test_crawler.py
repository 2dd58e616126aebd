"""Whatever can be called tells nobody what is not theirs, and changes nothing of it: see `crawler`.

Here the REST API and the functions of the app; those of the framework are in `test_crawler_framework.py`, so
that the two, which take minutes, can run beside each other.
"""

import pytest

from tests.visibility.crawler import rest
from tests.visibility.crawler.excluded import EXCLUDED, LEFT_OPEN, WEAK
from tests.visibility.crawler.groups import GROUPS, crawl_group


# First, because what somebody has asked is shown to them in some lists later.
def test_the_rest_api_tells_or_changes_nothing_that_is_not_theirs(crawler):
	report = crawler.crawl_rest()
	assert not report.findings, report.text()


@pytest.mark.parametrize("group", [group for group in GROUPS if not group.startswith("frappe")])
def test_no_function_tells_or_changes_what_is_not_theirs(group, register, crawler):
	crawl_group(group, register, crawler)


def test_every_module_was_looked_into(register):
	assert not register.broken


def test_every_rule_of_the_rest_api_is_known():
	assert not rest.unknown_rules()


def test_nothing_is_left_out_without_a_reason():
	assert all([*EXCLUDED.values(), *(reason for *_, reason in (*WEAK, *LEFT_OPEN))])
