"""Saved replies: texts with fields of a case, in the language of whom it is for."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import formatdate, get_fullname

from cronus_crm.base.message_templates import fill_template
from cronus_crm.base.present_records import get_present_value, get_settings
from cronus_crm.base.texts import as_html, read_text
from cronus_crm.cronus_service.cases.case_states import CASE

REPLY = "Cronus Saved Reply"

# What the text of a reply may name.
FIELDS = (
	"case",
	"subject",
	"customer",
	"contact",
	"agent",
	"team",
	"state",
	"product",
	"opened_on",
	"company",
)


class Reply(TypedDict):
	"""text: plain text. html: the same, as it is put into an answer. language: the code of its language."""

	text: str
	html: str
	language: str


def list_replies(case: str) -> list[dict]:
	"""The replies in use that fit a case, those of its type first: [{"name", "case_type"}].

	Raises frappe.PermissionError for a case, or for replies, that the user may not see.
	"""
	doc = _read_case(case)
	rows = frappe.get_list(
		REPLY, filters={"disabled": 0}, fields=["name", "case_type"], order_by="name asc", limit=0
	)
	fitting = [row for row in rows if row.case_type in (doc.case_type, "", None)]
	return sorted(fitting, key=lambda row: (not row.case_type, row.name))


def write_reply(reply: str, case: str) -> Reply:
	"""The text of a reply for a case, with its fields filled in.

	Raises frappe.PermissionError for a case or a reply that the user may not see, frappe.ValidationError for
	a text that cannot be filled in.
	"""
	doc = _read_case(case)
	saved = frappe.get_doc(REPLY, reply)
	saved.check_permission("read")
	language = find_language(doc)
	row = _choose_text(saved, language)
	with print_language(row.language or language):
		text = fill_template(read_text(row.text), _read_values(doc), FIELDS)
	lines = [str(as_html(line)) for line in text.splitlines()]
	return Reply(text=text, html=f"<p>{'<br>'.join(lines)}</p>", language=row.language or language)


def find_language(case: Document) -> str:
	"""Code of the language of whom a case is for: that of the customer, else that of the site."""
	own = get_present_value("Cronus Customer", case.customer, "language") if case.customer else None
	return own or frappe.get_system_settings("language") or "en"


def check_texts(saved: Document) -> None:
	"""Raises frappe.ValidationError for a text that cannot be filled in, and for two in one language."""
	seen = {}
	for row in saved.texts:
		fill_template(read_text(row.text), dict.fromkeys(FIELDS, "x"), FIELDS)
		first = seen.setdefault(row.language or "", row.idx)
		if first != row.idx:
			frappe.throw(
				_("Texts, rows {0} and {1} are in the same language: leave one of them.").format(
					first, row.idx
				)
			)


def _choose_text(saved: Document, language: str) -> Document:
	"""The text in a language, or in the one that it is a form of (es for es-MX); else the one in any
	language, else the first."""
	for wanted in (language, language.split("-")[0], ""):
		for row in saved.texts:
			if (row.language or "") == wanted:
				return row
	return saved.texts[0]


def _read_case(name: str) -> Document:
	doc = frappe.get_doc(CASE, name)
	doc.check_permission("read")
	return doc


def _read_values(case: Document) -> dict[str, str]:
	product = get_present_value("Cronus Product", case.product, "product_name") if case.product else ""
	return {
		"case": case.name,
		"subject": read_text(case.subject),
		"customer": read_text(case.account_name),
		"contact": read_text(case.contact_name or case.account_name),
		"agent": get_fullname(frappe.session.user),
		"team": read_text(case.team),
		"state": _(case.state),
		"product": read_text(product),
		"opened_on": formatdate(case.opened_on),
		"company": read_text(get_settings().company_name) or frappe.local.site,
	}
