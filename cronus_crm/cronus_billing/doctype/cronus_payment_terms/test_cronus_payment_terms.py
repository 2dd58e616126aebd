import frappe
import pytest

from tests.scaffold import make_terms


@pytest.mark.parametrize(
	("parts", "says"),
	[
		([(50, 0), (40, 30)], "sum to .*90.* and must sum to 100"),
		([(50, 30), (50, 0)], "Row 2: write the instalments in the order"),
		([(0, 0), (100, 30)], "Row 1: the percentage must be above 0"),
		([(-10, 0), (110, 30)], "Row 1: the percentage must be above 0"),
	],
)
def test_terms_that_are_not_the_whole_are_refused(parts, says):
	with pytest.raises(frappe.ValidationError, match=says):
		make_terms(*parts)


def test_thirds_that_are_written_with_cents_are_the_whole():
	assert make_terms((33.33, 0), (33.33, 30), (33.34, 60))
