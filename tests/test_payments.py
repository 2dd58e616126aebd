import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_billing.money.payment_allocation import allocate_payment, list_advances, make_payment
from tests.scaffold import (
	BILLING,
	activity_of,
	credit_note_of,
	entry_of,
	invoice_of,
	issue_proforma,
	make_advance,
	make_customer,
	make_seller,
	make_user,
	pay,
)


@pytest.fixture
def seller():
	return make_seller().name


@pytest.fixture
def customer(seller):
	return make_customer(seller).name


@pytest.fixture
def invoice(seller, customer):
	return invoice_of(issue_proforma(seller, customer=customer))


def test_one_payment_pays_several_invoices_of_a_customer(seller, customer, invoice):
	other = invoice_of(issue_proforma(seller, customer=customer, quantity=3))
	payment = frappe.get_doc("Cronus Payment", make_payment(frappe.as_json([invoice.name, other.name])))
	assert (payment.docstatus, payment.amount, payment.seller) == (0, 500, seller)
	assert [(row.total, row.balance, row.amount) for row in payment.allocations] == [
		(200, 200, 200),
		(300, 300, 300),
	]
	payment.submit()
	assert (payment.state, payment.unallocated_amount) == ("Allocated", 0)
	for paid in (invoice, other):
		paid.reload()
		assert (paid.state, paid.balance, entry_of(paid).balance) == ("Paid", 0, 0)
		assert activity_of(paid).state == "Done"


def test_invoices_that_do_not_belong_together_have_no_common_payment(seller, invoice):
	other = invoice_of(issue_proforma(seller))
	with pytest.raises(frappe.ValidationError, match="of one customer"):
		make_payment([invoice.name, other.name])
	pay(invoice)
	with pytest.raises(frappe.ValidationError, match="Nothing is left to pay"):
		make_payment(invoice.name)


def test_a_payment_stands_in_the_ledger_and_leaves_it_when_cancelled(invoice):
	payment = pay(invoice, 50)
	entry = entry_of(payment)
	assert (entry.kind, entry.amount, entry.total, entry.balance) == ("Payment", 50, 50, 0)
	payment.cancel()
	assert entry_of(payment).cancelled
	assert entry_of(invoice).balance == 200
	assert list(verify.find_differences()) == []


def test_amounts_of_a_foreign_payment_enter_the_ledger_at_its_own_rate(seller):
	customer = make_customer(seller, currency="EUR").name
	invoice = invoice_of(issue_proforma(seller, customer=customer, currency="EUR", exchange_rate=1.2))
	payment = pay(invoice, exchange_rate=1.1)
	assert (entry_of(payment).amount, entry_of(invoice).balance) == (220, 0)


def bad_rows(seller, customer, invoice):
	"""What is wrong, as rows and fields of a payment, and what its message says."""
	draft = invoice_of(issue_proforma(seller, customer=customer), issue=False)
	others = invoice_of(issue_proforma(seller))
	row = {"invoice": invoice.name, "amount": 10}
	return {
		"above the balance": ([{**row, "amount": 200.01}], {}, "Row 1: .* has a balance of"),
		"of another customer": (
			[row, {**row, "invoice": others.name}],
			{},
			"Row 2: .* is of another customer",
		),
		"in another currency": ([row], {"currency": "EUR", "exchange_rate": 1.2}, "Row 1: .* is in .* EUR"),
		"not issued": ([{**row, "invoice": draft.name}], {}, "Row 1: .* is not issued"),
		"of nothing": ([{**row, "invoice": None}], {}, "Row 1: choose the invoice"),
		"twice": ([row, row], {}, "Row 2: .* stands here twice"),
		"too early": ([row], {"posting_date": "2020-01-01"}, "Row 1: .* cannot be before it"),
		"negative": ([{**row, "amount": -1}], {}, "Row 1: the amount must be above zero"),
		"nothing": ([{**row, "amount": 0}], {}, "Row 1: the amount must be above zero"),
		"not a number": ([{**row, "amount": float("nan")}], {}, "Row 1: .*Amount.*nan.*is not a number"),
		"above the payment": ([row], {"amount": 5}, "that is more"),
		"without amount": ([], {}, "Write the amount"),
		"an invoice given back": ([row], {"kind": "Returned"}, "Row 1: .* neither a credit note nor"),
		"given back of nothing": ([], {"kind": "Returned", "amount": 5}, "Say of which credit note"),
	}


@pytest.mark.parametrize(
	"wrong",
	[
		"above the balance",
		"of another customer",
		"in another currency",
		"not issued",
		"of nothing",
		"twice",
		"too early",
		"negative",
		"nothing",
		"not a number",
		"above the payment",
		"without amount",
		"an invoice given back",
		"given back of nothing",
	],
)
def test_bad_input_is_refused_with_the_row(seller, customer, invoice, wrong):
	rows, fields, says = bad_rows(seller, customer, invoice)[wrong]
	payment = frappe.get_doc(
		{"doctype": "Cronus Payment", "customer": customer, "kind": "Received", "allocations": rows, **fields}
	)
	with pytest.raises(frappe.ValidationError, match=says):
		payment.insert()


def test_two_drafts_of_one_balance_are_not_both_issued(invoice):
	first, second = pay(invoice, issue=False), pay(invoice, issue=False)
	first.submit()
	with pytest.raises(frappe.ValidationError, match="has a balance of"):
		second.submit()


def test_an_advance_is_allocated_later(customer, invoice):
	advance = make_advance(customer, 250)
	assert (advance.state, entry_of(advance).balance) == ("Advance", 250)
	assert [row.name for row in list_advances(customer, invoice.currency)] == [advance.name]
	assert allocate_payment(advance.name, invoice.name, 150) == {"unallocated_amount": 100, "balance": 50}
	with pytest.raises(frappe.ValidationError, match="has a balance of"):
		allocate_payment(advance.name, invoice.name, 60)
	frappe.db.get_value("Invoice", invoice.name, "balance")
	advance.reload()
	assert (advance.allocated_amount, advance.state, entry_of(advance).balance) == (150, "Advance", 100)
	assert [row.amount for row in advance.allocations] == [150]
	assert entry_of(invoice).balance == 50
	advance.cancel()
	assert frappe.db.get_value("Invoice", invoice.name, "balance") == 200
	assert list(verify.find_differences()) == []


@pytest.mark.parametrize("amount", [0, -5, 100.01])
def test_no_more_than_the_advance_is_allocated(customer, invoice, amount):
	advance = make_advance(customer, 100)
	with pytest.raises(frappe.ValidationError):
		allocate_payment(advance.name, invoice.name, amount)


def test_rows_of_an_issued_payment_are_not_changed_by_hand(customer, invoice):
	advance = make_advance(customer, 100)
	advance.append("allocations", {"invoice": invoice.name, "amount": 10})
	with pytest.raises(frappe.UpdateAfterSubmitError):
		advance.save()


def test_an_advance_is_given_back_once(customer):
	advance = make_advance(customer, 100)

	def give_back(amount):
		returned = frappe.get_doc(
			{
				"doctype": "Cronus Payment",
				"kind": "Returned",
				"customer": customer,
				"allocations": [{"payment": advance.name, "amount": amount}],
			}
		).insert()
		returned.submit()
		advance.reload()
		return returned

	returned = give_back(70)
	assert (advance.returned_amount, advance.unallocated_amount) == (70, 30)
	assert (entry_of(returned).total, entry_of(advance).balance) == (-70, 30)
	with pytest.raises(frappe.ValidationError, match="has a balance of"):
		give_back(40)
	with pytest.raises(frappe.LinkExistsError, match=returned.name):
		advance.cancel()
	advance.reload()
	returned.cancel()
	advance.reload()
	assert (advance.returned_amount, advance.unallocated_amount) == (0, 100)
	advance.cancel()


def test_an_invoice_is_not_cancelled_while_it_is_paid(invoice):
	payment = pay(invoice, 10)
	with pytest.raises(frappe.LinkExistsError, match=payment.name):
		invoice.cancel()


def test_sellers_see_the_payments_of_their_portfolio_and_make_none(invoice):
	payment = pay(invoice)
	seller = frappe.get_doc("Cronus Seller", invoice.seller)
	other = make_seller()
	for user, seen in ((seller.user, [payment.name]), (other.user, []), (make_user(BILLING), [payment.name])):
		frappe.set_user(user)
		assert frappe.get_list("Cronus Payment", {"name": payment.name}, pluck="name") == seen
		rows = frappe.get_list("Cronus Payment Allocation", parent_doctype="Cronus Payment", pluck="parent")
		assert (payment.name in rows) == bool(seen)
	frappe.set_user(seller.user)
	with pytest.raises(frappe.PermissionError):
		allocate_payment(payment.name, invoice.name, 1)
	frappe.set_user(other.user)
	with pytest.raises(frappe.PermissionError):
		make_payment(invoice.name)


def test_a_credit_note_lowers_the_balance_and_its_rest_is_given_back(invoice):
	pay(invoice, 150)
	note = credit_note_of(invoice, quantity=1)
	assert note.name.startswith("NC-")
	assert (invoice.balance, invoice.credited_amount, invoice.state) == (0, 50, "Paid")
	assert (note.grand_total, note.credited_amount, note.balance, note.state) == (100, 50, 50, "Issued")
	entry = entry_of(note)
	assert (entry.kind, entry.amount, entry.total, entry.balance) == ("Credit Note", -100, -100, -50)
	assert activity_of(invoice).state == "Done"
	assert activity_of(note) is None
	returned = pay(note)
	assert (returned.kind, note.balance, note.state) == ("Returned", 0, "Settled")
	with pytest.raises(frappe.LinkExistsError, match=returned.name):
		note.cancel()
	note.reload()
	returned.cancel()
	note.reload()
	assert note.balance == 50
	note.cancel()
	invoice.reload()
	assert (invoice.balance, invoice.credited_amount, invoice.state) == (50, 0, "Partly paid")
	assert (activity_of(invoice).state, entry_of(invoice).balance) == ("Pending", 50)
	assert list(verify.find_differences()) == []


def test_no_more_is_credited_than_was_invoiced(invoice):
	first = credit_note_of(invoice, issue=False)
	second = credit_note_of(invoice, issue=False)
	first.submit()
	with pytest.raises(frappe.ValidationError, match="are left to return"):
		second.submit()
	with pytest.raises(frappe.ValidationError, match="was returned already"):
		credit_note_of(invoice)


def test_a_credit_note_has_the_lines_and_at_most_the_prices_of_its_invoice(seller, invoice):
	note = credit_note_of(invoice, issue=False)
	note.items[0].price = 101
	with pytest.raises(frappe.ValidationError, match=r"Line 1: it comes to .*202\.00"):
		note.save()
	note.reload()
	note.items[0].update({"source_doctype": None, "source_name": None, "source_row": None})
	with pytest.raises(frappe.ValidationError, match="Line 1: a credit note only has lines"):
		note.save()
	with pytest.raises(frappe.ValidationError, match="is a credit note itself"):
		credit_note_of(credit_note_of(invoice))


def test_a_credit_note_has_the_discounts_of_its_invoice(seller, customer):
	line = {"product": "TEST-1", "quantity": 3, "price": 9.99, "discount_percent": 7}
	proforma = issue_proforma(seller, customer=customer, items=[line, dict(line)], discount_percent=3)
	invoice = invoice_of(proforma)
	parts = [credit_note_of(invoice, quantity=1) for _part in range(3)]
	assert sum(note.grand_total for note in parts) == pytest.approx(invoice.grand_total, abs=0.03)
	assert invoice.balance <= 0.03
	other = credit_note_of(
		invoice_of(issue_proforma(seller, customer=customer, discount_percent=50)), issue=False
	)
	other.discount_percent = 0
	with pytest.raises(frappe.ValidationError, match="Line 1: it comes to"):
		other.save()


def test_an_invoice_is_not_cancelled_while_a_credit_note_stands_on_it(invoice):
	note = credit_note_of(invoice, quantity=1)
	with pytest.raises(frappe.LinkExistsError, match=note.name):
		invoice.cancel()


def test_dates_of_payments_may_be_later_than_today(invoice):
	assert pay(invoice, 10, posting_date=add_days(nowdate(), 5)).docstatus == 1
