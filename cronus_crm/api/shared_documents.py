"""The one address that serves a document to people without an account: the PDF behind a link."""

import frappe
from frappe.rate_limiter import rate_limit

from cronus_crm.cronus_connect.sending import public_links


# For customers, who have no account: the key is the permission.
@frappe.whitelist(allow_guest=True, methods=["GET"])
@rate_limit(limit=120, seconds=3600)
def open_document(key: str) -> None:
	"""Sends the PDF that a link was made for, until its last day and while the document is issued; otherwise
	a page that says that the link is not valid (404).

	key: of the link. At most 120 requests in an hour from one address (429).
	"""
	public_links.open_document(key)
