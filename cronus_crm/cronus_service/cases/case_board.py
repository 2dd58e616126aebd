"""The board of cases, with a column for each state in use: see `record_boards.py`."""

from frappe.utils.data import make_filter_tuple

from cronus_crm.base import kanban, list_sums
from cronus_crm.base.arguments import read_filters
from cronus_crm.cronus_crm.record_boards import RecordBoard
from cronus_crm.cronus_service.cases.case_states import CASE, IN_COURSE

BOARD = "Cases"

_board = RecordBoard(
	name=BOARD,
	doctype=CASE,
	field="state",
	state_field="category",
	in_course=IN_COURSE,
	card_fields=("account_name", "priority", "agent"),
)


def make_board() -> None:
	"""Creates the board of cases, with a column for each state in use; updates an existing one."""
	_board.make()


def sync_columns_with_states() -> None:
	"""Sets the columns of the board to the states in use; does nothing if there is no board."""
	_board.sync_columns()


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
		chosen = [make_filter_tuple(CASE, field, value) for field, value in chosen.items()]
	in_course = [CASE, "category", "in", IN_COURSE]
	return list_sums.count_by_field(CASE, "state", [*chosen, in_course])
