"""Functions that list, count or search the documents of a DocType, or records that refer to them."""

import frappe
from frappe.query_builder.functions import Count

from cronus_crm.base.arguments import read_filters, read_list
from cronus_crm.visibility import attachments, link_search, ownership, rule
from cronus_crm.visibility.ownership import Beside
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.desk.notifications.get_open_count")
def get_open_count(call: Call) -> dict:
	"""The numbers beside the connections of a form. Those of governed DocTypes count visible documents only.

	Open in 15 and 16: the numbers include documents of other sellers. Held closed by way “numbers of
	connected documents”, and by tests/test_visibility.py: test_connections_count_what_is_seen.

	Raises frappe.PermissionError for a document that the user may not see.
	"""
	doctype, name = call.text("doctype"), call.text("name")
	attachments.check_visible(doctype, name)
	found = call()
	links = frappe.get_meta(doctype).get_dashboard_data()
	counts = found["count"]
	for row in counts["external_links_found"] if isinstance(counts, dict) else []:
		if ownership.is_governed(row["doctype"]):
			fieldname = links.get("non_standard_fieldnames", {}).get(row["doctype"], links.get("fieldname"))
			row["count"] = _count_visible(row["doctype"], {fieldname: name})
	return found


def _count_visible(doctype: str, filters: dict) -> int:
	if not frappe.has_permission(doctype, "read"):
		return 0
	# Like the framework: it counts up to 100, and the form shows "99+" for more.
	names = frappe.get_list(
		doctype, filters=filters, pluck="name", limit=100, distinct=True, order_by="name asc"
	)
	return len(names)


@replaces("frappe.desk.search.search_widget")
def search_widget(call: Call) -> list:
	"""Search of the search box and of link fields. `ignore_user_permissions` has no effect for DocTypes with
	conditions. DocTypes of ours are found as people write, see `link_search.py`.

	Open in 15 and 16: that argument skips all permission conditions, so every record was found. Held closed
	by ways “search without permissions”, “search box without permissions”.
	"""
	doctype = call.text("doctype")
	if ownership.find_ownership(doctype) or doctype in frappe.get_hooks("permission_query_conditions"):
		call["ignore_user_permissions"] = False
	return link_search.search(call) if link_search.applies_to(call) else call()


@replaces("frappe.desk.listview.get_group_by_count")
def get_group_by_count(call: Call) -> list[dict]:
	"""Counts by the values of a field, beside a list. Those by assignee count visible documents only.

	Open in 15 and 16: counts by assignee include all documents. Held closed by way “counts by who is
	assigned”.
	"""
	doctype = call.text("doctype")
	if call["field"] != "assigned_to" or not ownership.is_governed(doctype):
		return call()
	todo, user = frappe.qb.DocType("ToDo"), frappe.qb.DocType("User")
	names = frappe.get_list(
		doctype, filters=read_filters(call["current_filters"], doctype), pluck="name", order_by="name asc"
	)
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


@replaces("frappe.desk.doctype.tag.tag.get_tagged_docs")
def get_tagged_docs(call: Call) -> list[tuple[str]]:
	"""Names of the visible documents with a tag.

	Open in 15 and 16: the names of all documents with it. Held closed by way “names of documents with a tag”.
	"""
	doctype = call.text("doctype")
	if not ownership.is_governed(doctype):
		return call()
	return frappe.get_list(
		doctype,
		filters={"_user_tags": ("like", call.text("tag"))},
		fields=["name"],
		order_by="name asc",
		as_list=True,
	)


@replaces("frappe.desk.treeview._get_children")
def get_children(call: Call) -> list[dict]:
	"""The visible children of a node of a tree.

	Open in 16: all children, such as all sellers. Held closed by ways “tree”, “whole tree”.
	"""
	doctype, found = call.text("doctype"), call()
	if call["ignore_permissions"] or not ownership.is_governed(doctype):
		return found
	names = [row.value for row in found]
	seen = set(frappe.get_list(doctype, filters={"name": ("in", names)}, pluck="name", order_by="name asc"))
	return [row for row in found if row.value in seen]


@replaces("frappe.utils.global_search.search")
def search_globally(call: Call) -> list[dict]:
	"""Results of the search bar, without hidden documents.

	Open in 15 and 16: the index answers for all documents of every DocType that a role of the user may read;
	and SQL injection by `limit`. Held closed by way “search of everything”.
	"""
	for name in ("start", "limit"):
		call[name] = frappe.utils.cint(call[name])
	return [row for row in call() if _may_be_found(row.doctype, row.name)]


def _may_be_found(doctype: str, name: str) -> bool:
	if ownership.is_governed(doctype):
		return rule.can_see(doctype, name)
	return not isinstance(ownership.find_ownership(doctype), Beside) or bool(
		frappe.has_permission(doctype, "read", name)
	)


@replaces("frappe.workflow.doctype.workflow.workflow.get_workflow_state_count")
def get_workflow_state_count(call: Call) -> list[dict] | None:
	"""Numbers of visible documents by workflow state, without the states that are given.

	Open in 15 and 16: the caller names any field and gets its values over all documents. Held closed by way
	“numbers by state of a workflow”.
	"""
	doctype, fieldname = call.text("doctype"), call.text("workflow_state_field")
	if not frappe.get_meta(doctype).has_field(fieldname):
		return None
	states = frappe.get_list(
		doctype,
		filters={fieldname: ("not in", read_list(call["states"], "states"))},
		pluck=fieldname,
		order_by=f"{fieldname} asc",
	)
	return [{fieldname: state, "count": states.count(state)} for state in dict.fromkeys(filter(None, states))]


@replaces(
	"frappe.contacts.address_and_contact.get_permission_query_conditions_for_address",
	"frappe.contacts.address_and_contact.get_permission_query_conditions_for_contact",
	"frappe.core.doctype.communication.communication.get_permission_query_conditions_for_communication",
	"frappe.core.doctype.file.file.get_permission_query_conditions",
	"frappe.core.doctype.prepared_report.prepared_report.get_permission_query_condition",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get_permission_query_conditions",
	"frappe.desk.doctype.kanban_board.kanban_board.get_permission_query_conditions",
	"frappe.desk.doctype.number_card.number_card.get_permission_query_conditions",
)
def wrap_condition(call: Call) -> str | None:
	"""The framework's own conditions, in parentheses, for DocTypes for which we have conditions too.

	Open in 15 and 16: conditions are joined by "and" without parentheses, so one that contains "or" (as that
	of number cards) cancels all others. Held closed by way “what others keep of lists and figures”.
	"""
	condition = call()
	return f"({condition})" if condition else condition


@replaces("frappe.permissions.push_perm_check_log")
def log_refusal_for_administrators(call: Call):
	"""Adds the reason of a refusal to the error message, for System Managers only.

	Open in 15 and 16: the reason names the document that another one belongs to, such as the customer of a
	file. Held closed by the crawler.
	"""
	if "System Manager" in frappe.get_roles():
		call()
