"""The same person or company twice: how phones, e-mails and tax ids are compared, what is found with them,
and how two prospects become one.

Prospects and customers keep what is compared in `phone_key`, `email_key` and `tax_key`, which are indexed.
"""

import re
from typing import TypedDict

import frappe
import phonenumbers
from frappe import _
from frappe.model.document import Document
from frappe.model.rename_doc import rename_doc

from cronus_crm.cronus_crm.prospects import prospect_state

SHORTEST_PHONE = 6

# Until 2019 a call to Mexico took a 1 after the country's code, and one inside it 01, 044 or 045. Many still
# write them; the library no longer reads them.
_MEXICO = 52
_OLD_MEXICAN = re.compile(r"(?:0?1|04[45])(?P<number>\d{10})")

# What the Mexican tax authority lets everybody write for the general public and for foreigners.
TAX_IDS_OF_NOBODY = frozenset({"XAXX010101000", "XEXX010101000"})

_KEYS = {"phone": "phone_key", "email": "email_key", "tax_id": "tax_key"}

# Field by field, what a prospect takes from the one that is merged into it when it has nothing there.
_FILLED = (
	"customer",
	"company_name",
	"business_line",
	"tax_id",
	"phone",
	"email",
	"city",
	"province",
	"medium",
	"seller",
	"work_center",
	"text_color",
	"color",
)


class Match(TypedDict):
	"""A prospect or customer that has something in common with what was asked.

	same: which of phone, email and tax_id are the same.
	"""

	doctype: str
	name: str
	title: str
	company: str | None
	phone: str | None
	email: str | None
	seller: str | None
	same: list[str]


def phone_key(phone: str | None, region: str | None = None) -> str | None:
	"""A phone number as it is compared: with its country's code, "+525512345678"; of a number that cannot be
	one, or of one without a country, its digits. None where there are too few to tell people apart.

	region: two letters of the country where numbers are written without its code.
	"""
	digits = re.sub(r"\D", "", phone or "")
	if len(digits) < SHORTEST_PHONE:
		return None
	try:
		number = phonenumbers.parse(phone, region)
	except phonenumbers.NumberParseException:
		return digits
	old = _OLD_MEXICAN.fullmatch(phonenumbers.national_significant_number(number))
	if number.country_code == _MEXICO and old:
		return f"+{_MEXICO}{old['number']}"
	if not phonenumbers.is_possible_number(number):
		return digits
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_key(email: str | None) -> str | None:
	"""An e-mail as it is compared: trimmed, in lower case."""
	return (email or "").strip().lower() or None


def tax_key(tax_id: str | None) -> str | None:
	"""A tax id as compared: its letters and digits, in upper case; None for those of the general public."""
	key = re.sub(r"[\W_]", "", tax_id or "").upper()
	return None if key in TAX_IDS_OF_NOBODY else key or None


def keys_of(phone: str | None, email: str | None, tax_id: str | None) -> dict[str, str | None]:
	"""The three keys, by the names of their fields."""
	return {
		"phone_key": phone_key(phone, _region()),
		"email_key": email_key(email),
		"tax_key": tax_key(tax_id),
	}


def set_keys(doc: Document) -> None:
	"""Sets what a prospect or a customer is compared by; before it is saved."""
	doc.update(keys_of(doc.phone, doc.email, doc.tax_id))


def _region() -> str | None:
	country = frappe.get_system_settings("country")
	code = country and frappe.get_cached_value("Country", country, "code")
	return code.upper() if code else None


def find_duplicates(
	phone: str | None = None,
	email: str | None = None,
	tax_id: str | None = None,
	exclude: str | None = None,
) -> list[Match]:
	"""Prospects and customers, of those that the caller may see, with this phone, e-mail or tax id; at most
	20 of each, customers first.

	exclude: name of the record that is being asked about.
	"""
	keys = {field: key for field, key in keys_of(phone, email, tax_id).items() if key}
	if not keys:
		return []
	return [
		*_find_in("Cronus Customer", "customer_name", "customer_name", keys, exclude),
		*_find_in("Cronus Prospect", "prospect_name", "company_name", keys, exclude),
	]


def _find_in(
	doctype: str, title: str, company: str, keys: dict[str, str], exclude: str | None
) -> list[Match]:
	if not frappe.has_permission(doctype, "read"):
		return []
	rows = frappe.get_list(
		doctype,
		filters={"name": ("!=", exclude)} if exclude else {},
		or_filters=keys,
		fields=["name", f"{title} as title", company, "phone", "email", "seller", *_KEYS.values()],
		order_by="modified desc",
		limit=20,
	)
	return [
		Match(
			doctype=doctype,
			name=row.name,
			title=row.title,
			company=row.company_name,
			phone=row.phone,
			email=row.email,
			seller=row.seller,
			same=[field for field, key in _KEYS.items() if key in keys and row[key] == keys[key]],
		)
		for row in rows
	]


def merge_prospects(prospect: str, into: str) -> str:
	"""Makes one prospect of two and gives back the name of the one that stays.

	prospect: the one that goes. What it knows and the other lacks is filled in, notes are put one below the
	other, and what hangs on it moves: activities, documents, opportunities, contacts, files, comments. A
	comment on the one that stays says which was merged.

	Raises frappe.PermissionError without the right to write both and to delete the first, and
	frappe.ValidationError when one is converted or they are of two customers.
	"""
	if prospect == into:
		frappe.throw(_("Choose another prospect: one cannot be merged into itself."))
	# In the order of their names, so that two merges of the same ones wait for each other.
	locked = {
		name: frappe.get_doc("Cronus Prospect", name, for_update=True) for name in sorted([prospect, into])
	}
	source, target = locked[prospect], locked[into]
	_check_merge(source, target)
	# Its pending appointment would otherwise be deleted with it.
	appointment = source.appointment
	source.db_set("appointment", None, update_modified=False)
	# force: prospects are not renamed by hand, only merged.
	rename_doc(
		"Cronus Prospect",
		source.name,
		target.name,
		merge=True,
		force=True,
		show_alert=False,
		rebuild_search=False,
	)
	target.reload()
	_fill(target, source, appointment)
	target.save()
	prospect_state.refresh_state(target.name)
	return target.name


def _check_merge(source: Document, target: Document) -> None:
	source.check_permission("write")
	source.check_permission("delete")
	target.check_permission("write")
	for one in (source, target):
		if one.state == "Converted":
			frappe.throw(
				_("{0} is already a customer and cannot be merged. Undo its conversion first.").format(
					frappe.bold(one.display_name)
				),
				title=_("Already converted"),
			)
	if source.customer and target.customer and source.customer != target.customer:
		frappe.throw(
			_("{0} and {1} are of two different customers, so they cannot be one.").format(
				frappe.bold(source.name), frappe.bold(target.name)
			),
			title=_("Two customers"),
		)


def _fill(target: Document, source: Document, appointment: str | None) -> None:
	for fieldname in _FILLED:
		if not target.get(fieldname):
			target.set(fieldname, source.get(fieldname))
	target.contacted_on = min(target.contacted_on, source.contacted_on)
	target.notes = "".join(filter(None, [target.notes, source.notes])) or None
	target.internal_notes = "\n".join(filter(None, [target.internal_notes, source.internal_notes])) or None
	if appointment and not target.appointment:
		target.db_set("appointment", appointment, update_modified=False)
		target.update({"subject": source.subject, "appointment_on": source.appointment_on})
