"""How the framework handles a request, and answers one that has failed."""

import frappe

from cronus_crm.base import failed_requests, refused_requests, repeated_transactions
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.api.handle")
def handle(call: Call):
	"""Handles every request of the REST API, which the desk uses too.

	15 and 16 answer 500 after a deadlock, and 417 to the second of two that issue a document at once. Held by
	tests/test_requests_at_once.py.
	"""
	return repeated_transactions.handle_request(call["request"], call)


@replaces("frappe.app.handle_exception")
def handle_exception(call: Call):
	"""Answers a request that an exception has ended.

	15 and 16 say nothing of what is refused (see `list_access.log_refusal_for_administrators`), and answer
	the database's own words, or a bare page where the answer itself needs the database. Held
	by cronus_crm/base/test_failed_requests.py and tests/test_requests_at_once.py.
	"""
	error = call["e"]
	if isinstance(error, frappe.PermissionError):
		refused_requests.explain_refusal()
	refused_requests.explain_unreadable_body(error)
	answer = failed_requests.build_answer(error, frappe.local.request)
	return answer or failed_requests.say_when(call(), error)
