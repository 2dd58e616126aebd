import frappe
import pytest

from cronus_crm.base.framework_state import transaction_memo
from cronus_crm.base.present_records import (
	SETTINGS,
	get_present_doc,
	get_present_value,
	get_settings,
	lock_setting,
	read_versions,
)
from tests.scaffold import make_customer, unique


def put_into_cache(doc) -> None:
	"""What a transaction does that has begun before the last change and misses the record in the cache."""
	frappe.local.cache.clear()
	frappe.cache.set_value(f"document_cache::{doc.doctype}::{doc.name}", doc)


def test_an_older_copy_in_the_cache_is_not_used():
	customer = make_customer(credit_limit=0)
	old = frappe.get_doc(customer.doctype, customer.name)
	customer.credit_limit = 50
	customer.save()
	put_into_cache(old)
	assert frappe.get_cached_value(customer.doctype, customer.name, "credit_limit") == 0
	assert get_present_value(customer.doctype, customer.name, "credit_limit") == 50
	assert frappe.get_cached_value(customer.doctype, customer.name, "credit_limit") == 50


def test_older_settings_in_the_cache_are_not_used():
	frappe.db.set_single_value(SETTINGS, "payment_days", 11)
	old = frappe.get_doc(SETTINGS)
	frappe.db.set_single_value(SETTINGS, "payment_days", 12)
	put_into_cache(old)
	assert get_settings().payment_days == 12


def test_a_newer_copy_in_the_cache_is_not_used_either():
	"""This transaction began before the change: what it decides it decides as of its begin."""
	customer = make_customer(credit_limit=0)
	new = frappe.get_doc(customer.doctype, customer.name)
	new.update({"credit_limit": 50, "modified": frappe.utils.add_to_date(None, hours=1)})
	put_into_cache(new)
	assert get_present_value(customer.doctype, customer.name, "credit_limit") == 0


def test_a_copy_of_the_present_version_is_used_and_its_version_read_once(monkeypatch):
	customer = make_customer()
	get_present_doc(customer.doctype, customer.name)
	asked = []
	sql = frappe.db.sql
	monkeypatch.setattr(frappe.db, "sql", lambda *args, **kwargs: asked.append(args) or sql(*args, **kwargs))
	first = get_present_doc(customer.doctype, customer.name)
	assert get_present_doc(customer.doctype, customer.name) is first
	assert asked == []


def test_a_record_that_is_not_there():
	assert get_present_value("Cronus Customer", unique("nobody"), "credit_limit") is None
	with pytest.raises(frappe.DoesNotExistError):
		get_present_doc("Cronus Customer", unique("nobody"))


def test_a_locked_setting_is_the_stored_one():
	frappe.db.set_single_value(SETTINGS, "credit_limit_policy", "Refuse")
	assert lock_setting("credit_limit_policy") == "Refuse"
	assert lock_setting("no such field") is None


def test_versions_that_were_read_together_are_not_read_one_by_one(monkeypatch):
	first, second = make_customer(), make_customer()
	for customer in (first, second):
		get_present_doc(customer.doctype, customer.name)
	get_settings()
	transaction_memo().clear()
	read_versions(
		[
			(first.doctype, first.name),
			(first.doctype, second.name),
			("Cronus Seller", None),
			(first.doctype, unique("nobody")),
			(SETTINGS, SETTINGS),
		]
	)

	def refuse(*args, **kwargs):
		raise AssertionError("read one by one")

	monkeypatch.setattr(frappe.db, "get_value", refuse)
	assert get_present_value(first.doctype, first.name, "customer_name") == first.customer_name
	assert get_present_value(second.doctype, second.name, "customer_name") == second.customer_name
	assert get_settings().doctype == SETTINGS


def test_a_record_that_this_transaction_has_changed_is_the_changed_one():
	customer = make_customer(credit_limit=1)
	assert get_present_value(customer.doctype, customer.name, "credit_limit") == 1
	old = frappe.get_doc(customer.doctype, customer.name)
	customer.credit_limit = 2
	customer.save()
	put_into_cache(old)
	assert get_present_value(customer.doctype, customer.name, "credit_limit") == 2
	frappe.db.set_value(customer.doctype, customer.name, "credit_limit", 3)
	assert get_present_value(customer.doctype, customer.name, "credit_limit") == 3
	frappe.db.set_value(customer.doctype, customer.name, "credit_limit", 4, update_modified=False)
	assert get_present_value(customer.doctype, customer.name, "credit_limit") == 4
