"""Makes arguments from the names of a function's parameters: for each name a value, about a record of
ana's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import frappe

from tests.visibility.crawler.crawl_data import ME, CrawlData, Subject
from tests.visibility.crawler.register import Function, Parameter
from tests.visibility.world import OUTSIDERS

# Who asks what is less telling: one of the other team, and one who may do nothing at all.
FEW = ("sol", "no role")
ONE = ("sol",)
LITTLE = ("sol", "no role", "guest")

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Question:
	"""A question to a function.

	label: what it is about. arguments: a dictionary, or a function that makes it for each asker just before
	it is sent. asked_by: who asks it.
	"""

	label: str
	arguments: Arguments | Callable[[str], Arguments]
	asked_by: tuple[str, ...] = FEW

	def arguments_for(self, who: str) -> Arguments:
		return self.arguments(who) if callable(self.arguments) else self.arguments


# The kinds of record that are asked about, the most telling first: the others are asked by few only.
KINDS = (
	"Cronus Customer",
	"Proforma",
	"Cronus Opportunity",
	"Contact",
	"Invoice",
	"File",
	"Communication",
	"Comment",
	"ToDo",
	"Event",
	"Auto Repeat",
	"Prepared Report",
	"Data Import",
	"Cronus Document Item",
	"Cronus Sales Entry",
)

OF_DOCTYPE = {
	"_doctype",
	"doctype",
	"doctype_name",
	"dt",
	"for_doctype",
	"goal_doctype",
	"ref_doctype",
	"reference_doctype",
	"reminder_doctype",
	"source_doctype",
}
OF_NAME = {
	"dn",
	"doc_name",
	"docname",
	"document",
	"name",
	"old",
	"old_name",
	"ref_docname",
	"ref_name",
	"reference",
	"reference_docname",
	"reference_name",
	"reminder_docname",
	"source_name",
	"value",
}
OF_NAMES = {"docnames", "names", "source_names"}
OF_FIELD = {
	"field",
	"field_name",
	"fieldname",
	"filter_fields",
	"goal_field",
	"goal_total_field",
	"goal_value_field",
}
OF_RECORD = OF_DOCTYPE | OF_NAME | OF_NAMES | OF_FIELD | {"doc", "docs", "filters", "args"}


def arguments_of_subject(subject: Subject, crawl_data: CrawlData) -> Arguments:
	"""Arguments that identify a record, by parameter name."""
	filters = {"name": subject.name}
	if subject.parent:
		filters |= {"parent": frappe.db.get_value(subject.doctype, subject.name, "parent")}
	return {
		**dict.fromkeys(OF_DOCTYPE, subject.doctype),
		**dict.fromkeys(OF_NAME, subject.name),
		**{name: [subject.name] for name in OF_NAMES},
		**dict.fromkeys(OF_FIELD, subject.text),
		"args": {
			"doctype": subject.doctype,
			"name": subject.name,
			"assign_to": [ME],
			"description": "x",
		},
		"doc": subject.as_sent(),
		"docs": [subject.as_sent()],
		"filters": filters,
		"parent": subject.parent,
		"parenttype": subject.parent,
		"parent_doctype": subject.parent,
	}


def common_arguments(crawl_data: CrawlData) -> Arguments:
	"""Arguments that do not depend on the record; None for parameters that are left out."""
	mine = crawl_data.mine
	return {
		# Whose
		"user": crawl_data.user,
		"for_user": crawl_data.user,
		"user_email": crawl_data.user,
		"connected_user": crawl_data.user,
		"email": crawl_data.user,
		"assign_to": crawl_data.user,
		"attendee": crawl_data.user,
		"users": [crawl_data.user],
		"to_user": crawl_data.user,
		"sender": crawl_data.user,
		"recipients": "nobody@example.com",
		"comment_email": ME,
		"comment_by": ME,
		"seller": crawl_data.seller,
		"ignore_permissions": 1,
		"ignore_user_permissions": 1,
		"without_ignore_user_permissions_enabled": 1,
		"everyone": 1,
		"read": 1,
		"write": 1,
		"share": 1,
		# Records
		"activity": mine["Cronus Activity"],
		"address_dict": mine["Address"],
		"case": mine["Cronus Case"],
		"contact": mine["Contact"],
		"contact_name": mine["Contact"],
		"contacts": [mine["Contact"]],
		"customer": mine["Cronus Customer"],
		"exclude": None,
		"invoice": mine["Invoice"],
		"invoices": [mine["Invoice"]],
		"opportunities": [mine["Cronus Opportunity"]],
		"opportunity": mine["Cronus Opportunity"],
		"payment": mine["Cronus Payment"],
		"prospect": mine["Cronus Prospect"],
		"solution": mine["Cronus Solution"],
		"links": [{"link_doctype": "Cronus Customer", "link_name": mine["Cronus Customer"]}],
		"communication": crawl_data.kept.get("Communication") or crawl_data.subjects["Communication"].name,
		"data_import": crawl_data.kept["Data Import"],
		"data_import_name": crawl_data.kept["Data Import"],
		"prepared_report_name": crawl_data.kept["Prepared Report"],
		"reports": [{"name": crawl_data.kept["Prepared Report"]}],
		"event": {"doctype": "Event", "name": crawl_data.kept["Event"]},
		"event_name": crawl_data.kept["Event"],
		"note": crawl_data.kept["Note"],
		"from_version": crawl_data.versions[0],
		"to_version": crawl_data.versions[-1],
		"board_name": crawl_data.board,
		"report_name": "Cronus Seller Efficiency",
		"tag": "important",
		"tags": ["important"],
		# Files
		"attachments": [crawl_data.file],
		"file": crawl_data.url,
		"file_list": [{"name": crawl_data.file}],
		"file_name": "x.csv",
		"file_url": crawl_data.url,
		"files": [crawl_data.file],
		"filename": "x.csv",
		"filedata": "eA==",
		"folder": "Home/Attachments",
		"new_parent": "Home",
		"old_parent": "Home/Attachments",
		"import_file": crawl_data.url,
		"url": crawl_data.url,
		# Lists
		"fields": ["*"],
		"columns": [],
		"stats": ["_user_tags"],
		"limit": 500,
		"limit_page_length": 500,
		"limit_start": 0,
		"page_len": 500,
		"page_length": 500,
		"start": 0,
		"search_term": crawl_data.world.mark,
		"searchfield": "name",
		"sort_field": "creation",
		"sort_order": "asc",
		"text": crawl_data.world.mark,
		"txt": "",
		"query": None,
		"current_filters": [],
		"field_map": {"start": "creation", "end": "modified", "id": "name", "title": "name"},
		"field_mapping": None,
		"prev": 0,
		# Times
		"end": "2100-01-01",
		"end_date": None,
		"ends_on": None,
		"from_date": "2000-01-01",
		"remind_at": "2040-01-01 09:00:00",
		"since": "2000-01-01",
		"start_date": None,
		"starts_on": "2040-01-01 09:00:00",
		"to_date": "2100-01-01",
		"until": "2100-01-01",
		# What is read as JSON
		"config": {},
		"reset": 0,
		"data": {},
		"default_values": {},
		"hidden_list": [],
		"items": [],
		"listview_settings": {},
		"new_order": [],
		"new_page": {"name": "x", "title": "x", "public": 0},
		"ob_steps": [],
		"order": [],
		"page": {"name": "Cronus CRM", "title": "Cronus CRM", "public": 1},
		"profile_info": {},
		"removed_listview_fields": [],
		"routes": [],
		"settings": {"fields": [], "show_labels": 0},
		"step": {},
		"steps": [],
		"user_settings": {},
		"values": {},
		# Others that have to be something that is
		"dashboard_name": crawl_data.dashboard,
		"chart_name": crawl_data.world.shared["chart"],
		"action": "Approve",
		"format": "Standard",
		"print_format": "Standard",
		"file_type": "CSV",
		"frequency": "Weekly",
		"into": "Invoice",
		"language": "en",
		"no_letterhead": 1,
		"orientation": "Portrait",
		"parent_field": None,
		"sort_key": "is_primary_address",
		"title": "x",
		"type": "coordinates",
		"content": "x",
		"subject": "x",
		"module": "Cronus CRM",
		"role": "Cronus Seller",
		"kind": None,
		"kinds": None,
		"before": None,
		"after": None,
		"letterhead": None,
		"lang": "en",
	}


def default_value(parameter: Parameter) -> Any:
	"""A value for a required parameter with an unknown name, by its annotation."""
	annotation = parameter.annotation
	if "bool" in annotation or "int" in annotation or "float" in annotation:
		return 1
	if "date" in annotation:
		return "2026-01-01"
	if "dict" in annotation:
		return {}
	return [] if "list" in annotation and "str" not in annotation else "x"


def choose_arguments(function: Function, values: Arguments) -> Arguments:
	"""The arguments of a function among known values; required parameters without one get a default."""
	made = {}
	for parameter in function.parameters:
		if "VAR" in parameter.kind:
			continue
		value = values.get(parameter.name)
		if value is None and parameter.required:
			value = default_value(parameter)
		if value is not None:
			made[parameter.name] = value
	return made


# Shapes of a question of lists, each of which has once told more than it should.


def hostile_arguments(subject: Subject) -> dict[str, Arguments]:
	"""Arguments with SQL or field names where the framework expects a plain value, by what is tried."""
	table = f"`tab{subject.doctype}`"
	as_field = f"ifnull(1,1)||{table}.name"
	unseen = f"exists(select 1 from {table} where name = '{subject.name}')"
	return {
		"no filter": {"filters": [], "fields": ["*"]},
		"SQL as a field of a filter": {"filters": [[as_field, "=", "x"]]},
		"SQL as a field of a filter with its DocType": {"filters": [[subject.doctype, as_field, "=", "x"]]},
		"SQL as a field of a filter that is a dict": {"filters": {as_field: "x"}},
		"SQL as a field of another filter": {"or_filters": [[as_field, "=", "x"]], "filters": []},
		"a filter of a filter": {"filters": [["name", "=", subject.name], [unseen, "=", 1]]},
		"a filter that is a string": {"filters": f"1=1) or ({table}.name != 'x'"},
		"a field that is a query": {
			"filters": [],
			"fields": ["name", f"(select group_concat({subject.text}) from {table}) as x"],
		},
		"a field that is a function": {
			"filters": [],
			"fields": [f"sum({subject.number}) as x", f"group_concat({subject.text}) as y"],
		},
		"a field that is an object": {"filters": [], "fields": [{"SUM": subject.number, "as": "x"}]},
		"an order that is SQL": {"filters": [], "order_by": f"if({unseen}, name, creation)"},
		"a group that is SQL": {"filters": [], "group_by": f"name having {unseen}"},
		"arguments of the framework": {
			"filters": [],
			"user": "Administrator",
			"ignore_permissions": 1,
			"ignore_user_permissions": 1,
			"reference_doctype": subject.doctype,
			"with_comment_count": 1,
			"parent_doctype": subject.parent,
			"run": 0,
			"strict": 0,
			"debug": 1,
			"or_filters": [["name", "is", "set"]],
		},
	}


def make_questions(function: Function, crawl_data: CrawlData, special_questions) -> Iterator[Question]:
	"""The questions that a function is asked. special_questions: the module, given by the caller, which
	imports it."""
	base = crawl_data.remember("world", lambda: common_arguments(crawl_data))
	about_record = bool(
		(function.names | special_questions.names_of(function)) & OF_RECORD
	) or special_questions.is_known(function)
	kinds = KINDS if about_record else KINDS[:1]
	for kind in kinds:
		subject = crawl_data.subjects.get(kind)
		if not subject:
			continue
		of_record = crawl_data.remember(
			kind, lambda subject=subject: arguments_of_subject(subject, crawl_data)
		)
		values = {**base, **of_record}
		arguments = choose_arguments(function, values) | special_questions.special_arguments(
			function, subject, crawl_data
		)
		first = kind == KINDS[0]
		asked_by = (OUTSIDERS if about_record else LITTLE) if first else FEW if kind in KINDS[:3] else ONE
		yield Question(kind, arguments, asked_by)
		if not first and not (kind == "Proforma" and special_questions.takes_lists(function)):
			continue
		if "filters" in function.names | special_questions.names_of(function):
			for label, replaced in hostile_arguments(subject).items():
				known = {
					key: value
					for key, value in replaced.items()
					if key in function.names or special_questions.takes_anything(function)
				}
				if known:
					asked_by = OUTSIDERS if first and label == "no filter" else ONE
					yield Question(f"{label}, {kind}", {**arguments, **known}, asked_by)
	yield from special_questions.questions_of(function, crawl_data)


# What is no number, date, list or document, though it is sent for one.
ODD = ("NaN", "1e308", "0x10", "0001-01-01", "[1]", "{}", "[" * 20_000 + "]" * 20_000)


def make_invalid_questions(function: Function, crawl_data: CrawlData) -> Iterator[Question]:
	"""For each parameter that names no record, the usual question with an invalid value of it."""
	values = {
		**common_arguments(crawl_data),
		**arguments_of_subject(crawl_data.subjects["Cronus Customer"], crawl_data),
	}
	arguments = choose_arguments(function, values)
	for value in ODD:
		for parameter in function.parameters:
			if "VAR" not in parameter.kind and parameter.name not in OF_DOCTYPE | OF_NAME - {"document"}:
				yield Question(f"{parameter.name} is {value[:12]}", {**arguments, parameter.name: value}, ())
