import frappe

from cronus_crm.patches.v0_8 import build_search_index, make_search_tables
from cronus_crm.visibility import record_search, search_index
from tests.scaffold import make_customer, unique


def test_what_was_there_before_the_search_is_found():
	customer = make_customer(customer_name=unique("Ferretería antigua"))
	search_index.remove_records("Cronus Customer", [customer.name])
	assert not record_search.search_records(customer.customer_name, 5)
	make_search_tables.execute()
	build_search_index.execute()
	(group,) = record_search.search_records(customer.customer_name, 5)
	assert [record["name"] for record in group["records"]] == [customer.name]
	frappe.delete_doc("Cronus Customer", customer.name)
	frappe.db.commit()  # the patch has committed the customer
