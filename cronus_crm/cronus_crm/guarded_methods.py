"""Methods of the framework that answer without asking who may see, answered with the rule of visibility.

`hooks.py` puts these in the place of the framework's own, under the same addresses. For DocTypes that are not
under the rule they are the framework's.
"""

import frappe
import frappe.client
import frappe.desk.notifications
import frappe.desk.search

from cronus_crm.cronus_crm import visibility


@frappe.whitelist()
def get_count(
	doctype: str, filters: dict | list | str | None = None, debug: bool = False, cache: bool = False
) -> int:
	"""Number of documents, as `frappe.client.get_count`; of ours, those that the user may see."""
	if not visibility.is_governed(doctype):
		return frappe.client.get_count(doctype, filters=filters, debug=debug, cache=cache)
	counted = frappe.get_list(
		doctype, filters=frappe.parse_json(filters), fields=["count(name) as number"], order_by=None
	)
	return counted[0].number


@frappe.whitelist()
def get_open_count(doctype: str, name: str, items: list | str | None = None) -> dict:
	"""The numbers beside a form's connections, as `frappe.desk.notifications.get_open_count`; those of our
	DocTypes count what the user may see."""
	found = frappe.desk.notifications.get_open_count(doctype, name, items)
	links = frappe.get_meta(doctype).get_dashboard_data()
	counts = found["count"]
	for row in counts["external_links_found"] if isinstance(counts, dict) else []:
		if visibility.is_governed(row["doctype"]):
			fieldname = links.get("non_standard_fieldnames", {}).get(row["doctype"], links.get("fieldname"))
			row["count"] = _visible_links(row["doctype"], {fieldname: name})
	return found


def _visible_links(doctype: str, filters: dict) -> int:
	if not frappe.has_permission(doctype, "read"):
		return 0
	# A hundred is as far as the framework counts; beyond, the form shows "99+".
	return len(frappe.get_list(doctype, filters=filters, pluck="name", limit=100, distinct=True))


@frappe.whitelist()
def get_link_title(doctype: str, docname: str) -> str | None:
	"""What a link shows instead of a name, as `frappe.desk.search.get_link_title`; of our DocTypes, the name
	itself where the user may not see the document."""
	if visibility.is_governed(doctype) and not visibility.can_see(doctype, docname):
		return docname
	return frappe.desk.search.get_link_title(doctype, docname)


@frappe.whitelist()
def search_link(
	doctype: str,
	txt: str,
	query: str | None = None,
	filters: str | dict | list | None = None,
	page_length: int = 10,
	searchfield: str | None = None,
	reference_doctype: str | None = None,
	ignore_user_permissions: bool = False,
) -> list[dict]:
	"""Search of a link field, as `frappe.desk.search.search_link`. There, whoever asks to ignore user
	permissions is spared every condition; here, not those of our DocTypes."""
	return frappe.desk.search.search_link(
		doctype,
		txt,
		query,
		filters,
		page_length,
		searchfield,
		reference_doctype,
		ignore_user_permissions and not visibility.is_governed(doctype),
	)


@frappe.whitelist()
def search_widget(
	doctype: str,
	txt: str,
	query: str | None = None,
	searchfield: str | None = None,
	start: int = 0,
	page_length: int = 10,
	filters: str | dict | list | None = None,
	filter_fields: list | str | None = None,
	as_dict: bool = False,
	reference_doctype: str | None = None,
	ignore_user_permissions: bool = False,
) -> list:
	"""Search of the search box, as `frappe.desk.search.search_widget`, with the same difference."""
	return frappe.desk.search.search_widget(
		doctype,
		txt,
		query,
		searchfield,
		start,
		page_length,
		filters,
		filter_fields,
		as_dict,
		reference_doctype,
		ignore_user_permissions and not visibility.is_governed(doctype),
	)
