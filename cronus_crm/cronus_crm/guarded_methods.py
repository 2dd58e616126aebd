"""Methods of the framework that answer without asking who may see, answered with the rule of visibility.

`hooks.py` puts these in the place of the framework's own, under the same addresses. For DocTypes that are not
under the rule they are the framework's.
"""

import frappe
import frappe.client
import frappe.desk.notifications

from cronus_crm.cronus_crm import visibility


@frappe.whitelist()
def get_count(
	doctype: str, filters: dict | list | str | None = None, debug: bool = False, cache: bool = False
) -> int:
	"""Number of documents, as `frappe.client.get_count`; of ours, those that the user may see."""
	if doctype not in visibility.governed_doctypes():
		return frappe.client.get_count(doctype, filters=filters, debug=debug, cache=cache)
	rows = frappe.get_list(
		doctype, filters=frappe.parse_json(filters), fields=["count(name) as number"], order_by=None
	)
	return rows[0].number


@frappe.whitelist()
def get_open_count(doctype: str, name: str, items: list | str | None = None) -> dict:
	"""The numbers beside a form's connections, as `frappe.desk.notifications.get_open_count`; those of our
	DocTypes count what the user may see."""
	found = frappe.desk.notifications.get_open_count(doctype, name, items)
	governed = set(visibility.governed_doctypes())
	links = frappe.get_meta(doctype).get_dashboard_data()
	for row in found.get("count", {}).get("external_links_found", []):
		if row["doctype"] in governed:
			row["count"] = _visible_links(row["doctype"], name, doctype, links)
	return found


def _visible_links(linked: str, name: str, doctype: str, links) -> int:
	fieldname = links.get("non_standard_fieldnames", {}).get(linked, links.get("fieldname"))
	if not frappe.has_permission(linked, "read"):
		return 0
	# A hundred is as far as the framework counts; the form shows "99+".
	return len(frappe.get_list(linked, filters={fieldname: name}, pluck="name", limit=100, distinct=True))
