"""What can be called of the framework tells nobody what is not theirs, and changes nothing of it."""

import pytest

from tests.visibility.crawler.groups import GROUPS, crawl_group


@pytest.mark.parametrize("group", [group for group in GROUPS if group.startswith("frappe")])
def test_no_function_tells_or_changes_what_is_not_theirs(group, register, crawler):
	crawl_group(group, register, crawler)
