"""Opens cases for people without a place in the desk, and keeps what they say.

The caller has asked whether this person may. What is written is written by the server in its own name: it
belongs to nobody who could read it by the framework's ways.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.model.document import Document

from cronus_crm.base.framework_state import act_as_user
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_service.cases import conversation
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.cronus_service.portal import outside_files
from cronus_crm.cronus_service.portal.outside_files import Upload


@contextmanager
def as_server() -> Iterator[None]:
	"""Inside it, the server acts, in the language of whoever has asked."""
	with act_as_user("Administrator", language=frappe.local.lang):
		yield


def write_html(text: str) -> str:
	"""A plain text as HTML: its paragraphs and lines."""
	paragraphs = str(text or "").strip().replace("\r\n", "\n").split("\n\n")
	lines = ("<br>".join(str(as_html(line)) for line in part.split("\n")) for part in paragraphs)
	return "".join(f"<p>{line}</p>" for line in lines if line)


def open_case(
	values: dict[str, Any], text: str, channel: str, uploads: list[Upload], **server_values: Any
) -> Document:
	"""Inserts a case with its first message, and the files of that. To be called inside :func:`as_server`.

	values: fields of the case. text: what they ask, plain. server_values: fields that only the server writes.

	Raises frappe.ValidationError as the case does, frappe.UniqueValidationError for a key that another case
	has.
	"""
	case = frappe.new_doc(CASE)
	case.update({**values, "description": write_html(text), "channel": channel})
	case.set_on_server(**server_values)
	case.insert()
	add_message(case, text, channel, case.contact_email, uploads)
	return case


def add_message(
	case: Document, text: str, channel: str, sender: str | None, uploads: list[Upload]
) -> Document:
	"""Inserts what they have said about a case, which moves it on. To be called inside :func:`as_server`.

	Raises frappe.ValidationError for an empty text, and for one that is too long.
	"""
	message = conversation.build_message(case, write_html(text), "Received", channel)
	message.sender = sender
	message.sender_full_name = case.contact_name if sender == case.contact_email else None
	message.insert()
	outside_files.attach("Communication", message.name, uploads)
	return message
