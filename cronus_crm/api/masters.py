"""Values of masters for forms and trees."""

import frappe

from cronus_crm.cronus_crm.doctype.cronus_classification_criterion import cronus_classification_criterion
from cronus_crm.cronus_crm.doctype.cronus_seller import cronus_seller


@frappe.whitelist()
def list_allowed_values(criterion: str | None = None) -> list[str]:
	"""The values that a criterion allows; empty when it allows any value or does not exist.

	criterion: name of the Cronus Classification Criterion.
	"""
	return cronus_classification_criterion.list_allowed_values(criterion)


@frappe.whitelist()
def list_sellers(doctype: str, parent: str | None = None, is_root: bool = False) -> list[dict]:
	"""Nodes of the tree of sellers, in the form of the framework's tree.

	parent: name of a seller, for the sellers that report to it; by default, the topmost sellers that the user
	may see. doctype, is_root: sent by the framework's tree and ignored.

	Gives back rows with `value`, the name of the seller, and `expandable`.
	"""
	return cronus_seller.list_tree_children(doctype, parent, is_root=is_root)
