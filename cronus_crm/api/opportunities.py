"""Opportunities on their board, and those that are taken up again."""

import frappe

from cronus_crm.cronus_crm.opportunities import opportunity_board, opportunity_progress


@frappe.whitelist(methods=["POST"])
def move(
	opportunity: str,
	from_stage: str,
	to_stage: str,
	loss_reason: str | None = None,
	loss_notes: str | None = None,
) -> None:
	"""Moves an opportunity to another stage, as when its card is dragged on the board.

	from_stage: where whoever moves it sees it. loss_reason, loss_notes: for a stage that is lost.

	Raises frappe.PermissionError without the right to write it, and frappe.ValidationError when it is no
	longer in from_stage, or may not be in to_stage.
	"""
	opportunity_board.move_opportunity(
		opportunity, from_stage, to_stage=to_stage, loss_reason=loss_reason, loss_notes=loss_notes
	)


@frappe.whitelist(methods=["POST"])
def reevaluate(
	opportunity: str, stage: str, reason: str, next_activity: dict | str | None = None
) -> str | None:
	"""Takes up again an opportunity that was not won, was closed or is stalled; its story stays in its
	history.

	stage: a stage in use from which one can be won; of a stalled opportunity, also the one where it is.
	reason: what has changed, in the words of whoever takes it up.
	next_activity: subject, activity_type, starts_on and, if wanted, notes of what is to be done next.
	Gives back the name of that activity, or None.

	Raises frappe.PermissionError when the user may not change the opportunity, and frappe.ValidationError
	when it is in course and alive, or won, or the stage is not one to take it up in. Then nothing is changed.
	"""
	return opportunity_progress.reevaluate_opportunity(
		opportunity, stage, reason=reason, next_activity=next_activity
	)
