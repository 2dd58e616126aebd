"""The method to which a POST with an `Idempotency-Key` is routed. See base/idempotency.py."""

import frappe
from werkzeug.wrappers import Response

from cronus_crm.base import idempotency

_PATH = f"/api/method/{__name__}.answer_once"


def route_to_answer_once() -> None:
	"""Hook `before_request`: routes a POST to the REST API that has an `Idempotency-Key` to
	:func:`answer_once`."""
	idempotency.redirect_keyed_request(frappe.local.request, _PATH)


# Guests too: the permission for the original request is checked when that is handled.
@frappe.whitelist(allow_guest=True, methods=["POST"])
def answer_once() -> Response:
	"""Handles a request that was routed here by its key, or repeats the stored response of the first one.

	Raises frappe.DoesNotExistError (404) when it is called directly, and what `idempotency.answer_once`
	raises.
	"""
	return idempotency.answer_once()
