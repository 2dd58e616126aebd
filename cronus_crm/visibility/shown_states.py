"""Documents of the company that are shown by their state: a draft to those who write them, a finished one to
everybody with the framework's right to read.

This module only knows states. `rule.py`, its only caller, knows who sees them all.
"""

import frappe
from frappe.query_builder import Criterion, DocType
from pypika import Table

from cronus_crm.visibility import ownership
from cronus_crm.visibility.ownership import ByState


def is_by_state(doctype: str | None) -> bool:
	"""True for a DocType whose documents are shown by their state."""
	return isinstance(ownership.find_ownership(doctype), ByState)


def build_criterion(doctype: str, table: Table) -> Criterion:
	"""The criterion of the documents that are shown to others."""
	owned = ownership.find_ownership(doctype)
	return table[owned.state_field].isin(owned.shown)


def permits(doc) -> bool:
	"""False when its state hides a document from others, as it is stored or as it was sent."""
	owned = ownership.find_ownership(doc.doctype)
	states = {doc.get(owned.state_field)}
	if doc.name:
		states.update(_read_states(doc.doctype, doc.name))
	return states <= set(owned.shown)


def is_visible(doctype: str, name: str) -> bool:
	"""The same for a stored document; False when there is none."""
	states = _read_states(doctype, name)
	return bool(states) and set(states) <= set(ownership.find_ownership(doctype).shown)


def _read_states(doctype: str, name: str) -> list[str]:
	"""The state of a document, in a list; not cached, so that a change is effective at once."""
	owned, table = ownership.find_ownership(doctype), DocType(doctype)
	return frappe.qb.from_(table).select(table[owned.state_field]).where(table.name == name).run(pluck=True)
