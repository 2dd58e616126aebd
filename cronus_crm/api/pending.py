"""Data for the page of pending activities."""

import frappe

from cronus_crm.cronus_crm.activities import pending_activities


@frappe.whitelist(methods=["GET"])
def get_overview(
	seller: str | None = None, kind: str | None = None, limit: int | str = pending_activities.PAGE_LENGTH
) -> dict:
	"""The summary and the first page, in one response.

	seller, kind, limit: as in :func:`get_page`.

	Gives back {"summary": as in :func:`get_summary`, "page": the first page, as in :func:`get_page`}, and
	raises what they raise.
	"""
	return pending_activities.get_overview(seller, kind, limit=limit)


@frappe.whitelist(methods=["GET"])
def get_summary(seller: str | None = None, kind: str | None = None) -> dict:
	"""Numbers of pending activities.

	seller: a seller whom the user sees; by default, all of them. kind: a kind of activity types; by default,
	all.

	Gives back counts {"total", "groups": {group: …}, "kinds": {kind: …}, "sellers": [{"name", "seller_name",
	"count", "overdue"}]}. The filter `kind` does not affect the counts of kinds, nor `seller` those of
	sellers, so that each count says what choosing it would show. `sellers` is None for a user who sees at
	most one. Raises frappe.PermissionError for a seller whom the user does not see, frappe.ValidationError
	for an unknown kind.
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
	"""A page of the pending activities, in order of their time.

	group: a key of `groups` of :func:`get_summary`; by default, all. kind, seller: as in :func:`get_summary`.
	after: `next` of the previous page. limit: rows in a page, at most 200.

	Gives back {"rows": […], "next": … or None at the end}. A row has the fields of the activity, its `group`
	and `kind`, and the `phone` and `email` of its contact, prospect or customer where the user may read that.
	Raises frappe.PermissionError for a seller whom the user does not see, frappe.ValidationError for an
	unknown group or kind and an invalid page.
	"""
	return pending_activities.get_page(group, kind, seller=seller, after=after, limit=limit)
