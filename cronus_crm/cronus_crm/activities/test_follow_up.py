"""Exactly one follow-up for each issued document, whatever fails or repeats."""

from datetime import datetime

import frappe
import pytest
from frappe.utils.background_jobs import get_queue

from cronus_crm.base import sales_documents
from cronus_crm.cronus_crm.activities import follow_up
from tests.scaffold import (
	BILLING,
	activity_of,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	new_proforma,
	unique,
)

FRIDAY = "2026-11-20"


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def settings():
	"""The settings, as they are on a new site; `set_` writes them, and the test's end takes it back."""

	class Settings:
		def set(self, **values):
			frappe.db.set_single_value("Cronus CRM Settings", values)
			frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")

	yield Settings()
	frappe.db.rollback()
	frappe.clear_document_cache("Cronus CRM Settings", "Cronus CRM Settings")


def test_a_proforma_makes_its_follow_up(seller):
	proforma = issue_proforma(seller.name, posting_date=FRIDAY)
	activity = activity_of(proforma)
	assert activity.activity_type == "Follow-up"
	assert activity.seller == seller.name
	assert activity.starts_on == datetime(2026, 11, 25, 9, 0)  # three working days after a Friday
	assert activity.ends_on == datetime(2026, 11, 25, 9, 30)
	assert activity.customer == proforma.customer
	assert activity.state == "Pending"
	assert activity.color == "#93c5fd"
	assert proforma.name in activity.subject and proforma.customer_name in activity.subject


def test_settings_say_type_days_and_hour(seller, settings):
	settings.set(follow_up_type="Call", follow_up_days=1, follow_up_time="15:30")
	activity = activity_of(issue_proforma(seller.name, posting_date=FRIDAY))
	assert (activity.activity_type, activity.starts_on) == ("Call", datetime(2026, 11, 23, 15, 30))


def test_the_customer_overrides_the_settings(seller):
	customer = make_customer(
		seller.name, follow_up_type="Visit", follow_up_days=10, follow_up_time="08:00"
	).name
	activity = activity_of(issue_proforma(seller.name, customer=customer, posting_date=FRIDAY))
	assert (activity.activity_type, activity.starts_on) == ("Visit", datetime(2026, 12, 4, 8, 0))


def test_settings_without_a_type_do_not_hold_up_the_document(seller, settings):
	settings.set(follow_up_type="")
	assert activity_of(issue_proforma(seller.name)).activity_type == "Follow-up"


def test_a_site_without_types_gets_one(seller, settings):
	settings.set(follow_up_type="")
	frappe.db.delete("Cronus Activity Type")
	activity = activity_of(issue_proforma(seller.name))
	assert frappe.db.get_value("Cronus Activity Type", activity.activity_type, "kind") == "Follow-up"


def test_follow_ups_can_be_switched_off(seller, settings):
	settings.set(follow_up_enabled=0, collection_enabled=0)
	proforma = issue_proforma(seller.name)
	assert activity_of(proforma) is None
	assert activity_of(invoice_of(proforma)) is None


def test_it_is_the_sellers_when_an_assistant_issues_the_document(seller):
	assistant = make_user(BILLING)
	proforma = new_proforma(seller.name)
	frappe.set_user(assistant)
	proforma.insert()
	proforma.submit()
	assert activity_of(proforma).seller == seller.name
	assert not frappe.has_permission("Cronus Activity", "read", user=assistant)


def test_it_is_written_in_the_sellers_language(settings):
	seller = make_seller()
	frappe.db.set_value("User", seller.user, "language", "es")
	frappe.clear_document_cache("User", seller.user)
	assert activity_of(issue_proforma(seller.name)).subject.startswith("Seguimiento de ")


def test_cancelling_cancels_it_and_amending_makes_a_new_one(seller):
	proforma = issue_proforma(seller.name)
	proforma.cancel()
	assert activity_of(proforma).state == "Cancelled"
	amended = frappe.copy_doc(proforma).update({"amended_from": proforma.name, "docstatus": 0}).insert()
	amended.submit()
	assert activity_of(amended).state == "Pending"
	assert activity_of(proforma).state == "Cancelled"


def test_deleting_a_cancelled_document_keeps_what_was_done_about_it(seller):
	proforma = issue_proforma(seller.name)
	name = activity_of(proforma).name
	proforma.cancel()
	proforma.delete()
	activity = frappe.get_doc("Cronus Activity", name)
	assert (activity.state, activity.reference_name) == ("Cancelled", None)
	assert proforma.name in activity.subject
	with pytest.raises(frappe.LinkExistsError):
		frappe.delete_doc("Cronus Customer", activity.customer)


def test_invoicing_completes_it_and_cancelling_the_invoice_reopens_it(seller):
	proforma = issue_proforma(seller.name)
	part = invoice_of(proforma, quantity=1)
	assert activity_of(proforma).state == "Pending"
	rest = invoice_of(proforma)
	done = activity_of(proforma)
	assert (done.state, done.result) == ("Done", "Order made")
	rest.cancel()
	assert activity_of(proforma).state == "Pending"
	part.cancel()
	assert activity_of(part).state == "Cancelled"


def test_what_a_person_finished_stays_finished(seller):
	proforma = issue_proforma(seller.name)
	by_hand = frappe.get_doc("Cronus Activity", activity_of(proforma).name)
	by_hand.update({"state": "Done", "result": "No answer"}).save()
	invoice = invoice_of(proforma)
	invoice.cancel()
	after = activity_of(proforma)
	assert (after.state, after.result) == ("Done", "No answer")


def test_an_invoice_makes_its_collection_on_a_working_day(seller):
	invoice = invoice_of(
		issue_proforma(seller.name, posting_date=FRIDAY), posting_date=FRIDAY, due_date="2026-11-21"
	)
	activity = activity_of(invoice)
	assert activity.activity_type == "Collection"
	assert activity.starts_on == datetime(2026, 11, 23, 9, 0)  # the due date is a Saturday


def test_a_second_activity_is_refused_by_the_database(seller):
	proforma = issue_proforma(seller.name)
	with pytest.raises(frappe.UniqueValidationError):
		follow_up.create_activities(sales_documents.read_document(proforma))
	assert activity_of(proforma)


def test_a_failure_in_the_ledger_undoes_everything(seller, monkeypatch):
	proforma = new_proforma(seller.name).insert()
	frappe.db.commit()

	def fail(*_args, **_kwargs):
		raise RuntimeError("ledger is down")

	monkeypatch.setattr("cronus_crm.cronus_analytics.ledger.entries._insert_entry", fail)
	with pytest.raises(RuntimeError):
		proforma.submit()
	frappe.db.rollback()
	assert frappe.db.get_value("Proforma", proforma.name, "docstatus") == 0
	assert activity_of(proforma) is None
	assert entry_of(proforma) is None
	monkeypatch.undo()
	again = frappe.get_doc("Proforma", proforma.name)
	again.submit()
	assert activity_of(again) and entry_of(again)


def test_the_bell_tells_the_seller_once(seller):
	customer = make_customer(seller.name, customer_name=unique("<b>Bold & Sons</b>")).name
	proforma = issue_proforma(seller.name, customer=customer)
	activity = activity_of(proforma)
	for _time in range(2):
		follow_up.announce_activity(activity.name)
	notices = frappe.get_all(
		"Notification Log",
		filters={"document_name": activity.name},
		fields=["for_user", "subject", "document_type"],
	)
	assert [(notice.for_user, notice.document_type) for notice in notices] == [
		(seller.user, "Cronus Activity")
	]
	assert "&lt;b&gt;Bold" in notices[0].subject


def test_the_sweep_announces_what_the_queue_lost(seller):
	activity = activity_of(issue_proforma(seller.name))
	frappe.db.commit()
	follow_up.announce_pending()
	assert frappe.db.exists("Notification Log", {"document_name": activity.name})
	assert frappe.db.get_value("Cronus Activity", activity.name, "announced") == 1


def test_what_cannot_be_announced_does_not_stop_what_comes_after_it(seller):
	first, second, third = (activity_of(issue_proforma(seller.name)).name for _proforma in range(3))
	# Its author is gone: that is no reason.
	frappe.db.set_value("Cronus Activity", first, "owner", "gone@example.com")
	# The user whom it is to tell is gone.
	other = make_seller()
	frappe.db.set_value("Cronus Activity", second, "seller", other.name)
	frappe.db.delete("User", {"name": other.user})
	frappe.db.commit()
	follow_up.announce_pending()
	assert frappe.db.exists("Notification Log", {"document_name": first})
	assert not frappe.db.exists("Notification Log", {"document_name": second})
	assert frappe.db.exists("Notification Log", {"document_name": third})
	frappe.db.set_value("Cronus Activity", second, "announced", 1)
	frappe.db.commit()


def test_one_job_announces_whatever_was_issued_meanwhile(seller):
	queue = get_queue("short")
	frappe.db.commit()
	queue.empty()
	for _transaction in range(3):
		activity_of(issue_proforma(seller.name))
		activity_of(issue_proforma(seller.name))
		frappe.db.commit()
	jobs = [job for job in queue.jobs if job.kwargs["method"] is follow_up.announce_pending]
	assert len(jobs) == 1


def test_a_queue_that_takes_no_more_jobs_does_not_fail_the_document(seller, monkeypatch):
	monkeypatch.setitem(frappe.conf, "max_queued_jobs", -(10**6))
	issue_proforma(seller.name)
	with pytest.raises(frappe.QueueOverloaded):
		frappe.enqueue(follow_up.announce_pending, queue="short")
	frappe.clear_messages()
	follow_up._enqueue_announcements()
	assert not frappe.local.message_log


def test_an_import_does_not_ring_the_bell(seller, monkeypatch):
	monkeypatch.setitem(frappe.flags, "in_import", True)
	assert activity_of(issue_proforma(seller.name, posting_date=FRIDAY)).announced


def test_an_activity_made_by_hand_is_not_announced(seller):
	activity = frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": "Call",
			"activity_type": "Call",
			"seller": seller.name,
			"starts_on": "2026-11-20 10:00:00",
		}
	).insert()
	assert activity.announced
