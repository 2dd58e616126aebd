"""In which states prospects and opportunities are in course, and in which they are over."""

from collections.abc import Mapping

OPPORTUNITY, PROSPECT = "Cronus Opportunity", "Cronus Prospect"

IN_COURSE = {OPPORTUNITY: ("Open", "Pending"), PROSPECT: ("Open", "Quoted", "Ordered")}
OVER = {OPPORTUNITY: ("Won", "Not won", "Closed"), PROSPECT: ("Converted", "Cancelled")}


def is_over(doctype: str, record: Mapping) -> bool:
	"""True for a prospect or an opportunity that has come to its end, whichever it is."""
	return record.get("state") in OVER[doctype]
