"""Notices that would tell somebody of a record that they may not see."""

import frappe
from frappe import _
from frappe.utils import get_fullname

from cronus_crm.base.mentions import keep_mentions, list_mentioned
from cronus_crm.visibility import rule
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.desk.notifications.notify_mentions")
def notify_mentions(call: Call) -> None:
	"""15 and 16 tell everybody who is mentioned, with the title of the record and the text of the comment.
	Those who may not see the record are told nothing, and whoever mentions them is told so."""
	doctype, name, content = call["ref_doctype"], call["ref_name"], call["content"]
	mentioned = list_mentioned(content) if doctype and name else []
	told = [user for user in mentioned if rule.may_disclose(doctype, name, user)]
	if left_out := [user for user in mentioned if user not in told]:
		call["content"] = keep_mentions(content, told)
		frappe.msgprint(
			_("{0} may not see this record and is not told.").format(
				", ".join(frappe.bold(frappe.utils.escape_html(get_fullname(user))) for user in left_out)
			),
			indicator="orange",
			alert=True,
		)
	if told:
		call()
