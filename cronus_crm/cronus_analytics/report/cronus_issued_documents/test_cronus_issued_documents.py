import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.figures import counted_lists, month_figures
from cronus_crm.cronus_analytics.report.cronus_issued_documents.cronus_issued_documents import execute
from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect
from tests.erp import Erp, invoice
from tests.scaffold import (
	MANAGER,
	SELLER,
	credit_note_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	new_proforma,
)


@pytest.fixture
def shop(site):
	"""A seller of a manager, with documents of our own and of an ERP."""
	frappe.set_user("Administrator")
	manager = make_seller(roles=(SELLER, MANAGER))
	seller = make_seller(manager.name)
	offer, open_offer = issue_proforma(seller.name), issue_proforma(seller.name)
	bill = invoice_of(offer)
	note = credit_note_of(bill, quantity=1)
	erp = Erp({"C-1": make_customer(seller.name).name})
	erp.tell(
		invoice("F-1", posting_date=add_days(nowdate(), -10), due_date=add_days(nowdate(), -1)),
		invoice("F-2", balance="0"),
		invoice("F-3"),
		invoice("O-1", kind="order"),
	)
	erp.tell({"id": "F-3", "cancelled": True})
	return frappe._dict(
		manager=manager, seller=seller, bill=bill, note=note, offer=offer, open_offer=open_offer, erp=erp
	)


def names(user, **filters) -> set[str]:
	frappe.set_user(user)
	rows = execute(filters)[1]
	frappe.set_user("Administrator")
	return {row["number"] or row["source_name"] for row in rows if not row.get("bold")}


def test_documents_of_our_own_and_of_an_erp_are_together(shop):
	user = shop.seller.user
	invoiced = names(user, kind=counted_lists.INVOICED)
	assert invoiced == {shop.bill.name, shop.note.name, "F-1", "F-2"}
	assert names(user, kind="Invoice") == {shop.bill.name, "F-1", "F-2"}
	assert names(user, kind="Order") == {"O-1"}
	assert names(user, kind="Proforma") == {shop.offer.name, shop.open_offer.name}


def test_their_sum_is_that_of_all_also_of_those_that_are_not_shown(shop):
	frappe.set_user(shop.seller.user)
	_columns, rows, note, _chart, _summary, _skip = execute({"kind": "Invoice", "at_most": 1})
	assert len(rows) == 2 and note
	assert rows[-1]["amount"] == shop.bill.net_total + 200


def test_documents_of_different_kinds_have_no_sum(shop):
	frappe.set_user(shop.seller.user)
	_columns, rows, _note, _chart, summary, _skip = execute()
	assert len(rows) == 7 and not any(row.get("bold") for row in rows)
	assert [figure["value"] for figure in summary] == [7]
	(overdue, total) = execute({"show": "Overdue"})[1]
	assert total["amount"] == overdue["amount"] and total["bold"]


def test_an_offer_to_a_prospect_tells_whom_it_is_for(shop):
	prospect = make_prospect(shop.seller.name)
	offer = new_proforma(shop.seller.name, prospect=prospect.name)
	offer.update({"customer": None}).insert().submit()
	frappe.set_user(shop.seller.user)
	rows = {row["source_name"]: row for row in execute({"kind": "Proforma"})[1] if not row.get("bold")}
	assert not rows[offer.name]["customer"]
	assert rows[offer.name]["customer_name"] == prospect.prospect_name
	customer = rows[shop.offer.name]["customer"]
	assert rows[shop.offer.name]["customer_name"] == frappe.db.get_value(
		"Cronus Customer", customer, "customer_name"
	)


def test_what_is_left_of_them(shop):
	user = shop.seller.user
	assert names(user, show="Overdue") == {"F-1"}
	assert names(user, show="Open") == {shop.open_offer.name}
	assert names(user, show="Invoiced") == {shop.offer.name}
	assert "F-2" not in names(user, show="With balance")


def test_only_what_the_user_sees_and_of_whom_a_figure_is(shop):
	assert not names(make_seller().user)
	assert "F-1" in names(shop.manager.user, seller=shop.manager.name)
	assert not names(shop.manager.user, of_sellers=shop.manager.name)
	assert "F-1" in names(shop.manager.user, of_sellers=f"{shop.manager.name}|{shop.seller.name}")
	assert not names(shop.manager.user, without="seller")
	assert names(shop.manager.user, customer=shop.erp.customers["C-1"]) == {"F-1", "F-2", "O-1"}
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		names(shop.seller.user, seller=make_seller().name)
	frappe.set_user("Administrator")


def test_figures_lead_to_lists_of_whoever_sees_no_document_of_an_erp(shop):
	frappe.set_user(shop.manager.user)
	assert counted_lists.list_kinds_instead_of_lists()["Invoice"] == counted_lists.INVOICED
	frappe.set_user(make_seller().user)
	assert counted_lists.list_kinds_instead_of_lists() == {}
	frappe.set_user("Administrator")


def test_open_offers_are_those_of_which_nothing_was_made(shop):
	user, erp = shop.seller.user, shop.erp
	partly = issue_proforma(shop.seller.name, quantity=4)
	invoice_of(partly, quantity=1)
	expired = issue_proforma(shop.seller.name)
	frappe.db.set_value(
		"Cronus Sales Entry", {"source_name": expired.name}, "due_date", add_days(nowdate(), -1)
	)
	erp.tell(
		invoice("P-1", kind="proforma", due_date=nowdate()),
		invoice("P-2", kind="proforma", due_date=add_days(nowdate(), -1)),
		invoice("P-3", kind="proforma", due_date=None),
		invoice("P-4", kind="proforma", due_date=None),
		invoice("O-4", kind="order", origins=[{"kind": "proforma", "id": "P-4"}]),
	)
	assert names(user, show="Open offers") == {shop.open_offer.name, "P-1", "P-3"}
	assert names(user, show="Open") >= {shop.open_offer.name, partly.name}
	frappe.set_user(user)
	own = month_figures.read_month()["own"]
	assert (own["open_offers"], own["open_amount"]) == (3, shop.open_offer.net_total + 200)
	frappe.set_user("Administrator")
	erp.tell({"id": "O-4", "kind": "order", "cancelled": True})
	assert "P-4" in names(user, show="Open offers")
