"""Titles of linked documents, which the framework sends and prints beside the links of a document. A document
that one may see may point at one that one may not: its title is left out, and the link shows its name.
"""

import frappe

from cronus_crm.visibility import rule


def filter_titles(titles: dict[str, str]) -> dict[str, str]:
	"""Of titles by "DocType::name", as the framework keeps them, those of documents that the user may see."""
	return {key: title for key, title in titles.items() if rule.may_disclose(*key.split("::", 1))}


def hide_titles_in_print(doc, method: str | None = None, settings: dict | None = None) -> None:
	"""Event `before_print`: takes titles that the user may not see from those that the page would show."""
	if not frappe.flags.ignore_print_permissions and (titles := doc.get("__link_titles")):
		doc.set("__link_titles", filter_titles(titles))
