"""Figures after masters were renamed, merged and swapped, and their former names used again."""

from hashlib import sha256

import frappe
import pytest
from frappe.utils import getdate

from cronus_crm.cronus_analytics.figures import customer_alerts
from cronus_crm.cronus_analytics.ledger import recount_totals, totals, verify
from cronus_crm.visibility import rule
from tests.scaffold import (
	activity_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	pay,
	unique,
)

EVER = (getdate("2000-01-01"), getdate("2099-12-31"))
PAST = ("Proforma", "Deal opened", "Deal lost", "Stage reached", "Activity done")
PRESENT = ("Deal in progress", "Deal potential")


def rename(doctype, old, new, merge=False):
	frappe.rename_doc(doctype, old, new, merge=merge, show_alert=False, rebuild_search=False)
	rule.clear_team_cache()


def make_activity(seller=None, kind="Call", done=True):
	return frappe.get_doc(
		{"doctype": "Cronus Activity", "subject": "x", "activity_type": kind, "seller": seller}
		| {"starts_on": "2026-11-20 10:00:00", "state": "Done" if done else "Pending"}
	).insert(ignore_permissions=True)


def number_of(column, value, measures=PAST):
	"""How many are counted for the value of a key, by the column and not by the name of the row."""
	rows = totals.read_period_totals(measures, *EVER, by=(column,))
	rows += totals.read_current_totals(PRESENT, by=(column,)) if measures is PAST else []
	return sum(row.number for row in rows if row[column] == value)


def check_figures():
	assert list(verify.find_differences()) == []
	assert totals.find_misnamed_rows() == []


MASTERS = {
	"Cronus Seller": ("seller", lambda: make_seller().name),
	"Cronus Work Center": ("work_center", lambda: make_master("Cronus Work Center", "work_center")),
	"Cronus Stage": ("dimension", lambda: make_master("Cronus Stage", "stage", state="Open", position=90)),
	"Cronus Loss Reason": ("dimension", lambda: make_master("Cronus Loss Reason", "loss_reason")),
	"Cronus Activity Type": ("dimension", lambda: make_master("Cronus Activity Type", "activity_type")),
}


def make_master(doctype, fieldname, **fields):
	values = {"doctype": doctype, fieldname: unique("Master"), **fields}
	return frappe.get_doc(values).insert(ignore_permissions=True).name


def use(doctype, name, times=1):
	"""Makes `times` records of each kind that counts for a master."""
	for _time in range(times):
		seller = name if doctype == "Cronus Seller" else make_seller().name
		centre = name if doctype == "Cronus Work Center" else None
		issue_proforma(seller, work_center=centre)
		stage = {"stage": name} if doctype == "Cronus Stage" else {}
		make_opportunity(seller, value=10, work_center=centre, **stage)
		reason = name if doctype == "Cronus Loss Reason" else "Price"
		make_opportunity(seller, value=10, work_center=centre, stage="Not won", loss_reason=reason)
		make_activity(seller, name if doctype == "Cronus Activity Type" else "Call")


@pytest.mark.parametrize("doctype", MASTERS)
def test_who_gets_a_name_that_was_another_s_has_figures_of_their_own(doctype):
	column, make = MASTERS[doctype]
	old, new = make(), unique("Renamed")
	use(doctype, old, 2)
	before = number_of(column, old)
	rename(doctype, old, new)
	assert (number_of(column, old), number_of(column, new)) == (0, before)
	other = make()
	rename(doctype, other, old)
	use(doctype, old)
	assert (number_of(column, old), number_of(column, new)) == (before / 2, before)
	check_figures()


@pytest.mark.parametrize("doctype", MASTERS)
def test_two_that_swap_their_names_swap_their_figures(doctype):
	column, make = MASTERS[doctype]
	one, other, aside = make(), make(), unique("Aside")
	use(doctype, one)
	use(doctype, other, 2)
	once = number_of(column, one)
	for old, new in ((one, aside), (other, one), (aside, other)):
		rename(doctype, old, new)
	use(doctype, one)
	assert (number_of(column, one), number_of(column, other)) == (3 * once, once)
	check_figures()


@pytest.mark.parametrize("doctype", MASTERS)
def test_two_that_become_one_have_the_figures_of_both(doctype):
	column, make = MASTERS[doctype]
	one, other = make(), make()
	use(doctype, one)
	use(doctype, other, 2)
	once = number_of(column, one)
	rename(doctype, one, other, merge=True)
	assert (number_of(column, one), number_of(column, other)) == (0, 3 * once)
	use(doctype, other)
	assert number_of(column, other) == 4 * once
	check_figures()


def test_a_name_may_change_its_case():
	seller = make_seller().name
	use("Cronus Seller", seller)
	once = number_of("seller", seller)
	rename("Cronus Seller", seller, seller.upper())
	use("Cronus Seller", seller.upper())
	assert number_of("seller", seller.upper()) == 2 * once
	check_figures()


def test_an_opportunity_that_was_in_two_stages_that_become_one_reached_it_once():
	one, other = MASTERS["Cronus Stage"][1](), MASTERS["Cronus Stage"][1]()
	opportunity = make_opportunity(make_seller().name, stage=one)
	opportunity.update({"stage": other}).save()
	rename("Cronus Stage", one, other, merge=True)
	assert number_of("dimension", other, ("Stage reached",)) == 1
	check_figures()


def test_stages_with_different_states_do_not_become_one():
	stage = MASTERS["Cronus Stage"][1]()
	with pytest.raises(frappe.ValidationError, match="same state"):
		rename("Cronus Stage", stage, "Won", merge=True)


def test_a_superior_is_not_merged_into_its_own_team():
	top = make_seller()
	middle = make_seller(top.name)
	make_seller(middle.name)
	with pytest.raises(frappe.ValidationError, match="reports to"):
		rename("Cronus Seller", top.name, middle.name, merge=True)
	rename("Cronus Seller", middle.name, top.name, merge=True)
	assert len(rule.list_team(top.name)) == 2


def rename_user(old, new, merge=False):
	# Beginning with its controller, whose event writes all tables, is the framework's own doing.
	frappe.rename_doc("User", old, new, merge=merge, force=True, show_alert=False, rebuild_search=False)


@pytest.mark.parametrize("merge", [False, True])
def test_what_has_no_seller_follows_its_author_s_new_name(merge):
	user, renamed = make_user("Cronus Seller"), make_user("Cronus Seller")
	if not merge:
		frappe.delete_doc("User", renamed, force=True)
	frappe.set_user(user)
	make_activity()
	frappe.set_user("Administrator")
	rename_user(user, renamed, merge)
	newcomer = make_user("Cronus Seller")
	rename_user(newcomer, user)
	frappe.set_user(user)
	make_activity()
	for reader in (user, renamed):
		frappe.set_user(reader)
		assert [row.number for row in totals.read_period_totals(["Activity done"], *EVER)] == [1]
	frappe.set_user("Administrator")
	check_figures()


def test_the_keys_of_a_user_s_requests_follow_its_name():
	user, renamed = make_user(), "renamed-" + make_user()
	claim = frappe.get_doc(
		{"doctype": "Cronus Idempotent Request", "user": user, "idempotency_key": "k"}
		| {"name": sha256(f"{user}\nk".encode()).hexdigest(), "request": "POST /", "fingerprint": "x"}
	)
	claim.db_insert()
	rename_user(user, renamed)
	assert not frappe.db.exists("Cronus Idempotent Request", claim.name)
	name = sha256(f"{renamed}\nk".encode()).hexdigest()
	assert frappe.db.get_value("Cronus Idempotent Request", name, "user") == renamed


def force_rename(doctype, old, new, merge=False):
	frappe.rename_doc(doctype, old, new, merge=merge, force=True, show_alert=False, rebuild_search=False)


def test_a_renamed_customer_stays_the_one_of_its_documents_and_alerts():
	seller = make_seller().name
	customer, other = make_customer(seller), make_customer(seller)
	proforma = issue_proforma(seller, customer=customer.name)
	for one in (customer, other):
		customer_alerts._make_activity(one, "alert_no_purchase")
	force_rename("Cronus Customer", customer.name, "CL-OTHER")
	check_figures()
	again = make_customer(seller)
	force_rename("Cronus Customer", again.name, customer.name)
	customer_alerts._make_activity(frappe.get_doc("Cronus Customer", customer.name), "alert_no_purchase")
	force_rename("Cronus Customer", "CL-OTHER", other.name, merge=True)
	assert frappe.db.get_value("Proforma", proforma.name, "customer") == other.name
	alerts = {"customer": other.name, "reference_name": ("is", "not set")}
	assert frappe.db.count("Cronus Activity", alerts) == 2
	check_figures()


def test_a_renamed_document_keeps_what_hangs_on_it_and_leaves_its_name_free():
	seller = make_seller().name
	customer = make_customer(seller).name
	opportunity = make_opportunity(seller, customer)
	proforma = issue_proforma(seller, customer=customer, opportunity=opportunity.name)
	invoice = invoice_of(proforma)
	force_rename("Invoice", invoice.name, "FAC-OLD")
	force_rename("Proforma", proforma.name, "PF-OLD")
	assert opportunity.reload().won_by == "Invoice/FAC-OLD"
	later = issue_proforma(seller, customer=customer)
	follower = activity_of(later)
	force_rename("Proforma", later.name, proforma.name)
	assert frappe.db.get_value("Cronus Activity", follower.name, "origin_key") == (
		f"Proforma/{proforma.name}"
	)
	moved = frappe.get_doc("Invoice", "FAC-OLD")
	pay(moved)
	assert activity_of(moved).state == "Done"
	check_figures()
	frappe.get_doc("Cronus Payment", {"customer": customer}).cancel()
	moved.reload().cancel()
	assert opportunity.reload().state == "Open"
	assert frappe.db.get_value("Proforma", "PF-OLD", "state") == "Issued"
	check_figures()


def test_a_row_that_bears_the_name_of_another_key_is_found_and_mended():
	seller, other = make_seller().name, make_seller().name
	issue_proforma(seller)
	# As versions before left it: the key was renamed and the name was not.
	frappe.db.set_value("Cronus Total", {"seller": seller}, "seller", other, update_modified=False)
	frappe.db.set_value("Cronus Sales Entry", {"seller": seller}, "seller", other, update_modified=False)
	found = list(recount_totals.find_differences())
	assert len(found) == 2
	assert "name of another key" in recount_totals.describe_difference(found[0])
	recount_totals.repair()
	assert list(recount_totals.find_differences()) == []
	assert number_of("seller", other, ("Proforma",)) == 1


def test_an_activity_that_was_done_meanwhile_is_taken_out_when_it_is_deleted():
	seller = make_seller().name
	activity = make_activity(seller, done=False)
	stale = frappe.get_doc("Cronus Activity", activity.name)
	activity.update({"state": "Done"}).save()
	totals.on_activity_trash(stale)
	assert number_of("seller", seller, ("Activity done",)) == 0


def test_a_repeated_activity_that_is_done_counts_once():
	seller = make_seller().name
	copy = frappe.copy_doc(make_activity(seller))
	copy._owner_of_original = make_user()
	copy.insert(ignore_permissions=True)
	assert number_of("seller", seller, ("Activity done",)) == 2
	assert list(recount_totals.find_differences()) == []


def test_the_key_of_a_deleted_document_is_free():
	seller = make_seller().name
	deleted, later = issue_proforma(seller), issue_proforma(seller)
	follower = activity_of(later)
	deleted.cancel()
	frappe.delete_doc("Proforma", deleted.name)
	force_rename("Proforma", later.name, deleted.name)
	invoice_of(frappe.get_doc("Proforma", deleted.name))
	assert frappe.db.get_value("Cronus Activity", follower.name, "state") == "Done"
	check_figures()
