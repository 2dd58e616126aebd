"""What the dialog of activities does: plan one, or record one that has happened with its next step."""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr

from cronus_crm.base.arguments import business_years, read_mapping, read_moment, show_value
from cronus_crm.base.company import company_now
from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_crm.activities import activity_parties, suggested_times
from cronus_crm.cronus_crm.doctype.cronus_activity import cronus_activity
from cronus_crm.visibility import rule

_DOCTYPE = "Cronus Activity"

# The clocks of a user's machine and of the server differ.
_TOLERANCE = timedelta(minutes=5)

_LONGEST_SUBJECT = 140

_PLANNED = frozenset(
	{
		"activity_type",
		"starts_on",
		"ends_on",
		"all_day",
		"subject",
		"notes",
		"place",
		"priority",
		"seller",
		"customer",
		"prospect",
		"contact",
		"opportunity",
		"reference_doctype",
		"reference_name",
		"party_doctype",
		"party",
	}
)
_RECORDED = _PLANNED | {"result", "finishes"}
_NEXT = frozenset({"activity_type", "starts_on", "subject", "notes"})
_TEXTS = ("subject", "notes", "party_doctype", "party", "finishes", "starts_on")


def plan_activity(activity: dict | str) -> dict:
	"""Inserts a pending activity.

	activity: values of its fields, of which `activity_type` and `starts_on` (system time zone) are mandatory,
	and `party_doctype` and `party` for whom it is with, see `activity_parties`. notes: plain text. Without a
	subject it is the first line of the notes, else the type and the customer.

	Returns {"activity": name, "subject", "starts_on", "customer_name"}. Raises frappe.ValidationError for
	other keys and values that are not valid, frappe.PermissionError for links that the user may not use.
	"""
	values = _read_values(activity, "activity", _PLANNED)
	doc = _make_activity(values, read_moment(values.starts_on, _("Starts on"), business_years()))
	doc.insert()
	return {
		"activity": doc.name,
		"subject": doc.subject,
		"starts_on": doc.starts_on,
		"customer_name": doc.customer_name,
	}


def record_activity(activity: dict | str, next_activity: dict | str | None = None) -> dict:
	"""Inserts an activity that has happened, and its next step as a pending one, in one transaction.

	activity: as in :func:`plan_activity`, and `result`; `starts_on` is by default the present. finishes: the
	pending activity that this was; it is finished then, instead of a new one. next_activity: `activity_type`,
	`starts_on`, `subject` and `notes` of the next step; what is missing comes from the activity and, of the
	moment, is the next working day at the present hour.

	Returns {"activity": name, "next": name or None}. Raises what :func:`plan_activity` raises, and
	frappe.ValidationError for a moment in the future.
	"""
	values = _read_values(activity, "activity", _RECORDED)
	happened = _read_happened(values.starts_on)
	doc = _get_pending(values.finishes) if values.finishes else _insert_happened(values, happened)
	following = _complete_next(doc, next_activity) if next_activity else None
	return cronus_activity.finish_activity(
		doc.name, values.result, notes=values.notes, next_activity=following, happened_on=happened
	)


def list_pending_with(party_doctype: str, party: str) -> list[dict]:
	"""The first ten pending activities with a customer, a prospect, a contact or an opportunity that the user
	may see, by start: [{"name", "subject", "activity_type", "starts_on"}].

	Raises what `activity_parties.find_fields` raises.
	"""
	activity_parties.find_fields(party_doctype, party)
	return frappe.get_list(
		_DOCTYPE,
		filters={activity_parties.PARTY_FIELDS[party_doctype]: party, "state": "Pending"},
		fields=["name", "subject", "activity_type", "starts_on"],
		order_by="starts_on asc",
		limit=10,
	)


def _read_values(sent: dict | str, name: str, allowed: frozenset[str]) -> "frappe._dict":
	values = read_mapping(sent, name)
	for key, value in values.items():
		if key not in allowed:
			frappe.throw(
				_("{0} is no value of this kind of activity. Leave it out, or change it in the form.").format(
					frappe.bold(show_value(key))
				)
			)
		if value is not None and not isinstance(value, str | int | float):
			frappe.throw(_("{0} has to be one text or number.").format(frappe.bold(show_value(key))))
	values.update({key: cstr(values[key]) for key in _TEXTS if key in values})
	return values


def _make_activity(values: "frappe._dict", starts_on: datetime) -> Document:
	"""A new activity with these values; not inserted."""
	doc = frappe.new_doc(_DOCTYPE)
	party_doctype, party = values.pop("party_doctype", None), values.pop("party", None)
	notes, subject = values.pop("notes", None), values.pop("subject", None)
	doc.update({key: value for key, value in values.items() if key in _PLANNED and value not in (None, "")})
	doc.update({"starts_on": starts_on, "all_day": cint(values.all_day)})
	if party:
		doc.update(activity_parties.find_fields(party_doctype or "", party))
	doc.seller = doc.seller or rule.seller_of_user() or _find_seller_of_party(doc)
	doc.add_note(notes)
	doc.subject = _choose_subject(doc, subject, notes)
	return doc


def _find_seller_of_party(doc: Document) -> str | None:
	"""For a user who is no seller and sees all activities, such as an administrator: the seller of whom the
	activity is with. Of others it is their own, as an agent's who works on cases."""
	if not rule.sees_all(_DOCTYPE):
		return None
	for fieldname, doctype in (
		("opportunity", "Cronus Opportunity"),
		("customer", "Cronus Customer"),
		("prospect", "Cronus Prospect"),
	):
		if doc.get(fieldname) and (seller := get_present_value(doctype, doc.get(fieldname), "seller")):
			return seller
	return None


def _choose_subject(doc: Document, subject: str | None, notes: str | None) -> str:
	"""The subject that was written, else the first line of the notes, else the type with the customer."""
	written = (subject or "").strip() or next(iter((notes or "").strip().splitlines()), "").strip()
	if written:
		return written if len(written) <= _LONGEST_SUBJECT else written[: _LONGEST_SUBJECT - 1].rstrip() + "…"
	doc.set_parties_from_opportunity()
	doc.set_customer_name()
	parts = [_(doc.activity_type) if doc.activity_type else None, doc.customer_name]
	return " · ".join(part for part in parts if part)[:_LONGEST_SUBJECT]


def _get_pending(name: str) -> Document:
	doc = frappe.get_doc(_DOCTYPE, name)
	doc.check_permission("write")
	return doc


def _read_happened(moment: str | None) -> datetime:
	"""When an activity has happened; by default, now. Raises frappe.ValidationError for what is to come."""
	now = company_now().replace(microsecond=0)
	happened = read_moment(moment, _("Happened on"), business_years()) if moment else now
	if happened > now + _TOLERANCE:
		frappe.throw(
			_(
				"Happened on: {0} is still to come. Choose a moment that has passed, or plan the activity."
			).format(frappe.bold(frappe.format(happened, {"fieldtype": "Datetime"}))),
			title=_("Not yet"),
		)
	return min(happened, now)


def _insert_happened(values: "frappe._dict", happened: datetime) -> Document:
	"""Inserts the activity as pending; `finish_activity` then writes what every finished one has."""
	doc = _make_activity(frappe._dict(values), happened)
	# What was said is added as it is finished.
	doc.notes = None
	if not doc.ends_on and not doc.all_day:
		length = timedelta(minutes=cint(_length_of(doc.activity_type)))
		doc.ends_on = max(happened, min(happened + length, company_now().replace(microsecond=0)))
	return doc.insert()


def _length_of(activity_type: str | None) -> int | None:
	return activity_type and get_present_value("Cronus Activity Type", activity_type, "duration")


def _complete_next(doc: Document, sent: dict | str) -> dict:
	following = _read_values(sent, "next_activity", _NEXT)
	subject = (following.subject or "").strip()[:_LONGEST_SUBJECT]
	if not subject:
		subject = " · ".join(
			part for part in (_(following.activity_type or doc.activity_type), doc.customer_name) if part
		)[:_LONGEST_SUBJECT]
	return {
		"activity_type": following.activity_type or doc.activity_type,
		"starts_on": following.starts_on or suggested_times.suggest_next_working_day(),
		"subject": subject,
		"notes": following.notes,
	}
