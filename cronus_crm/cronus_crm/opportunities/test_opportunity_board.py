"""The board of opportunities follows the stages, keeps nobody's opportunities, and moves a card only for
whoever may."""

import frappe
import pytest
from frappe.desk.doctype.kanban_board import kanban_board

from cronus_crm.base.company import company_currency
from cronus_crm.cronus_crm import record_boards
from cronus_crm.cronus_crm.opportunities import opportunity_board
from cronus_crm.patches.v0_2 import make_deal_board
from tests.scaffold import ensure_product, make_opportunity, make_seller, unique

OPPORTUNITY = "Cronus Opportunity"


@pytest.fixture(autouse=True)
def board():
	opportunity_board.make_board()


def columns() -> list[str]:
	board = frappe.get_doc("Kanban Board", opportunity_board.BOARD)
	return [column.column_name for column in board.columns]


def new_stage(**fields):
	stage = {"doctype": "Cronus Stage", "stage": unique("Stage"), "position": 35, "state": "Open"}
	return frappe.get_doc(stage | fields).insert()


def test_columns_are_the_stages_in_use_in_their_order():
	in_use = frappe.get_all(
		"Cronus Stage", filters={"disabled": 0}, pluck="name", order_by="position asc, name asc"
	)
	assert columns() == in_use
	before = frappe.db.get_value("Kanban Board", opportunity_board.BOARD, "modified")
	make_deal_board.execute()
	assert frappe.db.get_value("Kanban Board", opportunity_board.BOARD, "modified") == before


def test_the_board_follows_the_stages():
	stage = new_stage(color="#f97010")
	at = columns().index(stage.name)
	assert columns()[at - 1 : at + 2] == ["Proposal", stage.name, "Negotiation"]
	board = frappe.get_doc("Kanban Board", opportunity_board.BOARD)
	assert board.columns[at].indicator == "Orange"
	renamed = frappe.rename_doc("Cronus Stage", stage.name, unique("Stage"))
	assert columns()[at] == renamed
	frappe.get_doc("Cronus Stage", renamed).update({"disabled": 1}).save()
	assert renamed not in columns()
	frappe.get_doc("Cronus Stage", renamed).update({"disabled": 0}).save()
	assert renamed in columns()
	frappe.delete_doc("Cronus Stage", renamed)
	assert renamed not in columns()


def test_a_site_that_has_deleted_its_board_is_not_given_another():
	frappe.delete_doc("Kanban Board", opportunity_board.BOARD)
	new_stage()
	assert not frappe.db.exists("Kanban Board", opportunity_board.BOARD)


@pytest.mark.parametrize(
	("colour", "indicator"),
	[("#16a34a", "Green"), ("#dc2626", "Red"), ("#1d4ed8", "Blue"), ("#a8a29e", "Gray"), (None, "Gray")],
)
def test_a_column_has_the_colour_most_like_that_of_its_stage(colour, indicator):
	assert record_boards.find_nearest_indicator(colour) == indicator


def test_no_board_of_ours_keeps_names_of_opportunities():
	opportunity = make_opportunity(make_seller().name)
	own = kanban_board.quick_kanban_board(OPPORTUNITY, unique("Board"), "state")
	assert own.columns and not any(column.order for column in own.columns)
	board = frappe.get_doc("Kanban Board", opportunity_board.BOARD)
	board.columns[0].order = frappe.as_json([opportunity.name])
	board.save()
	assert not board.columns[0].order


def test_boards_of_others_keep_their_order():
	board = kanban_board.quick_kanban_board("ToDo", unique("Board"), "status")
	assert all(column.order for column in board.columns)
	todo = frappe.get_doc({"doctype": "ToDo", "description": "Something"}).insert()
	board = kanban_board.add_card(board.name, todo.name, "Open")
	assert todo.name in next(column.order for column in board.columns if column.column_name == "Open")


def test_opening_the_board_writes_nothing():
	opportunity = make_opportunity(make_seller().name)
	order = frappe.as_json({"Won": [opportunity.name]})
	_board, moved = kanban_board.update_order(opportunity_board.BOARD, order)
	kanban_board.add_card(opportunity_board.BOARD, opportunity.name, "Won")
	assert moved == []
	assert opportunity.reload().stage == "Initial contact"
	assert not any(c.order for c in frappe.get_doc("Kanban Board", opportunity_board.BOARD).columns)


def drag(opportunity, to_stage: str):
	return kanban_board.update_order_for_single_card(
		opportunity_board.BOARD, opportunity.name, opportunity.stage, to_stage, "0", "1"
	)


def test_a_seller_drags_a_card_of_their_own():
	seller = make_seller()
	opportunity = make_opportunity(seller.name)
	frappe.set_user(seller.user)
	board = drag(opportunity, "Negotiation")
	assert opportunity.reload().stage == "Negotiation"
	assert [row.stage for row in opportunity.stage_log] == ["Initial contact", "Negotiation"]
	assert not any(column.order for column in board.columns)


def test_nobody_drags_the_card_of_another():
	opportunity = make_opportunity(make_seller().name)
	frappe.set_user(make_seller().user)
	with pytest.raises(frappe.PermissionError):
		drag(opportunity, "Negotiation")
	with pytest.raises(frappe.PermissionError):
		opportunity_board.move_opportunity(opportunity.name, "Initial contact", "Negotiation")
	frappe.set_user("Administrator")
	assert opportunity.reload().stage == "Initial contact"


def test_a_card_that_was_moved_meanwhile_stays_there():
	opportunity = make_opportunity(make_seller().name)
	frappe.get_doc(OPPORTUNITY, opportunity.name).update({"stage": "Proposal"}).save()
	with pytest.raises(frappe.ValidationError, match="by now"):
		drag(opportunity, "Negotiation")


def test_a_card_is_lost_with_its_reason_only():
	opportunity = make_opportunity(make_seller().name)
	with pytest.raises(frappe.MandatoryError, match="why the opportunity was not won"):
		drag(opportunity, "Not won")
	opportunity_board.move_opportunity(opportunity.name, "Initial contact", "Not won", "Price", "Too dear")
	assert (opportunity.reload().state, opportunity.loss_reason, opportunity.loss_notes) == (
		"Not won",
		"Price",
		"Too dear",
	)


def test_sellers_do_not_change_the_board():
	frappe.set_user(make_seller().user)
	with pytest.raises(frappe.PermissionError):
		kanban_board.archive_restore_column(opportunity_board.BOARD, "Won", "Archived")
	assert frappe.has_permission("Kanban Board", "read", opportunity_board.BOARD)


def disable(stage):
	frappe.get_doc("Cronus Stage", stage).update({"disabled": 1}).save()


def test_a_disabled_stage_is_the_last_column_as_long_as_opportunities_in_course_are_in_it():
	stage, seller = new_stage().name, make_seller().name
	first, second = (make_opportunity(seller, stage=stage) for _number in range(2))
	make_opportunity(seller, stage="Won")
	disable(stage)
	assert columns()[-1] == stage
	first.reload().update({"stage": "Proposal"}).save()
	assert columns()[-1] == stage
	second.delete()
	assert stage not in columns()


def test_what_is_in_a_stage_goes_to_another_in_one_action():
	stage, seller = new_stage().name, make_seller().name
	there = [make_opportunity(seller, stage=stage, value=5) for _number in range(3)]
	disable(stage)
	for other in (stage, "Won", "No such stage"):
		with pytest.raises(frappe.ValidationError, match="Choose another stage"):
			opportunity_board.move_all(stage, other)
	assert opportunity_board.move_all(stage, "Proposal") == {"moved": 3, "queued": False}
	assert {doc.reload().stage for doc in there} == {"Proposal"}
	assert [row.stage for row in there[0].stage_log] == [stage, "Proposal"]
	assert stage not in columns()
	assert opportunity_board.move_all(stage, "Proposal")["moved"] == 0
	frappe.set_user(frappe.db.get_value("Cronus Seller", seller, "user"))
	with pytest.raises(frappe.PermissionError):
		opportunity_board.move_all("Proposal", "Negotiation")


def test_many_are_moved_in_steps(monkeypatch):
	stage, seller = new_stage().name, make_seller().name
	there = [make_opportunity(seller, stage=stage) for _number in range(3)]
	monkeypatch.setattr(opportunity_board, "MOST_AT_ONCE", 2)
	monkeypatch.setattr(frappe.db, "commit", lambda: None)  # the test is rolled back
	assert opportunity_board.move_all(stage, "Proposal") == {"moved": 3, "queued": True}
	assert there[0].reload().stage == stage
	opportunity_board.move_in_steps(stage, "Proposal")
	assert {doc.reload().stage for doc in there} == {"Proposal"}


def test_columns_have_the_sums_of_what_their_reader_sees():
	seller, other = make_seller(), make_seller()
	for owner, stage, value in (
		(seller, "Proposal", 100),
		(seller, "Proposal", 50),
		(seller, "Won", 7),
		(other, "Proposal", 9_000),
	):
		make_opportunity(owner.name, stage=stage, value=value, priority="High" if value == 50 else "Low")
	frappe.set_user(seller.user)
	sums = opportunity_board.sum_columns()
	assert sums["currency"] == company_currency()
	assert sums["stages"] == {"Proposal": {"number": 2, "amount": 150}, "Won": {"number": 1, "amount": 7}}
	filtered = opportunity_board.sum_columns(frappe.as_json([[OPPORTUNITY, "priority", "=", "High"]]))
	assert filtered["stages"] == {"Proposal": {"number": 1, "amount": 50}}
	asked = opportunity_board.sum_columns({"seller": other.name})
	assert asked["stages"] == {}


def test_an_opportunity_counts_once_however_many_of_its_rows_match():
	seller, product = make_seller(), ensure_product()
	rows = [{"product": product, "quantity": 1, "price": price} for price in (10, 20)]
	make_opportunity(seller.name, stage="Proposal", products=rows)
	frappe.set_user(seller.user)
	filters = [["Cronus Opportunity Product", "product", "=", product]]
	assert opportunity_board.sum_columns(filters)["stages"] == {"Proposal": {"number": 1, "amount": 30}}


def test_sums_in_another_currency_are_in_that_of_the_company():
	seller = make_seller()
	opportunity = make_opportunity(seller.name, stage="Proposal", value=100)
	frappe.db.set_value(OPPORTUNITY, opportunity.name, {"currency": "EUR", "base_value": 110})
	frappe.set_user(seller.user)
	assert opportunity_board.sum_columns()["stages"]["Proposal"]["amount"] == 110


def test_sums_are_for_those_who_read_opportunities():
	frappe.set_user("Guest")
	with pytest.raises(frappe.PermissionError):
		opportunity_board.sum_columns()


@pytest.mark.parametrize("filters", [{"a": 1}, [{"a": 1}]])
def test_a_filter_of_a_field_that_there_is_not_is_named(filters):
	with pytest.raises(frappe.ValidationError, match="a"):
		opportunity_board.sum_columns(filters)
