import frappe
import pytest
from frappe.model.rename_doc import rename_doc

from cronus_crm.api.sales_month import read_month, set_targets
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from cronus_crm.visibility import rule
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	credit_note_of,
	entry_of,
	invoice_of,
	issue_proforma,
	make_seller,
	make_user,
	pay,
)

MARCH, DAY = "2019-03-01", "2019-03-05"
TARGET = "Cronus Sales Target"


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	return frappe._dict(manager=manager, ana=make_seller(manager.name), ben=make_seller(manager.name))


def as_user(user):
	frappe.set_user(user)
	rule.clear_team_cache()


def month_of(user, **asked):
	as_user(user)
	month = read_month(**{"month": MARCH, **asked})
	as_user("Administrator")
	return month


def next_document(source, doctype):
	(name,) = convert_documents(source.doctype, [source.name], doctype)
	doc = frappe.get_doc(doctype, name)
	doc.posting_date = DAY
	return doc.save().submit()


def test_a_sale_counts_once_whatever_documents_it_has(team):
	ordered = issue_proforma(team.ana.name, posting_date=DAY)
	order = next_document(ordered, "Cronus Order")
	delivery = next_document(order, "Cronus Delivery Note")
	invoice = next_document(delivery, "Invoice")
	at_once = invoice_of(issue_proforma(team.ana.name, posting_date=DAY, quantity=3), posting_date=DAY)
	sales = [doc for doc in (ordered, order, delivery, invoice, at_once) if entry_of(doc).is_sale]
	assert [doc.name for doc in sales] == [order.name, at_once.name]
	own = month_of(team.ana.user)["own"]
	assert (own["sales"], own["sold"], own["invoices"], own["invoiced"]) == (2, 500, 2, 500)
	credit_note_of(at_once, quantity=1)
	at_once.reload()
	assert month_of(team.ana.user)["own"]["sold"] == 500


def test_the_month_of_a_seller(team):
	set_targets(team.ana.name, 2019, [1000])
	proforma = issue_proforma(team.ana.name, posting_date=DAY, quantity=4)
	invoice = invoice_of(proforma, quantity=3, posting_date=DAY)
	pay(invoice, 50, posting_date=DAY)
	issue_proforma(team.ana.name, posting_date=DAY)
	issue_proforma(team.ana.name, posting_date="2019-04-01", valid_until="2045-01-01", quantity=5)
	month = month_of(team.ana.user)
	assert (month["month"], month["last_day"], month["team"]) == (MARCH, "2019-03-31", None)
	own = month["own"]
	assert (own["target"], own["sold"], own["reached"]) == (1000, 300, 30)
	assert (own["invoiced"], own["collected"]) == (300, 50)
	assert (own["proformas"], own["proformas_invoiced"], own["conversion"]) == (2, 1, 50)
	# Valid today, whenever it was issued.
	assert (own["open_offers"], own["open_amount"]) == (1, 500)


def test_without_target_and_proformas_there_are_no_rates(team):
	own = month_of(team.ana.user)["own"]
	assert (own["reached"], own["conversion"], own["target"]) == (None, None, 0)


def test_a_manager_sees_the_team_with_each_sellers_row(team):
	for seller, quantity in ((team.ana, 1), (team.ben, 2)):
		set_targets(seller.name, 2019, [400])
		invoice_of(issue_proforma(seller.name, posting_date=DAY, quantity=quantity), posting_date=DAY)
	month = month_of(team.manager.user)
	rows = {row["seller"]: row["sold"] for row in month["team"]["rows"]}
	assert rows == {team.manager.name: 0, team.ana.name: 100, team.ben.name: 200}
	assert (month["team"]["total"]["sold"], month["team"]["total"]["reached"]) == (300, 37.5)
	assert month["own"]["sold"] == 0
	one = month_of(team.manager.user, seller=team.ana.name)
	assert (one["own"]["sold"], one["team"]) == (100, None)


def test_nobody_sees_the_month_of_another_team(team):
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		month_of(team.ana.user, seller=team.ben.name)
	assert month_of(make_user())["team"] is None
	with pytest.raises(frappe.ValidationError, match="YYYY-MM-DD"):
		month_of(team.ana.user, month="March")


@pytest.mark.parametrize("role", [MANAGER, BILLING, ADMINISTRATOR])
def test_who_sets_targets(team, role):
	user = team.manager.user if role == MANAGER else make_user(role)
	as_user(user)
	assert set_targets(team.ana.name, "2019", "[100]")["total"] == 1200
	assert set_targets(team.ana.name, 2019, list(range(12)))["total"] == 66
	as_user("Administrator")
	assert frappe.db.count(TARGET, {"seller": team.ana.name}) == 1


def test_a_seller_reads_their_own_target_and_sets_none(team):
	set_targets(team.ben.name, 2019, [5])
	mine = set_targets(team.ana.name, 2019, [5])["name"]
	as_user(team.ana.user)
	assert frappe.get_list(TARGET, pluck="name") == [mine]
	with pytest.raises(frappe.PermissionError):
		set_targets(team.ana.name, 2019, [1])
	stranger = make_seller(roles=(SELLER, MANAGER))
	as_user(stranger.user)
	for name in (team.ana.name, team.ben.name):
		with pytest.raises(frappe.PermissionError):
			set_targets(name, 2019, [1])
		with pytest.raises(frappe.PermissionError):
			set_targets(name, 2020, [1])


@pytest.mark.parametrize(
	("year", "amounts", "says"),
	[
		(2019, [1, 2], "twelve amounts"),
		(2019, ["x"], "not a number"),
		(2019, [-1], "from 0 to"),
		(1, [1], "no year"),
		("soon", [1], "no year"),
		(2019, "{", "amounts"),
	],
)
def test_wrong_targets_are_refused_with_a_sentence(team, year, amounts, says):
	with pytest.raises(frappe.ValidationError, match=says):
		set_targets(team.ana.name, year, amounts)


def test_a_second_target_of_a_year_is_refused(team):
	set_targets(team.ana.name, 2019, [1])
	with pytest.raises(frappe.DuplicateEntryError, match="already"):
		frappe.get_doc({"doctype": TARGET, "seller": team.ana.name, "year": 2019}).insert()


def test_targets_go_with_renamed_and_merged_sellers(team):
	for seller in (team.ana, team.ben):
		set_targets(seller.name, 2019, [100])
	set_targets(team.ana.name, 2020, [7])
	renamed = rename_doc("Cronus Seller", team.ana.name, "Ana of targets", force=True)
	assert month_of(team.manager.user, seller=renamed)["own"]["target"] == 100
	rename_doc("Cronus Seller", renamed, team.ben.name, merge=True, force=True)
	found = frappe.get_all(TARGET, {"seller": team.ben.name}, ["year", "total"], order_by="year asc")
	assert [(row.year, row.total) for row in found] == [(2019, 2400), (2020, 84)]
	assert not frappe.db.count(TARGET, {"seller": renamed})
