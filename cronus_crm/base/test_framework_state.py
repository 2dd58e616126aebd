import frappe
from frappe.utils.caching import request_cache

from cronus_crm.base.framework_state import act_as_user, clear_cached_results

calls = []


@request_cache
def asked(what: str) -> str:
	calls.append(what)
	return what


@request_cache
def asked_too(what: str) -> str:
	calls.append(what)
	return what


def test_the_results_of_one_function_are_forgotten_and_no_others(site):
	calls.clear()
	for function in (asked, asked_too, asked, asked_too):
		function("one")
	clear_cached_results(asked)
	for function in (asked, asked_too):
		function("one")
	assert calls == ["one", "one", "one"]


def test_the_session_and_the_request_are_back_after_another_user(site):
	before = (frappe.session.user, frappe.session.sid, frappe.local.lang, frappe.local.form_dict)
	with act_as_user("Guest"):
		assert frappe.session.user == "Guest"
	assert (frappe.session.user, frappe.session.sid, frappe.local.lang, frappe.local.form_dict) == before
