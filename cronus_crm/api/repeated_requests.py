"""The door through which a POST with an `Idempotency-Key` is led. See base/idempotency.py."""

import frappe
from werkzeug.wrappers import Response

from cronus_crm.base import idempotency

_PATH = f"/api/method/{__name__}.answer_once"


def route_to_answer_once() -> None:
	"""Hook `before_request`: has a POST to the REST API that has a key handled by :func:`answer_once`."""
	idempotency.redirect_keyed_request(frappe.local.request, _PATH)


# Guests come this way too: whether they may do what they ask for is asked there.
@frappe.whitelist(allow_guest=True, methods=["POST"])
def answer_once() -> Response:
	"""Handles a request that came with a key, or answers as it was answered before. Nobody asks for it by its
	address: then there is nothing to handle, and frappe.DoesNotExistError (404) is raised.

	Raises UnusableKeyError (400), KeyAlreadyUsedError (422) when the key belongs to another request,
	RequestInProgressError (409) while the first one is not finished, UnrepeatableAnswerError (422) when what
	was asked for cannot be kept, and whatever the request itself raises. Then nothing is kept.
	"""
	return idempotency.answer_once()
