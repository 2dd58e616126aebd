"""The states of prospects and opportunities: those of a record in course, and those of a finished one.

The desk gets the same lists with the boot (`boot.py`).
"""

from collections.abc import Mapping

OPPORTUNITY, PROSPECT = "Cronus Opportunity", "Cronus Prospect"

STATES_IN_COURSE = {OPPORTUNITY: ("Open", "Pending"), PROSPECT: ("Open", "Quoted", "Ordered")}
FINISHED_STATES = {OPPORTUNITY: ("Won", "Not won", "Closed"), PROSPECT: ("Converted", "Cancelled")}


def is_finished(doctype: str, record: Mapping) -> bool:
	"""True for a prospect or an opportunity that is won, lost, closed, converted or cancelled."""
	return record.get("state") in FINISHED_STATES[doctype]
