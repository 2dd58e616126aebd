"""The board of cases: the framework's Kanban, with a column for each state in use. As on the board of
opportunities, the order of the cards is not stored: every user reads the one document of the board."""

import frappe

from cronus_crm.base import kanban, list_sums
from cronus_crm.base.arguments import read_filters
from cronus_crm.cronus_crm.opportunities.opportunity_board import drop_card_order, find_nearest_indicator
from cronus_crm.cronus_service.cases.case_states import CASE, IN_COURSE, STATE

BOARD = "Cases"


def make_board() -> None:
	"""Creates the board of cases, with a column for each state in use; updates an existing one."""
	if frappe.db.exists("Kanban Board", BOARD):
		sync_columns_with_states()
		return
	board = frappe.new_doc("Kanban Board")
	board.update(
		{
			"kanban_board_name": BOARD,
			"reference_doctype": CASE,
			"field_name": "state",
			# Those that are over would fill the board; their columns are there to drop cards on.
			"filters": frappe.as_json([[CASE, "category", "in", IN_COURSE]]),
			"fields": frappe.as_json(["account_name", "priority", "agent"]),
			"columns": _build_columns(),
		}
	)
	board.insert(ignore_permissions=True)  # the site is being installed, or migrated
	# Owned by Administrator, so that no other user may change the shared board.
	board.owner = "Administrator"
	# During installation the app's own document events do not run yet.
	drop_card_order(board)
	board.db_update_all()


def sync_columns_with_states() -> None:
	"""Sets the columns of the board to the states in use; does nothing if there is no board."""
	if not frappe.db.exists("Kanban Board", BOARD):
		return
	board = frappe.get_doc("Kanban Board", BOARD)
	columns = _build_columns()
	shown = [{"column_name": row.column_name, "indicator": row.indicator} for row in board.columns]
	if shown != columns:
		board.set("columns", columns)
		# The board follows the states; the user may write states, and need not have the right to boards.
		board.save(ignore_permissions=True)


def move_case(case: str, from_state: str, to_state: str) -> None:
	"""Moves a case to another state, after its card was dragged. Raises the errors of `kanban.move_card`."""
	kanban.move_card(CASE, case, "state", from_state, to_state)


def count_columns(filters: list | dict | str | None = None) -> dict[str, int]:
	"""{state: number of cases in course} of what the session's user may see. Those that are over are as many
	as the company is old: nobody waits for their number.

	filters: those of the board, as for `frappe.get_list`. Raises frappe.PermissionError without the right to
	read cases.
	"""
	chosen = read_filters(filters or [], CASE)
	if isinstance(chosen, dict):
		pairs = {
			field: value if isinstance(value, list | tuple) else ("=", value)
			for field, value in chosen.items()
		}
		chosen = [[CASE, field, *condition] for field, condition in pairs.items()]
	in_course = [CASE, "category", "in", IN_COURSE]
	return list_sums.count_by_field(CASE, "state", [*chosen, in_course])


def _build_columns() -> list[dict]:
	"""The columns: the enabled states, and after them the disabled ones in which cases in course are."""
	in_course = {"category": ("in", IN_COURSE)}
	left = frappe.get_all(CASE, in_course, pluck="state", distinct=True, order_by="state asc")
	states = frappe.get_all(
		STATE,
		or_filters={"disabled": 0, "name": ("in", left or [""])},
		fields=["name", "color"],
		order_by="disabled asc, position asc, name asc",
	)
	return [{"column_name": state.name, "indicator": find_nearest_indicator(state.color)} for state in states]
