"""Jobs for the queue, which may be away or full."""

from collections.abc import Callable

import frappe
from redis.exceptions import RedisError


def enqueue_if_possible(method: Callable | str, **arguments) -> bool:
	"""Enqueues a job with the arguments of `frappe.enqueue`; returns False without a queue, or with one that
	takes no more jobs.

	For what a sweep finds again. It is called after a commit: the work that brought it about is done, so
	nothing may fail here.
	"""
	messages = len(frappe.local.message_log)
	try:
		frappe.enqueue(method, **arguments)
		return True
	except (RedisError, frappe.QueueOverloaded):
		del frappe.local.message_log[messages:]
		frappe.logger("cronus_crm").warning("no queue: %s waits for its sweep", method)
		return False
