"""Calls our own hooks, named `cronus_…`: any app may add functions to them in its `hooks.py`."""

from collections.abc import Callable

import frappe


def load_hook_functions(name: str) -> list[Callable]:
	"""Imports the functions of a hook and gives them back in the order of the apps and of their lists."""
	return [frappe.get_attr(path) for path in frappe.get_hooks(name)]


def call_hooks(name: str, *args) -> list:
	"""Calls the functions of a hook with these arguments and gives back their results in the same order.

	An error of one of them is raised to the caller, because all of them belong to the caller's transaction.
	"""
	return [function(*args) for function in load_hook_functions(name)]
