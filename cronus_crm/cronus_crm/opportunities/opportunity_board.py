"""The board of opportunities: the framework's Kanban, with a column for each stage of the funnel. Disabled
stages that still hold opportunities come last.

The framework stores a board as one document that all users share, and in it the order of the cards: a list of
names that grows, and that shows everybody the names of other people's opportunities. On boards of governed
DocTypes no order is stored; cards are sorted by their last change.
"""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from cronus_crm.base import kanban, list_sums
from cronus_crm.base.arguments import read_filters
from cronus_crm.base.batches import commit_between_batches
from cronus_crm.base.company import company_currency
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE
from cronus_crm.visibility import ownership

BOARD = "Deals"
STAGE = "Cronus Stage"

# With more, a job moves the opportunities of a stage.
MOST_AT_ONCE = 200
_MOVED_PER_STEP = 50

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
	"""Creates the board of opportunities, with a column for each stage in use; updates an existing one."""
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
	"""Sets the columns of the board to the stages in use; does nothing if there is no board."""
	if not frappe.db.exists("Kanban Board", BOARD):
		return
	board = frappe.get_doc("Kanban Board", BOARD)
	columns = _build_columns()
	shown = [{"column_name": row.column_name, "indicator": row.indicator} for row in board.columns]
	if shown != columns:
		board.set("columns", columns)
		# The board follows the stages; the user may write stages, and need not have the right to boards.
		board.save(ignore_permissions=True)


def on_opportunity_change(opportunity: Document, method: str | None = None) -> None:
	"""Events `on_update` and `after_delete` of Cronus Opportunity: the column of a disabled stage is there as
	long as opportunities in course are in it."""
	before = opportunity.get_doc_before_save()
	stages = {opportunity.stage, before.stage if before else None} - {None}
	moved = method == "after_delete" or not before or before.stage != opportunity.stage
	if moved and any(frappe.db.get_value(STAGE, stage, "disabled") for stage in stages):
		sync_columns_with_stages()


def _build_columns() -> list[dict]:
	"""The columns: the enabled stages, and after them the disabled ones in which opportunities in course
	are."""
	in_course = {"state": ("in", STATES_IN_COURSE[OPPORTUNITY])}
	left = frappe.get_all(OPPORTUNITY, in_course, pluck="stage", distinct=True, order_by="stage asc")
	stages = frappe.get_all(
		STAGE,
		or_filters={"disabled": 0, "name": ("in", left or [""])},
		fields=["name", "color"],
		order_by="disabled asc, position asc, name asc",
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


class ColumnSums(TypedDict):
	"""currency: the company's, in which the amounts are. stages: number and amount of the opportunities in
	each stage; stages without any are left out."""

	currency: str
	stages: dict[str, list_sums.ListSum]


def sum_columns(filters: list | dict | str | None = None) -> ColumnSums:
	"""The sums at the head of the columns of the board, of the opportunities that the session's user may see.

	filters: those of the board, as for `frappe.get_list`. Raises frappe.PermissionError without the right to
	read opportunities.
	"""
	stages = list_sums.sum_by_field(
		OPPORTUNITY, "stage", "base_value", read_filters(filters or [], OPPORTUNITY)
	)
	return ColumnSums(currency=company_currency(), stages=stages)


class Moved(TypedDict):
	"""moved: how many opportunities were moved. queued: True when a job moves them."""

	moved: int
	queued: bool


def move_all(stage: str, to: str) -> Moved:
	"""Moves the opportunities in course of a stage to another one, as when the stage is disabled.

	More than MOST_AT_ONCE are moved by a job, in steps; what is moved is not found again, so it may be
	repeated.

	Raises frappe.PermissionError without the right to write stages, frappe.ValidationError where `to` is no
	other, enabled stage in course.
	"""
	frappe.has_permission(STAGE, "write", throw=True)
	found = frappe.db.get_value(STAGE, to, ["state", "disabled"], as_dict=True)
	if not found or to == stage or found.disabled or found.state not in STATES_IN_COURSE[OPPORTUNITY]:
		frappe.throw(
			_("Opportunities of {0} cannot go to {1}. Choose another stage in course that is in use.").format(
				frappe.bold(_(stage)), frappe.bold(escape_html(_(to)))
			),
			title=_("Choose a stage"),
		)
	names = _list_in_course(stage)
	if len(names) > MOST_AT_ONCE:
		frappe.enqueue(move_in_steps, stage=stage, to=to, queue="long", enqueue_after_commit=True)
		return Moved(moved=len(names), queued=True)
	for name in names:
		_move(name, stage, to)
	return Moved(moved=len(names), queued=False)


def move_in_steps(stage: str, to: str) -> None:
	"""Job: moves the opportunities in course of a stage, some at a time."""
	frappe.has_permission(STAGE, "write", throw=True)
	names = _list_in_course(stage)
	moved = 0
	for step in commit_between_batches(names, _MOVED_PER_STEP):
		for name in step:
			_move(name, stage, to)
		moved += len(step)
		frappe.publish_progress(100 * moved / len(names), title=_("Moving opportunities"))


def _list_in_course(stage: str) -> list[str]:
	filters = {"stage": stage, "state": ("in", STATES_IN_COURSE[OPPORTUNITY])}
	return frappe.get_all(OPPORTUNITY, filters=filters, pluck="name", order_by="name asc")


def _move(name: str, stage: str, to: str) -> None:
	opportunity = frappe.get_doc(OPPORTUNITY, name, for_update=True)
	if opportunity.stage == stage:
		opportunity.stage = to
		# Who may disable the stage decides for all its opportunities.
		opportunity.flags.ignore_links = opportunity.flags.ignore_mandatory = True
		opportunity.save(ignore_permissions=True)
