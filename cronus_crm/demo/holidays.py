"""Public holidays of the country of the demo.

Each on its own date: the government decides every year which of them are moved to make a long weekend.
"""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

# (month, day) of fixed holidays, and days from Easter Sunday of the movable ones.
FIXED = ((1, 1), (5, 1), (5, 24), (8, 10), (10, 9), (11, 2), (11, 3), (12, 25))
FROM_EASTER = (-48, -47, -2)


@cache
def list_holidays(year: int) -> tuple[date, ...]:
	"""The holidays of a year: first the fixed ones, then the movable ones, each in the order of its table."""
	fixed = (date(year, month, day) for month, day in FIXED)
	movable = (easter(year) + timedelta(days=days) for days in FROM_EASTER)
	return (*fixed, *movable)


def is_holiday(day: date) -> bool:
	return day in list_holidays(day.year)
