"""Arguments that a signature does not show: of functions that read the request, or that take a structure.

MORE is merged into what is made from the signature, for each kind of record. ASKED adds questions.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from tests.visibility.crawler.arguments import FEW, Arguments, Question
from tests.visibility.crawler.crawl_data import ME, RENAMED, CrawlData, Subject
from tests.visibility.crawler.own_documents import OwnDocuments
from tests.visibility.crawler.register import Function
from tests.visibility.world import OUTSIDERS

More = Callable[[Subject, CrawlData], Arguments]


def _list(subject: Subject, crawl_data: CrawlData) -> Arguments:
	columns = frappe.get_meta(subject.doctype).get_valid_columns()
	return {
		"doctype": subject.doctype,
		"fields": [f"`tab{subject.doctype}`.`{column}`" for column in columns],
		"filters": [[subject.doctype, "name", "=", subject.name]],
		"order_by": f"`tab{subject.doctype}`.`creation` desc",
		"start": 0,
		"page_length": 500,
		"parent": subject.parent,
		"view": "List",
	}


def _export(subject: Subject, crawl_data: CrawlData) -> Arguments:
	return {**_list(subject, crawl_data), "file_format_type": "CSV", "title": "x", "page_length": None}


def _goal(subject: Subject, crawl_data: CrawlData) -> Arguments:
	return {
		"title": "x",
		"doctype": "Cronus Customer",
		"docname": crawl_data.world.records["sol"]["Cronus Customer"],
		"goal_value_field": "annual_revenue",
		"goal_total_field": "annual_revenue",
		"goal_history_field": "external_key",
		"goal_doctype": subject.doctype,
		"goal_doctype_link": "owner",
		"goal_field": subject.number,
		"date_field": "creation",
		"aggregation": "sum",
		"filters": {"name": subject.name},
	}


def _upload(subject: Subject, crawl_data: CrawlData) -> Arguments:
	return {
		"doctype": subject.doctype,
		"docname": subject.name,
		"file_url": crawl_data.url,
		"library_file_name": crawl_data.file,
		"file_name": "x.csv",
		"filename": "x.csv",
		"filedata": "eA==",
		"from_form": 1,
		"is_private": 1,
	}


def _tree(subject: Subject, crawl_data: CrawlData) -> Arguments:
	return {"doctype": "Cronus Seller", "parent": crawl_data.manager, "is_root": "false", "label": "x"}


def _assignment(subject: Subject, crawl_data: CrawlData) -> Arguments:
	return {
		"doctype": subject.doctype,
		"name": subject.name,
		"assign_to": [ME],
		"description": "x",
		"ignore_permissions": 1,
	}


def _versions(subject: Subject, crawl_data: CrawlData) -> Arguments:
	return {"filters": {"docname": subject.name, "ref_doctype": subject.doctype}}


def _chart_or_card(subject: Subject, crawl_data: CrawlData) -> Arguments:
	described = {
		"chart_name": "x",
		"label": "x",
		"document_type": subject.doctype,
		"chart_type": "Sum",
		"function": "Sum",
		"value_based_on": subject.number,
		"aggregate_function_based_on": subject.number,
		"based_on": "creation",
		"timespan": "Last Year",
		"time_interval": "Yearly",
		"filters_json": "[]",
		"report_name": "Cronus Seller Efficiency",
		"dashboard": crawl_data.dashboard,
		"name": crawl_data.card,
	}
	return {"args": described}


# By function, what is merged into what its signature says.
MORE: dict[str, More] = {
	"cronus_crm.api.activities.find_parties": lambda s, g: {"text": g.world.mark, "limit": 20},
	"cronus_crm.api.activities.list_pending_with": lambda s, g: {
		"party_doctype": s.doctype,
		"party": s.name,
	},
	"cronus_crm.api.activities.plan": lambda s, g: {
		"activity": {
			"activity_type": "Call",
			"starts_on": "2040-01-01 09:00:00",
			"party_doctype": s.doctype,
			"party": s.name,
		}
	},
	"cronus_crm.api.activities.record": lambda s, g: {
		"activity": {"activity_type": "Call", "finishes": g.mine["Cronus Activity"]},
		"next_activity": {"subject": "x"},
	},
	"cronus_crm.api.cases.find_likely_doubles": lambda s, g: {
		"subject": frappe.db.get_value("Cronus Case", g.mine["Cronus Case"], "subject"),
		"customer": g.mine["Cronus Customer"],
		"email": None,
	},
	"cronus_crm.api.cases.merge": lambda s, g: {
		"survivor": g.world.records["sol"]["Cronus Case"],
		"merged": [g.mine["Cronus Case"]],
	},
	"cronus_crm.api.cases.move": lambda s, g: {"from_state": "New", "to_state": "Closed"},
	"cronus_crm.api.cases.pass_on": lambda s, g: {"team": None, "agent": g.world.users["service"]},
	"cronus_crm.api.imports.export": lambda s, g: {"target": "Customers", "names": None, "filters": None},
	"cronus_crm.api.imports.list_fields": lambda s, g: {"target": "Customers"},
	"cronus_crm.api.opportunities.preview_prices": lambda s, g: {
		"opportunity": {"customer": g.mine["Cronus Customer"], "currency": "USD", "products": []}
	},
	"cronus_crm.api.prospects.make_proforma": lambda s, g: {
		"source_name": g.mine["Cronus Prospect"],
		"target_doc": None,
	},
	"cronus_crm.api.agenda.get_events": lambda s, g: {
		"doctype": "Cronus Activity",
		"filters": [],
		"field_map": None,
		"start": add_days(nowdate(), -100),
		"end": add_days(nowdate(), 200),
	},
	"cronus_crm.api.agenda.move": lambda s, g: {
		"name": g.mine["Cronus Activity"],
		"all_day": 0,
	},
	"cronus_crm.api.prospects.merge": lambda s, g: {"into": g.world.records["sol"]["Cronus Prospect"]},
	"frappe.core.doctype.user.user.get_roles": lambda s, g: {"uid": g.user},
	"frappe.core.doctype.user_permission.user_permission.get_applicable_for_doctype_list": lambda s, g: {
		"filters": {"doctype": s.doctype}
	},
	"frappe.core.report.permitted_documents_for_user.permitted_documents_for_user.query_doctypes": (
		lambda s, g: {"filters": {"user": g.user}}
	),
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.create_dashboard_chart": lambda s, g: {
		"args": {**_chart_or_card(s, g)["args"], "type": "Bar"}
	},
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.create_report_chart": lambda s, g: {
		"args": {**_chart_or_card(s, g)["args"], "type": "Bar", "chart_type": "Report"}
	},
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.add_chart_to_dashboard": lambda s, g: {
		"args": {**_chart_or_card(s, g)["args"], "chart_name": g.world.shared["chart"]}
	},
	"frappe.desk.doctype.kanban_board.kanban_board.add_column": lambda s, g: {"column_title": f"Of {ME}"},
	"frappe.desk.doctype.kanban_board.kanban_board.quick_kanban_board": lambda s, g: {
		"doctype": "Cronus Opportunity",
		"board_name": f"Quick {s.name} {ME}",
		"field_name": "stage",
		"project": None,
	},
	"frappe.desk.doctype.number_card.number_card.add_card_to_dashboard": _chart_or_card,
	"frappe.desk.doctype.number_card.number_card.create_number_card": lambda s, g: {
		"args": {**_chart_or_card(s, g)["args"], "type": "Document Type"}
	},
	"frappe.desk.doctype.number_card.number_card.create_report_number_card": lambda s, g: {
		"args": {
			**_chart_or_card(s, g)["args"],
			"type": "Report",
			"report_field": "invoiced",
			"report_function": "Sum",
		}
	},
	"frappe.desk.doctype.number_card.number_card.get_cards_for_user": lambda s, g: {
		"doctype": "Number Card",
		"filters": {},
	},
	"frappe.desk.doctype.system_console.system_console.execute_code": lambda s, g: {
		"doc": {"doctype": "System Console", "console": "log(frappe.get_all('Cronus Customer'))"}
	},
	"frappe.desk.form.load.get_docinfo": lambda s, g: {"doc": None},
	"frappe.desk.listview.set_list_settings": lambda s, g: {"values": {"disable_count": 0}},
	"frappe.desk.query_report.save_report": lambda s, g: {
		"reference_report": g.world.shared["report"],
		"report_name": "x",
		"filters": {},
	},
	"frappe.desk.reportview.delete_report": lambda s, g: {"name": g.kept["Report"]},
	"frappe.desk.reportview.save_report": lambda s, g: {
		"name": g.kept["Report"],
		"doctype": "Cronus Opportunity",
		"report_settings": {},
	},
	"frappe.utils.csvutils.send_csv_to_client": lambda s, g: {"args": {"data": [["x"]], "filename": "x"}},
	"frappe.utils.diff.get_version_diff": lambda s, g: {"fieldname": "notes"},
	"frappe.utils.diff.version_query": _versions,
	"frappe.utils.nestedset.rebuild_tree": lambda s, g: {"doctype": "Cronus Seller"},
	"frappe.desk.reportview.get": _list,
	"frappe.desk.reportview.get_list": _list,
	"frappe.desk.reportview.get_count": lambda s, g: {**_list(s, g), "fields": None},
	"frappe.desk.reportview.export_query": _export,
	"frappe.desk.reportview.delete_items": lambda s, g: {"doctype": s.doctype, "items": [s.name]},
	"frappe.desk.query_report.export_query": lambda s, g: {
		"report_name": "Cronus Seller Efficiency",
		"file_format_type": "CSV",
		"filters": {"customer": g.customer},
		"visible_idx": [0, 1, 2],
	},
	"frappe.desk.query_report.run": lambda s, g: {"user": g.world.users["administrator"], "filters": {}},
	"frappe.desk.form.utils.remove_attach": lambda s, g: {"fid": g.file, "dt": s.doctype, "dn": s.name},
	"frappe.desk.form.assign_to.add": _assignment,
	"frappe.desk.form.assign_to.add_multiple": lambda s, g: {
		**_assignment(s, g),
		"name": [s.name],
		"bulk_assign": "true",
	},
	"frappe.desk.form.assign_to.close": lambda s, g: {"assign_to": g.user, "ignore_permissions": 1},
	"frappe.desk.treeview.get_children": _tree,
	"frappe.desk.treeview.get_all_nodes": lambda s, g: {
		**_tree(s, g),
		"tree_method": "frappe.desk.treeview.get_children",
	},
	"frappe.desk.treeview.add_node": lambda s, g: {
		"doctype": "Cronus Seller",
		"parent": g.seller,
		"is_root": "false",
		"seller_name": "x",
	},
	"frappe.handler.upload_file": _upload,
	"frappe.handler.uploadfile": _upload,
	"frappe.utils.goal.get_monthly_goal_graph_data": _goal,
	"frappe.desk.doctype.number_card.number_card.get_result": lambda s, g: {
		"doc": {
			"document_type": s.doctype,
			"function": "Sum",
			"aggregate_function_based_on": s.number,
			"parent_document_type": s.parent,
		},
		"filters": [[s.doctype, "name", "=", s.name]],
	},
	"frappe.desk.doctype.number_card.number_card.get_percentage_difference": lambda s, g: {
		"doc": {"name": g.card},
		"filters": [],
		"result": 1,
	},
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": lambda s, g: {
		"chart_name": None,
		"chart": {
			"name": "x",
			"chart_name": "x",
			"chart_type": "Group By",
			"document_type": s.doctype,
			"parent_document_type": s.parent,
			"group_by_type": "Count",
			"group_by_based_on": s.text,
			"aggregate_function_based_on": s.number,
			"value_based_on": s.number,
			"based_on": "creation",
			"timespan": "Last Year",
			"time_interval": "Yearly",
			"filters_json": "[]",
			"type": "Bar",
		},
		"filters": [],
		"no_cache": 1,
	},
	"frappe.desk.form.save.savedocs": lambda s, g: {"action": "Save", "doc": {**s.as_sent(), s.text: "x"}},
	"frappe.client.set_value": lambda s, g: {"value": "x"},
	"frappe.client.rename_doc": lambda s, g: {"new_name": RENAMED, "merge": 0},
	"frappe.rename_doc": lambda s, g: {"new": RENAMED, "force": 1, "merge": 0},
	"frappe.model.rename_doc.update_document_title": lambda s, g: {
		"title": "x",
		"name": RENAMED,
		"enqueue": 0,
	},
	"frappe.share.add": lambda s, g: {"user": ME},
	"frappe.share.set_permission": lambda s, g: {"user": ME, "permission_to": "read", "value": 1},
	"frappe.desk.form.document_follow.follow_document": lambda s, g: {"user": ME},
	"frappe.desk.form.document_follow.update_follow": lambda s, g: {"following": 1},
	"frappe.desk.doctype.tag.tag.add_tags": lambda s, g: {"docs": [s.name]},
	"frappe.desk.calendar.get_events": lambda s, g: {
		"field_map": {"start": "creation", "end": "modified", "id": "name", "title": s.text},
		"filters": [],
	},
	"frappe.desk.calendar.update_event": lambda s, g: {
		"args": {"doctype": s.doctype, "name": s.name, "creation": "2026-01-01", "modified": "2026-01-01"}
	},
	"frappe.desk.gantt.update_task": lambda s, g: {
		"args": {"doctype": s.doctype, "name": s.name, "creation": "2026-01-01", "modified": "2026-01-01"}
	},
	"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs": lambda s, g: {
		"action": "update",
		"data": {s.text: "x"},
	},
	"frappe.desk.reportview.get_sidebar_stats": lambda s, g: {"stats": [s.text], "filters": []},
	"frappe.desk.reportview.get_stats": lambda s, g: {"stats": [s.text], "filters": []},
	"frappe.desk.reportview.get_filter_dashboard_data": lambda s, g: {
		"stats": [{"name": s.text, "type": "Data"}],
		"filters": [],
	},
	"frappe.desk.listview.get_group_by_count": lambda s, g: {"current_filters": [["name", "=", s.name]]},
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": lambda s, g: {
		"workflow_state_field": s.text,
		"states": ["none"],
	},
	"frappe.core.doctype.data_export.exporter.export_data": lambda s, g: {
		"select_columns": {s.doctype: ["name", s.text]},
		"template": "false",
		"with_data": 1,
		"filters": [],
		"parent_doctype": None,
		"all_doctypes": "true",
	},
	"frappe.core.doctype.data_import.data_import.download_template": lambda s, g: {
		"export_fields": {s.doctype: ["name", s.text]},
		"export_records": "all",
	},
	"frappe.contacts.doctype.contact.contact.contact_query": lambda s, g: {
		"filters": {"link_doctype": "Cronus Customer", "link_name": g.customer}
	},
	"frappe.contacts.doctype.address.address.address_query": lambda s, g: {
		"filters": {"link_doctype": "Cronus Customer", "link_name": g.customer}
	},
	"frappe.core.doctype.communication.email.make": lambda s, g: {
		"recipients": None,
		"send_email": 0,
		"in_reply_to": g.subjects["Communication"].name,
	},
	"frappe.email.relink": lambda s, g: {
		"name": g.subjects["Communication"].name,
		"reference_doctype": "Cronus Customer",
		"reference_name": g.world.records["sol"]["Cronus Customer"],
	},
	"frappe.desk.form.utils.update_comment": lambda s, g: {
		"name": g.subjects["Comment"].name,
		"content": "x",
	},
	"frappe.desk.form.utils.update_comment_publicity": lambda s, g: {
		"name": g.subjects["Comment"].name,
		"publish": 1,
	},
	"frappe.desk.form.utils.get_next": lambda s, g: {"sort_field": "creation", "filters": None},
	"frappe.core.api.file.unzip_file": lambda s, g: {
		"name": g.kept["archive"] if s.doctype == "Cronus Customer" else g.file
	},
	"frappe.core.doctype.prepared_report.prepared_report.download_attachment": lambda s, g: {
		"dn": g.kept["Prepared Report"]
	},
	"frappe.email.doctype.auto_email_report.auto_email_report.download": lambda s, g: {
		"name": g.kept["Auto Email Report"]
	},
	"frappe.automation.doctype.auto_repeat.auto_repeat.generate_message_preview": lambda s, g: {
		"name": g.kept["Auto Repeat"]
	},
	"frappe.automation.doctype.auto_repeat.auto_repeat.update_reference": lambda s, g: {
		"docname": g.kept["Auto Repeat"],
		"reference": s.name,
	},
	"frappe.desk.form.linked_with.cancel_all_linked_docs": lambda s, g: {
		"docs": [{"doctype": s.doctype, "name": s.name, "docstatus": 1}]
	},
	"frappe.desk.query_report.get_data_for_custom_field": lambda s, g: {"field": s.text, "names": [s.name]},
	"frappe.model.mapper.make_mapped_doc": lambda s, g: {
		"method": "cronus_crm.api.prospects.make_proforma",
		"source_name": g.mine["Cronus Prospect"],
	},
	"frappe.model.mapper.map_docs": lambda s, g: {
		"method": "cronus_crm.api.prospects.make_proforma",
		"source_names": [g.mine["Cronus Prospect"]],
		"target_doc": {"doctype": "Proforma"},
		"args": None,
	},
	"frappe.desk.search.search_link": lambda s, g: {"filters": None, "ignore_user_permissions": 1},
	"frappe.desk.search.search_widget": lambda s, g: {
		"filters": None,
		"filter_fields": [s.text],
		"as_dict": 1,
		"ignore_user_permissions": 1,
	},
	"frappe.utils.print_format.download_multi_pdf": lambda s, g: {"name": [s.name]},
	"frappe.utils.print_format.download_multi_pdf_async": lambda s, g: {"name": [s.name]},
	"frappe.utils.print_format.report_to_pdf": lambda s, g: {
		"html": f"<img src='{g.url}'><iframe src='{g.url}'></iframe>"
	},
	"frappe.www.printview.get_html_and_style": lambda s, g: {"doc": s.doctype, "name": s.name},
	"frappe.www.printview.get_rendered_raw_commands": lambda s, g: {"doc": s.doctype, "name": s.name},
	"frappe.core.doctype.sms_settings.sms_settings.get_contact_number": lambda s, g: {
		"contact_name": g.mine["Contact"],
		"ref_doctype": "Cronus Customer",
		"ref_name": g.customer,
	},
	"frappe.desk.doctype.event.event.delete_communication": lambda s, g: {
		"event": {"doctype": "Cronus Customer", "name": g.customer},
		"reference_doctype": "Event Participants",
		"reference_docname": frappe.db.get_value("Event Participants", {"parent": g.kept["Event"]}),
	},
	"frappe.desk.doctype.kanban_board.kanban_board.add_card": lambda s, g: {
		"docname": g.mine["Cronus Opportunity"],
		"colname": "Negotiation",
	},
	"frappe.desk.doctype.kanban_board.kanban_board.update_order": lambda s, g: {
		"order": {"Negotiation": [g.mine["Cronus Opportunity"]]}
	},
	"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card": lambda s, g: {
		"docname": g.mine["Cronus Opportunity"],
		"from_colname": "Initial contact",
		"to_colname": "Negotiation",
		"old_index": 0,
		"new_index": 0,
	},
	"frappe.email.get_contact_list": lambda s, g: {"txt": g.world.mark, "extra_filters": None},
	"frappe.desk.search.get_names_for_mentions": lambda s, g: {"search_term": ""},
	"frappe.utils.global_search.search": lambda s, g: {"text": g.mine["Contact"], "doctype": None},
	"frappe.desk.doctype.tag.tag.get_documents_for_tag": lambda s, g: {"tag": "#important"},
	"frappe.desk.doctype.tag.tag.get_tagged_docs": lambda s, g: {"tag": "%important%"},
}


def questions_of(function: Function, crawl_data: CrawlData) -> Iterator[Question]:
	if make := _find_special(function, ASKED):
		yield from make(crawl_data)


def special_arguments(function: Function, subject: Subject, crawl_data: CrawlData) -> Arguments:
	make = _find_special(function, MORE)
	return make(subject, crawl_data) if make else {}


def _find_special(function: Function, table: dict) -> Any:
	"""The entry of a table for a function, or for the one that it replaces."""
	return next((table[key] for key in (function.id, *function.addresses) if key in table), None)


def names_of(function: Function) -> set[str]:
	return _find_special(function, _NAMES) or set()


def is_known(function: Function) -> bool:
	return _find_special(function, MORE) is not None


def takes_anything(function: Function) -> bool:
	return _find_special(function, _NAMES) is not None or any(
		p.kind == "VAR_KEYWORD" for p in function.parameters
	)


def takes_lists(function: Function) -> bool:
	"""True when a function passes fields or filters of the request to the database."""
	return "fields" in function.names | names_of(function)


_READ_THE_REQUEST = {
	f"frappe.desk.reportview.{name}" for name in ("get", "get_list", "get_count", "export_query")
}
_NAMES = {function: {"doctype", "filters", "fields"} for function in _READ_THE_REQUEST}


# More questions


def _written(label: str, own: str, wrap: Callable[[dict], Arguments]) -> Callable[[CrawlData], Question]:
	"""A question that sends a document of the asker with something of ana inserted."""

	def question(crawl_data: CrawlData) -> Question:
		documents = OwnDocuments(crawl_data)
		return Question(f"own: {label}", lambda who: wrap(getattr(documents, own)(who)), ("sol",))

	return question


SENT = {
	"a row of ana's in a draft": "draft_with_row_of_ana",
	"a mail of ana's in a contact": "contact_with_row_of_ana",
	"ana's customer in what is cancelled": "cancelled_with_link",
	"ana's customer in what was submitted": "submitted_with_link",
	"ana's customer in a draft": "draft_with_link",
	"ana's opportunity in a new one": "new_with_opportunity",
	"ana's prospect in a new one": "new_with_prospect",
	"a line of ana's in a new one": "new_with_line",
	"a comment on ana's customer": "comment",
	"a file on ana's customer": "file",
	"ana's file in one's own": "claimed_file",
	"ana's file by a detour": "file_by_detour",
	"ana's file as a picture": "picture",
	"a share of ana's customer": "share",
	"a message on ana's customer": "message",
	"ana's record in a repetition": "repetition",
}


def _documents(wrap: Callable[[dict], Arguments]) -> Callable[[CrawlData], Iterator[Question]]:
	def questions(crawl_data: CrawlData) -> Iterator[Question]:
		for label, own in SENT.items():
			yield _written(label, own, wrap)(crawl_data)

	return questions


def _cancel(crawl_data: CrawlData) -> Iterator[Question]:
	documents = OwnDocuments(crawl_data)
	for field, doctype in (
		("customer", "Cronus Customer"),
		("opportunity", "Cronus Opportunity"),
		("prospect", "Cronus Prospect"),
	):

		def arguments(who: str, field=field, doctype=doctype) -> Arguments:
			return {
				"doctype": "Proforma",
				"name": documents.submitted(who).name,
				"workflow_state_fieldname": field,
				"workflow_state": crawl_data.mine[doctype],
			}

		yield Question(f"own: {field} of ana's while cancelling", arguments, ("sol",))


def _set_value(crawl_data: CrawlData) -> Iterator[Question]:
	documents = OwnDocuments(crawl_data)
	for label in ("draft", "submitted"):
		yield Question(
			f"own: ana's customer in a {label}",
			lambda who, label=label: {
				"doctype": "Proforma",
				"name": getattr(documents, label)(who).name,
				"fieldname": {"customer": crawl_data.customer},
			},
			("sol",),
		)


def _bulk_update(crawl_data: CrawlData) -> Iterator[Question]:
	documents = OwnDocuments(crawl_data)
	for label in ("draft", "submitted"):
		yield Question(
			f"own: ana's customer in a {label}",
			lambda who, label=label: {
				"docs": [
					{
						"doctype": "Proforma",
						"docname": getattr(documents, label)(who).name,
						"customer": crawl_data.customer,
					}
				]
			},
			("sol",),
		)


def _reports(crawl_data: CrawlData) -> Iterator[Question]:
	"""Every report, filtered by ana's customer, by ana's seller, and without filters."""
	for report in frappe.get_all("Report", {"disabled": 0}, pluck="name", order_by="name"):
		yield Question(
			f"report {report}",
			{
				"report_name": report,
				"filters": {
					"customer": crawl_data.customer,
					"seller": crawl_data.seller,
					"user": crawl_data.user,
					"doctype": "Cronus Customer",
					"reference_doctype": "Cronus Customer",
					"from_date": "2000-01-01",
					"to_date": "2100-01-01",
					"show_permissions": 1,
				},
				"ignore_prepared_report": 1,
			},
		)
		yield Question(f"report {report} without filters", {"report_name": report, "filters": {}}, ("sol",))
	yield Question(
		"a report that was prepared",
		{
			"report_name": crawl_data.world.shared["report"],
			"filters": {"prepared_report_name": crawl_data.kept["Prepared Report"]},
			"user": crawl_data.world.users["north"],
		},
		OUTSIDERS,
	)


def _report_exports(crawl_data: CrawlData) -> Iterator[Question]:
	for question in _reports(crawl_data):
		if question.asked_by == ("sol",):
			continue
		arguments = {**question.arguments, "file_format_type": "CSV", "visible_idx": list(range(50))}
		yield Question(question.label, arguments, ("sol", "south"))


def _charts(crawl_data: CrawlData) -> Iterator[Question]:
	chart = {
		"name": "x",
		"chart_name": "x",
		"type": "Heatmap",
		"chart_type": "Sum",
		"timeseries": 1,
		"based_on": "creation",
		"timespan": "Last Year",
		"time_interval": "Yearly",
		"filters_json": "[]",
	}
	for doctype, parent in (
		("Cronus Customer", None),
		("Invoice", None),
		("Cronus Opportunity", None),
		("Cronus Document Item", "Proforma"),
	):
		number = "net_amount" if parent else crawl_data.subjects[doctype].number
		for kind in ("Heatmap", "Bar"):
			arguments = {
				"chart": {
					**chart,
					"type": kind,
					"document_type": doctype,
					"parent_document_type": parent,
					"value_based_on": number,
					"filters_json": frappe.as_json([[doctype, "name", "is", "set"]]),
				},
				"no_cache": 1,
				"heatmap_year": nowdate()[:4],
			}
			yield Question(f"{kind} of {doctype}", arguments, ("sol", "viewer", "no role"))
	yield Question("a chart that is kept", {"chart_name": crawl_data.world.shared["chart"]}, OUTSIDERS)


def _counts(crawl_data: CrawlData) -> Iterator[Question]:
	for label, field in (("by assignee", "assigned_to"), ("by tag", "tags"), ("by creator", "owner")):
		yield Question(
			label,
			{
				"doctype": "Cronus Customer",
				"current_filters": [["name", "=", crawl_data.customer]],
				"field": field,
			},
		)


def _goals(crawl_data: CrawlData) -> Iterator[Question]:
	"""Goals of an opportunity of the asker that count all opportunities."""
	for who in ("sol",):
		opportunity = crawl_data.world.records[who]["Cronus Opportunity"]
		for aggregation in ("count", "sum"):
			yield Question(
				f"{aggregation} over ana's deals",
				{
					"title": "x",
					"doctype": "Cronus Opportunity",
					"docname": opportunity,
					"goal_value_field": "probability",
					"goal_total_field": "probability",
					"goal_history_field": "external_key",
					"goal_doctype": "Cronus Opportunity",
					"goal_doctype_link": "customer",
					"goal_field": "value",
					"date_field": "opened_on",
					"aggregation": aggregation,
					"filters": {"customer": crawl_data.customer},
				},
				(who,),
			)


def _previews(crawl_data: CrawlData) -> Iterator[Question]:
	row = {
		"source_doctype": "Proforma",
		"source_name": crawl_data.mine["Proforma"],
		"source_row": crawl_data.row,
		"product": crawl_data.world.shared["product"],
		"quantity": 1,
	}
	for doctype in ("Cronus Order", "Invoice"):
		for links in ({}, {"customer": crawl_data.customer}):
			document = {"doctype": doctype, "items": [row], **links}
			yield Question(f"a preview of {doctype}, {sorted(links)}", {"document": document}, FEW)
	credit = {
		"doctype": "Invoice",
		"is_return": 1,
		"return_against": crawl_data.mine["Invoice"],
		"items": [row],
	}
	yield Question("a preview of a credit note", {"document": credit}, FEW)
	opportunity = {
		"doctype": "Proforma",
		"opportunity": crawl_data.mine["Cronus Opportunity"],
		"items": [row],
	}
	yield Question("a preview of a deal's", {"document": opportunity}, FEW)


def _values(crawl_data: CrawlData) -> Iterator[Question]:
	for field in (["customer.tax_id", "customer.notes"], ["sum(value) as x"], ["*"]):
		yield Question(
			f"fields {field}",
			{
				"doctype": "Cronus Opportunity",
				"fieldname": field,
				"filters": {"customer": crawl_data.customer},
			},
		)


def _joined(crawl_data: CrawlData) -> Iterator[Question]:
	for doctype, fields in (
		("Proforma", ["name", "customer.customer_name", "opportunity.title", "seller.seller_name"]),
		("Cronus Activity", ["name", "customer.customer_name", "customer.tax_id"]),
		("Contact", ["name", "`tabDynamic Link`.link_name", "`tabContact Email`.email_id"]),
		(
			"Invoice",
			["name", "`tabCronus Document Item`.description", "sum(`tabCronus Document Item`.price) as s"],
		),
		("User", ["name", "`tabCronus Seller`.seller_name"]),
		("Event", ["name", "`tabEvent Participants`.email"]),
		("Communication", ["name", "`tabCommunication Link`.link_name"]),
	):
		yield Question(
			f"joined fields of {doctype}", {"doctype": doctype, "fields": fields, "limit_page_length": 500}
		)


def _customer_files(crawl_data: CrawlData) -> Iterator[Question]:
	for shape in ("pdf", "zip"):
		documents = [[doctype, crawl_data.mine[doctype]] for doctype in ("Proforma", "Invoice")]
		for customer in (crawl_data.customer, crawl_data.world.records["sol"]["Cronus Customer"]):
			yield Question(
				f"{shape}, {'her' if customer == crawl_data.customer else 'own'} customer",
				{"customer": customer, "shape": shape, "documents": documents},
				("sol",),
			)


def _summary(crawl_data: CrawlData) -> Iterator[Question]:
	names = ("amount_in_progress", "amount_won", "average_won_value", "amount_invoiced", "won_deals")
	reports = ("Cronus Pipeline", "Cronus Won Deals", "Cronus Revenue Trend", "Cronus Seller Efficiency")
	for filters in ({}, {"seller": crawl_data.seller}):
		yield Question(
			f"cards and charts with {sorted(filters)}",
			{
				"cards": [{"name": name, "filters": filters} for name in names],
				"charts": [{"report_name": report, "filters": filters} for report in reports],
			},
			OUTSIDERS,
		)


def _cards(crawl_data: CrawlData) -> Iterator[Question]:
	yield Question("a card of ana's", {"filters": {"seller": crawl_data.seller}}, OUTSIDERS)


def _duplicates(crawl_data: CrawlData) -> Iterator[Question]:
	contact = frappe.get_doc("Contact", crawl_data.mine["Contact"])
	yield Question(
		"what ana's contact has",
		{"phone": contact.phone_nos[0].phone, "email": contact.email_ids[0].email_id},
		OUTSIDERS,
	)


def _events(crawl_data: CrawlData) -> Iterator[Question]:
	for user in (crawl_data.user, None):
		yield Question(
			f"events of {'ana' if user else 'all'}",
			{"start": "2000-01-01", "end": "2100-01-01", "user": user, "for_reminder": 0},
			OUTSIDERS,
		)


def _printed(crawl_data: CrawlData) -> Iterator[Question]:
	"""Documents that do not exist, with links to ana's."""
	for doctype in ("Proforma", "Cronus Opportunity", "Cronus Payment"):
		doc = {
			"doctype": doctype,
			"title": "x",
			"customer": crawl_data.customer,
			"seller": crawl_data.seller,
			"opportunity": crawl_data.mine["Cronus Opportunity"],
			"contact": crawl_data.mine["Contact"],
			"billing_address": crawl_data.mine["Address"],
			"items": [],
		}
		yield Question(f"a made-up {doctype}", {"doc": doc, "name": None})


def _merges(crawl_data: CrawlData) -> Iterator[Question]:
	own = crawl_data.world.records["sol"]["Cronus Prospect"]
	yield Question("own into ana's", {"prospect": own, "into": crawl_data.mine["Cronus Prospect"]}, FEW)


ASKED: dict[str, Callable[[CrawlData], Iterator[Question]]] = {
	"frappe.client.insert": _documents(lambda doc: {"doc": doc}),
	"frappe.client.insert_many": _documents(lambda doc: {"docs": [doc]}),
	"frappe.client.save": _documents(lambda doc: {"doc": doc}),
	"frappe.client.submit": _documents(lambda doc: {"doc": doc}),
	"frappe.desk.form.save.savedocs": lambda crawl_data: (
		question
		for action in ("Save", "Submit", "Update", "Cancel")
		for question in _documents(partial(lambda action, doc: {"doc": doc, "action": action}, action))(
			crawl_data
		)
	),
	"frappe.model.workflow.apply_workflow": _documents(lambda doc: {"doc": doc, "action": "Approve"}),
	"frappe.desk.form.save.cancel": _cancel,
	"frappe.client.set_value": _set_value,
	"frappe.client.bulk_update": _bulk_update,
	"frappe.client.get_value": _values,
	"frappe.client.get_list": _joined,
	"frappe.desk.query_report.run": _reports,
	"frappe.desk.query_report.export_query": _report_exports,
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": _charts,
	"frappe.desk.listview.get_group_by_count": _counts,
	"frappe.utils.goal.get_monthly_goal_graph_data": _goals,
	"cronus_crm.api.documents.preview": _previews,
	"cronus_crm.api.files.download_customer_file": _customer_files,
	"cronus_crm.api.files.start_customer_file": _customer_files,
	"cronus_crm.api.dashboard.read_cards_and_charts": _summary,
	**{
		f"cronus_crm.cronus_analytics.dashboard.dashboard_cards.{card}": _cards
		for card in ("amount_in_progress", "amount_invoiced", "amount_won", "average_won_value", "won_deals")
	},
	"cronus_crm.api.prospects.find_duplicates": _duplicates,
	"cronus_crm.api.prospects.merge": _merges,
	"frappe.desk.doctype.event.event.get_events": _events,
	"frappe.www.printview.get_html_and_style": _printed,
}


# Methods of documents

ASKERS_OF_METHODS = ("sol", "no role", "guest")

# What the framework gives to every document is asked of these.
METHODS_OF_ALL = {
	"add_comment": {"text": "x", "comment_email": ME, "comment_by": ME},
	"cancel": {},
	"rename": {"name": RENAMED, "merge": 0, "force": 1, "validate_rename": 0},
	"submit": {},
}


def methods_of_documents(
	function: Function, crawl_data: CrawlData
) -> Iterator[tuple[str, str, Arguments, str]]:
	"""(DocType, name, arguments, label) of each document whose method is called."""
	method = function.id.rsplit(".", 1)[1]
	if len(function.doctypes) > 20:
		for subject in crawl_data.subjects.values():
			yield subject.doctype, subject.name, METHODS_OF_ALL.get(method, {}), subject.doctype
		if method == "rename":
			yield from _masters(crawl_data)
		return
	for doctype in function.doctypes:
		name = crawl_data.kept.get(doctype) or _any_record(doctype, crawl_data)
		yield doctype, name, _arguments_of_new_document(function, crawl_data), doctype


def _arguments_of_new_document(function: Function, crawl_data: CrawlData) -> Arguments:
	from tests.visibility.crawler.arguments import arguments_of_subject, choose_arguments, common_arguments

	return choose_arguments(
		function,
		{
			**common_arguments(crawl_data),
			**arguments_of_subject(crawl_data.subjects["Cronus Customer"], crawl_data),
		},
	)


def _any_record(doctype: str, crawl_data: CrawlData) -> str:
	if subject := crawl_data.subjects.get(doctype):
		return subject.name
	if frappe.get_meta(doctype).issingle:
		return doctype
	return frappe.db.get_value(doctype, {}, order_by="creation") or "x"


def _masters(crawl_data: CrawlData) -> Iterator[tuple[str, str, Arguments, str]]:
	"""Masters that all portfolios share, to be renamed and merged."""
	arguments = METHODS_OF_ALL["rename"]
	manager = frappe.db.get_value(
		"Cronus Seller", crawl_data.world.records["sol"]["Cronus Seller"], "parent_cronus_seller"
	)
	masters = [("Cronus Product", crawl_data.world.shared["product"]), ("Cronus Seller", manager)]
	masters += [
		(doctype, frappe.db.get_value(doctype, {}, order_by="creation"))
		for doctype in (
			"Cronus Stage",
			"Cronus Work Center",
			"Cronus Activity Type",
			"Cronus Tax",
			"Cronus Price List",
		)
	]
	for doctype, name in masters:
		if not name:
			continue
		yield doctype, name, arguments, f"{doctype} renamed"
		if other := frappe.db.get_value(doctype, {"name": ("!=", name)}, order_by="creation"):
			yield doctype, name, {**arguments, "name": other, "merge": 1}, f"{doctype} merged"
