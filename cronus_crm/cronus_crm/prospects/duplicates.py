"""Duplicates among prospects and customers: normalised keys, search, and the merge of two prospects.

Duplicates have the same phone, e-mail or tax id, in a normalised form that prospects and customers store in
`phone_key`, `email_key` and `tax_key`. These columns are indexed.
"""

import re
from typing import TypedDict

import frappe
import phonenumbers
from frappe import _
from frappe.model.document import Document
from frappe.model.rename_doc import rename_doc

from cronus_crm.base.phone_texts import show_phones
from cronus_crm.cronus_crm.customers import tax_ids
from cronus_crm.cronus_crm.customers.phone_numbers import split_phone_numbers
from cronus_crm.cronus_crm.prospects import prospect_state

MIN_PHONE_DIGITS = 6

# Until 2019 Mexican numbers took a 1 after the country code, or 01, 044 or 045 within the country. People
# still write them, and phonenumbers no longer parses them.
_MEXICO = 52
_OLD_MEXICAN_PREFIX = re.compile(r"(?:0?1|04[45])(?P<number>\d{10})")

_KEY_FIELDS = {"phone": "phone_key", "email": "email_key", "tax_id": "tax_key"}

# Fields that are filled from the merged prospect where the remaining one has no value.
_MERGED_FIELDS = (
	"customer",
	"company_name",
	"business_line",
	"tax_id",
	"phone",
	"email",
	"city",
	"province",
	"medium",
	"campaign",
	"seller",
	"work_center",
	"text_color",
	"color",
)


class Match(TypedDict):
	"""A prospect or customer that has a phone, e-mail or tax id in common with the searched values.

	same: which of "phone", "email" and "tax_id" are equal.
	"""

	doctype: str
	name: str
	title: str
	company: str | None
	phone: str | None
	email: str | None
	seller: str | None
	same: list[str]


def normalise_phone(phone: str | None, region: str | None = None) -> str | None:
	"""The first phone number of a text in E.164, "+525512345678"; only its digits if it is not a possible
	number or if its country is unknown. None for fewer than MIN_PHONE_DIGITS digits, which are shared by too
	many people.

	region: ISO code (two letters) of the country of numbers without a country code; None if unknown.
	"""
	phone = next(iter(split_phone_numbers(phone)), phone)
	digits = re.sub(r"\D", "", phone or "")
	if len(digits) < MIN_PHONE_DIGITS:
		return None
	try:
		number = phonenumbers.parse(phone, region)
	except phonenumbers.NumberParseException:
		return digits
	old_prefix = _OLD_MEXICAN_PREFIX.fullmatch(phonenumbers.national_significant_number(number))
	if number.country_code == _MEXICO and old_prefix:
		return f"+{_MEXICO}{old_prefix['number']}"
	if not phonenumbers.is_possible_number(number):
		return digits
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_email(email: str | None) -> str | None:
	"""An e-mail address trimmed and in lower case; None if it is empty."""
	return (email or "").strip().lower() or None


def normalise_tax_id(tax_id: str | None) -> str | None:
	"""The letters and digits of a tax id in upper case; None if it is empty or a generic one."""
	key = tax_ids.strip_separators(tax_id)
	return None if key in tax_ids.GENERIC_TAX_IDS else key or None


def build_keys(
	phone: str | None, email: str | None, tax_id: str | None, country: str | None = None
) -> dict[str, str | None]:
	"""The three normalised keys, by the names of their fields.

	country: name of the Country of telephone numbers without a country code; without one, the site's.
	"""
	country = country or frappe.get_system_settings("country")
	return {
		"phone_key": normalise_phone(phone, tax_ids.find_country_code(country)),
		"email_key": normalise_email(email),
		"tax_key": normalise_tax_id(tax_id),
	}


def set_keys(doc: Document, country: str | None) -> None:
	"""Sets the keys of a prospect or a customer of a country, and its telephone as it is shown, from its
	values; call it before the save."""
	doc.update(build_keys(doc.phone, doc.email, doc.tax_id, country))
	doc.phone_shown = show_phones(doc.phone, country)


def find_duplicates(
	phone: str | None = None,
	email: str | None = None,
	tax_id: str | None = None,
	exclude: str | None = None,
) -> list[Match]:
	"""Prospects and customers that the user may see and that have this phone, e-mail or tax id.

	exclude: name of the record that is compared. At most 20 of each DocType, customers first, then those
	that were changed last.
	"""
	keys = {field: key for field, key in build_keys(phone, email, tax_id).items() if key}
	if not keys:
		return []
	return [
		*_find_in_doctype("Cronus Customer", "customer_name", "customer_name", keys, exclude),
		*_find_in_doctype("Cronus Prospect", "prospect_name", "company_name", keys, exclude),
	]


def _find_in_doctype(
	doctype: str, title: str, company: str, keys: dict[str, str], exclude: str | None
) -> list[Match]:
	if not frappe.has_permission(doctype, "read"):
		return []
	rows = frappe.get_list(
		doctype,
		filters={"name": ("!=", exclude)} if exclude else {},
		or_filters=keys,
		fields=["name", f"{title} as title", company, "phone", "email", "seller", *_KEY_FIELDS.values()],
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
			same=[field for field, key in _KEY_FIELDS.items() if key in keys and row[key] == keys[key]],
		)
		for row in rows
	]


def merge_prospects(prospect: str, into: str) -> str:
	"""Merges a prospect into another one; returns the name of the one that stays.

	prospect: the one that is deleted. Its values fill the empty fields of the other, its notes are appended,
	and its activities, documents, opportunities, contacts, files and comments are moved. A comment on the
	remaining prospect names the deleted one.

	Raises frappe.PermissionError without the right to write both and to delete `prospect`, and
	frappe.ValidationError if one is converted or if they belong to different customers.
	"""
	if prospect == into:
		frappe.throw(_("Choose another prospect: one cannot be merged into itself."))
	# Locked in the order of their names, so that concurrent merges of the same two do not deadlock.
	locked = {
		name: frappe.get_doc("Cronus Prospect", name, for_update=True) for name in sorted([prospect, into])
	}
	source, target = locked[prospect], locked[into]
	_check_merge(source, target)
	# Otherwise the pending appointment would be deleted with the prospect.
	appointment = source.appointment
	source.db_set("appointment", None, update_modified=False)
	# force: the DocType does not allow renaming.
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
	_fill_from_merged(target, source, appointment)
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


def _fill_from_merged(target: Document, source: Document, appointment: str | None) -> None:
	"""Fills the remaining prospect (target) from the merged one; the caller saves it.

	appointment: the activity of the source's appointment, which the target takes if it has none.
	"""
	for fieldname in _MERGED_FIELDS:
		if not target.get(fieldname):
			target.set(fieldname, source.get(fieldname))
	target.contacted_on = min(target.contacted_on, source.contacted_on)
	target.notes = "".join(filter(None, [target.notes, source.notes])) or None
	target.internal_notes = "\n".join(filter(None, [target.internal_notes, source.internal_notes])) or None
	if appointment and not target.appointment:
		target.db_set("appointment", appointment, update_modified=False)
		target.update({"subject": source.subject, "appointment_on": source.appointment_on})
