"""Titles of linked documents, which the framework sends to forms and prints instead of their names.

A visible document may link to a hidden one. The title of the hidden one is left out, so the link shows its
name.
"""

import frappe

from cronus_crm.visibility import rule


def filter_titles(titles: dict[str, str]) -> dict[str, str]:
	"""The titles of documents that the session's user may see.

	titles: by "DocType::name", as in the framework's responses.
	"""
	return {key: title for key, title in titles.items() if rule.may_disclose(*key.split("::", 1))}


def hide_titles_in_print(doc, method: str | None = None, settings: dict | None = None) -> None:
	"""Event `before_print`: removes the titles of hidden documents from those that the page would show."""
	if not frappe.flags.ignore_print_permissions and (titles := doc.get("__link_titles")):
		doc.set("__link_titles", filter_titles(titles))
