"""Deals from before stages were logged begin their log where they are, on the day they were written."""

import frappe
from frappe.query_builder import CustomFunction, DocType
from pypika.terms import ValueWrapper

OPPORTUNITY, STAGE_CHANGE = "Cronus Opportunity", "Cronus Stage Change"

_sha = CustomFunction("sha1", ["text"])
_left = CustomFunction("left", ["text", "length"])
_concat = CustomFunction("concat", ["one", "other"])


def execute() -> None:
	"""One statement, however many deals there are; those that have a log are left alone."""
	deal, stay = DocType(OPPORTUNITY), DocType(STAGE_CHANGE)
	row = {
		# Names as unlikely to meet as the framework's own; a deal is given one row.
		"name": _left(_sha(_concat("stage log of ", deal.name)), 16),
		"creation": deal.creation,
		"modified": deal.creation,
		"owner": deal.owner,
		"modified_by": deal.owner,
		"docstatus": ValueWrapper(0),
		"idx": ValueWrapper(1),
		"parent": deal.name,
		"parenttype": ValueWrapper(OPPORTUNITY),
		"parentfield": ValueWrapper("stage_log"),
		"stage": deal.stage,
		"entered_on": deal.creation,
		"changed_by": deal.owner,
		"loss_reason": deal.loss_reason,
		"notes": deal.loss_notes,
	}
	with_log = frappe.qb.from_(stay).select(stay.parent).where(stay.parenttype == OPPORTUNITY)
	(
		frappe.qb.into(stay)
		.columns(*row)
		.from_(deal)
		.select(*row.values())
		.where(deal.name.notin(with_log) & deal.stage.isnotnull())
	).run()
