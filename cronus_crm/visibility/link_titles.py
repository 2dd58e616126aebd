"""Titles of linked documents, which the framework sends to forms and prints instead of their names.

A visible document may link to a hidden one. The title of the hidden one is left out, so the link shows its
name.
"""

import frappe

from cronus_crm.visibility import ownership, rule


def filter_titles(titles: dict[str, str]) -> dict[str, str]:
	"""The titles of documents that the session's user may see.

	titles: by "DocType::name", as in the framework's responses.
	"""
	return {key: title for key, title in titles.items() if rule.may_disclose(*key.split("::", 1))}


def hide_titles_in_print(doc, method: str | None = None, settings: dict | None = None) -> None:
	"""Event `before_print`: removes the titles of hidden documents from those that the page would show."""
	if not frappe.flags.ignore_print_permissions and (titles := doc.get("__link_titles")):
		doc.set("__link_titles", filter_titles(titles))


def clear_link_titles(doc) -> None:
	"""Clears the stored titles of governed documents in the links of a contact or an address.

	Why: a user who sees the contact through one link would read the titles of all others. The form requests
	the title of each link separately and gets those of visible documents.
	"""
	for link in doc.links:
		if ownership.is_governed(link.link_doctype):
			link.link_title = None
