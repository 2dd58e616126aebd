"""The page of pending activities."""

import frappe

from cronus_crm.cronus_crm.activities import pending_activities


@frappe.whitelist(methods=["GET"])
def get_overview(
	seller: str | None = None, kind: str | None = None, limit: int | str = pending_activities.PAGE_LENGTH
) -> dict:
	"""What the page shows when it is opened, in one answer.

	seller, kind, limit: as in :func:`get_page`.

	Gives back {"summary": what :func:`get_summary` gives back, "page": the first of :func:`get_page`}, and
	raises what they raise.
	"""
	return pending_activities.get_overview(seller, kind, limit=limit)


@frappe.whitelist(methods=["GET"])
def get_summary(seller: str | None = None, kind: str | None = None) -> dict:
	"""How much is pending.

	seller: one of those whom the user sees; by default, all of them. kind: one of those of activity types.

	Gives back counts {"total", "groups": {group: …}, "kinds": {kind: …}, "sellers": [{"name", "seller_name",
	"count", "overdue"}]}. Kinds are counted whatever the kind, and sellers whatever the seller, so that each
	says what choosing it would show. `sellers` is None for a user who sees one at most.
	Raises frappe.PermissionError for a seller of others, frappe.ValidationError for an unknown kind.
	"""
	return pending_activities.get_summary(seller, kind)


@frappe.whitelist(methods=["GET"])
def get_page(
	group: str | None = None,
	kind: str | None = None,
	seller: str | None = None,
	after: str | list | None = None,
	limit: int | str = pending_activities.PAGE_LENGTH,
) -> dict:
	"""What is pending, in order of its hour: a page of it.

	group: a key of the `groups` of :func:`get_summary`; by
	default, all. kind, seller: as in :func:`get_summary`. after: the `next` of the
	page before this one. limit: how many at most, up to 200.

	Gives back {"rows": […], "next": … or None at the end}. A row has the fields of the activity, its `group`
	and `kind`, and the `phone` and `email` of its contact, prospect or customer where the user may read that.
	Raises frappe.PermissionError for a seller of others, frappe.ValidationError for what is not understood.
	"""
	return pending_activities.get_page(group, kind, seller=seller, after=after, limit=limit)
