"""The states of cases. Their names are the company's; the category of a state decides what happens."""

import frappe

CASE, STATE = "Cronus Case", "Cronus Case State"

NEW, OPEN, WAITING_FOR_THEM, WAITING_FOR_US, SOLVED, CLOSED, CANCELLED = (
	"New",
	"Open",
	"Waiting for them",
	"Waiting for us",
	"Solved",
	"Closed",
	"Cancelled",
)

# In which something is left to do, and in which nothing is.
IN_COURSE = (NEW, OPEN, WAITING_FOR_THEM, WAITING_FOR_US)
OVER = (SOLVED, CLOSED, CANCELLED)

# In which an answer of theirs is waited for; without one, the case is closed after some days.
AWAITING_ANSWER = (WAITING_FOR_THEM, SOLVED)


def find_state(category: str) -> str | None:
	"""The first enabled state of a category, by its position; None where the company has none."""
	return frappe.db.get_value(
		STATE, {"category": category, "disabled": 0}, "name", order_by="position asc, name asc"
	)
