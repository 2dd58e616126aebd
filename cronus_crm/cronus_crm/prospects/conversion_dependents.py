"""What came after a conversion and would be left without its customer, contact or opportunity."""

from collections.abc import Iterator
from itertools import chain

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.record_links import find_dynamic_links, find_links
from cronus_crm.cronus_crm.opportunities import opportunity_progress
from cronus_crm.cronus_crm.prospects import prospect_state
from cronus_crm.visibility import rule

PROSPECT, OPPORTUNITY, ACTIVITY = "Cronus Prospect", "Cronus Opportunity", "Cronus Activity"

# Documents that prevent the reversal: so many are named in the message, the others are counted.
MAX_NAMED = 5
# Documents that are searched for each field that can link to a record.
MAX_COUNTED_PER_LINK = 100

# DocTypes whose dynamic links count as a dependency: rows of contacts and addresses, and activities.
_DYNAMIC_LINK_SOURCES = ("Dynamic Link", ACTIVITY)


def refuse_if_depended_on(prospect: Document, carried: dict[str, dict], created: dict[str, str]) -> None:
	"""Raises frappe.LinkExistsError if documents depend on what the conversion has created.

	carried: the links that it has changed, as the prospect stores them. created: the DocType of each record
	that it may have created.

	The message names only those that the user may see.
	"""
	dependent = list(dict.fromkeys(_find_dependent_documents(prospect, carried, created)))
	if not dependent:
		return
	visible = [document for document in dependent if rule.can_see(*document)]
	named = ", ".join(f"{_(doctype)} {frappe.bold(name)}" for doctype, name in visible[:MAX_NAMED])
	if len(visible) > MAX_NAMED:
		named = _("{0} and {1} more").format(named, len(visible) - MAX_NAMED)
	if len(visible) < len(dependent):
		named = ", ".join(filter(None, (named, _("others outside your portfolio"))))
	frappe.throw(
		_("The conversion of {0} cannot be undone, because of what came after it: {1}.").format(
			frappe.bold(prospect.prospect_name), named
		),
		frappe.LinkExistsError,
		title=_("Something stands on it"),
	)


def _find_dependent_documents(
	prospect: Document, carried: dict[str, dict], created: dict[str, str]
) -> Iterator[tuple[str, str]]:
	"""(DocType, name) of the documents that would lose their customer, contact or opportunity; there may be
	repetitions."""
	for document in prospect_state.list_prospect_documents(prospect.name):
		if document.issued and document.origins:
			yield document.doctype, document.name
	known = {(doctype, name) for doctype, names in carried.items() for name in names}
	known |= {(PROSPECT, prospect.name), (OPPORTUNITY, prospect.opportunity), ("Contact", prospect.contact)}
	for part, doctype in created.items():
		if prospect.get(f"made_{part}"):
			yield from (
				document
				for document in _find_linking_documents(doctype, prospect.get(part))
				if document not in known
			)
	if prospect.made_opportunity:
		stage = frappe.db.get_value(OPPORTUNITY, prospect.opportunity, "stage")
		if stage and stage != opportunity_progress.find_opening_stage():
			yield OPPORTUNITY, prospect.opportunity


def _find_linking_documents(doctype: str, name: str) -> Iterator[tuple[str, str]]:
	"""(DocType, name) of the documents that link to a record; for a child row, its parent document.

	Files, comments and whatever else the framework deletes with a record are left out.
	"""
	ignored = {"File", "Comment", *frappe.get_hooks("ignore_links_on_delete")}
	links = find_links(doctype, [name], lambda source: source not in ignored, MAX_COUNTED_PER_LINK)
	dynamic_links = find_dynamic_links(
		doctype, [name], lambda source: source in _DYNAMIC_LINK_SOURCES, MAX_COUNTED_PER_LINK
	)
	yield from (source for source, _name in chain(links, dynamic_links))
