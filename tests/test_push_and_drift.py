"""What an ERP pushes, what people change, and what becomes of both: the conflict rule from end to end."""

import frappe
import pytest

from cronus_crm.api import exchange
from tests.scaffold import make_customer, make_seller, unique
from tests.sources import EXTERNAL, make_source, own

CUSTOMER = "Cronus Customer"


@pytest.fixture
def erp(site):
	"""A source that owns names of customers, with a seller; everything that is pushed is removed."""
	frappe.set_user("Administrator")
	seller = make_seller()
	source = make_source(default_seller=seller.name)
	own(source, CUSTOMER, "customer_name")
	own_more = [{"record_type": "Contact", "fieldname": "emails"}]
	source.extend("owned_fields", own_more)
	source.save()
	frappe.db.commit()
	found = frappe._dict(source=source, seller=seller, made=[])
	yield found
	frappe.db.rollback()
	frappe.set_user("Administrator")
	told = {"source": source.name}
	records = frappe.get_all(EXTERNAL, told, ["record_doctype", "record_name"], order_by="kind asc")
	for doctype in (EXTERNAL, "Cronus Exchange Run"):
		frappe.db.delete(doctype, told)
	for row in sorted(records, key=lambda row: row.record_doctype != "Contact"):
		if row.record_name and frappe.db.exists(row.record_doctype, row.record_name):
			frappe.delete_doc(row.record_doctype, row.record_name, force=True)
	frappe.delete_doc(source.doctype, source.name, force=True)
	frappe.db.commit()


def push(erp, *rows: dict) -> list[dict]:
	answer = exchange.push(erp.source.name, unique("batch"), list(rows))
	assert all(row["outcome"] in ("created", "updated", "unchanged") for row in answer["results"]), answer
	return answer["results"]


def customer_row(**data) -> dict:
	return {"kind": "customer", "id": "C-1", "data": data}


def change(name: str, **values) -> None:
	frappe.get_doc(CUSTOMER, name).update(values).save()
	frappe.db.commit()


def differing(erp) -> dict[str, tuple[str, str]]:
	return {
		field["fieldname"]: (field["theirs"], field["ours"])
		for row in exchange.list_drift(erp.source.name)["rows"]
		for field in row["fields"]
	}


def test_theirs_ours_and_what_nobody_touched(erp):
	(created,) = push(erp, customer_row(customer_name=unique("Acme"), city="Quito", notes="Paga bien"))
	name, other = created["name"], unique("Acme S.A.")
	assert differing(erp) == {}
	with pytest.raises(frappe.ValidationError, match=erp.source.name):
		change(name, customer_name="Otra")
	change(name, city="Loja")
	assert differing(erp) == {"city": ("Quito", "Loja")}
	push(erp, customer_row(customer_name=other, city="Cuenca", notes="Paga mal"))
	values = frappe.db.get_value(CUSTOMER, name, ["customer_name", "city", "notes"])
	assert values == (other, "Loja", "Paga mal")
	assert differing(erp) == {"city": ("Cuenca", "Loja")}
	(key,) = frappe.get_all(EXTERNAL, {"source": erp.source.name}, pluck="name", order_by="name")
	exchange.take_theirs(key, ["city"])
	frappe.db.commit()
	push(erp, customer_row(city="Ambato"))
	assert frappe.db.get_value(CUSTOMER, name, "city") == "Ambato"
	assert differing(erp) == {}


def test_ours_is_kept_through_later_rows_until_the_erp_says_something_else(erp):
	(created,) = push(erp, customer_row(customer_name=unique("Acme"), city="Quito"))
	change(created["name"], city="Loja")
	(key,) = frappe.get_all(EXTERNAL, {"source": erp.source.name}, pluck="name", order_by="name")
	exchange.take_ours(key, ["city"])
	frappe.db.commit()
	push(erp, customer_row(notes="x"))
	push(erp, customer_row(city="Quito", notes="y"))
	assert differing(erp) == {}
	push(erp, customer_row(city="Cuenca"))
	assert differing(erp) == {"city": ("Cuenca", "Loja")}


def test_what_a_record_makes_of_a_value_is_no_difference(erp):
	push(erp, customer_row(customer_name=unique("Acme"), tax_id="1790011674001", website="acme.example"))
	push(erp, customer_row(tax_id="1790011674001", website="acme.example", phone="02 234-5678"))
	assert differing(erp) == {}


def test_a_customer_that_was_here_keeps_what_it_has_and_shows_what_differs(erp):
	code, name = unique("C"), unique("Acme")
	here = make_customer(erp.seller.name, code=code, city="Loja", customer_name=unique("acme"), notes="")
	frappe.db.commit()
	(adopted,) = push(erp, customer_row(code=code, customer_name=name, city="Quito", notes="Suya"))
	assert adopted["name"] == here.name
	assert frappe.db.get_value(CUSTOMER, here.name, ["customer_name", "city", "notes"]) == (
		name,
		"Loja",
		"Suya",
	)
	assert differing(erp) == {"city": ("Quito", "Loja")}


def test_a_record_that_was_asked_for_is_compared_with_what_stands_here(erp):
	row = customer_row(customer_name=unique("Acme"))
	(created,) = push(erp, row)
	frappe.db.set_value(CUSTOMER, created["name"], "customer_name", "Por SQL")
	frappe.db.commit()
	(same,) = push(erp, row)
	assert same["outcome"] == "unchanged"
	(key,) = frappe.get_all(EXTERNAL, {"source": erp.source.name}, pluck="name", order_by="name")
	exchange.ask_again([key])
	frappe.db.commit()
	(again,) = push(erp, row)
	assert again["outcome"] == "updated"
	assert frappe.db.get_value(CUSTOMER, created["name"], "customer_name") == row["data"]["customer_name"]
	assert not frappe.db.get_value(EXTERNAL, key, "asked_on")


def test_mails_and_telephones_follow_the_erp_that_tells_them(erp):
	contact = {"kind": "contact", "id": "P-1"}
	data = {"customer": "C-1", "first_name": "Ana", "emails": ["a@example.com"], "phones": ["022345678"]}
	results = push(erp, customer_row(customer_name=unique("Acme")), {**contact, "data": data})
	name = results[1]["name"]
	doc = frappe.get_doc("Contact", name)
	doc.append("email_ids", {"email_id": "b@example.com"})
	with pytest.raises(frappe.ValidationError, match=erp.source.name):
		doc.save()
	doc.reload()
	doc.append("phone_nos", {"phone": "0991234567"})
	doc.save()
	frappe.db.commit()
	assert differing(erp) == {"phones": ("022345678", "022345678, 0991234567")}
	push(erp, {**contact, "data": {"emails": ["c@example.com"], "phones": ["022345678"]}})
	doc.reload()
	assert [row.email_id for row in doc.email_ids] == ["c@example.com"]
	assert len(doc.phone_nos) == 2


def test_a_price_and_a_product_are_owned_and_written(erp):
	lists = frappe.get_all("Cronus Price List", pluck="name", order_by="name", limit=1)
	product = {"kind": "product", "id": unique("A"), "data": {"product_name": "Tornillo", "price": "1.50"}}
	rows = [product]
	if lists:
		price = {"product": product["id"], "price_list": lists[0], "price": "1.20"}
		rows.append({"kind": "price", "id": "A/1", "data": price})
	push(erp, *rows)
	assert differing(erp) == {}
	(updated,) = push(erp, {**product, "data": {"price": "2"}})
	assert frappe.db.get_value("Cronus Product", updated["name"], "price") == 2
