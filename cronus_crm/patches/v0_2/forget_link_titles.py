"""Clears the stored titles of governed documents in the links of contacts and addresses.
`link_titles.clear_link_titles` does so when one is saved.
"""

import frappe

from cronus_crm.visibility import ownership


def execute() -> None:
	"""Clears them in one statement."""
	link = frappe.qb.DocType("Dynamic Link")
	(
		frappe.qb.update(link)
		.set(link.link_title, None)
		.where(link.parenttype.isin(["Contact", "Address"]))
		.where(link.link_doctype.isin(ownership.governed_doctypes()))
		.run()
	)
