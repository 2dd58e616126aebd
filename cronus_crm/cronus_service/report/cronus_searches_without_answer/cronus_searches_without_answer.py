"""Cronus Searches without Answer: what somebody searched for among the solutions and did not find.

Definitions (shown on the page too): a search counts when no solution had all of its words, however they are
written; one that finds something by now is left out. On the page of solutions only public ones are found. The
same words in another order are the same search. Most frequent first; the rows are limited.
"""

import frappe
from frappe import _

from cronus_crm.base.report_parts import column, definitions_note, row_limit, summary_figure
from cronus_crm.cronus_service.solutions import missing_answers

PLACES = (missing_answers.PAGE, missing_answers.DESK)


def execute(filters: dict | None = None):
	"""Columns, rows and a note, as the framework expects of a report.

	filters: place (Page or Desk; by default both), at_most.
	"""
	filters = frappe._dict(filters or {})
	place = filters.place if filters.place in PLACES else None
	rows = missing_answers.list_missing(place, row_limit(filters))
	for row in rows:
		searched_on = row["place"]
		row["place"] = _(searched_on, context=missing_answers.SEARCH)
	number = sum(row["times"] for row in rows)
	note = definitions_note(
		_("Searches among the solutions that found nothing, and would find nothing today."),
		_("On the page of solutions only public ones are found."),
	)
	return _build_columns(), rows, note, None, [summary_figure(_("Searches"), number, "Int")], True


def _build_columns() -> list[dict]:
	return [
		column("asked", _("Searched for"), "Data", 320),
		column("place", _("Where"), "Data", 120),
		column("times", _("Times"), "Int", 90),
		column("last_on", _("Last on"), "Datetime", 170),
	]
