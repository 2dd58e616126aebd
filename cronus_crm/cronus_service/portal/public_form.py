"""The public form, by which anybody opens a case without an account.

Whether an address is known decides which account the case is for, and nothing that is answered: a form of
somebody unknown is answered in the same way.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, validate_email_address

from cronus_crm.base.framework_state import start_new_snapshot
from cronus_crm.base.present_records import get_present_doc
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_service.cases import senders
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.portal import outside_cases, outside_files, proof_of_work
from cronus_crm.cronus_service.solutions import public_solutions, solution_search

SETTINGS, TYPE = "Cronus Service Settings", "Cronus Case Type"
PAGE_ROUTE = "service-request"
CHANNEL = "Web form"

# Characters of each field; the first four have to be there.
FIELDS = {
	"contact_name": 140,
	"email": 140,
	"subject": 140,
	"description": 10_000,
	"phone": 30,
	"company": 140,
	"case_type": 140,
}
REQUIRED = ("contact_name", "email", "subject", "description")

_MOST_PROPOSED = 3
_SHORTEST_QUESTION = 4


def is_open() -> bool:
	return bool(cint(get_present_doc(SETTINGS).public_form_enabled))


def check_open() -> None:
	"""Raises frappe.DoesNotExistError while the settings do not offer the form."""
	if not is_open():
		raise frappe.DoesNotExistError(_("This form is not offered."))


def list_types() -> list[dict[str, str]]:
	"""The types that customers may choose: `name` and `label`."""
	names = frappe.get_all(TYPE, {"disabled": 0, "for_customers": 1}, pluck="name", order_by="type_name asc")
	return sorted(({"name": name, "label": _(name)} for name in names), key=lambda row: row["label"])


def propose(subject: str) -> list[dict[str, str]]:
	"""Public solutions that may answer a subject while it is typed: `question`, `language` and `address`."""
	subject = str(subject or "")[: FIELDS["subject"]]
	if len(subject.strip()) < _SHORTEST_QUESTION:
		return []
	found = solution_search.find_public(subject, all_words=False, limit=_MOST_PROPOSED)
	return [
		{
			"question": row["question"],
			"language": row["language"],
			"address": public_solutions.get_address(row),
		}
		for row in found
	]


def send(sent: dict[str, Any]) -> str:
	"""Opens a case of a form with the files of the request, and gives back its folio; the folio of the first
	time for one that is sent again.

	sent: FIELDS, `challenge` and `number`; see `proof_of_work.py`.

	Raises frappe.DoesNotExistError while the form is not offered, and frappe.ValidationError for what is
	missing or wrong.
	"""
	check_open()
	challenge, number = str(sent.get("challenge") or ""), str(sent.get("number") or "")
	earlier = proof_of_work.read_solved(challenge, number, expired_too=True)
	if earlier and (folio := _find_case(earlier)):
		return folio
	values = _read_fields(sent)
	uploads = outside_files.read_uploads()
	key = proof_of_work.read_solved(challenge, number)
	if not key:
		frappe.throw(
			_("The check that you are a person has ended. Send the form once more: nothing is lost."),
			title=_("Please send it again"),
			exc=OutdatedCheckError,
		)
	return _open_once(key, values, uploads)


class OutdatedCheckError(frappe.ValidationError):
	"""The page asks for another challenge, and sends the form once more."""


def _find_case(key: str) -> str | None:
	return frappe.db.get_value(CASE, {"request_key": key})


def _open_once(key: str, values: dict[str, str], uploads: list) -> str:
	with outside_cases.as_server():
		try:
			return outside_cases.open_case(
				_make_case(values), values["description"], CHANNEL, uploads, request_key=key
			).name
		except frappe.UniqueValidationError:
			# The other one of two at once was first, and has been committed by now.
			frappe.db.rollback()
			start_new_snapshot()
			frappe.clear_messages()
			if folio := _find_case(key):
				return folio
			raise


def _read_fields(sent: dict[str, Any]) -> dict[str, str]:
	"""The fields of the form. Raises frappe.ValidationError, naming the field."""
	labels = _get_labels()
	values = {name: str(sent.get(name) or "").strip() for name in FIELDS}
	for name, most in FIELDS.items():
		if name in REQUIRED and not values[name]:
			frappe.throw(_("Please fill in: {0}.").format(frappe.bold(labels[name])))
		if len(values[name]) > most:
			frappe.throw(
				_("{0} has {1} characters, and may have {2}. Please shorten it.").format(
					frappe.bold(labels[name]), len(values[name]), most
				)
			)
	if not validate_email_address(values["email"]) or "," in values["email"]:
		frappe.throw(
			_("{0} is no e-mail address. Write it as in name@example.com.").format(
				frappe.bold(as_html(values["email"]))
			)
		)
	if values["case_type"] and values["case_type"] not in [row["name"] for row in list_types()]:
		frappe.throw(_("Choose one of the types that the form offers."))
	return values


def _get_labels() -> dict[str, str]:
	return {
		"contact_name": _("Name"),
		"email": _("E-mail"),
		"phone": _("Telephone"),
		"company": _("Company"),
		"case_type": _("Type"),
		"subject": _("Subject"),
		"description": _("Description"),
	}


def _make_case(values: dict[str, str]) -> dict[str, Any]:
	case = {
		"subject": values["subject"],
		"case_type": values["case_type"] or None,
		"contact_name": values["contact_name"],
		"contact_email": values["email"],
		"contact_phone": values["phone"],
	}
	account = senders.find_account(values["email"].lower(), values["company"] or values["contact_name"])
	return case | account
