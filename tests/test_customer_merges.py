import frappe
import pytest
from frappe.desk.doctype.tag.tag import add_tag

from cronus_crm.api.merging import list_choices, merge_customers, undo_merge
from cronus_crm.cronus_exchange.merging import customer_merges, moved_records
from tests.scaffold import (
	MANAGER,
	SELLER,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	new_proforma,
	pay,
	unique,
)


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	return frappe._dict(manager=manager, seller=make_seller(manager.name))


@pytest.fixture
def twins(team):
	"""Two customers that are the same: the second with documents, activities and everything beside them."""
	first = make_customer(team.seller.name, phone="2 222 222", credit_limit=10)
	second = make_customer(team.seller.name, city="Quito", tax_id="TW-1", phone="3 333 333")
	made = frappe._dict(first=first, second=second)
	made.proforma = issue_proforma(team.seller.name, customer=second.name)
	made.invoice = invoice_of(made.proforma)
	made.payment = pay(made.invoice, 50)
	made.draft = new_proforma(team.seller.name, customer=second.name).insert()
	made.opportunity = make_opportunity(team.seller.name, second.name)
	made.branch = insert("Cronus Customer Branch", customer=second.name, branch_name="Norte", code="N1")
	made.department = insert(
		"Cronus Customer", customer_name=unique("Dep"), account_type="Department", parent_customer=second.name
	)
	made.contact = insert("Contact", first_name=unique("C"), links=[link(second)])
	made.both = insert("Contact", first_name=unique("B"), links=[link(first), link(second)])
	made.file = insert(
		"File",
		file_name="x.txt",
		content="x",
		attached_to_doctype=second.doctype,
		attached_to_name=second.name,
	)
	made.comment = second.add_comment("Comment", "They pay on Fridays")
	add_tag(unique("tag"), second.doctype, second.name)
	return made


def insert(doctype, **fields):
	return frappe.get_doc({"doctype": doctype, **fields}).insert()


def link(customer):
	return {"link_doctype": customer.doctype, "link_name": customer.name}


def references(customer: str) -> list[tuple]:
	"""Everything that refers to a customer and moves with it."""
	return sorted(
		(*reference[:2], name)
		for reference in set(moved_records.list_references())
		for name in moved_records.find_records(reference, customer)
	)


def test_everything_moves_and_all_of_it_comes_back(team, twins):
	first, second = twins.first.name, twins.second.name
	before = {name: references(name) for name in (first, second)}
	assert {doctype for doctype, _field, _name in before[second]} >= {
		"Comment",
		"Cronus Activity",
		"Cronus Customer",
		"Cronus Customer Branch",
		"Cronus Opportunity",
		"Cronus Payment",
		"Cronus Sales Entry",
		"Dynamic Link",
		"File",
		"Invoice",
		"Proforma",
		"Tag Link",
	}
	frappe.set_user(team.manager.user)
	(merge,) = merge_customers(first, [second])
	frappe.set_user("Administrator")
	left = references(second)
	# The contact of both has its link to the survivor already, and the merged customer points at the
	# survivor.
	assert [doctype for doctype, _field, _name in left] == ["Dynamic Link"]
	assert ("Cronus Customer", "merged_into", second) in references(first)
	assert entry_of(twins.invoice).customer == first
	assert frappe.db.get_value("Invoice", twins.invoice.name, "customer") == first
	merged = frappe.get_doc("Cronus Customer", second)
	assert (merged.disabled, merged.merged_into) == (1, first)
	survivor = frappe.get_doc("Cronus Customer", first)
	assert survivor._user_tags and "Fridays" in survivor._comments
	frappe.set_user(team.manager.user)
	undone = undo_merge(merge)
	frappe.set_user("Administrator")
	assert undone["left"] == 0
	assert {name: references(name) for name in (first, second)} == before
	merged.reload()
	assert (merged.disabled, merged.merged_into) == (0, None)
	assert merged._user_tags


def test_values_are_chosen_field_by_field_and_come_back(team, twins):
	first, second = twins.first.name, twins.second.name
	assert {"customer_name", "city", "tax_id", "phone", "seller", "credit_limit"} <= set(list_choices())
	(merge,) = merge_customers(first, [second], {"phone": second})
	survivor = frappe.get_doc("Cronus Customer", first)
	# Chosen, filled because it was empty, and kept.
	assert (survivor.phone, survivor.city, survivor.credit_limit) == ("3 333 333", "Quito", 10)
	survivor.city = "Loja"
	survivor.save()
	undo_merge(merge)
	survivor.reload()
	assert (survivor.phone, survivor.city, survivor.tax_id or "") == ("2 222 222", "Loja", "")


def test_what_was_moved_on_or_came_later_stays(team, twins):
	first, second = twins.first.name, twins.second.name
	(merge,) = merge_customers(first, [second])
	third = make_customer(team.seller.name)
	draft = frappe.get_doc("Proforma", twins.draft.name)
	draft.customer = third.name
	draft.save()
	later = new_proforma(team.seller.name, customer=first).insert()
	assert undo_merge(merge)["left"] == 1
	assert frappe.db.get_value("Proforma", draft.name, "customer") == third.name
	assert frappe.db.get_value("Proforma", later.name, "customer") == first
	with pytest.raises(frappe.ValidationError, match="undone already"):
		undo_merge(merge)


def test_the_old_number_leads_to_the_survivor(team, twins):
	first, second = twins.first.name, twins.second.name
	third = make_customer(team.seller.name).name
	merge_customers(first, [second])
	later = new_proforma(team.seller.name, customer=second).insert()
	assert later.customer == first
	(merge,) = merge_customers(third, [first])
	assert new_proforma(team.seller.name, customer=second).insert().customer == third
	assert frappe.db.get_value("Proforma", later.name, "customer") == third
	with pytest.raises(frappe.ValidationError, match="merged into"):
		merge_customers(third, [second])
	undo_merge(merge)
	assert new_proforma(team.seller.name, customer=second).insert().customer == first


def test_a_later_merge_is_undone_first(team, twins):
	third = make_customer(team.seller.name).name
	(earlier,) = merge_customers(twins.first.name, [twins.second.name])
	(later,) = merge_customers(third, [twins.first.name])
	with pytest.raises(frappe.ValidationError, match="Undo that merge first"):
		undo_merge(earlier)
	undo_merge(later)
	undo_merge(earlier)
	assert entry_of(twins.invoice).customer == twins.second.name


def test_several_at_once(team, twins):
	third = make_customer(team.seller.name, website="https://example.com")
	merges = merge_customers(twins.first.name, [third.name, twins.second.name])
	assert len(merges) == 2
	assert frappe.db.get_value("Cronus Customer", twins.first.name, "website") == "https://example.com"
	for merge in reversed(merges):
		undo_merge(merge)
	assert not frappe.db.get_value("Cronus Customer", twins.first.name, "website")


def test_not_without_the_right_to_both(team, twins):
	other = make_seller(roles=(SELLER, MANAGER))
	theirs = make_customer(other.name)
	for user in (other.user, team.manager.user, team.seller.user):
		frappe.set_user(user)
		with pytest.raises(frappe.PermissionError):
			merge_customers(twins.first.name, [theirs.name])
	frappe.set_user(team.seller.user)
	with pytest.raises(frappe.PermissionError):
		merge_customers(twins.first.name, [twins.second.name])
	frappe.set_user("Administrator")
	(merge,) = merge_customers(twins.first.name, [theirs.name])
	for user in (team.seller.user, team.manager.user, other.user):
		frappe.set_user(user)
		with pytest.raises(frappe.PermissionError):
			undo_merge(merge)
	# Whoever sees the merged one only is not led to a customer of others.
	with pytest.raises(frappe.PermissionError, match="not in your portfolio"):
		new_proforma(other.name, customer=theirs.name).insert()


@pytest.mark.parametrize("merged", [[], ["itself"]])
def test_a_choice_that_is_none(twins, merged):
	merged = [twins.first.name if name == "itself" else name for name in merged]
	with pytest.raises(frappe.ValidationError, match="two or more"):
		merge_customers(twins.first.name, merged)


def test_a_department_does_not_swallow_its_company(twins):
	with pytest.raises(frappe.ValidationError, match="belongs to"):
		merge_customers(twins.department.name, [twins.second.name])
	with pytest.raises(frappe.ValidationError, match="cannot be chosen"):
		merge_customers(twins.first.name, [twins.second.name], {"owner": twins.second.name})


def test_branches_with_the_same_code_are_named(twins):
	insert("Cronus Customer Branch", customer=twins.first.name, branch_name="Norte 2", code="n1")
	with pytest.raises(frappe.ValidationError, match="Norte"):
		merge_customers(twins.first.name, [twins.second.name])


def test_what_was_saved_meanwhile_is_moved_by_the_sweep(team, twins, monkeypatch):
	(merge,) = merge_customers(twins.first.name, [twins.second.name])
	late = new_proforma(team.seller.name, customer=twins.first.name).insert()
	frappe.db.set_value("Proforma", late.name, "customer", twins.second.name)
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	customer_merges.move_stragglers()
	assert frappe.db.get_value("Proforma", late.name, "customer") == twins.first.name
	undo_merge(merge)
	assert frappe.db.get_value("Proforma", late.name, "customer") == twins.second.name


def test_nobody_writes_by_hand_that_a_customer_was_merged(twins):
	twins.first.reload()
	twins.first.merged_into = twins.second.name
	twins.first.save()
	assert not twins.first.merged_into
