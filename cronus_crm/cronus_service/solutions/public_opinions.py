"""Whether a public solution helped those who read it. Nothing is kept of who said so but a hash, for a
day."""

import hashlib

import frappe
from frappe import _

from cronus_crm.cronus_service.solutions import public_solutions, solution_use

_SECONDS = 24 * 3600


def rate(solution: str, helpful: bool) -> None:
	"""Counts an opinion; the second of the same reader on one day does nothing.

	Raises frappe.DoesNotExistError for a solution that is not public.
	"""
	name = public_solutions.find_public(solution)
	if not name:
		raise frappe.DoesNotExistError(_("This solution is not published any more."))
	reader = f"{frappe.session.user} {frappe.local.request_ip}"
	key = f"cronus_opinion:{hashlib.sha256(f'{name} {reader}'.encode()).hexdigest()}"
	# Not of a document: only that this reader has said so today.
	if frappe.cache.get_value(key, expires=True):
		return
	frappe.cache.set_value(key, 1, expires_in_sec=_SECONDS)
	solution_use.count_opinion(name, helpful)
