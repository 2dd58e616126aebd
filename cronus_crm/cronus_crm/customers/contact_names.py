"""Names of contacts and addresses of our records, whatever the people are called.

The framework makes such a name of the person's name and that of the record. It fails for names that are too
long together, and for some characters.
"""

import html
import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from cronus_crm.visibility import ownership
from cronus_crm.visibility.replaced.replacement import Call, replaces

# The framework refuses these in names.
_REFUSED = re.compile(r"[<>\x00-\x1f]+")

# Characters that stay free for a number, within the 140 of a name.
_MAX_LENGTH = 130


@replaces("frappe.contacts.doctype.contact.contact.Contact.autoname")
def name_contact(call: Call) -> None:
	"""Sets the name of a contact: that of the person, and of the first of its records.

	No hole: in 15 and 16 it fails for long names, and for a second contact whose name contains a quotation
	mark. Test: cronus_crm/cronus_crm/customers/test_contact_names.py.
	"""
	doc = call["self"]
	if not _is_of_ours(doc):
		return call()
	parts = (doc.first_name, doc.middle_name, doc.last_name)
	person = " ".join(part.strip() for part in map(cstr, parts) if part.strip())
	person = person or cstr(doc.company_name or doc.email_id)
	doc.name = make_unique_name("Contact", person, cstr(doc.links[0].link_name).strip())


@replaces("frappe.contacts.doctype.address.address.Address.autoname")
def name_address(call: Call) -> None:
	"""Sets the name of an address: its title, by default that of the first of its records, and its type.

	No hole: it fails in 15 and 16 for the same names as that of a contact. Test: that of `name_contact`.
	"""
	doc = call["self"]
	if not _is_of_ours(doc):
		return call()
	if not doc.address_title:
		doc.address_title = doc.links[0].link_title or doc.links[0].link_name
	doc.name = make_unique_name("Address", cstr(doc.address_title), cstr(_(doc.address_type)))


def make_unique_name(doctype: str, title: str, suffix: str) -> str:
	"""A name of the form TITLE-SUFFIX that the framework accepts, which no document of the DocType has. The
	title is cut where the name would be too long, and numbers distinguish equal names."""
	suffix = _REFUSED.sub(" ", html.unescape(suffix)).strip()[:40]
	title = _REFUSED.sub(" ", html.unescape(title)).strip()[: _MAX_LENGTH - len(suffix)].strip()
	name, number = f"{title}-{suffix}", 0
	while frappe.db.exists(doctype, name):
		number += 1
		name = f"{title}-{suffix}-{number}"
	return name


def _is_of_ours(doc: Document) -> bool:
	return bool(doc.links) and ownership.is_governed(cstr(doc.links[0].link_doctype))
