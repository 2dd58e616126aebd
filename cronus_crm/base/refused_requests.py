"""What a user is told whose request is refused for lack of a right."""

import frappe
from frappe import _

# The framework's reason for what our rule hides.
_TECHNICAL = "Not allowed via controller permission check"


def explain_refusal() -> None:
	"""To be called while a frappe.PermissionError is answered: puts a sentence in the place of a technical
	message, and of one without text, which the framework sends where it may not tell the reason.

	The sentence tells nothing of the record, nor whether there is one.
	"""
	empty = ("", _TECHNICAL, _(_TECHNICAL))
	for message in frappe.local.message_log:
		if (message.get("message") or "").strip() in empty:
			message["message"] = _(
				"This is not open to you: it belongs to another seller, or your role does not include it. Ask"
				" your manager if you need it."
			)
			message.update({"title": _("Not permitted"), "indicator": "red"})
