"""Methods of the framework that answer without asking who may see, answered with the rule of visibility:
lists, counts, searches and tags. Those about one document are in `guarded_documents.py`, those of figures
and reports in `guarded_figures.py`.

`hooks.py` puts these in the place of the framework's own, under the same addresses. For DocTypes that are not
under the rule they are the framework's.
"""

import frappe
import frappe.desk.doctype.tag.tag
import frappe.desk.listview
import frappe.desk.notifications
import frappe.desk.search
import frappe.utils.global_search
from frappe.query_builder.functions import Count

from cronus_crm.cronus_crm import companions, visibility


@frappe.whitelist()
def get_count(
	doctype: str, filters: dict | list | str | None = None, debug: bool = False, cache: bool = False
) -> int:
	"""Number of documents, as `frappe.client.get_count`, but of those that the user may see.

	Of every DocType, not of ours alone: comments, versions and shares tell about our documents too, and a
	count with a filter is a question that can be asked until the value is known.

	Raises frappe.PermissionError for a DocType that the user may not read.
	"""
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


@frappe.whitelist()
def get_group_by_count(doctype: str, current_filters: str, field: str) -> list[dict]:
	"""Counts beside a list, as `frappe.desk.listview.get_group_by_count`. There, those by assignee are of all
	documents; of ours, of those that the user may see."""
	if field != "assigned_to" or not visibility.is_governed(doctype):
		return frappe.desk.listview.get_group_by_count(doctype, current_filters, field)
	todo, user = frappe.qb.DocType("ToDo"), frappe.qb.DocType("User")
	names = frappe.get_list(doctype, filters=frappe.parse_json(current_filters), pluck="name", order_by=None)
	if not names:
		return []
	return (
		frappe.qb.from_(todo)
		.join(user)
		.on((user.name == todo.allocated_to) & (user.user_type == "System User"))
		.where(
			(todo.status != "Cancelled") & (todo.reference_type == doctype) & todo.reference_name.isin(names)
		)
		.groupby(todo.allocated_to)
		.select(todo.allocated_to.as_("name"), Count("*").as_("count"))
		.orderby(Count("*"), order=frappe.qb.desc)
		.limit(50)
		.run(as_dict=True)
	)


@frappe.whitelist()
def get_tagged_docs(doctype: str, tag: str) -> list[tuple[str]]:
	"""Names of the documents with a tag, as `frappe.desk.doctype.tag.tag.get_tagged_docs`; of ours, of those
	that the user may see."""
	if not visibility.is_governed(doctype):
		return frappe.desk.doctype.tag.tag.get_tagged_docs(doctype, tag)
	return frappe.get_list(doctype, filters={"_user_tags": ("like", tag)}, fields=["name"], as_list=True)


@frappe.whitelist()
def add_tag(tag: str, dt: str, dn: str, color: str | None = None) -> str:
	"""Puts a tag on a document, as `frappe.desk.doctype.tag.tag.add_tag`; on one of ours, where the user may
	see it. There, the refusal ends in an error of another kind."""
	companions.require_sight(dt, dn)
	return frappe.desk.doctype.tag.tag.add_tag(tag, dt, dn, color)


@frappe.whitelist()
def add_tags(tags: str | list, dt: str, docs: str | list, color: str | None = None) -> None:
	"""Puts tags on documents, as `frappe.desk.doctype.tag.tag.add_tags`, with the same difference."""
	for name in frappe.parse_json(docs):
		companions.require_sight(dt, name)
	frappe.desk.doctype.tag.tag.add_tags(tags, dt, docs, color)


@frappe.whitelist()
def remove_tag(tag: str, dt: str, dn: str) -> None:
	"""Takes a tag off a document, as `frappe.desk.doctype.tag.tag.remove_tag`; off one of ours, where the
	user may see it."""
	companions.require_sight(dt, dn)
	frappe.desk.doctype.tag.tag.remove_tag(tag, dt, dn)


@frappe.whitelist()
def search_everything(
	text: str, start: int | str = 0, limit: int | str = 20, doctype: str | None = None
) -> list[dict]:
	"""What the search bar finds, as `frappe.utils.global_search.search`. There, the index answers for every
	document of a DocType that the user may read at all; of ours, what the user may see is left."""
	found = frappe.utils.global_search.search(text, start, limit, doctype or "")
	return [row for row in found if _may_be_found(row.doctype, row.name)]


def _may_be_found(doctype: str, name: str) -> bool:
	if visibility.is_governed(doctype):
		return visibility.can_see(doctype, name)
	return doctype not in companions.DOCUMENT_OF or bool(frappe.has_permission(doctype, "read", name))
