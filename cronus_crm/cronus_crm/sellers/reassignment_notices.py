"""Tells sellers that records were given to another one: the new seller, with a link, and the former one,
without a link to what that one does not see any more.

What one request or job gives from one seller to another is one notice, which counts the records. A hand-over
(`hand_over.py`) and an import tell at their end. Whoever has done it is not told.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import quote

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_fullname
from frappe.utils.caching import request_cache

from cronus_crm.base.notices import Key, send_notice, user_language
from cronus_crm.base.present_records import get_present_value
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import user_of_seller
from cronus_crm.visibility import rule

# A list of more records is not asked for by their names, as its address would be too long.
_MOST_NAMES = 50

# Set on a document whose change is told later, by whoever changes many.
TOLD_LATER = "cronus_told_later"


@dataclass
class Told:
	"""A notice that this request or job has sent. name: of the notice. records: what it is about."""

	name: str
	records: list[Key] = field(default_factory=list)


def on_update(doc: Document, method: str | None = None) -> None:
	"""Event `on_update` of customers, prospects, opportunities and activities."""
	before = doc.get_doc_before_save()
	if not before or before.get("seller") == doc.get("seller"):
		return
	# What the system brings about on its own is no gift of anybody.
	if doc.flags.ignore_permissions or doc.flags.get(TOLD_LATER) or frappe.flags.in_import:
		return
	for seller in (doc.get("seller"), before.get("seller")):
		_tell_of_record(doc, seller, former=before.get("seller"))


def tell_of_many(former: str | None, new: str | None, number: int, doctype: str) -> None:
	"""Tells both sellers of many records at once. doctype: of the records, or of most of them."""
	for seller in (new, former):
		if user := _find_recipient(seller):
			link = _list_address(doctype, []) if seller == new else None
			send_notice(user, _describe_many(user, number, seller == new, new), link=link)


def _tell_of_record(doc: Document, seller: str | None, former: str | None) -> None:
	user = _find_recipient(seller)
	if not user:
		return
	is_new = seller == doc.get("seller")
	key = (user, former, doc.get("seller"))
	told = _notices_of_this_request().get(key)
	record = (doc.doctype, doc.name)
	# One that was rolled back is not there any more, nor what it told of.
	if not told or not frappe.db.exists("Notification Log", told.name):
		sees = is_new or rule.can_see(*record, user=user)
		name = send_notice(user, _describe_one(doc, user, is_new), document=record if sees else None)
		_notices_of_this_request()[key] = Told(name, [record])
		return
	told.records = list(dict.fromkeys([*told.records, record]))
	values = {"subject": _describe_many(user, len(told.records), is_new, doc.get("seller"))}
	values |= {"document_type": None, "document_name": None}
	if is_new:
		same = [name for doctype, name in told.records if doctype == doc.doctype]
		values["link"] = _list_address(doc.doctype, same)
	frappe.db.set_value("Notification Log", told.name, values, update_modified=False)


@request_cache
def _notices_of_this_request() -> dict[tuple, Told]:
	"""By user and both sellers. Whoever is given it adds to it."""
	return {}


def _find_recipient(seller: str | None) -> str | None:
	"""The user of a seller, unless disabled or the one who acts."""
	user = user_of_seller(seller)
	if not user or user == frappe.session.user or not get_present_value("User", user, "enabled"):
		return None
	return user


def _describe_one(doc: Document, user: str, is_new: bool) -> str:
	language = user_language(user)
	kind = _(doc.doctype.removeprefix("Cronus "), language)
	title = frappe.bold(as_html(doc.get_title() or doc.name))
	if is_new:
		giver = as_html(get_fullname(frappe.session.user))
		return _("{0} {1} is yours now: {2} gave it to you.", language).format(kind, title, giver)
	return _("{0} {1} is with {2} now.", language).format(
		kind, title, _name_seller(doc.get("seller"), language)
	)


def _describe_many(user: str, number: int, is_new: bool, new: str | None) -> str:
	language = user_language(user)
	if is_new:
		giver = as_html(get_fullname(frappe.session.user))
		text = _("{0} records are yours now: {1} gave them to you.", language)
		return text.format(frappe.bold(number), giver)
	text = _("{0} records of yours are with {1} now.", language)
	return text.format(frappe.bold(number), _name_seller(new, language))


def _name_seller(seller: str | None, language: str) -> str:
	return frappe.bold(as_html(seller)) if seller else _("nobody", language)


def _list_address(doctype: str, names: list[str]) -> str:
	"""The path of the list of these records; with too many names, of all that the user sees."""
	path = f"/app/{frappe.scrub(doctype).replace('_', '-')}"
	if not 0 < len(names) <= _MOST_NAMES:
		return path
	return f"{path}?name={quote(json.dumps(['in', names]))}"
