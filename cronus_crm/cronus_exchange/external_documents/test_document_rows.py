"""Documents of an ERP, from the row to the ledger."""

import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from cronus_crm.cronus_analytics.figures.counted_documents import Documents
from cronus_crm.cronus_analytics.figures.customer_figures import compute_days_to_pay, sum_owed_by_customer
from cronus_crm.cronus_analytics.figures.document_history import list_documents_of_customer
from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_analytics.report.cronus_statement_of_account.cronus_statement_of_account import (
	sum_by_age,
)
from cronus_crm.cronus_billing.money.credit_limit import lock_limit_and_owed
from cronus_crm.cronus_crm.customers.customer_history import read_history
from cronus_crm.cronus_exchange.external_documents.papers import DOCUMENT, make_document_name
from tests.erp import Erp, invoice, payment
from tests.scaffold import make_customer, make_opportunity, make_seller

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def erp():
	frappe.set_user("Administrator")
	seller = make_seller()
	erp = Erp({"C-1": make_customer(seller.name).name, "C-2": make_customer(make_seller().name).name})
	erp.seller = seller.name
	return erp


def entry(doc):
	key = {"source_doctype": doc.doctype, "source_name": doc.name}
	return frappe.db.get_value("Cronus Sales Entry", key, "*", as_dict=True)


def activities(doc):
	of = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	return frappe.get_all("Cronus Activity", of, ["*"], order_by="creation asc, name asc")


def differences():
	return list(verify.find_differences())


def test_an_invoice_of_an_erp_is_in_the_ledger_and_is_collected(erp):
	(row,) = erp.tell(invoice(items=[{"description": "Screws", "quantity": 2, "price": "50", "amount": 100}]))
	assert (row.outcome, row.message) == ("created", None)
	doc = erp.get("F-1")
	assert (doc.state, doc.balance, doc.tax_total, doc.docstatus) == ("Issued", 112, 12, 1)
	assert doc.items[0].description == "Screws"
	found = entry(doc)
	assert (found.kind, found.amount, found.total, found.balance) == ("Invoice", 100, 112, 112)
	assert (found.number, found.seller, found.is_sale) == ("F-1", erp.seller, 1)
	(activity,) = activities(doc)
	assert (activity.state, activity.seller, activity.announced) == ("Pending", erp.seller, 0)
	assert "F-1" in activity.subject
	assert differences() == []


def test_the_past_is_collected_without_noise(erp):
	long_ago = add_days(nowdate(), -200)
	erp.tell(
		invoice("F-1", posting_date=long_ago, due_date=add_days(nowdate(), -100)),
		invoice("F-2"),
		invoice("F-3", balance=0),
		invoice("P-1", kind="proforma"),
		history=True,
	)
	overdue, due, settled, offer = (erp.get(one) for one in ("F-1", "F-2", "F-3", "P-1"))
	for doc in (overdue, due):
		(activity,) = activities(doc)
		assert (activity.state, activity.announced) == ("Pending", 1)
	assert (settled.state, activities(settled), activities(offer)) == ("Settled", [], [])
	assert overdue.is_history
	# One line in the notice of the next morning: they are not told yet.
	assert not activities(overdue)[0].overdue_told
	assert differences() == []


def test_an_invoice_settles_the_proformas_of_its_source_in_whatever_order(erp):
	offer = invoice("P-1", kind="proforma", posting_date=add_days(nowdate(), -10))
	order = invoice("O-1", kind="order", origins=[{"kind": "proforma", "id": "P-1"}])
	bill = invoice("F-1", net="60", total="67.20", origins=[{"kind": "order", "id": "O-1"}])
	erp.tell(bill)
	assert entry(erp.get("F-1")).is_sale
	erp.tell(offer)
	(follow_up,) = activities(erp.get("P-1"))
	assert follow_up.state == "Pending"
	erp.tell(order)
	assert (erp.get("P-1").balance, erp.get("O-1").balance) == (40, 40)
	assert str(entry(erp.get("P-1")).first_invoiced_on) == nowdate()
	assert [entry(erp.get(one)).is_sale for one in ("P-1", "O-1", "F-1")] == [0, 1, 0]
	erp.tell(invoice("F-2", net="40", total="44.80", origins=[{"id": "O-1"}]))
	assert erp.get("P-1").state == erp.get("O-1").state == "Settled"
	(follow_up,) = activities(erp.get("P-1"))
	assert (follow_up.state, follow_up.result) == ("Done", "Order made")
	assert differences() == []
	erp.tell({"id": "O-1", "cancelled": True})
	assert (erp.get("P-1").balance, entry(erp.get("P-1")).first_invoiced_on) == (100, None)
	assert activities(erp.get("P-1"))[0].state == "Pending"
	assert [entry(erp.get(one)).is_sale for one in ("F-1", "F-2")] == [1, 1]
	assert differences() == []


def test_payments_and_credit_notes_settle_invoices(erp):
	erp.tell(invoice("F-1"), payment("PAY-1", "50", {"id": "F-1"}))
	assert erp.get("F-1").balance == 62
	(collection,) = activities(erp.get("F-1"))
	assert collection.state == "Pending"
	erp.tell(invoice("N-1", kind="credit note", net="62.50", total="70", origins=[{"id": "F-1"}]))
	assert (erp.get("F-1").state, erp.get("N-1").balance) == ("Settled", 8)
	assert activities(erp.get("F-1"))[0].state == "Done"
	note = entry(erp.get("N-1"))
	assert (note.kind, note.amount, note.total, note.balance) == ("Credit Note", -62.5, -70, -8)
	# The money back: the credit is used.
	erp.tell(payment("PAY-2", "-8", {"id": "N-1"}))
	assert (erp.get("N-1").state, erp.get("PAY-2").state) == ("Settled", "Settled")
	assert entry(erp.get("PAY-2")).total == -8
	erp.tell({"id": "PAY-1", "cancelled": True})
	assert (erp.get("F-1").balance, erp.get("N-1").balance) == (42, 0)
	assert activities(erp.get("F-1"))[0].state == "Pending"
	assert differences() == []


def test_a_told_balance_holds(erp):
	erp.tell(invoice("F-1", balance="30"))
	erp.tell(payment("PAY-1", "112", {"id": "F-1"}))
	assert (erp.get("F-1").balance, erp.get("PAY-1").balance) == (30, 0)
	(row,) = erp.tell({"id": "F-1", "data": {"balance": "12.5"}}, kind="balance")
	assert (row.outcome, row.changes["balance"]) == ("updated", [30, 12.5])
	assert entry(erp.get("F-1")).balance == 12.5
	erp.tell({"id": "F-1", "data": {"balance": None}}, kind="balance")
	assert (erp.get("F-1").balance, erp.get("F-1").balance_told) == (0, 0)
	(row,) = erp.tell({"id": "F-1", "data": {"balance": "113"}}, kind="balance")
	assert (row.outcome, row.code, row.fieldname) == ("refused", "bad_value", "balance")
	assert differences() == []


def test_a_correction_moves_everything_that_follows(erp):
	erp.tell(invoice("F-1"))
	other = frappe.db.get_value("Cronus Customer", erp.customers["C-2"], "seller")
	later = add_days(nowdate(), 60)
	(row,) = erp.tell(
		{"id": "F-1", "data": {"customer": "C-2", "net_total": 200, "grand_total": 224, "due_date": later}}
	)
	assert row.outcome == "updated" and row.changes["seller"] == [erp.seller, other]
	doc, found = erp.get("F-1"), entry(erp.get("F-1"))
	assert (doc.tax_total, doc.balance) == (24, 224)
	assert (found.customer, found.seller, found.amount) == (erp.customers["C-2"], other, 200)
	(activity,) = activities(doc)
	assert (activity.seller, activity.customer) == (other, erp.customers["C-2"])
	assert str(activity.starts_on)[:10] >= later
	assert differences() == []
	erp.tell({"id": "F-1", "data": {"kind": "proforma"}})
	(activity,) = activities(erp.get("F-1"))
	assert activity.state == "Pending" and activity.subject.startswith("Follow up")
	erp.tell({"id": "F-1", "data": {"kind": "order"}})
	(activity,) = activities(erp.get("F-1"))
	assert (activity.state, activity.origin_key) == ("Cancelled", None)
	assert differences() == []


def test_what_is_cancelled_may_come_back(erp):
	erp.tell(invoice("F-1"))
	erp.tell({"id": "F-1", "cancelled": True})
	doc = erp.get("F-1")
	assert (doc.docstatus, doc.state, entry(doc).cancelled) == (2, "Cancelled", 1)
	assert [one.state for one in activities(doc)] == ["Cancelled"]
	assert differences() == []
	erp.tell({"id": "F-1", "data": {"due_date": add_days(nowdate(), 5)}})
	doc = erp.get("F-1")
	assert (doc.docstatus, doc.state, entry(doc).cancelled, doc.balance) == (1, "Issued", 0, 112)
	assert [one.state for one in activities(doc)] == ["Cancelled", "Pending"]
	assert differences() == []


def test_each_instalment_has_its_collection(erp):
	parts = [{"due_date": add_days(nowdate(), days), "amount": "56"} for days in (10, 40)]
	erp.tell(invoice("F-1", instalments=parts))
	assert [one.state for one in activities(erp.get("F-1"))] == ["Pending", "Pending"]
	erp.tell(payment("PAY-1", "60", {"id": "F-1"}))
	assert [row.balance for row in erp.get("F-1").instalments] == [0, 52]
	assert str(entry(erp.get("F-1")).due_date) == parts[1]["due_date"]
	assert sorted(one.state for one in activities(erp.get("F-1"))) == ["Done", "Pending"]
	(row,) = erp.tell({"id": "F-1", "data": {"grand_total": "113"}})
	assert (row.code, row.fieldname) == ("bad_value", "instalments")
	assert differences() == []


def test_currencies_have_their_decimals_and_rates(erp):
	(none, rate, decimals, kuwait) = erp.tell(
		invoice("F-1", currency="EUR"),
		invoice("F-2", currency="EUR", exchange_rate="1.25"),
		invoice("F-3", currency="CLP", exchange_rate="0.001", net="1000", total="1190.5"),
		invoice("F-4", currency="KWD", exchange_rate=3.25, net="10.125", total="10.125"),
	)
	assert (none.code, none.fieldname) == ("missing_field", "exchange_rate")
	assert (decimals.code, decimals.fieldname) == ("bad_value", "grand_total")
	assert rate.outcome == kuwait.outcome == "created"
	assert [entry(erp.get(one)).total for one in ("F-2", "F-4")] == [140, 32.91]
	frappe.get_doc(doctype="Cronus Exchange Rate", currency="EUR", valid_from="2020-01-01", rate=2).insert()
	erp.tell({"id": "F-2", "data": {"exchange_rate": None}})
	assert entry(erp.get("F-2")).total == 224
	assert differences() == []


@pytest.mark.parametrize(
	("data", "code", "fieldname"),
	[
		({"kind": "bill"}, "unknown_value", "kind"),
		({"seller": "Nobody at all"}, "unknown_value", "seller"),
		({"currency": "XXY"}, "unknown_value", "currency"),
		({"posting_date": "27/11/2026"}, "bad_value", "posting_date"),
		({"posting_date": None}, "missing_field", "posting_date"),
		({"net_total": "NaN"}, "bad_value", "net_total"),
		({"grand_total": float("inf")}, "bad_value", "grand_total"),
		({"grand_total": 1e300}, "bad_value", "grand_total"),
		({"grand_total": True}, "bad_value", "grand_total"),
		({"grand_total": "-5"}, "bad_value", "grand_total"),
		({"number": "A" * 141}, "too_long", "number"),
		({"number": "A\x00"}, "bad_value", "number"),
		({"number": "\ud800"}, "bad_value", "number"),
		({"number": ["A"]}, "bad_value", "number"),
		({"colour": "red"}, "unknown_field", "colour"),
		({"items": {"description": "x"}}, "bad_value", "items"),
		({"items": [7]}, "bad_value", "items"),
		({"items": [{"weight": 3}]}, "unknown_field", "items.weight"),
		({"origins": [{"kind": "proforma"}]}, "missing_field", "origins.id"),
		({"origins": [{"id": "P", "amount": -1}]}, "bad_value", "origins.amount"),
		({"balance": "113"}, "bad_value", "balance"),
		({"instalments": [{"due_date": "2026-12-01", "amount": 5}]}, "bad_value", "instalments"),
		({"opportunity": "OPO-0"}, "unknown_value", "opportunity"),
	],
)
def test_what_is_wrong_is_said_by_its_field(erp, data, code, fieldname):
	(row,) = erp.tell(invoice("F-1", **data))
	assert (row.outcome, row.code, row.fieldname) == ("refused", code, fieldname)
	assert row.message and not frappe.db.exists(DOCUMENT, make_document_name(erp.source.name, "F-1"))


def test_opportunities_follow_documents_of_an_erp(erp):
	opportunity = make_opportunity(erp.seller, erp.customers["C-1"])
	erp.tell(invoice("P-1", kind="proforma", opportunity=opportunity.name))
	assert opportunity.reload().value == 100
	erp.tell(invoice("F-1", origins=[{"id": "P-1"}]))
	assert (opportunity.reload().state, opportunity.value) == ("Won", 100)
	erp.tell({"id": "P-1", "data": {"net_total": 80, "grand_total": 90}})
	assert opportunity.reload().value == 80
	erp.tell(invoice("F-2", origins=[{"id": "P-1"}]), {"id": "F-1", "cancelled": True})
	assert opportunity.reload().state == "Won"
	erp.tell({"id": "F-2", "cancelled": True}, {"id": "P-1", "cancelled": True})
	assert (opportunity.reload().state, opportunity.value) == ("Open", 0)
	assert differences() == []


def test_two_sources_may_use_the_same_numbers(erp):
	other = Erp({"C-1": erp.customers["C-1"]})
	erp.tell(invoice("F-1"), invoice("f-1"), invoice("f/1"))
	other.tell(invoice("F-1", total="50", net="50"), payment("PAY-1", "50", {"id": "F-1"}))
	assert (erp.get("F-1").balance, other.get("F-1").balance) == (112, 0)
	assert len({erp.get(one).name for one in ("F-1", "f-1", "f/1")}) == 3


def test_people_do_not_write_documents_of_an_erp(erp):
	erp.tell(invoice("F-1"))
	doc = erp.get("F-1")
	doc.number = "F-2"
	with pytest.raises(frappe.ValidationError, match="change it there"):
		doc.save()
	with pytest.raises(frappe.ValidationError, match="change it there"):
		erp.get("F-1").cancel()
	with pytest.raises(frappe.ValidationError):
		frappe.delete_doc(DOCUMENT, doc.name)


def test_what_an_erp_is_owed_counts_for_the_credit_limit(erp):
	customer = erp.customers["C-1"]
	erp.tell(invoice("F-1"), invoice("F-2", balance=0), invoice("F-3", kind="credit note"))
	_limit, owed = lock_limit_and_owed(customer)
	assert owed == 112


def test_figures_of_a_past_day_know_what_was_settled_since(erp):
	"""By the dates of the payments that an ERP has told."""
	before, between = add_days(nowdate(), -30), add_days(nowdate(), -20)
	parts = [{"due_date": add_days(nowdate(), days), "amount": "56"} for days in (-25, 5)]
	erp.tell(
		invoice("F-1", posting_date=before, instalments=parts),
		invoice("F-2", posting_date=before, net="10", total="10", balance="4"),
		payment("PAY-1", "60", {"id": "F-1"}, posting_date=nowdate()),
	)
	customer = erp.customers["C-1"]
	owed = sum_owed_by_customer(Documents([customer]))[customer]
	assert (owed.total, owed.overdue) == (56, 0)
	then = sum_owed_by_customer(Documents([customer], as_of=getdate(between)))[customer]
	assert (then.total, then.overdue) == (116, 56)
	assert compute_days_to_pay(Documents([customer])) == {customer: 30}
	assert sum_by_age(customer) == [56, 0, 0, 0]


def test_the_history_of_a_customer_names_documents_by_their_numbers(erp):
	erp.tell(invoice("F-1", number="001-001-000000123"))
	customer = erp.customers["C-1"]
	(row,) = list_documents_of_customer(customer)["rows"]
	assert (row.number, row.doctype, row.state) == ("001-001-000000123", DOCUMENT, "With balance")
	assert "001-001-000000123" in [item["title"].split()[-1] for item in read_history(customer)["items"]]
