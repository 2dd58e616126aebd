"""Our own hooks, named `cronus_…`: lists of functions that any app adds in its `hooks.py`."""

from collections.abc import Callable

import frappe


def load_hook_functions(name: str) -> list[Callable]:
	"""The functions of a hook, in the order of the apps and of their lists."""
	return [frappe.get_attr(path) for path in frappe.get_hooks(name)]


def call_hooks(name: str, *args) -> list:
	"""Calls the functions of a hook with these arguments and gives back their results, in their order.

	What one of them raises goes on to the caller: the functions of a hook share its transaction.
	"""
	return [function(*args) for function in load_hook_functions(name)]
