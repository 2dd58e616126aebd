import frappe
import pytest

from cronus_crm.cronus_crm.doctype.cronus_customer.cronus_customer import (
	delete_customers,
	read_contacts_and_addresses,
	set_criteria,
)
from tests.scaffold import (
	ADMINISTRATOR,
	MANAGER,
	SELLER,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	unique,
)


def make_criterion(*values: str) -> str:
	return (
		frappe.get_doc(
			{
				"doctype": "Cronus Classification Criterion",
				"criterion": unique("Zone"),
				"allowed_values": "\n".join(values),
			}
		)
		.insert()
		.name
	)


def make_branch(customer: str, **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Customer Branch",
			"customer": customer,
			"branch_name": unique("Branch"),
			**fields,
		}
	).insert(ignore_permissions=True)


def make_contact(customer: str, **fields):
	return frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": unique("Ana"),
			"links": [{"link_doctype": "Cronus Customer", "link_name": customer}],
			**fields,
		}
	).insert(ignore_permissions=True)


def test_a_department_needs_the_account_that_it_is_part_of():
	with pytest.raises(frappe.MandatoryError, match="part of an account"):
		make_customer(account_type="Department")
	company = make_customer()
	assert make_customer(account_type="Department", parent_customer=company.name).name


def test_an_account_does_not_belong_to_itself_through_others():
	company = make_customer()
	department = make_customer(parent_customer=company.name)
	company.parent_customer = department.name
	with pytest.raises(frappe.ValidationError, match="cannot belong to"):
		company.save()


def test_a_customer_is_compared_by_its_keys():
	customer = make_customer(tax_id=" 17-900 ", email="Ventas@Andinos.example")
	assert (customer.tax_id, customer.tax_key) == ("17-900", "17900")
	assert customer.email_key == "ventas@andinos.example"


def test_a_value_outside_those_of_its_criterion_names_row_and_values():
	criterion = make_criterion("Coast", " Highlands ", "", "Coast")
	assert frappe.db.get_value("Cronus Classification Criterion", criterion, "allowed_values") == (
		"Coast\nHighlands"
	)
	with pytest.raises(frappe.ValidationError, match=r"row 1: .*Moon.*Coast, Highlands"):
		make_customer(criteria=[{"criterion": criterion, "value": "Moon"}])
	customer = make_customer(criteria=[{"criterion": criterion, "value": " Coast "}])
	assert customer.criteria[0].value == "Coast"


def test_a_criterion_without_values_takes_any():
	criterion = make_criterion()
	assert make_customer(criteria=[{"criterion": criterion, "value": "Anything"}]).criteria


def test_a_criterion_stands_once():
	criterion = make_criterion()
	rows = [{"criterion": criterion, "value": value} for value in ("A", "B")]
	with pytest.raises(frappe.ValidationError, match="row 2"):
		make_customer(criteria=rows)


def test_synchronising_replaces_its_own_criteria_and_leaves_those_by_hand():
	zone, size, by_hand = make_criterion(), make_criterion(), make_criterion()
	customer = make_customer(
		criteria=[{"criterion": by_hand, "value": "Mine"}, {"criterion": size, "value": "Small"}]
	)
	set_criteria(customer.name, {zone: "North", size: "Large"})
	set_criteria(customer.name, {size: "Huge"})
	customer.reload()
	assert [(row.idx, row.criterion, row.value, row.synchronised) for row in customer.criteria] == [
		(1, by_hand, "Mine", 0),
		(2, size, "Huge", 1),
	]


def test_synchronising_what_is_there_already_changes_nothing():
	zone = make_criterion()
	customer = make_customer()
	set_criteria(customer.name, {zone: "North"})
	modified = frappe.db.get_value("Cronus Customer", customer.name, "modified")
	set_criteria(customer.name, {zone: "North"})
	assert frappe.db.get_value("Cronus Customer", customer.name, "modified") == modified


@pytest.mark.parametrize("change", ["value", "criterion", "remove", "by hand", "add"])
def test_a_seller_does_not_touch_synchronised_criteria(change):
	seller = make_seller()
	zone, other = make_criterion(), make_criterion()
	name = make_customer(seller.name).name
	set_criteria(name, {zone: "North"})
	frappe.set_user(seller.user)
	customer = frappe.get_doc("Cronus Customer", name)
	if change == "value":
		customer.criteria[0].value = "South"
	elif change == "criterion":
		customer.criteria[0].criterion = other
	elif change == "remove":
		customer.criteria = []
	elif change == "by hand":
		customer.criteria[0].synchronised = 0
	else:
		customer.append("criteria", {"criterion": other, "value": "New", "synchronised": 1})
	with pytest.raises(frappe.ValidationError, match="comes from the ERP"):
		customer.save()


def test_a_seller_saves_a_customer_that_has_synchronised_criteria():
	seller = make_seller()
	zone, mine = make_criterion(), make_criterion()
	name = make_customer(seller.name).name
	set_criteria(name, {zone: "North"})
	frappe.set_user(seller.user)
	customer = frappe.get_doc("Cronus Customer", name)
	customer.city = "Cuenca"
	customer.append("criteria", {"criterion": mine, "value": "A"})
	customer.save()
	assert [row.synchronised for row in customer.criteria] == [1, 0]


def test_only_administrators_synchronise():
	seller = make_seller()
	customer = make_customer(seller.name)
	frappe.set_user(seller.user)
	with pytest.raises(frappe.PermissionError):
		set_criteria(customer.name, {})
	frappe.set_user(make_user(ADMINISTRATOR))
	set_criteria(customer.name, "{}")


def test_a_customer_with_records_is_not_deleted_and_the_error_counts_them():
	seller = make_seller()
	customer = make_customer(seller.name)
	issue_proforma(seller.name, customer=customer.name)
	make_opportunity(seller.name, customer.name)
	make_customer(parent_customer=customer.name)
	with pytest.raises(frappe.LinkExistsError) as error:
		customer.delete()
	for counted in ("Proforma: 1", "Activity: 1", "Opportunity: 1", "Customer: 1"):
		assert counted in str(error.value)


def test_branches_go_with_their_customer_and_contacts_stay():
	customer = make_customer()
	branch = make_branch(customer.name)
	contact = make_contact(customer.name)
	at_branch = make_contact(
		customer.name, links=[{"link_doctype": "Cronus Customer Branch", "link_name": branch.name}]
	)
	customer.delete()
	assert not frappe.db.exists("Cronus Customer Branch", branch.name)
	for name in (contact.name, at_branch.name):
		assert frappe.get_doc("Contact", name).links == []


def test_several_are_deleted_each_on_its_own_and_each_says_what_became_of_it():
	manager = make_seller(roles=(SELLER, MANAGER))
	seller = make_seller(manager.name)
	free, busy = make_customer(seller.name), make_customer(seller.name)
	hidden = make_customer(make_seller().name)
	issue_proforma(seller.name, customer=busy.name)
	frappe.set_user(manager.user)
	rows = delete_customers([free.name, busy.name, hidden.name, "CL-NONE"])
	assert [row["deleted"] for row in rows] == [True, False, False, False]
	assert "Proforma: 1" in rows[1]["reason"]
	assert (rows[2]["customer_name"], rows[2]["reason"]) == (hidden.name, rows[3]["reason"])
	assert not frappe.db.exists("Cronus Customer", free.name)
	assert frappe.db.exists("Cronus Customer", busy.name)
	assert frappe.get_message_log() == []


def test_who_may_not_delete_is_told_so():
	seller = make_seller()
	customer = make_customer(seller.name)
	frappe.set_user(seller.user)
	(row,) = delete_customers([customer.name])
	assert (row["deleted"], "may not delete" in row["reason"]) == (False, True)


def test_what_another_app_refuses_is_told_and_leaves_nothing_half_done(monkeypatch):
	customer = make_customer()
	branch = make_branch(customer.name)

	def refuse(doc, *args):
		raise frappe.ValidationError("not <b>today</b>")

	monkeypatch.setattr(type(customer), "after_delete", refuse, raising=False)
	(row,) = delete_customers([customer.name])
	assert (row["deleted"], row["reason"]) == (False, "not today")
	assert frappe.db.exists("Cronus Customer Branch", branch.name)


def test_the_form_shows_contacts_and_addresses_of_those_who_see_the_customer():
	seller, other = make_seller(), make_seller()
	customer = make_customer(seller.name)
	contact = make_contact(customer.name)
	address = frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": "Main",
			"address_type": "Office",
			"address_line1": "Av. Amazonas 123",
			"city": "Quito",
			"country": "Ecuador",
			"links": [{"link_doctype": "Cronus Customer", "link_name": customer.name}],
		}
	).insert()
	frappe.set_user(seller.user)
	people = read_contacts_and_addresses("Cronus Customer", customer.name)
	assert [row.name for row in people["contact_list"]] == [contact.name]
	assert [row.name for row in people["addr_list"]] == [address.name]
	assert "Av. Amazonas 123" in people["addr_list"][0].display
	frappe.set_user(other.user)
	with pytest.raises(frappe.PermissionError):
		read_contacts_and_addresses("Cronus Customer", customer.name)


def test_the_address_of_a_contact_is_shown_to_those_who_may_see_it():
	seller, other = make_seller(), make_seller()
	theirs = make_customer(other.name)
	address = frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": "Hidden",
			"address_type": "Office",
			"address_line1": "Secret street",
			"city": "Quito",
			"country": "Ecuador",
			"links": [{"link_doctype": "Cronus Customer", "link_name": theirs.name}],
		}
	).insert()
	customer = make_customer(seller.name)
	make_contact(customer.name, address=address.name)
	assert (
		"Secret street"
		in read_contacts_and_addresses("Cronus Customer", customer.name)["contact_list"][0].address
	)
	frappe.set_user(seller.user)
	assert read_contacts_and_addresses("Cronus Customer", customer.name)["contact_list"][0].address is None


def test_people_of_something_else_is_refused():
	with pytest.raises(frappe.ValidationError, match="no contacts"):
		read_contacts_and_addresses("User", "Administrator")


def test_what_a_site_customised_survives_an_update():
	made = []
	frappe.get_doc(
		{
			"doctype": "Custom Field",
			"dt": "Cronus Customer",
			"fieldname": "custom_route",
			"label": "Route",
			"fieldtype": "Data",
			"insert_after": "city",
		}
	).insert()
	try:
		frappe.make_property_setter(
			{
				"doctype": "Cronus Customer",
				"fieldname": "website",
				"property": "hidden",
				"value": 1,
				"property_type": "Check",
			}
		)
		customer = make_customer(custom_route="North 7")
		made.append(customer.name)
		frappe.reload_doc("cronus_crm", "doctype", "cronus_customer", force=True)
		meta = frappe.get_meta("Cronus Customer", cached=False)
		assert meta.get_field("custom_route").label == "Route"
		assert meta.get_field("website").hidden == 1
		assert frappe.get_doc("Cronus Customer", customer.name).custom_route == "North 7"
	finally:
		# A new column commits what came before it, so nothing of this is rolled back.
		for doctype, filters in (
			("Property Setter", {"doc_type": "Cronus Customer", "field_name": "website"}),
			("Custom Field", {"dt": "Cronus Customer", "fieldname": "custom_route"}),
			("Cronus Customer", {"name": ("in", made)}),
		):
			for name in frappe.get_all(doctype, filters=filters, pluck="name"):
				frappe.delete_doc(doctype, name, force=True)
		frappe.db.commit()
		frappe.clear_cache(doctype="Cronus Customer")


def test_a_contact_shows_its_activities_and_opportunities_among_its_connections():
	data = frappe.get_meta("Contact").get_dashboard_data()
	assert ["Cronus Activity", "Cronus Opportunity"] in [group["items"] for group in data["transactions"]]
	assert data["non_standard_fieldnames"]["Cronus Activity"] == "contact"
