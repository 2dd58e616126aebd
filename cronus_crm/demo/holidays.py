"""Public holidays of the country of the demo.

Each on its own day: which of them are moved to make a long weekend is decided year by year.
"""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

# Month and day of those that have one; the others are counted in days from Easter.
FIXED = ((1, 1), (5, 1), (5, 24), (8, 10), (10, 9), (11, 2), (11, 3), (12, 25))
FROM_EASTER = (-48, -47, -2)


@cache
def of_year(year: int) -> tuple[date, ...]:
	"""The holidays of a year: first the fixed ones, then the movable ones, each in the order of its table."""
	fixed = (date(year, month, day) for month, day in FIXED)
	movable = (easter(year) + timedelta(days=days) for days in FROM_EASTER)
	return (*fixed, *movable)


def is_holiday(day: date) -> bool:
	return day in of_year(day.year)
