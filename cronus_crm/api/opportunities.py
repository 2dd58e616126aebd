"""Opportunities: moves on the board, reevaluation, and prices of their products."""

import frappe

from cronus_crm.cronus_analytics.figures import opportunity_overview
from cronus_crm.cronus_billing.pricing import opportunity_prices
from cronus_crm.cronus_crm.opportunities import opportunity_board, opportunity_progress


@frappe.whitelist(methods=["POST"])
def move(
	opportunity: str,
	from_stage: str,
	to_stage: str,
	loss_reason: str | None = None,
	loss_notes: str | None = None,
) -> None:
	"""Moves an opportunity to another stage, as by dragging its card on the board.

	from_stage: the stage in which the user saw it. loss_reason, loss_notes: for a stage that means lost.

	Raises frappe.PermissionError without the right to write it, and frappe.ValidationError when it is no
	longer in from_stage, or cannot be in to_stage.
	"""
	opportunity_board.move_opportunity(
		opportunity, from_stage, to_stage=to_stage, loss_reason=loss_reason, loss_notes=loss_notes
	)


@frappe.whitelist()
@frappe.read_only()
def sum_columns(filters: list | dict | str | None = None) -> opportunity_board.ColumnSums:
	"""How many opportunities are in each stage, and what they are worth together.

	filters: as for `frappe.get_list` (a list or mapping, or its JSON); by default, all that the user may see.

	Gives back `currency`, the company's, and `stages`: `number` and `amount` by the name of the stage.

	Raises frappe.PermissionError without the right to read opportunities.
	"""
	return opportunity_board.sum_columns(filters)


@frappe.whitelist()
@frappe.read_only()
def read_overview(opportunity: str) -> opportunity_overview.Overview:
	"""The next and last activities of an opportunity, its documents and its people, as far as the user may
	see them.

	opportunity: name of the Cronus Opportunity.

	Gives back `upcoming`, `past`, `documents` and `people`, which are lists of mappings.

	Raises frappe.PermissionError when the user may not read the opportunity.
	"""
	return opportunity_overview.read_overview(opportunity)


@frappe.whitelist(methods=["POST"])
def reevaluate(
	opportunity: str, stage: str, reason: str, next_activity: dict | str | None = None
) -> str | None:
	"""Reopens an opportunity that was lost, was closed or is stalled. Its history is kept.

	stage: an enabled stage that is neither won nor lost; for a stalled opportunity, also its present stage.
	reason: why it is reopened, as text.
	next_activity: subject, activity_type, starts_on and optionally notes of the next activity.
	Gives back the name of that activity, or None.

	Raises frappe.PermissionError when the user may not change the opportunity, and frappe.ValidationError
	when it is active, or won, or the stage is not allowed. Then nothing is changed.
	"""
	return opportunity_progress.reevaluate_opportunity(
		opportunity, stage, reason=reason, next_activity=next_activity
	)


@frappe.whitelist()
def preview_prices(opportunity: dict | str) -> dict[str, float | None]:
	"""The prices of the products of an opportunity in its currency, as saving it would set them.

	opportunity: `customer`, `currency`, `opened_on` and `products`, a list of `name`, `product` and
	`quantity`, or the JSON of that.
	Gives back {name of the row: price, or None where there is none}.

	Raises frappe.PermissionError when the user may not create opportunities or read what is linked to, and
	frappe.ValidationError when the currency has no exchange rate.
	"""
	return opportunity_prices.preview_prices(opportunity)


@frappe.whitelist(methods=["POST"])
def move_all(stage: str, to: str) -> opportunity_board.Moved:
	"""Moves the opportunities in course of a stage, such as one that is no longer used, to another one.

	stage, to: names of Cronus Stages; `to` is enabled and in course.

	Gives back `moved`, how many, and `queued`, which is True when they are so many that a job moves them.

	Raises frappe.PermissionError without the right to write stages, frappe.ValidationError for a stage to
	which they cannot go.
	"""
	return opportunity_board.move_all(stage, to)
