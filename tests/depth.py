"""How much the tests that draw at random draw, and how much of what is alike is asked.

By default what a run before each change has time for; CRONUS_TEST_DEPTH=4 draws four times as much and asks
everything, as before a release.
"""

import os
from collections.abc import Sequence
from datetime import date
from zlib import crc32

DEPTH = float(os.environ.get("CRONUS_TEST_DEPTH", 1))


def times_depth(number: int) -> int:
	"""A number of examples or requests at the depth of this run; at least one."""
	return max(1, round(number * DEPTH))


def take_turns(items: Sequence, asker: str) -> list:
	"""The quarter of the items whose turn it is, for each asker another one; after four days, all had their
	turn. At a greater depth, as many quarters."""
	today = date.today().toordinal() + crc32(asker.encode())
	return [item for number, item in enumerate(items) if (number + today) % 4 < DEPTH]
