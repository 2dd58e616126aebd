"""What somebody searched for and did not find: so that it is written.

Kept are the words and how often, not who asked.
"""

import frappe
from frappe.query_builder import DocType
from frappe.utils import now

from cronus_crm.base.company import company_now
from cronus_crm.cronus_service.solutions import solution_search, solution_words

SEARCH = "Cronus Solution Search"
PAGE, DESK = "Page", "Desk"

# Of what is kept: a guest can ask for anything.
_LONGEST, _MOST_KEPT = 140, 5000


def note(asked: str, place: str) -> None:
	"""Counts a search without an answer, in this transaction.

	asked: as it was typed. place: PAGE or DESK. One that is new is not kept where there are too many already.
	"""
	asked = " ".join(str(asked).split())[:_LONGEST]
	words = " ".join(sorted(solution_words.list_words(asked)))[:_LONGEST]
	if not words:
		return
	search = DocType(SEARCH)
	is_same = (search.words == words) & (search.place == place)
	counted = frappe.qb.update(search).set(search.times, search.times + 1)
	counted = counted.set(search.last_on, company_now()).set(search.asked, asked).where(is_same)
	counted.run()
	if frappe.db.exists(SEARCH, {"words": words, "place": place}):
		return
	if frappe.db.count(SEARCH) < _MOST_KEPT:
		# A unique index makes one row of two that come at once.
		frappe.db.bulk_insert(
			SEARCH,
			[
				"name",
				"creation",
				"modified",
				"owner",
				"modified_by",
				"words",
				"asked",
				"place",
				"times",
				"last_on",
			],
			[
				(
					frappe.generate_hash(length=10),
					now(),
					now(),
					frappe.session.user,
					frappe.session.user,
					words,
					asked,
					place,
					1,
					company_now(),
				)
			],
			ignore_duplicates=True,
		)


def list_missing(place: str | None, limit: int) -> list[dict]:
	"""`asked`, `place`, `times` and `last_on` of the searches that still find nothing, the most frequent
	first."""
	rows = frappe.get_all(
		SEARCH,
		filters={"place": place} if place else None,
		fields=["asked", "place", "times", "last_on"],
		order_by="times desc, last_on desc",
		limit=limit,
	)
	return [row for row in rows if not _is_answered(row)]


def _is_answered(row: dict) -> bool:
	"""On the page, only a public solution answers."""
	if row.place == PAGE:
		return bool(solution_search.find_public(row.asked, limit=1))
	return bool(solution_search.find_visible(row.asked, all_words=True, limit=1))
