"""A demo whose names somebody has already is refused."""

import pytest

from cronus_crm.demo import company_facts
from cronus_crm.demo.demo_error import DemoError
from cronus_crm.demo.test_demo import counts, make
from tests.scaffold import ensure_product


def test_names_in_use_are_refused_before_anything_is_written(no_commit):
	ensure_product(company_facts.PRODUCTS[0].code)
	before = counts()
	with pytest.raises(DemoError, match=company_facts.PRODUCTS[0].code):
		make()
	assert counts() == before
