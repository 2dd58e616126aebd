"""What a contact does in the portal: opens a case, answers, says that it is solved, rates it.

Each asks the rule of the portal, under the lock of the case. Then the server writes: the contact has no
rights of the framework to our records.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_fullname

from cronus_crm.cronus_service.cases import agent_notices, case_states, reopening
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.portal import outside_cases, outside_files, portal_cases, public_form, ratings
from cronus_crm.visibility import portal_rule

CHANNEL = "Portal"

# The field of a case by the kind of its account; a branch is of a customer.
_ACCOUNTS = {
	"Cronus Customer": ("Customer", "customer"),
	"Cronus Customer Branch": ("Customer", "branch"),
	"Cronus Prospect": ("Prospect", "prospect"),
}


def list_accounts() -> list[dict[str, str]]:
	"""The accounts for which the session's user may open cases: `key` and `label`."""
	found = {}
	for membership in portal_rule.list_memberships(CASE):
		title = frappe.get_meta(membership.doctype).get_title_field()
		label = frappe.db.get_value(membership.doctype, membership.account, title)
		found[f"{membership.doctype}:{membership.account}"] = label or membership.account
	return [{"key": key, "label": label} for key, label in sorted(found.items(), key=lambda row: row[1])]


def open_case(
	subject: str, description: str, case_type: str | None = None, account: str | None = None
) -> str:
	"""Opens a case of the session's user with the files of the request; gives back its folio.

	account: `key` of :func:`list_accounts`; not needed where there is one.

	Raises frappe.PermissionError for whoever has no place in the portal, and for a foreign account,
	frappe.ValidationError for what is missing or too long.
	"""
	membership = _choose_account(account)
	texts = {"subject": str(subject or "").strip(), "description": str(description or "").strip()}
	for name, text in texts.items():
		_check_text(name, text)
	if case_type and case_type not in [row["name"] for row in public_form.list_types()]:
		frappe.throw(_("Choose one of the types that the form offers."))
	uploads = outside_files.read_uploads()
	user = frappe.session.user
	values = {
		**_name_account(membership),
		"subject": texts["subject"],
		"case_type": case_type or None,
		"contact": membership.contact,
		"contact_name": get_fullname(user),
		"contact_email": user,
	}
	with outside_cases.as_server():
		case = outside_cases.open_case(values, texts["description"], CHANNEL, uploads, raised_by=user)
	return case.name


def _choose_account(key: str | None) -> portal_rule.Membership:
	memberships = portal_rule.list_memberships(CASE)
	if not memberships:
		frappe.throw(_("You are no contact of a customer of ours yet."), frappe.PermissionError)
	chosen = [one for one in memberships if not key or f"{one.doctype}:{one.account}" == key]
	if not chosen:
		frappe.throw(_("Choose one of your companies."), frappe.PermissionError)
	if len({(one.doctype, one.account) for one in chosen}) > 1:
		frappe.throw(_("Choose the company that the case is for."))
	return chosen[0]


def _name_account(membership: portal_rule.Membership) -> dict[str, str]:
	kind, fieldname = _ACCOUNTS[membership.doctype]
	account = {"account_kind": kind, fieldname: membership.account}
	if fieldname == "branch":
		account["customer"] = frappe.db.get_value(membership.doctype, membership.account, "customer")
	return account


def _check_text(name: str, text: str) -> None:
	labels = {"subject": _("Subject"), "description": _("Description")}
	if not text:
		frappe.throw(_("Please fill in: {0}.").format(frappe.bold(labels[name])))
	if len(text) > public_form.FIELDS[name]:
		frappe.throw(
			_("{0} has {1} characters, and may have {2}. Please shorten it.").format(
				frappe.bold(labels[name]), len(text), public_form.FIELDS[name]
			)
		)


def answer(case: str, text: str) -> str:
	"""Keeps an answer of the session's user with the files of the request; it reopens a case that was solved
	or closed. Gives back the folio of the case, which is another one when it was merged.

	Raises frappe.DoesNotExistError for a case that is not theirs, frappe.ValidationError for an empty text
	and for a case that can no longer be reopened.
	"""
	doc = _lock(case)
	if doc.category in case_states.OVER and not reopening.may_reopen(doc):
		frappe.throw(
			_("Case {0} is over and cannot be reopened any more. Please open a new one.").format(
				frappe.bold(doc.name)
			)
		)
	_check_text("description", str(text or "").strip())
	uploads = outside_files.read_uploads()
	user = frappe.session.user
	with outside_cases.as_server():
		message = outside_cases.add_message(doc, text, CHANNEL, user, uploads)
		message.db_set("sender_full_name", get_fullname(user), update_modified=False)
		agent_notices.tell_written(doc, get_fullname(user))
	return doc.name


def solve(case: str) -> None:
	"""Closes a case because its contact says that it is solved; nothing happens to one that is over.

	Raises frappe.DoesNotExistError for a case that is not theirs, frappe.ValidationError where the company
	has no state for closed cases.
	"""
	doc = _lock(case)
	if doc.category in (case_states.CLOSED, case_states.CANCELLED):
		return
	state = case_states.find_state(case_states.CLOSED) or case_states.find_state(case_states.SOLVED)
	if not state:
		frappe.throw(_("The case cannot be closed here. Please write us an answer instead."))
	name = get_fullname(frappe.session.user)
	with outside_cases.as_server():
		doc.state = state
		# The rule of the portal was asked. A case that could not be saved today is closed all the same.
		doc.flags.ignore_mandatory = doc.flags.ignore_links = True
		doc.save(ignore_permissions=True)
		doc.add_comment("Info", _("closed in the portal by {0}").format(name))


def rate(case: str, rating: int, comment: str | None = None) -> None:
	"""Keeps how satisfied the session's user is. Raises frappe.DoesNotExistError for a case that is not
	theirs, and what `ratings.rate` raises."""
	doc = _lock(case)
	with outside_cases.as_server():
		ratings.rate(doc, rating, comment)


def _lock(case: str) -> Document:
	# What has changed while this waits for the lock counts as well.
	return frappe.get_doc(CASE, portal_cases.find_case(case, lock=True), for_update=True)
