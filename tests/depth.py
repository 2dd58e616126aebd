"""How much the tests that draw at random draw.

By default what a run before each change has time for; CRONUS_TEST_DEPTH=4 draws four times as much, as
before a release.
"""

import os

DEPTH = float(os.environ.get("CRONUS_TEST_DEPTH", 1))


def times_depth(number: int) -> int:
	"""A number of examples or requests at the depth of this run; at least one."""
	return max(1, round(number * DEPTH))
