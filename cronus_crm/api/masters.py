"""Values of masters for forms and trees."""

import frappe

from cronus_crm.cronus_crm.doctype.cronus_classification_criterion import cronus_classification_criterion
from cronus_crm.cronus_crm.doctype.cronus_seller import cronus_seller
from cronus_crm.cronus_crm.sellers import hand_over as hand_overs


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


@frappe.whitelist(methods=["POST"])
def hand_over(
	seller: str, to: str, disable: bool | int = False, shows_issued: bool | int = False
) -> hand_overs.HandOver:
	"""Gives everything that a seller has in course to another one: customers, prospects and opportunities in
	course, pending activities and drafts. What is finished or issued stays the first seller's, with its
	figures.

	seller: name of the Cronus Seller who leaves. to: name of the successor, who is enabled and has a user.
	disable: also disables the first one. shows_issued: the first one reports to the successor from now on,
	who so sees what was issued and finished.

	Gives back `seller`, `to`, `records` (how many, by DocType) and `queued`, which is True when they are so
	many that a job hands them over. To repeat the call hands over what has come since.

	Raises frappe.PermissionError unless the user is a sales manager of both sellers or an administrator, and
	may write the seller where `disable` or `shows_issued` is set; frappe.ValidationError for a successor who
	cannot be one.
	"""
	return hand_overs.hand_over(seller, to, disable, shows_issued)
