"""The board of opportunities: the framework's Kanban, with a column for each stage of the funnel.

The framework stores a board as one document that all users share, and in it the order of the cards: a list of
names that grows, and that shows everybody the names of other people's opportunities. On boards of governed
DocTypes no order is stored; cards are sorted by their last change.
"""

import frappe
from frappe.model.document import Document

from cronus_crm.base import kanban
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE
from cronus_crm.visibility import ownership

BOARD = "Deals"
STAGE = "Cronus Stage"

# The colours that the framework offers for columns, as its light theme shows them.
INDICATORS = {
	"Blue": "#3b82f6",
	"Cyan": "#06b6d4",
	"Gray": "#9ca3af",
	"Green": "#16a34a",
	"Light Blue": "#93c5fd",
	"Orange": "#f97316",
	"Pink": "#ec4899",
	"Purple": "#8b5cf6",
	"Red": "#dc2626",
	"Yellow": "#eab308",
}


def make_board() -> None:
	"""Creates the board of opportunities, with the enabled stages as columns; updates an existing one."""
	if frappe.db.exists("Kanban Board", BOARD):
		sync_columns_with_stages()
		return
	board = frappe.new_doc("Kanban Board")
	board.update(
		{
			"kanban_board_name": BOARD,
			"reference_doctype": OPPORTUNITY,
			"field_name": "stage",
			# Finished opportunities would fill the board; their columns are there to drop cards on.
			"filters": frappe.as_json([[OPPORTUNITY, "state", "in", STATES_IN_COURSE[OPPORTUNITY]]]),
			"fields": frappe.as_json(["customer_name", "value", "expected_close"]),
			"columns": _build_columns(),
		}
	)
	board.insert(ignore_permissions=True)  # the site is being installed
	# Owned by Administrator, so that no other user may change the shared board.
	board.owner = "Administrator"
	# During installation the app's own document events do not run yet.
	drop_card_order(board)
	board.db_update_all()


def sync_columns_with_stages() -> None:
	"""Sets the columns of the board to the enabled stages; does nothing if there is no board."""
	if not frappe.db.exists("Kanban Board", BOARD):
		return
	board = frappe.get_doc("Kanban Board", BOARD)
	columns = _build_columns()
	shown = [{"column_name": row.column_name, "indicator": row.indicator} for row in board.columns]
	if shown != columns:
		board.set("columns", columns)
		# The board follows the stages; the user may write stages, and need not have the right to boards.
		board.save(ignore_permissions=True)


def _build_columns() -> list[dict]:
	stages = frappe.get_all(
		STAGE, filters={"disabled": 0}, fields=["name", "color"], order_by="position asc, name asc"
	)
	return [{"column_name": stage.name, "indicator": find_nearest_indicator(stage.color)} for stage in stages]


def find_nearest_indicator(colour: str | None) -> str:
	"""The column colour of the framework that is nearest to a colour (#rrggbb); Gray for None."""
	if not colour:
		return "Gray"
	return min(INDICATORS, key=lambda name: _compute_colour_distance(INDICATORS[name], colour))


def _compute_colour_distance(one: str, other: str) -> int:
	"""Squared Euclidean distance of two colours (#rrggbb) in RGB."""
	return sum((a - b) ** 2 for a, b in zip(_parse_rgb(one), _parse_rgb(other), strict=True))


def _parse_rgb(colour: str) -> bytes:
	return bytes.fromhex(colour.lstrip("#")[:6].ljust(6, "0"))


def drop_card_order(doc: Document, method: str | None = None) -> None:
	"""Event `validate` of Kanban Board: removes the names of cards, as every user may read the board."""
	if ownership.is_governed(doc.reference_doctype):
		for column in doc.columns:
			column.order = None


def move_opportunity(
	opportunity: str,
	from_stage: str,
	to_stage: str,
	loss_reason: str | None = None,
	loss_notes: str | None = None,
) -> None:
	"""Moves an opportunity to another stage, after its card was dragged.

	loss_reason, loss_notes: required by a stage *Not won*. Raises the errors of `kanban.move_card`.
	"""
	reason = {"loss_reason": loss_reason, "loss_notes": loss_notes} if loss_reason else {}
	kanban.move_card(OPPORTUNITY, opportunity, "stage", from_stage, to_stage, **reason)
