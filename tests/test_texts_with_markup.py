"""A text with something like a tag is shown as it was written: stored with entities, escaped once."""

import frappe
import pytest

from cronus_crm.cronus_crm.activities import follow_up, reminders
from cronus_crm.cronus_crm.activities.notice_recipients import Team
from cronus_crm.cronus_crm.customers import customer_history
from tests.scaffold import issue_proforma, make_customer, make_opportunity, make_seller

TEXTS = ("Ana & Luis <ana@example.com>", "<b>5 < 3</b> & more", "A & B", 'Comillas "x" <x>')


@pytest.fixture
def sent(monkeypatch):
	"""What is given to the framework to be sent by e-mail."""
	mails = []
	monkeypatch.setattr(frappe, "sendmail", lambda **mail: mails.append(frappe._dict(mail)))
	monkeypatch.setattr(frappe, "are_emails_muted", lambda: False)
	return mails


def make_activity(seller, customer: str, text: str, **fields):
	doc = {"doctype": "Cronus Activity", "activity_type": "Call", "subject": text, "seller": seller.name}
	return frappe.get_doc(
		{
			**doc,
			"customer": customer,
			"starts_on": "2040-01-02 10:00:00",
			"notes": "<p>A &amp; B</p>",
			**fields,
		}
	).insert()


def texts_of(html: str) -> str:
	return (
		frappe.utils.strip_html(html)
		.replace("&amp;", "&")
		.replace("&lt;", "<")
		.replace("&gt;", ">")
		.replace("&#34;", '"')
	)


def assert_escaped_once(html: str, text: str) -> None:
	assert "&amp;amp;" not in html and "&amp;lt;" not in html
	assert text in texts_of(html), html


@pytest.mark.parametrize("text", TEXTS)
def test_subjects_of_reminders(text, sent):
	seller = make_seller()
	activity = make_activity(seller, make_customer(seller.name).name, text, remind_by_email=1)
	frappe.db.set_value("Cronus Activity", activity.name, "remind_at", "2026-01-01 10:00:00")
	reminders.send_reminder(activity.name, Team.load())
	assert text in sent[0].subject
	assert_escaped_once(sent[0].message, text)
	follow_up.announce_activity(activity.name)
	for subject in frappe.get_all("Notification Log", {"document_name": activity.name}, pluck="subject"):
		assert_escaped_once(subject, text)


@pytest.mark.parametrize("text", TEXTS)
def test_the_history_of_a_customer(text):
	seller = make_seller()
	customer = make_customer(seller.name).name
	make_activity(seller, customer, text)
	make_opportunity(seller.name, customer, title=text)
	items = customer_history.read_history(customer, limit=50)["items"]
	assert [item["title"] for item in items if item["kind"] in ("Call", "Deal", "Opportunity")].count(
		text
	) >= 1
	assert "A & B" in {item["summary"] for item in items}


@pytest.mark.parametrize("text", TEXTS)
def test_printed_names_and_notes(text):
	customer = make_customer(make_seller().name, customer_name=text)
	proforma = issue_proforma(customer.seller, customer=customer.name, notes=text)
	printed = frappe.get_print("Proforma", proforma.name, "Cronus Proforma")
	assert_escaped_once(printed, text)
	assert texts_of(printed).count(text) >= 2
