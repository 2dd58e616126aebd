import frappe
import pytest

from cronus_crm.api.documents import ask_to_issue, read_billing_today, withdraw_request
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from cronus_crm.visibility import rule
from tests.scaffold import BILLING, SELLER, invoice_of, issue_proforma, make_seller, make_user, pay

LOG = "Notification Log"
GROUPS = ("asked", "orders", "overdue", "payments")


@pytest.fixture
def shop():
	"""A seller with an order and an invoice that are drafts; two billing users, one of them disabled."""
	seller = make_seller()
	proforma = issue_proforma(seller.name)
	(order,) = convert_documents("Proforma", [proforma.name], "Cronus Order")
	invoice = invoice_of(issue_proforma(seller.name), issue=False)
	billing, gone = make_user(BILLING), make_user(BILLING)
	frappe.db.set_value("User", gone, "enabled", 0)
	return frappe._dict(seller=seller, order=order, invoice=invoice, billing=billing, gone=gone)


def as_user(user):
	frappe.set_user(user)
	rule.clear_team_cache()


def notices(user, **filters):
	return frappe.get_all(LOG, {"for_user": user, **filters}, pluck="document_name")


def asked(shop, doctype="Cronus Order", name=None):
	as_user(shop.seller.user)
	answer = ask_to_issue(doctype, name or shop.order)
	as_user("Administrator")
	return answer


def test_billing_is_told_once_and_the_draft_says_who_asked(shop):
	first, again = asked(shop), asked(shop)
	assert first == again
	assert first["asked_by"] == shop.seller.user
	assert notices(shop.billing) == [shop.order]
	assert not notices(shop.gone)
	order = frappe.get_doc("Cronus Order", shop.order)
	assert (order.issue_asked_by, order.issue_asked_on) == (shop.seller.user, first["asked_on"])
	(row,) = [row for row in read_billing_today(100)["asked"]["rows"] if row["name"] == shop.order]
	assert (row["issue_asked_by"], row["total"]) == (shop.seller.user, order.grand_total)


def test_it_is_withdrawn(shop):
	asked(shop)
	as_user(shop.seller.user)
	assert withdraw_request("Cronus Order", shop.order)["asked_by"] is None
	as_user("Administrator")
	assert not notices(shop.billing, read=0)
	assert shop.order not in [row["name"] for row in read_billing_today(100)["asked"]["rows"]]
	assert shop.order in [row["name"] for row in read_billing_today(100)["orders"]["rows"]]


def test_issuing_settles_it_and_so_does_deleting(shop):
	asked(shop)
	as_user(shop.billing)
	frappe.get_doc("Cronus Order", shop.order).submit()
	as_user("Administrator")
	assert not notices(shop.billing, read=0)
	assert shop.order not in [row["name"] for row in read_billing_today(100)["asked"]["rows"]]
	asked(shop, "Invoice", shop.invoice.name)
	assert notices(shop.billing, read=0) == [shop.invoice.name]
	frappe.delete_doc("Invoice", shop.invoice.name)
	assert not notices(shop.billing, read=0)


def test_only_who_may_write_a_draft_asks_for_it(shop):
	stranger = make_seller()
	as_user(stranger.user)
	for action in (ask_to_issue, withdraw_request):
		with pytest.raises(frappe.PermissionError):
			action("Cronus Order", shop.order)
	as_user(shop.billing)
	with pytest.raises(frappe.ValidationError, match="yourself"):
		ask_to_issue("Cronus Order", shop.order)
	frappe.get_doc("Cronus Order", shop.order).submit()
	as_user(shop.seller.user)
	with pytest.raises(frappe.ValidationError, match="no draft"):
		ask_to_issue("Cronus Order", shop.order)
	with pytest.raises(frappe.ValidationError, match="nobody can be asked"):
		ask_to_issue("Proforma", "x")


def test_a_client_cannot_write_a_request(shop):
	as_user(shop.seller.user)
	order = frappe.get_doc("Cronus Order", shop.order)
	order.update({"issue_asked_by": shop.billing, "issue_asked_on": "2026-01-01 10:00:00"}).save()
	assert (order.issue_asked_by, order.issue_asked_on) == (None, None)
	as_user("Administrator")
	asked(shop)
	as_user(shop.seller.user)
	order.reload().update({"issue_asked_by": None}).save()
	assert order.issue_asked_by == shop.seller.user


def test_the_day_of_billing(shop):
	invoice = invoice_of(
		issue_proforma(shop.seller.name, posting_date="2019-03-01"),
		posting_date="2019-03-01",
		due_date="2019-03-02",
	)
	frappe.db.set_value("Invoice", invoice.name, "state", "Overdue")
	payment = pay(invoice_of(issue_proforma(shop.seller.name)), 10)
	as_user(shop.billing)
	today = read_billing_today(100)
	names = {group: [row["name"] for row in today[group]["rows"]] for group in GROUPS}
	assert names["overdue"][0] == invoice.name
	assert shop.order in names["orders"]
	assert payment.name in names["payments"]
	assert today["orders"]["number"] >= 1
	assert len(read_billing_today(1)["orders"]["rows"]) == 1


def test_a_seller_sees_no_more_than_their_own(shop):
	as_user(make_seller(roles=(SELLER,)).user)
	assert all(not read_billing_today()[group]["rows"] for group in GROUPS)
