import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet

from cronus_crm.base.notices import user_language
from cronus_crm.base.present_records import get_present_value, get_present_values
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.visibility import rule


class CronusSeller(NestedSet):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		due_today_told_on: DF.Date | None
		enabled: DF.Check
		handed_over_to: DF.Link | None
		is_group: DF.Check
		lft: DF.Int
		old_parent: DF.Link | None
		parent_cronus_seller: DF.Link | None
		rgt: DF.Int
		seller_name: DF.Data
		user: DF.Link | None
		work_center: DF.Link | None
	# end: auto-generated types
	nsm_parent_field = "parent_cronus_seller"

	def validate(self):
		if not self.flags.ignore_permissions:
			restore_server_fields(self, ("handed_over_to",))
		self.require_user()
		self.require_unique_user()
		self.refuse_cycle()

	def require_user(self):
		"""Raises frappe.MandatoryError for a seller without user, unless it is a team (a group)."""
		if not self.user and not self.is_group:
			frappe.throw(
				_(
					"Choose the user who sells as {0}. Only a team, which others report to, may go without."
				).format(frappe.bold(self.seller_name)),
				frappe.MandatoryError,
				title=_("A seller needs a user"),
			)

	def require_unique_user(self):
		other = self.user and frappe.db.get_value(
			"Cronus Seller", {"user": self.user, "name": ("!=", self.name)}
		)
		if other:
			frappe.throw(
				_("{0} already sells as {1}. Each user is one seller.").format(
					frappe.bold(self.user), frappe.bold(other)
				),
				frappe.DuplicateEntryError,
				title=_("One seller for each user"),
			)

	def refuse_cycle(self):
		"""Raises frappe.ValidationError if the seller is, through superiors, its own superior."""
		above, path = self.parent_cronus_seller, [self.name]
		while above:
			if above in path:
				path.append(above)
				frappe.throw(
					_("Nobody can report to themselves: {0}. Choose another superior.").format(
						" → ".join(path)
					),
					frappe.ValidationError,
					title=_("Circle in the team"),
				)
			path.append(above)
			above = frappe.db.get_value("Cronus Seller", above, "parent_cronus_seller")

	def before_save(self):
		self.make_superior_a_group()

	def make_superior_a_group(self):
		"""Marks the superior as a group, which the framework requires of a parent."""
		if self.parent_cronus_seller:
			frappe.db.set_value("Cronus Seller", self.parent_cronus_seller, "is_group", 1)

	def on_update(self):
		super().on_update()
		rule.clear_team_cache()

	def on_trash(self):
		super().on_trash(allow_root_deletion=True)
		rule.clear_team_cache()

	def before_rename(self, old: str, new: str, merge: bool = False):
		super().before_rename(old, new, merge)
		if merge:
			self.refuse_merge_into_team(new)

	def refuse_merge_into_team(self, other: str):
		"""Raises frappe.ValidationError when `other` reports, through superiors, to this seller: it would
		become its own superior."""
		if other in rule.list_team(self.name):
			frappe.throw(
				_("{0} reports to {1}. Choose another superior for {0} before the two become one.").format(
					frappe.bold(other), frappe.bold(self.name)
				),
				title=_("Circle in the team"),
			)

	def after_rename(self, old: str, new: str, merge: bool = False):
		super().after_rename(old, new, merge)
		rule.clear_team_cache()


def list_tree_children(doctype: str, parent: str | None = None, is_root: bool = False) -> list[dict]:
	"""Nodes of the tree of sellers that the user may see: {"value", "expandable", "superior"}.

	parent: the nodes below it; None for the roots, which are the sellers whose superior the user does not
	see.
	"""
	visible = frappe.get_list(
		"Cronus Seller",
		fields=["name as value", "is_group as expandable", "parent_cronus_seller as superior"],
		order_by="lft asc",
		limit=0,
	)
	names = {seller.value for seller in visible}
	if not parent:
		return [seller for seller in visible if seller.superior not in names]
	return [seller for seller in visible if seller.superior == parent]


def find_acting_seller(seller: str | None) -> str | None:
	"""Who does what is due for a seller: the seller, or, of one that is disabled, the one to whom it was
	handed over."""
	seen = set()
	while seller and seller not in seen:
		seen.add(seller)
		enabled, successor = get_present_values("Cronus Seller", seller, "enabled", "handed_over_to")
		if enabled or not successor:
			break
		seller = successor
	return seller


def user_of_seller(seller: str | None) -> str | None:
	"""The user of a seller; None for a team without user, and for None."""
	return get_present_value("Cronus Seller", seller, "user") if seller else None


def language_of_seller(seller: str | None) -> str:
	"""Language code for texts to a seller: that of its user, else that of the site."""
	return user_language(user_of_seller(seller))
