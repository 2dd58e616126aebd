import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from cronus_crm.cronus_analytics.ledger import verify
from tests.scaffold import ADMINISTRATOR, entry_of, issue_proforma, make_seller, make_user


@pytest.fixture
def seller():
	return make_seller().name


def notices_of(user):
	return frappe.get_all(
		"Notification Log", {"for_user": user}, ["subject", "document_type"], order_by="name asc"
	)


def test_everything_that_was_issued_agrees_at_once(seller):
	issue_proforma(seller)
	assert list(verify.find_differences()) == []


def test_administrators_are_told_at_night_what_differs(seller):
	administrator, other = make_user(ADMINISTRATOR), make_user()
	verify.verify_everything()
	assert notices_of(administrator) == []
	wrong = issue_proforma(seller)
	frappe.db.set_value("Cronus Sales Entry", entry_of(wrong).name, "amount", 1)
	verify.verify_lately()
	(notice,) = notices_of(administrator)
	assert wrong.name in notice.subject
	assert notice.document_type == "Error Log"
	assert notices_of(other) == []


def test_what_was_not_changed_since_is_not_compared(seller):
	wrong = issue_proforma(seller)
	frappe.db.set_value("Cronus Sales Entry", entry_of(wrong).name, "customer", "Somebody else")
	tomorrow = add_to_date(now_datetime(), days=1)
	assert list(verify.find_differences(since=tomorrow)) == []
	assert len(list(verify.find_differences())) == 1


def test_a_repair_mends_the_ledger_and_then_the_totals(seller):
	wrong = issue_proforma(seller)
	frappe.db.set_value(
		"Cronus Sales Entry", entry_of(wrong).name, {"amount": 1, "seller": make_seller().name}
	)
	assert list(verify.find_differences())
	steps = []
	verify.repair(after_step=lambda: steps.append(list(verify.find_differences())))
	assert steps[-1] == []
	assert entry_of(wrong).amount == 200
