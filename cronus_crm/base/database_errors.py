"""Errors of the database, whichever driver raises them: PyMySQL in Frappe 15, mysqlclient in 16.

Their first argument is the number of the error, the same in both.
"""

from collections.abc import Iterator
from importlib import import_module


def _find_classes() -> Iterator[type[Exception]]:
	for driver in ("pymysql", "MySQLdb"):
		try:
			yield import_module(driver).Error
		except ImportError:
			continue


DatabaseErrors = tuple(_find_classes())
