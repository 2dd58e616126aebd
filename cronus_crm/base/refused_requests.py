"""What is said of a request that is refused for lack of a right, or that cannot be read."""

from traceback import walk_tb

import frappe
from frappe import _

# The framework's reason for what our rule hides.
_TECHNICAL = "Not allowed via controller permission check"


# Where the framework reads the body of a request, before it knows whose it is.
_READS_BODY = "make_form_dict"


def explain_unreadable_body(error: BaseException) -> None:
	"""To be called while an error is answered: a body that is no JSON, or that is nested without end, is the
	mistake of its sender, where the framework answers 500. Requests that are not to this app are left
	alone."""
	if not isinstance(error, ValueError | RecursionError) or "cronus_crm." not in frappe.local.request.path:
		return
	if any(frame.f_code.co_name == _READS_BODY for frame, _line in walk_tb(error.__traceback__)):
		error.http_status_code = 400
		frappe.msgprint(_("The request is not JSON that can be read. Correct what you send."))


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
