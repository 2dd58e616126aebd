"""The board of opportunities, with a column for each stage of the funnel: see `record_boards.py`."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from cronus_crm.base import kanban, list_sums
from cronus_crm.base.arguments import read_filters
from cronus_crm.base.batches import commit_between_batches
from cronus_crm.base.company import company_currency
from cronus_crm.cronus_crm.record_boards import RecordBoard
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE

BOARD = "Deals"
STAGE = "Cronus Stage"

# With more, a job moves the opportunities of a stage.
MOST_AT_ONCE = 200
_MOVED_PER_STEP = 50

_board = RecordBoard(
	name=BOARD,
	doctype=OPPORTUNITY,
	field="stage",
	state_field="state",
	in_course=tuple(STATES_IN_COURSE[OPPORTUNITY]),
	card_fields=("customer_name", "value", "expected_close"),
)


def make_board() -> None:
	"""Creates the board of opportunities, with a column for each stage in use; updates an existing one."""
	_board.make()


def sync_columns_with_stages() -> None:
	"""Sets the columns of the board to the stages in use; does nothing if there is no board."""
	_board.sync_columns()


def on_opportunity_change(opportunity: Document, method: str | None = None) -> None:
	"""Events `on_update` and `after_delete` of Cronus Opportunity: the column of a disabled stage is there as
	long as opportunities in course are in it."""
	before = opportunity.get_doc_before_save()
	stages = {opportunity.stage, before.stage if before else None} - {None}
	moved = method == "after_delete" or not before or before.stage != opportunity.stage
	if moved and any(frappe.db.get_value(STAGE, stage, "disabled") for stage in stages):
		sync_columns_with_stages()


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
