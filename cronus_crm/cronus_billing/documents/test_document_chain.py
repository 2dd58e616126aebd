import frappe
import pytest
from frappe.utils import add_days, getdate, nowdate

from cronus_crm.cronus_billing.doctype.cronus_order.cronus_order import mark_late
from cronus_crm.cronus_billing.documents import chain_view, document_chain, numbering
from tests.scaffold import (
	BILLING,
	activity_of,
	ensure_product,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	pay,
	unique,
)

ORDER, DELIVERY, NOTE = "Cronus Order", "Cronus Delivery Note", "Cronus Sales Note"
PAYMENT = "Cronus Payment"


@pytest.fixture
def seller():
	return make_seller().name


@pytest.fixture
def proforma(seller):
	"""One line of ten, at 100 each."""
	return issue_proforma(seller, quantity=10)


def draft_of(*sources, into: str, quantity: float | None = None, **fields):
	(name,) = document_chain.convert_documents(sources[0].doctype, [source.name for source in sources], into)
	draft = frappe.get_doc(into, name)
	draft.update(fields)
	if quantity is not None:
		for row in draft.items:
			row.quantity = quantity
	return draft.save()


def issue(*sources, into: str, quantity: float | None = None, **fields):
	draft = draft_of(*sources, into=into, quantity=quantity, **fields)
	draft.submit()
	for source in sources:
		source.reload()
	return draft


def counted(document) -> tuple[float, ...]:
	"""Ordered, delivered, noted and invoiced, of the first line."""
	document.reload()
	return tuple(document.items[0].get(fieldname) for fieldname in document_chain.QUANTITY_FIELDS.values())


def test_a_proforma_goes_to_the_invoice_by_order_and_delivery_note(proforma):
	order = issue(proforma, into=ORDER)
	assert (proforma.state, order.state, entry_of(order).balance) == ("Ordered", "Issued", 1000)
	delivery = issue(order, into=DELIVERY, quantity=4)
	assert (counted(order), counted(proforma)) == ((0, 4, 0, 0), (10, 4, 0, 0))
	assert (order.state, proforma.state) == ("Partly delivered", "Ordered")
	invoice = issue(delivery, into="Invoice")
	assert (counted(delivery), counted(order), counted(proforma)) == (
		(0, 0, 0, 4),
		(0, 4, 0, 4),
		(10, 4, 0, 4),
	)
	assert (delivery.state, order.state, proforma.state) == (
		"Invoiced",
		"Partly delivered",
		"Partly invoiced",
	)
	assert [entry_of(document).balance for document in (delivery, order, proforma)] == [0, 600, 600]
	assert entry_of(proforma).first_invoiced_on == entry_of(invoice).posting_date

	issue(order, into=DELIVERY)
	issue(order, into="Invoice")
	assert (counted(order), counted(proforma)) == ((0, 10, 0, 10), (10, 10, 0, 10))
	assert (order.state, proforma.state) == ("Completed", "Invoiced")
	assert activity_of(proforma).state == "Done"
	assert document_chain.find_origins(invoice) == (
		(DELIVERY, delivery.name),
		(ORDER, order.name),
		("Proforma", proforma.name),
	)


def test_whichever_way_it_goes_nothing_is_delivered_or_invoiced_twice(proforma):
	order = issue(proforma, into=ORDER)
	issue(proforma, into=DELIVERY, quantity=7)
	with pytest.raises(frappe.ValidationError, match="3</strong> are left to deliver"):
		issue(order, into=DELIVERY, quantity=4)
	note = issue(proforma, into=NOTE)
	issue(note, into="Invoice", quantity=6)
	with pytest.raises(frappe.ValidationError, match="4</strong> are left to invoice"):
		issue(order, into="Invoice")


def test_services_are_invoiced_and_not_delivered(seller):
	service = ensure_product(unique("Service"), product_type="Service")
	proforma = issue_proforma(seller, items=[{"product": service, "quantity": 1, "price": 50}])
	with pytest.raises(frappe.ValidationError, match="Nothing is left"):
		document_chain.convert_documents("Proforma", proforma.name, DELIVERY)
	order = issue(proforma, into=ORDER, delivery_date=nowdate())
	assert not order.to_deliver
	issue(order, into="Invoice")
	assert order.state == "Completed"


def test_several_delivery_notes_of_a_customer_go_on_one_invoice(seller):
	customer = make_customer(seller).name
	deliveries = [
		issue(issue_proforma(seller, customer=customer, quantity=quantity), into=DELIVERY)
		for quantity in (2, 3)
	]
	other = issue(issue_proforma(seller), into=DELIVERY)
	names = document_chain.convert_documents(
		DELIVERY, [note.name for note in (*deliveries, other)], "Invoice"
	)
	assert [frappe.db.get_value("Invoice", name, "net_total") for name in names] == [500, 200]


def test_what_stands_on_a_document_is_cancelled_first(proforma):
	order = issue(proforma, into=ORDER)
	delivery = issue(order, into=DELIVERY, quantity=4)
	with pytest.raises(frappe.LinkExistsError, match=delivery.name):
		order.cancel()
	delivery.reload()
	delivery.cancel()
	assert counted(order) == (0, 0, 0, 0)
	assert order.state == "Issued"
	order.cancel()
	assert counted(proforma) == (0, 0, 0, 0)
	assert proforma.state == "Issued"
	assert (entry_of(order).cancelled, entry_of(proforma).balance) == (1, 1000)


def test_a_draft_of_what_was_cancelled_meanwhile_is_not_issued(proforma):
	draft = draft_of(proforma, into=ORDER)
	frappe.get_doc("Proforma", proforma.name).cancel()
	draft.reload()
	with pytest.raises(frappe.ValidationError, match="is not issued"):
		draft.submit()
	with pytest.raises(frappe.ValidationError, match="is not issued"):
		document_chain.convert_documents("Proforma", proforma.name, ORDER)


def test_a_line_is_not_made_from_what_its_author_does_not_see(proforma):
	mine = make_seller()
	line = {"product": ensure_product(), "quantity": 1, "price": 1}
	frappe.set_user(mine.user)
	for name in (proforma.name, "PF-0"):
		origin = {"source_doctype": "Proforma", "source_name": name, "source_row": "x"}
		order = {"doctype": ORDER, "customer": make_customer(mine.name).name, "items": [{**line, **origin}]}
		with pytest.raises(frappe.PermissionError, match="you may not use"):
			frappe.get_doc(order).insert()


@pytest.mark.parametrize(
	("source", "into"),
	[("Proforma", "Cronus Payment"), ("Invoice", ORDER), (DELIVERY, ORDER), ("User", "Role")],
)
def test_only_what_the_chain_knows_is_made(source, into):
	with pytest.raises(frappe.ValidationError, match="cannot be made from"):
		document_chain.convert_documents(source, "X", into)


def test_a_line_may_not_claim_an_origin_outside_the_chain(proforma):
	order = issue(proforma, into=ORDER)
	delivery = issue(order, into=DELIVERY, quantity=1)
	draft = draft_of(order, into=DELIVERY)
	draft.items[0].update({"source_doctype": DELIVERY, "source_name": delivery.name})
	with pytest.raises(frappe.ValidationError, match="cannot be made from"):
		draft.save()


def test_an_amended_document_begins_anew(proforma):
	order = issue(proforma, into=ORDER)
	issue(order, into=DELIVERY).cancel()
	order.reload()
	order.cancel()
	again = frappe.copy_doc(order)
	again.update({"amended_from": order.name, "docstatus": 0})
	again.items[0].delivered_quantity = 5
	again.insert()
	assert (again.items[0].delivered_quantity, again.left_to_invoice) == (0, 1000)
	assert again.items[0].source_name == proforma.name


def test_an_order_is_late_after_the_day_it_was_promised_for(proforma):
	order = issue(proforma, into=ORDER, delivery_date=nowdate())
	frappe.db.set_value(ORDER, order.name, "delivery_date", add_days(nowdate(), -1))
	mark_late()
	order.reload()
	assert order.state == "Late"
	issue(order, into=DELIVERY)
	assert order.state == "Delivered"
	mark_late()
	assert frappe.db.get_value(ORDER, order.name, "state") == "Delivered"


def test_a_promise_before_the_order_itself_is_refused(proforma):
	with pytest.raises(frappe.ValidationError, match="before its own date"):
		draft_of(proforma, into=ORDER, delivery_date=add_days(nowdate(), -1))


def test_a_work_centre_with_a_code_has_series_of_its_own(seller):
	centre = frappe.get_doc(
		{
			"doctype": "Cronus Work Center",
			"work_center": unique("Centre"),
			"series_code": frappe.generate_hash(length=5),
		}
	).insert()
	frappe.db.set_value("Cronus Seller", seller, "work_center", centre.name)
	frappe.clear_document_cache("Cronus Seller", seller)
	year = nowdate()[:4]
	first, second = issue_proforma(seller), issue_proforma(seller)
	assert [first.name, second.name] == [f"PF-{centre.series_code}-{year}-0000{number}" for number in (1, 2)]
	assert issue(first, into=ORDER).name == f"PED-{centre.series_code}-{year}-00001"


def test_a_document_takes_the_series_of_its_date(seller):
	centre = frappe.get_doc(
		{
			"doctype": "Cronus Work Center",
			"work_center": unique("Centre"),
			"series_code": frappe.generate_hash(length=5),
		}
	).insert()
	year = int(nowdate()[:4])
	dates = [f"{year - 1}-12-31", nowdate(), f"{year - 1}-12-30", f"{year - 2}-01-01"]
	names = []
	for date in dates:
		made = issue_proforma(
			seller, posting_date=date, valid_until=f"{year + 1}-01-01", work_center=centre.name
		)
		names.append(made.name)
		assert made.naming_series == "PF-.YYYY.-.#####"
	prefix = f"PF-{centre.series_code}"
	assert names == [
		f"{prefix}-{year - 1}-00001",
		f"{prefix}-{year}-00001",
		f"{prefix}-{year - 1}-00002",
		f"{prefix}-{year - 2}-00001",
	]


def test_every_part_of_a_date_is_of_the_date_of_the_document():
	series = numbering._write_date("X-.YYYY.-.YY.-.MM.-.DD.-.WW.-.#####", getdate("2024-12-31"))
	assert series == "X-.2024.-.24.-.12.-.31.-.53.-.#####"


def test_what_a_form_shows_of_the_chain_is_what_its_reader_may_see_and_do(proforma, seller):
	order = issue(proforma, into=ORDER)
	delivery = issue(order, into=DELIVERY)
	user = frappe.db.get_value("Cronus Seller", seller, "user")
	frappe.set_user(user)
	shown = chain_view.read_chain(ORDER, order.name)
	assert shown["becomes"] == ["Invoice"]
	assert [row["name"] for row in shown["around"]] == [proforma.name, delivery.name]
	frappe.set_user(make_user(BILLING))
	assert len(chain_view.read_chain(ORDER, order.name)["around"]) == 2
	frappe.set_user(make_seller_user())
	with pytest.raises(frappe.PermissionError):
		chain_view.read_chain(ORDER, order.name)
	with pytest.raises(frappe.PermissionError):
		document_chain.convert_documents(ORDER, order.name, "Invoice")


def make_seller_user() -> str:
	frappe.set_user("Administrator")
	return make_seller().user


def test_a_payment_stands_at_the_end_of_the_chain_and_knows_its_invoice():
	invoice = invoice_of(issue_proforma(make_seller().name))
	payment = pay(invoice, 50)
	paid = {"doctype": PAYMENT, "name": payment.name, "state": "Allocated"}
	assert chain_view.read_chain("Invoice", invoice.name)["around"][-1] == paid
	found = chain_view.read_chain(PAYMENT, payment.name)
	assert found["becomes"] == []
	assert [each["name"] for each in found["around"]] == [invoice.name]
	with pytest.raises(frappe.LinkExistsError, match=payment.name):
		invoice.cancel()
