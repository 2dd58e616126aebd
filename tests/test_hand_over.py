"""A seller leaves: what was agreed is settled, what is in course goes to a successor, figures stay."""

import frappe
import pytest
from frappe.utils import getdate

from cronus_crm.api.masters import hand_over
from cronus_crm.cronus_analytics.ledger import totals
from cronus_crm.cronus_analytics.ledger.verify import find_differences
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect
from cronus_crm.cronus_crm.sellers import hand_over as hand_overs
from cronus_crm.visibility import rule
from tests.scaffold import (
	ADMINISTRATOR,
	MANAGER,
	SELLER,
	activity_of,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	new_proforma,
	pay,
)

EVER = (getdate("2000-01-01"), getdate("2099-12-31"))


@pytest.fixture
def team():
	"""(manager, leaver, successor): sellers."""
	manager = make_seller(roles=(SELLER, MANAGER))
	return manager, make_seller(manager.name), make_seller(manager.name)


def as_user(user):
	frappe.set_user(user)
	rule.clear_team_cache()


def disable(doc):
	doc.reload().update({"disabled": 1} if doc.meta.has_field("disabled") else {"enabled": 0}).save()


def next_document(source, doctype):
	(name,) = convert_documents(source.doctype, [source.name], doctype)
	return frappe.get_doc(doctype, name).submit()


def test_what_was_agreed_with_who_is_gone_is_settled(team):
	_manager, leaver, _successor = team
	customer = make_customer(leaver.name)
	first, second = (issue_proforma(leaver.name, customer=customer.name) for _number in range(2))
	disable(customer)
	disable(leaver)
	order = next_document(first, "Cronus Order")
	delivery = next_document(order, "Cronus Delivery Note")
	invoice = next_document(delivery, "Invoice")
	credit_note_of(invoice, quantity=1)
	pay(invoice)
	assert invoice.reload().balance == 0
	again = invoice_of(second)
	again.cancel()
	amended = frappe.copy_doc(again)
	amended.update({"amended_from": again.name, "docstatus": 0})
	assert amended.insert().submit().docstatus == 1
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		new_proforma(leaver.name, customer=customer.name).insert()
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		new_proforma(leaver.name).insert()
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		items = [{"product": "TEST-1", "quantity": 1, "price": 1}]
		frappe.get_doc({"doctype": "Invoice", "customer": customer.name, "items": items}).insert()
	assert list(find_differences()) == []


def work_of(leaver):
	"""What a leaver has: names by what should become of it."""
	customer = make_customer(leaver.name).name
	issued = issue_proforma(leaver.name, customer=customer)
	invoiced = issue_proforma(leaver.name, customer=customer)
	invoice = invoice_of(invoiced)
	lost = {"stage": "Not won", "loss_reason": "Price", "value": 7}
	activity = {"doctype": "Cronus Activity", "subject": "x", "activity_type": "Call", "seller": leaver.name}
	activity["starts_on"] = "2026-11-20 10:00:00"
	own = frappe.get_doc({**activity, "seller": None}).insert()
	frappe.db.set_value("Cronus Activity", own.name, {"seller": None, "owner": leaver.user})
	goes = [
		frappe.get_doc("Cronus Customer", customer),
		make_prospect(leaver.name),
		make_opportunity(leaver.name, customer, value=50),
		new_proforma(leaver.name, customer=customer).insert(),
		frappe.get_doc(activity).insert(),
		own,
		frappe.get_doc("Cronus Activity", activity_of(issued).name),
		frappe.get_doc("Cronus Activity", activity_of(invoice).name),
	]
	stays = [
		issued,
		invoiced,
		invoice,
		make_opportunity(leaver.name, customer, stage="Won", value=9),
		make_opportunity(leaver.name, customer, **lost),
		frappe.get_doc({**activity, "state": "Done"}).insert(),
		frappe.get_doc("Cronus Activity", activity_of(invoiced).name),
	]
	return goes, stays


def figures_of(seller):
	measures = ("Proforma", "Proforma invoiced", "Invoice", "Deal won", "Deal lost", "Activity done")
	rows = totals.read_period_totals(measures, *EVER, by=("dimension",), scope=totals.Scope([seller]))
	return {(row.measure, row.dimension): (row.number, row.amount) for row in rows}


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_everything_in_course_goes_over_in_one_action(team, who):
	manager, leaver, successor = team
	goes, stays = work_of(leaver)
	before = figures_of(leaver.name)
	as_user(manager.user if who == "manager" else make_user(ADMINISTRATOR))
	result = hand_over(leaver.name, successor.name)
	as_user("Administrator")
	assert (sum(result["records"].values()), result["queued"]) == (len(goes), False)
	assert {doc.reload().seller for doc in goes} == {successor.name}
	assert {doc.reload().seller for doc in stays} == {leaver.name}
	assert figures_of(leaver.name) == before
	assert list(find_differences()) == []
	assert frappe.db.count("Notification Log", {"for_user": successor.user, "document_name": successor.name})
	assert hand_over(leaver.name, successor.name)["records"] == {}


def test_what_becomes_due_later_goes_to_the_successor(team):
	_manager, leaver, successor = team
	offered = issue_proforma(leaver.name)
	invoice = invoice_of(issue_proforma(leaver.name))
	payment = pay(invoice)
	assert activity_of(invoice).seller == leaver.name
	hand_over(leaver.name, successor.name, disable=True, shows_issued=True)
	assert not leaver.reload().enabled
	later = invoice_of(offered)
	assert (later.seller, activity_of(later).seller) == (leaver.name, successor.name)
	payment.reload().cancel()
	assert activity_of(invoice).seller == successor.name
	as_user(successor.user)
	assert frappe.get_doc("Invoice", later.name).has_permission("read")
	as_user("Administrator")
	leaver.reload().update({"enabled": 1}).save()
	assert leaver.handed_over_to == successor.name
	assert activity_of(issue_proforma(leaver.name)).seller == leaver.name
	assert list(find_differences()) == []


def test_many_records_are_handed_over_in_steps(team, monkeypatch):
	_manager, leaver, successor = team
	goes, _stays = work_of(leaver)
	monkeypatch.setattr(hand_overs, "MOST_AT_ONCE", 3)
	monkeypatch.setattr(frappe.db, "commit", lambda: None)  # the test is rolled back
	result = hand_over(leaver.name, successor.name)
	assert result["queued"]
	assert goes[0].reload().seller == leaver.name
	hand_overs.hand_over_in_steps(leaver.name, successor.name)
	assert {doc.reload().seller for doc in goes} == {successor.name}
	assert list(find_differences()) == []


def test_only_a_manager_of_both_hands_over(team):
	manager, leaver, successor = team
	stranger = make_seller()
	for user, message in ((leaver.user, "sales manager"), (stranger.user, "sales manager")):
		as_user(user)
		with pytest.raises(frappe.PermissionError, match=message):
			hand_over(leaver.name, successor.name)
	as_user(manager.user)
	for one, other in ((leaver.name, stranger.name), (stranger.name, leaver.name)):
		with pytest.raises(frappe.PermissionError):
			hand_over(one, other)
	with pytest.raises(frappe.PermissionError):
		hand_over(leaver.name, successor.name, disable=True)
	as_user("Administrator")
	assert leaver.reload().enabled
	assert not leaver.handed_over_to


def test_nobody_writes_to_whom_it_was_handed_over_nor_takes_over_what_cannot_be(team):
	_manager, leaver, successor = team
	sent = frappe.get_doc("Cronus Seller", leaver.name).update({"handed_over_to": successor.name})
	assert not sent.save().handed_over_to
	disable(successor)
	for to in (successor.name, leaver.name):
		with pytest.raises(frappe.ValidationError, match="Choose another seller"):
			hand_over(leaver.name, to)
	with pytest.raises(frappe.DoesNotExistError):
		hand_over(leaver.name, "Nobody")
