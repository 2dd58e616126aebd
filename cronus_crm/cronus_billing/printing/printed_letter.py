"""What all printed pages have around their table: sender, recipient, key fields, notes and bank details."""

import re
from dataclasses import dataclass, replace

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html

from cronus_crm.base.present_records import (
	get_present_value,
	get_present_values,
	get_settings,
)
from cronus_crm.cronus_billing.documents import issued_party
from cronus_crm.cronus_billing.documents.issued_party import Party, drop_empty
from cronus_crm.cronus_billing.printing import page_breaks
from cronus_crm.visibility import rule

# Millimetres, as in `templates/print/style.html`: change both together.
_LOGO_HEIGHT, _LINE_HEIGHT = 32, 4.3
_FACT_WIDTH, _NAME_WIDTH = 54, 85


@dataclass(frozen=True)
class Letter:
	"""company: its name, for sites without a letterhead. party: the recipient. facts: label and value of the
	fields beside the recipient. mark: "Draft" or "Cancelled", None for a document in force.
	"""

	company: str
	party: Party
	seller: Party | None
	facts: tuple[tuple[str, str], ...]
	number: str | None = None
	mark: str | None = None
	notes: str | None = None
	bank_details: str | None = None


def make_letter(doc: Document, fieldnames: list[str], bank_details: bool = True) -> Letter:
	"""The letter of a document. fieldnames: of the fields that are shown beside the customer, in their order.

	Details of the customer and the seller are shown only where the session's user may see these records: a
	client can send an unsaved document to be printed, and put any customer in it.
	"""
	return Letter(
		company=company_name(),
		party=_find_party(doc),
		seller=make_seller_party(doc.get("seller")),
		facts=_list_facts(doc, [*fieldnames, "currency"]),
		number=doc.name,
		mark=_draft_mark(doc),
		notes=doc.get("notes"),
		bank_details=company_bank_details() if bank_details else None,
	)


def company_name() -> str:
	return get_settings().company_name or ""


def company_bank_details() -> str | None:
	return get_settings().get("bank_details")


def estimate_letter_height(letter: Letter, letter_head: str | None) -> float:
	"""The estimated height of the letter on the first page, above the table, in millimetres.

	letter_head: the HTML of the letterhead; None without one.
	"""
	return _estimate_letter_head_height(letter_head) + _estimate_facts_height(letter)


def _draft_mark(doc: Document) -> str | None:
	if doc.docstatus.is_cancelled():
		return _("Cancelled", context=doc.doctype)
	return _("Draft") if doc.docstatus.is_draft() and doc.meta.is_submittable else None


def _list_facts(doc: Document, fieldnames: list[str]) -> tuple[tuple[str, str], ...]:
	return tuple(
		(_(doc.meta.get_label(fieldname)), _format_value(doc, fieldname))
		for fieldname in fieldnames
		if doc.get(fieldname)
	)


def _format_value(doc: Document, fieldname: str) -> str:
	fieldtype = doc.meta.get_field(fieldname).fieldtype
	if fieldtype == "Date":
		return doc.get_formatted(fieldname)
	return _(doc.get(fieldname), context=doc.doctype) if fieldtype == "Select" else str(doc.get(fieldname))


def _may_show(doctype: str, name: str) -> bool:
	"""True where the user of the print may see the details of a record.

	No check is made for guests, who have the key of a document that was sent to them, and for mails
	(`ignore_print_permissions`): their sender may read the document.
	"""
	if frappe.flags.ignore_print_permissions or frappe.session.user == "Guest":
		return True
	return rule.can_see(doctype, name)


def _find_party(doc: Document) -> Party:
	"""Whom a document is for: as it was when it was issued, of a draft as it is today."""
	kept = issued_party.find_kept_party(doc.doctype, doc.name)
	if kept and _may_show(doc.doctype, doc.name):
		return kept
	name = issued_party.name_of_party(doc)
	link = issued_party.find_link(doc)
	return make_party(*link, name) if link else Party(name)


def make_party(doctype: str, record: str, name: str) -> Party:
	"""The party of a customer or prospect today. name: the one to print. Details are left out where the user
	may not see the record."""
	if not _may_show(doctype, record):
		return Party(name)
	party = issued_party.read_party(doctype, record, name)
	return replace(party, address=issued_party.translate_address(party.address))


def make_seller_party(seller: str | None) -> Party | None:
	"""The party of a seller, with phone and email of its user where the session's user may see the seller;
	None without a seller."""
	if not seller:
		return None
	user = _may_show("Cronus Seller", seller) and get_present_value("Cronus Seller", seller, "user")
	if not user:
		return Party(seller)
	phone, mobile, email = get_present_values("User", user, "phone", "mobile_no", "email")
	return Party(seller, phone=mobile or phone, email=email)


def _estimate_letter_head_height(html: str | None) -> float:
	"""The height of a letterhead, estimated from its images and block elements; the style limits images to
	_LOGO_HEIGHT."""
	if not html:
		return 12
	lines = len(re.findall(r"<(?:br|p|div|h\d|tr|li)\b", html)) if strip_html(html).strip() else 0
	return lines * 6 + (_LOGO_HEIGHT if "<img" in html else 0) + 6


def _estimate_facts_height(letter: Letter) -> float:
	"""The height of the heading (17 mm) and of the higher one of the two columns below it: the recipient, and
	the facts with the seller."""
	party, seller = letter.party, letter.seller
	about = 1 + len(party.address) + sum(map(bool, (party.tax_id, party.phone, party.email)))
	about += page_breaks.count_lines(party.name, _NAME_WIDTH, 10)
	beside = [value for _label, value in letter.facts]
	beside += drop_empty(seller.name, seller.phone, seller.email) if seller else ()
	facts = sum(page_breaks.count_lines(value, _FACT_WIDTH, 9) for value in beside)
	return 17 + max(about, facts, 7) * _LINE_HEIGHT
