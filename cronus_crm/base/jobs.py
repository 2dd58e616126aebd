"""Jobs for the queue, which may be away or full."""

from collections.abc import Callable

import frappe
from redis.exceptions import RedisError

from cronus_crm.base.framework_state import count_messages, drop_messages


def enqueue_if_possible(method: Callable | str, **arguments) -> bool:
	"""Enqueues a job with the arguments of `frappe.enqueue`; returns False without a queue, or with one that
	takes no more jobs.

	For what a sweep finds again. It is called after a commit: the work that brought it about is done, so
	nothing may fail here.
	"""
	told = count_messages()
	try:
		frappe.enqueue(method, **arguments)
		return True
	# Frappe 16 asks, to say that the queue is full, for a right that it refuses to whoever does not manage
	# the system.
	except (RedisError, frappe.QueueOverloaded, frappe.PermissionError):
		drop_messages(told)
		frappe.logger("cronus_crm").warning("no queue: %s waits for its sweep", method)
		return False
