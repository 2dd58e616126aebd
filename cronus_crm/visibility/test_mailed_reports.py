"""A report by mail holds what its reader sees, whoever sends it."""

from contextlib import contextmanager
from unittest.mock import patch

import frappe
import pytest
from frappe.email.doctype.auto_email_report import auto_email_report
from frappe.utils import add_days, nowdate

from tests.scaffold import MANAGER, SELLER, invoice_of, issue_proforma, make_customer, make_seller, make_user

REPORTS = (
	"Cronus Customer Portfolio",
	"Cronus Invoices Owed",
	"Cronus Purchase Peaks",
	"Cronus Products Sold",
	"Cronus Activity Log",
)


@pytest.fixture
def team():
	"""A manager, a seller of the team and one of another, each with an invoice to a customer of their own."""
	manager = make_seller(roles=(SELLER, MANAGER))
	sellers = [make_seller(manager.name), make_seller()]
	customers = [make_customer(seller.name).name for seller in sellers]
	for seller, customer in zip(sellers, customers, strict=True):
		invoice_of(issue_proforma(seller.name, customer=customer))
	return frappe._dict(manager=manager, sellers=sellers, customers=customers)


def by_mail(report, reader, format="CSV", **fields):
	# Collections are yet to come.
	filters = {"line_by_line": 1, "from_date": nowdate(), "to_date": add_days(nowdate(), 90)}
	return frappe.get_doc(
		{
			"doctype": "Auto Email Report",
			"report": report,
			"user": reader,
			"email_to": "reader@example.com",
			"format": format,
			"frequency": "Daily",
			"filters": frappe.as_json(filters),
			**fields,
		}
	).insert(ignore_permissions=True)


@contextmanager
def outbox():
	sent = []
	with patch.object(frappe, "sendmail", lambda **mail: sent.append(mail)):
		yield sent


@contextmanager
def jobs_at_once():
	"""What is left to the workers is done where it is asked for."""

	def run(method, *, queue, **arguments):
		frappe.get_attr(method)(**arguments)

	with patch.object(frappe, "enqueue", run):
		yield


def text_of(mail) -> str:
	(attached,) = mail["attachments"]
	return attached["fcontent"] if isinstance(attached["fcontent"], str) else attached["fcontent"].decode()


@pytest.mark.parametrize("report", REPORTS)
def test_the_nightly_mail_holds_only_what_its_reader_sees(team, report):
	frappe.db.delete("Auto Email Report")
	readers = {"seller": team.sellers[0].user, "manager": team.manager.user, "other": team.sellers[1].user}
	mailed = {who: by_mail(report, reader).name for who, reader in readers.items()}
	frappe.set_user("Administrator")  # as which the scheduler works
	with outbox() as sent, jobs_at_once():
		auto_email_report.send_daily()
	assert frappe.session.user == "Administrator"
	texts = {mail["reference_name"]: text_of(mail) for mail in sent}
	found = {who: texts[name] for who, name in mailed.items()}
	mine, theirs = team.customers
	assert mine in found["seller"]
	assert theirs not in found["seller"]
	assert mine in found["manager"]
	assert theirs not in found["manager"]
	assert theirs in found["other"]
	assert mine not in found["other"]


def test_a_page_is_in_the_language_of_its_reader(team):
	reader = make_seller(user=make_user(SELLER, language="es")).user
	mailed = by_mail("Cronus Invoices Owed", reader, format="HTML")
	language = frappe.local.lang
	invoice_of(issue_proforma(frappe.db.get_value("Cronus Seller", {"user": reader})))
	assert "Cliente" in mailed.get_report_content()
	assert frappe.local.lang == language


def test_a_reader_who_may_not_run_the_report_is_sent_nothing(team):
	mailed = by_mail("Cronus Invoices Owed", make_user())
	with outbox() as sent, pytest.raises(frappe.PermissionError):
		mailed.send()
	assert not sent
	assert frappe.session.user == "Administrator"


def test_a_reader_who_has_left_is_sent_nothing(team):
	mailed = by_mail("Cronus Invoices Owed", team.sellers[0].user)
	frappe.db.set_value("User", mailed.user, "enabled", 0)
	frappe.clear_document_cache("User", mailed.user)
	with outbox() as sent, pytest.raises(frappe.PermissionError, match="disabled"):
		mailed.send()
	assert not sent


def test_whoever_keeps_reports_does_not_read_as_somebody_else(team):
	keeper = make_user("Report Manager", SELLER)
	mailed = by_mail("Cronus Invoices Owed", team.manager.user)
	frappe.set_user(keeper)
	with pytest.raises(frappe.PermissionError, match="System Managers"):
		by_mail("Cronus Invoices Owed", team.manager.user)
	mailed.user = keeper
	with pytest.raises(frappe.PermissionError, match="System Managers"):
		mailed.save()
	with pytest.raises(frappe.PermissionError, match="System Managers"):
		auto_email_report.download(mailed.name)
	assert by_mail("Cronus Invoices Owed", keeper).user == keeper


def test_reports_about_other_documents_are_the_frameworks():
	report = frappe.get_doc(
		{
			"doctype": "Report",
			"report_name": "Notes of a test",
			"ref_doctype": "Note",
			"report_type": "Report Builder",
			"is_standard": "No",
		}
	).insert()
	assert not by_mail(report.name, "Administrator").is_about_ours()
	assert by_mail("Cronus Activity Log", "Administrator").is_about_ours()
