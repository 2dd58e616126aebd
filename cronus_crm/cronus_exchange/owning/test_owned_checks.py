"""What an ERP owns cannot be changed here, whatever the way."""

import frappe
import pytest

from cronus_crm.cronus_exchange.merging.customer_merges import merge_customers
from cronus_crm.cronus_exchange.owning.owned_fields import find_owners
from cronus_crm.cronus_exchange.owning.record_origins import fill_template
from cronus_crm.cronus_exchange.pushing.told_now import telling
from tests.import_helper import check_and_run, rows_of
from tests.scaffold import (
	ADMINISTRATOR,
	ensure_product,
	make_customer,
	make_seller,
	make_user,
	unique,
)
from tests.sources import make_source, own, tell

CUSTOMER = "Cronus Customer"

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def told():
	"""A customer of a seller whose name, credit limit and mail a source has told, and the source."""
	frappe.set_user("Administrator")
	seller = make_seller()
	customer = make_customer(seller.name, customer_name=unique("Acme"), credit_limit=500, city="Quito")
	source = make_source()
	tell(source, customer, {"customer_name": customer.customer_name, "credit_limit": 500, "city": "Quito"})
	return frappe._dict(customer=customer, source=source, seller=seller)


def test_a_new_source_owns_what_erps_mostly_own(told):
	owners = find_owners(CUSTOMER, told.customer.name)
	assert {"customer_name", "tax_id", "code", "credit_limit", "price_list"} <= set(owners)
	assert set(owners.values()) == {told.source.name}
	assert "city" not in owners
	assert told.source.owned_fields[0].label == "Customer"


def test_nobody_changes_what_the_erp_owns_and_the_message_says_where_to(told):
	for user in (told.seller.user, make_user(ADMINISTRATOR), "Administrator"):
		frappe.set_user(user)
		customer = frappe.get_doc(CUSTOMER, told.customer.name)
		customer.customer_name, customer.credit_limit = "Otro", 900
		with pytest.raises(frappe.ValidationError) as refused:
			customer.save()
		assert told.source.name in str(refused.value)
		# A seller writes no credit limits in any case.
		assert ("Credit limit" in str(refused.value)) == (user != told.seller.user)
	frappe.set_user("Administrator")
	assert frappe.db.get_value(CUSTOMER, told.customer.name, "credit_limit") == 500


def test_the_rest_of_the_record_is_changed_here(told):
	frappe.set_user(told.seller.user)
	customer = frappe.get_doc(CUSTOMER, told.customer.name)
	customer.city, customer.notes = "Loja", "Paga los viernes"
	customer.save()
	assert frappe.db.get_value(CUSTOMER, customer.name, "city") == "Loja"


def test_every_way_of_the_framework_is_refused(told):
	from frappe.client import bulk_update, set_value
	from frappe.desk.form.save import savedocs

	frappe.set_user(told.seller.user)
	name, other = told.customer.name, unique("Otra")
	with pytest.raises(frappe.ValidationError):
		set_value(CUSTOMER, name, "customer_name", other)
	frappe.clear_messages()
	sent = {**frappe.get_doc(CUSTOMER, name).as_dict(), "customer_name": other}
	with pytest.raises(frappe.ValidationError):
		savedocs(frappe.as_json(sent), "Save")
	frappe.clear_messages()
	failed = bulk_update(frappe.as_json([{"doctype": CUSTOMER, "docname": name, "customer_name": other}]))
	assert len(failed["failed_docs"]) == 1
	assert frappe.db.get_value(CUSTOMER, name, "customer_name") == told.customer.customer_name


def test_no_argument_of_a_request_opens_it(told):
	frappe.set_user(told.seller.user)
	sent = frappe.get_doc(CUSTOMER, told.customer.name).as_dict()
	sent.update(customer_name="Otra", flags={"ignore_validate": 1}, cronus_source=told.source.name)
	with pytest.raises(frappe.ValidationError):
		frappe.get_doc(sent).save()


def test_the_source_that_tells_writes_it(told):
	customer = frappe.get_doc(CUSTOMER, told.customer.name)
	customer.customer_name = "Acme S.A."
	with telling(told.source.name):
		customer.save()
	customer.customer_name = "Otra"
	with pytest.raises(frappe.ValidationError):
		customer.save()


def test_a_source_that_is_off_owns_nothing(told):
	told.source.enabled = 0
	told.source.save()
	customer = frappe.get_doc(CUSTOMER, told.customer.name)
	customer.customer_name = "Otra"
	customer.save()


def test_a_merge_takes_over_what_the_erp_owns(told):
	other = make_customer(told.seller.name, credit_limit=900)
	merge_customers(told.customer.name, [other.name], {"credit_limit": other.name})
	assert frappe.db.get_value(CUSTOMER, told.customer.name, "credit_limit") == 900


def test_mails_and_telephones_of_a_contact_are_one_field_each():
	contact = frappe.get_doc({"doctype": "Contact", "first_name": unique("Ana")})
	contact.append("email_ids", {"email_id": "ana@example.com", "is_primary": 1})
	contact.append("phone_nos", {"phone": "0991234567", "is_primary_mobile_no": 1})
	contact.insert()
	source = make_source()
	own(source, "Contact", "emails", "mobiles")
	tell(source, contact, {"emails": ["ana@example.com"], "mobiles": ["0991234567"]})
	contact.first_name = unique("Ana María")
	contact.save()
	contact.append("email_ids", {"email_id": "otra@example.com"})
	with pytest.raises(frappe.ValidationError, match="E-mail"):
		contact.save()
	contact.reload()
	contact.phone_nos = []
	with pytest.raises(frappe.ValidationError, match="Mobile"):
		contact.save()


def test_the_code_of_a_product_is_not_renamed():
	product = frappe.get_doc("Cronus Product", ensure_product(unique("P")))
	source = make_source()
	tell(source, product, {"product_code": product.name})
	with pytest.raises(frappe.ValidationError, match=source.name):
		frappe.rename_doc("Cronus Product", product.name, unique("Q"))
	own(source, "Cronus Product", "price")
	frappe.rename_doc("Cronus Product", product.name, unique("Q"))


def test_a_source_owns_fields_that_there_are_and_each_once():
	with pytest.raises(frappe.ValidationError, match="seller_phone"):
		make_source(owned_fields=[{"record_type": CUSTOMER, "fieldname": "seller_phone"}])
	twice = [{"record_type": CUSTOMER, "fieldname": "tax_id"}] * 2
	assert len(make_source(owned_fields=twice).owned_fields) == 1


def test_an_address_is_filled_in_so_that_it_leads_nowhere_else():
	template = "https://erp.example.com/{kind}/{id}?n={number}"
	assert fill_template(template, "Credit Note", "../x?a=1#b", "1&c=2") == (
		"https://erp.example.com/credit_note/..%2Fx%3Fa%3D1%23b?n=1%26c%3D2"
	)
	assert fill_template(None, "Customer", "1", "1") == ""


def test_a_file_that_changes_it_has_its_row_refused(imports, team):
	customer = make_customer(team.seller.name, code=unique("C"), credit_limit=500)
	source = make_source()
	tell(source, customer, {"credit_limit": 500})
	frappe.db.commit()
	name = imports(f"Código;Nombre;Cupo\n{customer.code};{customer.customer_name};900\n")
	doc = check_and_run(name, "Administrator")
	(row,) = rows_of(name).values()
	assert doc.rows_wrong == 1
	assert source.name in row.reason
	assert frappe.db.get_value(CUSTOMER, customer.name, "credit_limit") == 500
	for one in (customer, source):
		frappe.db.delete("Cronus External Record", {"source": source.name})
		frappe.delete_doc(one.doctype, one.name, force=True)
	frappe.db.commit()
