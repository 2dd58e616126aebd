"""What every printed page says around its table: who writes, to whom, about what, and where to pay."""

import re
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType, Order
from frappe.utils import strip_html

from cronus_crm.cronus_billing.printing import page_breaks
from cronus_crm.visibility import rule

# Millimetres; `templates/print/style.html` says the same.
_LOGO, _LINE = 32, 4.3
_ROOM_OF_FACT, _ROOM_OF_NAME = 54, 85


@dataclass(frozen=True)
class Party:
	"""Whom a page is for; each line as it is printed, and what is not known left out."""

	name: str
	tax_id: str | None = None
	address: tuple[str, ...] = ()
	phone: str | None = None
	email: str | None = None


@dataclass(frozen=True)
class Letter:
	"""company: its name, for a site without letterhead.
	mark: what a page that is not in force says of itself.
	facts: what stands beside the customer, each with its label.
	"""

	company: str
	party: Party
	seller: Party | None
	facts: tuple[tuple[str, str], ...]
	number: str | None = None
	mark: str | None = None
	notes: str | None = None
	bank_details: str | None = None


def letter_of(doc: Document, fieldnames: list[str], bank_details: bool = True) -> Letter:
	"""The letter of a document. fieldnames: of what stands beside the customer, in its order.

	Of the customer and the seller it tells what the session's user may see: a client may send a document of
	its own making to be printed, with anybody's customer in it.
	"""
	return Letter(
		company=company_name(),
		party=_party_of(doc),
		seller=seller_named(doc.get("seller")),
		facts=_facts(doc, [*fieldnames, "currency"]),
		number=doc.name,
		mark=_mark(doc),
		notes=doc.get("notes"),
		bank_details=company_bank_details() if bank_details else None,
	)


def company_name() -> str:
	return frappe.get_cached_doc("Cronus CRM Settings").company_name or ""


def company_bank_details() -> str | None:
	return frappe.get_cached_doc("Cronus CRM Settings").get("bank_details")


def height_of_letter(letter: Letter, letter_head: str | None) -> float:
	"""How much of the first page a letter takes above what it is about, in millimetres."""
	return _height_of_letter_head(letter_head) + _height_of_facts(letter)


def _mark(doc: Document) -> str | None:
	if doc.docstatus.is_cancelled():
		return _("Cancelled", context=doc.doctype)
	return _("Draft") if doc.docstatus.is_draft() and doc.meta.is_submittable else None


def _facts(doc: Document, fieldnames: list[str]) -> tuple[tuple[str, str], ...]:
	return tuple(
		(_(doc.meta.get_label(fieldname)), _value(doc, fieldname))
		for fieldname in fieldnames
		if doc.get(fieldname)
	)


def _value(doc: Document, fieldname: str) -> str:
	fieldtype = doc.meta.get_field(fieldname).fieldtype
	if fieldtype == "Date":
		return doc.get_formatted(fieldname)
	return _(doc.get(fieldname), context=doc.doctype) if fieldtype == "Select" else str(doc.get(fieldname))


def _may_be_told(doctype: str, name: str) -> bool:
	"""Guests come with the key to one document, and mails are written by whoever may read it."""
	if frappe.flags.ignore_print_permissions or frappe.session.user == "Guest":
		return True
	return rule.can_see(doctype, name)


def _party_of(doc: Document) -> Party:
	name = doc.get("customer_name") or doc.get("customer") or doc.get("prospect") or ""
	for doctype, fieldname in (("Cronus Customer", "customer"), ("Cronus Prospect", "prospect")):
		record = doc.get(fieldname)
		if record and frappe.db.exists(doctype, record):
			return known_party(doctype, record, name)
	return Party(name)


def known_party(doctype: str, record: str, name: str) -> Party:
	"""A customer or prospect by that name, with what its record says; the name alone where that is not the
	user's to see."""
	if not _may_be_told(doctype, record):
		return Party(name)
	known = frappe.get_cached_doc(doctype, record)
	return Party(
		name=name,
		tax_id=known.tax_id,
		address=_address(doctype, record)
		or without_gaps(known.city, known.get("province"), _country(known.get("country"))),
		phone=known.phone,
		email=known.email,
	)


def _address(doctype: str, name: str) -> tuple[str, ...]:
	"""The primary address of a record, else its oldest, as lines; none where it has none."""
	address, link = DocType("Address"), DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(address)
		.join(link)
		.on((link.parent == address.name) & (link.parenttype == "Address"))
		.where((link.link_doctype == doctype) & (link.link_name == name) & (address.disabled == 0))
		.select(
			address.address_line1,
			address.address_line2,
			address.city,
			address.state,
			address.pincode,
			address.country,
		)
		.orderby(address.is_primary_address, order=Order.desc)
		.orderby(address.creation)
		.limit(1)
	).run(as_dict=True)
	if not rows:
		return ()
	(found,) = rows
	place = ", ".join(without_gaps(" ".join(without_gaps(found.pincode, found.city)), found.state))
	return without_gaps(found.address_line1, found.address_line2, place, _country(found.country))


def _country(name: str | None) -> str | None:
	return name and _(name)


def without_gaps(*texts: str | None) -> tuple[str, ...]:
	"""Those that say something."""
	return tuple(text.strip() for text in texts if text and text.strip())


def seller_named(seller: str | None) -> Party | None:
	"""Who sells, and how to reach them; the name alone where that is not the user's to see."""
	if not seller:
		return None
	user = _may_be_told("Cronus Seller", seller) and frappe.get_cached_value("Cronus Seller", seller, "user")
	if not user:
		return Party(seller)
	phone, mobile, email = frappe.get_cached_value("User", user, ["phone", "mobile_no", "email"])
	return Party(seller, phone=mobile or phone, email=email)


def _height_of_letter_head(html: str | None) -> float:
	"""A logo and lines of text; pictures are not let be higher than _LOGO."""
	if not html:
		return 12
	lines = len(re.findall(r"<(?:br|p|div|h\d|tr|li)\b", html)) if strip_html(html).strip() else 0
	return lines * 6 + (_LOGO if "<img" in html else 0) + 6


def _height_of_facts(letter: Letter) -> float:
	"""The heading, and below it whom the page is for beside its facts and seller."""
	party, seller = letter.party, letter.seller
	about = 1 + len(party.address) + sum(map(bool, (party.tax_id, party.phone, party.email)))
	about += page_breaks.count_lines(party.name, _ROOM_OF_NAME, 10)
	beside = [value for _label, value in letter.facts]
	beside += without_gaps(seller.name, seller.phone, seller.email) if seller else ()
	facts = sum(page_breaks.count_lines(value, _ROOM_OF_FACT, 9) for value in beside)
	return 17 + max(about, facts, 7) * _LINE
