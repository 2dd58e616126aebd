"""The links of contacts and addresses keep no titles of our documents; of those that are saved from now on,
`visibility.forget_titles` takes care."""

import frappe

from cronus_crm.visibility import ownership


def execute() -> None:
	link = frappe.qb.DocType("Dynamic Link")
	(
		frappe.qb.update(link)
		.set(link.link_title, None)
		.where(link.parenttype.isin(["Contact", "Address"]))
		.where(link.link_doctype.isin(ownership.governed_doctypes()))
		.run()
	)
