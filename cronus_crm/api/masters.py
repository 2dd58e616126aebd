"""Values of masters that a form or a tree asks for."""

import frappe

from cronus_crm.cronus_crm.doctype.cronus_classification_criterion import cronus_classification_criterion
from cronus_crm.cronus_crm.doctype.cronus_seller import cronus_seller


@frappe.whitelist()
def list_allowed_values(criterion: str | None = None) -> list[str]:
	"""The values that a criterion allows, by its name; none where it allows any or does not exist."""
	return cronus_classification_criterion.list_allowed_values(criterion)


@frappe.whitelist()
def list_sellers(doctype: str, parent: str | None = None, is_root: bool = False) -> list[dict]:
	"""Nodes of the tree of sellers, as the framework's tree asks for them.

	parent: name of a seller, for those who report to it; without one, those at the top of what the user may
	see. doctype, is_root: what the tree sends; they are not looked at.

	Gives back of each `value`, its name, and `expandable`.
	"""
	return cronus_seller.list_tree_children(doctype, parent, is_root=is_root)
