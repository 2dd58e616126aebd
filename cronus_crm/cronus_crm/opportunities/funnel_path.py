"""The way of an opportunity through the stages, as the funnel shows it."""

import frappe

STAGE = "Cronus Stage"


def read_funnel_path() -> list[str]:
	"""The stages that lead to a sale, in their order: the open ones, then the won ones; disabled ones too.

	Who reached one of them has passed those before it. Stages that are on hold, closed or not won are beside
	the way.
	"""
	stages = frappe.get_all(
		STAGE,
		filters={"state": ("in", ("Open", "Won"))},
		fields=["name", "state"],
		order_by="position asc, name asc",
	)
	return [stage.name for state in ("Open", "Won") for stage in stages if stage.state == state]
