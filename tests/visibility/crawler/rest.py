"""Addresses without a whitelisted function: REST API, pages of the web site, files."""

from collections.abc import Callable, Iterator

import frappe
from frappe.website.router import get_pages

from tests.visibility.crawler.arguments import FEW, KINDS, LITTLE, ONE, Arguments, hostile_arguments
from tests.visibility.crawler.calls import Call
from tests.visibility.crawler.crawl_data import CrawlData
from tests.visibility.crawler.own_documents import OwnDocuments
from tests.visibility.crawler.special_questions import SENT
from tests.visibility.world import OUTSIDERS

# What is asked of each rule of the API; those that lead to functions are asked for those.
RULES = {
	"handle_rpc_call": "functions",
	"login": "tells nothing",
	"logout": "tells nothing",
	"ping": "functions",
	"upload_file": "functions",
	"<lambda>": "functions: run_doc_method",
	"document_list": "lists",
	"create_doc": "writes",
	"read_doc": "records",
	"copy_doc": "records",
	"update_doc": "writes",
	"delete_doc": "records",
	"execute_doc_method": "functions: methods of documents",
	"get_meta": "tells of no records",
	"count": "lists",
}


def unknown_rules() -> set[str]:
	"""Routing rules of this version of Frappe that the crawler does not know."""
	from frappe.api import API_URL_MAP

	return {rule.endpoint.__name__ for rule in API_URL_MAP.iter_rules()} - set(RULES)


def _call(label: str, verb: str, path: str, sent: Arguments, who: str) -> Call:
	return Call(f"REST: {label}", f"{verb} {path}", verb, path, sent, who, label)


def makers(crawl_data: CrawlData) -> Iterator[Callable[[], Call]]:
	"""Makers of all calls. Lists come first, because some show users their own earlier requests."""
	for ask in (lists_of_everything, questions_of_lists, records, pages):
		for call in ask(crawl_data):
			yield lambda call=call: call
	yield from writes(crawl_data)


def lists_of_everything(crawl_data: CrawlData) -> Iterator[Call]:
	"""Lists of every DocType; of child tables, once for each parent DocType."""
	tables: dict[str, set[str]] = {}
	for doctype, table in frappe.get_all(
		"DocField", {"fieldtype": ("in", ("Table", "Table MultiSelect"))}, ["parent", "options"], as_list=True
	):
		tables.setdefault(table, set()).add(doctype)
	fields = {"fields": ["*"], "limit_page_length": 500, "order_by": "creation desc"}
	for doctype, single, table in frappe.get_all(
		"DocType", fields=["name", "issingle", "istable"], as_list=True, order_by="name"
	):
		if single:
			continue
		for parent in sorted(tables.get(doctype, ())) if table else [None]:
			# A manager has all roles of a seller.
			for who in ("south",) if table else ("south", "no role"):
				sent = {**fields, "parent": parent}
				yield _call(f"list of {doctype} {parent or ''}", "GET", f"/api/resource/{doctype}", sent, who)


def records(crawl_data: CrawlData) -> Iterator[Call]:
	for subject in crawl_data.subjects.values():
		v1, v2 = (f"/api/{kind}/{subject.doctype}/{subject.name}" for kind in ("resource", "v2/document"))
		for who in OUTSIDERS if subject.doctype in KINDS[:3] else FEW:
			label = f"a {subject.doctype}"
			yield _call(label, "GET", v1, {"expand_links": "true"}, who)
			yield _call(label, "GET", v2, {}, who)
			yield _call(f"copy of {label}", "GET", f"{v2}/copy", {}, who)
			for verb, path in (("PUT", v1), ("PATCH", v2)):
				yield _call(f"writing {label}", verb, path, {subject.text: "x"}, who)
			for path in (v1, v2):
				yield _call(f"deleting {label}", "DELETE", path, {}, who)


def pages(crawl_data: CrawlData) -> Iterator[Call]:
	"""The pages of the web site, with what some of them take, but for those of the framework's own tests; and
	the addresses of files."""
	for route in sorted(route for route in get_pages() if not route.startswith("_test")):
		for kind in KINDS[:2]:
			subject = crawl_data.subjects[kind]
			sent = {
				"doctype": subject.doctype,
				"name": subject.name,
				"docname": subject.name,
				"format": "Standard",
				"key": "0" * 32,
				"text": crawl_data.world.mark,
				"ignore_permissions": 1,
			}
			for who in LITTLE:
				yield _call(f"page {route}", "GET", f"/{route}", sent, who)
	for kind in ("Cronus Customer", "Proforma", "Invoice"):
		subject = crawl_data.subjects[kind]
		for who in LITTLE:
			yield _call(f"page of a {kind}", "GET", f"/{frappe.scrub(kind)}/{subject.name}", {}, who)
			yield _call(f"page of a {kind}", "GET", f"/{kind}/{subject.name}", {"key": "0" * 32}, who)
	for who in OUTSIDERS:
		for address in (
			crawl_data.url,
			crawl_data.url.replace("/files/", "/files/./"),
			f"/files/..{crawl_data.url}",
		):
			yield _call("a file", "GET", address, {"fid": crawl_data.file}, who)


def questions_of_lists(crawl_data: CrawlData) -> Iterator[Call]:
	for doctype in ("Cronus Customer", "Proforma", "Comment", "File"):
		subject = crawl_data.subjects[doctype]
		for label, replaced in hostile_arguments(subject).items():
			for who in ONE:
				sent = {**replaced, "limit": 500}
				yield _call(f"list, {label}", "GET", f"/api/resource/{doctype}", sent, who)
				yield _call(f"list, {label}", "GET", f"/api/v2/document/{doctype}", sent, who)
				counted = {"filters": replaced.get("filters"), "or_filters": replaced.get("or_filters")}
				yield _call(f"count, {label}", "GET", f"/api/v2/doctype/{doctype}/count", counted, who)
		known = {"filters": {"name": subject.name}}
		yield _call("count of ana's", "GET", f"/api/v2/doctype/{doctype}/count", known, "sol")


def writes(crawl_data: CrawlData) -> Iterator[Callable[[], Call]]:
	documents = OwnDocuments(crawl_data)
	for label, own in SENT.items():
		for api, change in (("resource", "PUT"), ("v2/document", "PATCH")):

			def make(label=label, own=own, api=api, change=change) -> Call:
				doc = getattr(documents, own)("sol")
				path = f"/api/{api}/{doc['doctype']}"
				if name := doc.get("name"):
					return _call(f"own: {label}", change, f"{path}/{name}", doc, "sol")
				return _call(f"own: {label}", "POST", path, doc, "sol")

			yield make
