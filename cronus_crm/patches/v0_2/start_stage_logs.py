"""Adds the first row of the stage log, with the present stage and the date of creation, to existing
opportunities."""

import frappe
from frappe.query_builder import CustomFunction, DocType
from pypika.terms import ValueWrapper

OPPORTUNITY, STAGE_CHANGE = "Cronus Opportunity", "Cronus Stage Change"

_sha = CustomFunction("sha1", ["text"])
_left = CustomFunction("left", ["text", "length"])
_concat = CustomFunction("concat", ["one", "other"])


def execute() -> None:
	"""Inserts the rows in one statement. Opportunities with a log are left unchanged."""
	opportunity, stage_change = DocType(OPPORTUNITY), DocType(STAGE_CHANGE)
	row = {
		# A hash, like the random names of the framework; unique because each opportunity gets one row.
		"name": _left(_sha(_concat("stage log of ", opportunity.name)), 16),
		"creation": opportunity.creation,
		"modified": opportunity.creation,
		"owner": opportunity.owner,
		"modified_by": opportunity.owner,
		"docstatus": ValueWrapper(0),
		"idx": ValueWrapper(1),
		"parent": opportunity.name,
		"parenttype": ValueWrapper(OPPORTUNITY),
		"parentfield": ValueWrapper("stage_log"),
		"stage": opportunity.stage,
		"entered_on": opportunity.creation,
		"changed_by": opportunity.owner,
		"loss_reason": opportunity.loss_reason,
		"notes": opportunity.loss_notes,
	}
	with_log = (
		frappe.qb.from_(stage_change)
		.select(stage_change.parent)
		.where(stage_change.parenttype == OPPORTUNITY)
	)
	(
		frappe.qb.into(stage_change)
		.columns(*row)
		.from_(opportunity)
		.select(*row.values())
		.where(opportunity.name.notin(with_log) & opportunity.stage.isnotnull())
	).run()
