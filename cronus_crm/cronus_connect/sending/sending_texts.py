"""The texts of messages with a document: those of the settings, else those of the product."""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.translate import print_language
from frappe.utils import formatdate

from cronus_crm.base.message_templates import fill_template
from cronus_crm.base.money_format import format_money
from cronus_crm.base.present_records import get_present_value, get_settings
from cronus_crm.base.sales_documents import SalesDocument
from cronus_crm.base.texts import read_text
from cronus_crm.cronus_connect.sending.sent_documents import Recipient

EMAIL, WHATSAPP = "E-mail", "WhatsApp"


@dataclass(frozen=True)
class Message:
	"""Plain text. subject: empty where the medium has none."""

	subject: str
	text: str


def write_message(medium: str, doc: Document, document: SalesDocument, recipient: Recipient) -> Message:
	"""The proposed message with a document, in the language of whom it goes to. medium: EMAIL or WHATSAPP."""
	with print_language(recipient.language):
		subject, text = _find_texts(medium, document.kind, recipient.language)
		values = _read_values(doc, document, recipient)
		return Message(fill_template(subject, values), fill_template(text, values))


def _find_texts(medium: str, kind: str, language: str) -> tuple[str, str]:
	"""Templates of subject and text: of the rows of the settings that fit, the one that says most."""
	rows = [
		row
		for row in get_settings().sending_texts
		if row.medium == medium and row.kind in (kind, "", None) and row.language in (language, "", None)
	]
	subject, text = _list_own_texts(medium)
	if not rows:
		return subject, text
	chosen = max(rows, key=lambda row: (bool(row.language), bool(row.kind), -row.idx))
	return read_text(chosen.subject) or subject, read_text(chosen.text)


def _list_own_texts(medium: str) -> tuple[str, str]:
	"""The texts that come with the product, in the present language."""
	if medium == EMAIL:
		return _("{{ document }} {{ number }} · {{ company }}"), _(
			"Dear {{ contact }}:\n\n"
			"Please find attached {{ document }} {{ number }} of {{ date }}, for a total of {{ total }}."
			"{% if valid_until %} It is valid until {{ valid_until }}.{% endif %}"
			"{% if due_date %} It is due on {{ due_date }}.{% endif %}\n\n"
			"I remain at your service.\n\n{{ seller }}\n{{ company }}"
		)
	return "", _(
		"Good day, {{ contact }}. This is {{ document }} {{ number }} of {{ company }}, for a total of "
		"{{ total }}."
		"{% if valid_until %} It is valid until {{ valid_until }}.{% endif %}"
		"{% if due_date %} It is due on {{ due_date }}.{% endif %}"
	)


def _read_values(doc: Document, document: SalesDocument, recipient: Recipient) -> dict[str, str]:
	seller = get_present_value("Cronus Seller", document.seller, "seller_name") if document.seller else ""
	total = doc.get("grand_total") or doc.get("amount") or 0
	last_day = formatdate(document.due_date) if document.due_date else ""
	return {
		"document": _(document.kind),
		"number": document.name,
		"date": formatdate(document.posting_date),
		"valid_until": last_day if document.kind == "Proforma" else "",
		"due_date": last_day if document.kind == "Invoice" and document.balance > 0 else "",
		"total": format_money(total, document.currency),
		"balance": format_money(doc.get("balance") or 0, document.currency),
		"customer": read_text(document.customer_name),
		"contact": recipient.name,
		"seller": read_text(seller),
		"company": read_text(get_settings().company_name) or frappe.local.site,
	}
