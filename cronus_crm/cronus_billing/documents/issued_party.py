"""Whom a document is for, in the words of its page: name, tax id, address, telephone and e-mail.

A draft shows those of today. An issued document keeps those of the day of its issue in fields of its own
(FIELDS), so that a later print says what the first one said, whatever became of the customer since.
"""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.present_records import get_present_doc, get_present_value

FIELDS = ("party_name", "party_tax_id", "party_address", "party_phone", "party_email")

# Whom a document can be for: field of the document, and the DocType that it links to.
_LINKS = (("customer", "Cronus Customer"), ("prospect", "Cronus Prospect"))


@dataclass(frozen=True)
class Party:
	"""A recipient or a seller, as text that is ready to print. address: its lines."""

	name: str
	tax_id: str | None = None
	address: tuple[str, ...] = ()
	phone: str | None = None
	email: str | None = None


def clear_party(doc: Document) -> None:
	"""Empties the fields of a draft, in its `validate`: a client may have sent them, or a copy carry them."""
	doc.update(dict.fromkeys(FIELDS))


def keep_party(doc: Document) -> None:
	"""Writes whom a document is for into its fields; call it where the document is issued."""
	link = find_link(doc)
	party = read_party(*link, name_of_party(doc)) if link else Party(name_of_party(doc))
	doc.update(as_fields(party))


def as_fields(party: Party) -> dict[str, str | None]:
	"""A party as the values of FIELDS. The address has a line for each of its lines."""
	values = (party.name, party.tax_id, "\n".join(party.address), party.phone, party.email)
	return dict(zip(FIELDS, (value or None for value in values), strict=True))


def find_kept_party(doctype: str, name: str | None) -> Party | None:
	"""The party that an issued or cancelled document keeps; None for drafts, and for what is not stored.

	It is read from the database: a document that is printed may have been sent by a client.
	"""
	if not name:
		return None
	kept = frappe.db.get_value(doctype, {"name": name, "docstatus": (">", 0)}, FIELDS, as_dict=True)
	if not kept or not kept.party_name:
		return None
	*lines, last = (kept.party_address or "").split("\n")
	return Party(
		kept.party_name,
		kept.party_tax_id,
		drop_empty(*lines, _translate_country(last)),
		kept.party_phone,
		kept.party_email,
	)


def find_link(doc: Document) -> tuple[str, str] | None:
	"""(DocType, name) of the customer, else the prospect, that a document is for; None where neither
	exists."""
	for fieldname, doctype in _LINKS:
		record = doc.get(fieldname)
		if record and get_present_value(doctype, record, "name"):
			return doctype, record
	return None


def name_of_party(doc: Document) -> str:
	"""The name that a document shows of whom it is for."""
	return doc.get("customer_name") or doc.get("customer") or doc.get("prospect") or ""


def read_party(doctype: str, record: str, name: str) -> Party:
	"""The party that a customer or prospect is today. name: the one to show. The last line of an address may
	be the English name of its country."""
	known = get_present_doc(doctype, record)
	return Party(
		name=name,
		tax_id=known.tax_id,
		address=_read_address(doctype, record)
		or drop_empty(known.city, known.get("province"), known.get("country")),
		phone=known.phone,
		email=known.email,
	)


def translate_address(address: tuple[str, ...]) -> tuple[str, ...]:
	"""The lines of an address with the country in the language of the print."""
	return (*address[:-1], _translate_country(address[-1])) if address else ()


def _read_address(doctype: str, name: str) -> tuple[str, ...]:
	"""The lines of a record's primary address, else of its oldest one; empty without an address."""
	# Written by hand: to build it would take longer than to ask it, and every document that is issued does.
	rows = frappe.db.sql(
		"""select address.address_line1, address.address_line2, address.city, address.state,
			address.pincode, address.country
		from `tabAddress` address
		join `tabDynamic Link` link on link.parent = address.name and link.parenttype = 'Address'
		where link.link_doctype = %s and link.link_name = %s and address.disabled = 0
		order by address.is_primary_address desc, address.creation
		limit 1""",
		(doctype, name),
		as_dict=True,
	)
	if not rows:
		return ()
	(found,) = rows
	place = ", ".join(drop_empty(" ".join(drop_empty(found.pincode, found.city)), found.state))
	return drop_empty(found.address_line1, found.address_line2, place, found.country)


def _translate_country(name: str) -> str:
	return _(name) if name else ""


def drop_empty(*texts: str | None) -> tuple[str, ...]:
	"""The texts that are not empty, stripped."""
	return tuple(text.strip() for text in texts if text and text.strip())
