"""The board of opportunities: the framework's Kanban, with a column for each stage of the funnel.

The framework keeps a board as one document that everybody shares, and in it the names of all cards in the
order in which somebody last dragged them: other people's opportunities, by name, in a list that only grows.
On boards of DocTypes under the rule of visibility no order is kept; cards stand by the date of their last
change.
"""

import frappe
from frappe.model.document import Document

from cronus_crm.base import kanban
from cronus_crm.cronus_crm.record_states import IN_COURSE, OPPORTUNITY
from cronus_crm.visibility import ownership

BOARD = "Deals"
STAGE = "Cronus Stage"

# The colours that the framework offers for columns, as they are on a light page.
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
	"""The board of opportunities, where the site has none; with the stages in use as its columns."""
	if frappe.db.exists("Kanban Board", BOARD):
		sync_columns_with_stages()
		return
	board = frappe.new_doc("Kanban Board")
	board.update(
		{
			"kanban_board_name": BOARD,
			"reference_doctype": OPPORTUNITY,
			"field_name": "stage",
			# What is over would fill the board: the columns of won and lost opportunities are there to drop
			# cards on.
			"filters": frappe.as_json([[OPPORTUNITY, "state", "in", IN_COURSE[OPPORTUNITY]]]),
			"fields": frappe.as_json(["customer_name", "value", "expected_close"]),
			"columns": _columns(),
		}
	)
	board.insert(ignore_permissions=True)  # the site is being installed
	# Nobody's own, so that nobody but an administrator of the site may change what all share.
	board.owner = "Administrator"
	# While the app is being installed, its own events are not heard yet.
	drop_card_order(board)
	board.db_update_all()


def sync_columns_with_stages() -> None:
	"""Brings the columns of the board in line with the stages in use. Without a board, nothing."""
	if not frappe.db.exists("Kanban Board", BOARD):
		return
	board = frappe.get_doc("Kanban Board", BOARD)
	columns = _columns()
	shown = [{"column_name": row.column_name, "indicator": row.indicator} for row in board.columns]
	if shown != columns:
		board.set("columns", columns)
		# Whoever keeps the stages keeps the board by that, without a say in boards.
		board.save(ignore_permissions=True)


def _columns() -> list[dict]:
	stages = frappe.get_all(
		STAGE, filters={"disabled": 0}, fields=["name", "color"], order_by="position asc, name asc"
	)
	return [{"column_name": stage.name, "indicator": nearest_indicator(stage.color)} for stage in stages]


def nearest_indicator(colour: str | None) -> str:
	"""The framework's colour of columns that looks most like a colour (#rrggbb); Gray without one."""
	if not colour:
		return "Gray"
	return min(INDICATORS, key=lambda name: _distance(INDICATORS[name], colour))


def _distance(one: str, other: str) -> int:
	return sum((a - b) ** 2 for a, b in zip(_rgb(one), _rgb(other), strict=True))


def _rgb(colour: str) -> bytes:
	return bytes.fromhex(colour.lstrip("#")[:6].ljust(6, "0"))


def drop_card_order(doc: Document, method: str | None = None) -> None:
	"""Event `validate` of Kanban Board: no names of cards in what everybody may read."""
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
	"""The card of an opportunity was dragged to another stage; with the reason, where that one is not won.

	Raises what `kanban.move_card` raises.
	"""
	reason = {"loss_reason": loss_reason, "loss_notes": loss_notes} if loss_reason else {}
	kanban.move_card(OPPORTUNITY, opportunity, "stage", from_stage, to_stage, **reason)
