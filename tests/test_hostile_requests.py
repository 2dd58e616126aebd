"""Whatever is sent instead of what is expected, the answer is a sentence: no request ends in an error (5xx)
that our code has part in.

The requests are drawn with a fixed seed: right ones, of which one or two values are replaced. They go to a
real server as a user with all our roles, who gets furthest. What they leave behind is removed.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import frappe
import pytest
import requests
from frappe.model import display_fieldtypes, table_fields

from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_analytics.ledger import recount_totals
from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect
from tests.depth import times_depth
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	ensure_product,
	invoice_of,
	issue_proforma,
	make_advance,
	make_customer,
	make_opportunity,
	make_seller,
	unique,
)
from tests.visibility.clients import make_api_key
from tests.visibility.crawler.register import Function, read_register

SEED, REQUESTS, THREADS = 20261126, times_depth(2_500), 6

# What hands a request, or a call of the framework, on as it is.
PASSED_BY_ALL = ("replaced/replacement.py", "replaced/request_handling.py", "base/repeated_transactions.py")

HOSTILE = (
	*(
		"",
		" ",
		"[",
		"{",
		"x",
		"[]",
		"{}",
		"null",
		"true",
		'"',
		'"x"',
		"[1]",
		'{"a": 1}',
		"0",
		"-1",
		"1e400",
		"NaN",
	),
	*("31-12-10", "1/12/10", "2026-11-26T08:26:00Z", "0000-00-00", "1764115200", "12,50", "1.234,50", "$ 15"),
	*(
		"'",
		"`",
		"\\",
		"%",
		"%s",
		"{0}",
		"_",
		"1 -- x",
		"1; select 1",
		"';--",
		"<b>x",
		"&amp;",
		"🍎",
		"\u202eabc",
		"\x00",
	),
	*(
		"a" * 141,
		"9" * 40,
		"No Such DocType",
		"Cronus Customer",
		"Proforma",
		"User",
		"__dict__",
		"../x",
		"[" * 3000,
	),
	*(None, True, False, 0, -1, 1, 2.5, 10**30, 1e308),
	*(
		[],
		{},
		[1],
		[None],
		[[]],
		["x"],
		{"a": 1},
		{"name": "x"},
		[{"a": 1}],
		[["name", "=", "x"]],
		["in", ["x"]],
	),
	*(
		{"doctype": "No Such DocType"},
		{"doctype": "Cronus Customer"},
		{"doctype": 1},
		[["x", "=", ["y"], {}]],
	),
)

# Functions of the framework that lead through what we replace, with their usual arguments; DOCTYPE, NAME and
# DOC stand for those of a record.
DOCTYPE, NAME, DOC = "DOCTYPE", "NAME", "DOC"
LISTS = {
	"doctype": DOCTYPE,
	"fields": ["name"],
	"filters": [["name", "=", NAME]],
	"order_by": "creation desc",
	"start": 0,
	"page_length": 5,
}
FRAMEWORK: dict[str, dict[str, Any]] = {
	"frappe.client.get_list": {
		"doctype": DOCTYPE,
		"fields": ["name"],
		"filters": {"name": NAME},
		"or_filters": None,
		"group_by": None,
		"order_by": "creation",
		"limit_start": 0,
		"limit_page_length": 5,
	},
	"frappe.client.get_count": {"doctype": DOCTYPE, "filters": {"name": NAME}},
	"frappe.client.get": {"doctype": DOCTYPE, "name": NAME, "filters": None},
	"frappe.client.get_value": {"doctype": DOCTYPE, "fieldname": "name", "filters": {"name": NAME}},
	"frappe.client.set_value": {"doctype": DOCTYPE, "name": NAME, "fieldname": "notes", "value": "x"},
	"frappe.client.insert": {"doc": DOC},
	"frappe.client.save": {"doc": DOC},
	"frappe.client.validate_link": {"doctype": DOCTYPE, "docname": NAME, "fields": ["name"]},
	"frappe.desk.reportview.get": LISTS,
	"frappe.desk.reportview.get_count": LISTS,
	"frappe.desk.search.search_link": {
		"doctype": DOCTYPE,
		"txt": "x",
		"filters": {"name": NAME},
		"page_length": 5,
		"searchfield": "name",
		"reference_doctype": "Proforma",
	},
	"frappe.desk.search.get_link_title": {"doctype": DOCTYPE, "docname": NAME},
	"frappe.desk.form.load.getdoc": {"doctype": DOCTYPE, "name": NAME},
	"frappe.desk.form.save.savedocs": {"doc": DOC, "action": "Save"},
	"frappe.desk.form.utils.get_next": {
		"doctype": DOCTYPE,
		"value": NAME,
		"prev": 0,
		"filters": {},
		"sort_order": "desc",
		"sort_field": "creation",
	},
	"frappe.desk.notifications.get_open_count": {"doctype": DOCTYPE, "name": NAME, "items": ["Proforma"]},
	"frappe.desk.listview.get_group_by_count": {"doctype": DOCTYPE, "current_filters": [], "field": "owner"},
	"frappe.desk.like.toggle_like": {"doctype": DOCTYPE, "name": NAME, "add": "Yes"},
	"frappe.desk.doctype.tag.tag.add_tag": {"tag": "x", "dt": DOCTYPE, "dn": NAME},
	"frappe.desk.doctype.tag.tag.add_tags": {"tags": ["x"], "dt": DOCTYPE, "docs": [NAME]},
	"frappe.desk.doctype.tag.tag.remove_tag": {"tag": "x", "dt": DOCTYPE, "dn": NAME},
	"frappe.desk.doctype.tag.tag.get_tagged_docs": {"doctype": DOCTYPE, "tag": "x"},
	"frappe.utils.global_search.search": {"text": "x", "start": 0, "limit": 5, "doctype": DOCTYPE},
	"frappe.model.mapper.make_mapped_doc": {
		"method": "cronus_crm.api.prospects.make_proforma",
		"source_name": NAME,
		"selected_children": None,
		"args": None,
	},
	"run_doc_method": {
		"method": "add_comment",
		"docs": DOC,
		"args": {"comment_type": "Comment", "text": "x"},
	},
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": {
		"chart_name": "x",
		"filters": {},
		"from_date": "",
	},
	"frappe.utils.print_format.download_pdf": {"doctype": "No Such DocType", "name": NAME, "format": None},
}


class Requests:
	"""Draws requests, as (verb, path, arguments, as JSON)."""

	def __init__(self, functions: list[Function], records: dict[str, str]):
		self.random = random.Random(SEED)
		self.functions = functions
		self.records = records
		self.doctypes = sorted(
			frappe.get_all("DocType", {"module": ("like", "Cronus %"), "istable": 0}, pluck="name")
		)
		self.reports = sorted(
			frappe.get_all("Report", {"module": ("like", "Cronus %"), "is_standard": "Yes"}, pluck="name")
		)

	def draw(self, number: int) -> Iterator[tuple[str, str, dict, bool]]:
		kinds = (self.draw_method, self.draw_write, self.draw_framework, self.draw_list, self.draw_report)
		for kind in self.random.choices(kinds, (40, 25, 20, 8, 7), k=number):
			yield (*kind(), self.random.random() < 0.6)

	def spoil(self, arguments: dict) -> dict:
		"""Arguments of which one or two are hostile."""
		arguments = dict(arguments)
		for name in self.random.sample(sorted(arguments), min(len(arguments), self.random.choice((1, 1, 2)))):
			arguments[name] = self.random.choice(HOSTILE)
		return arguments

	def draw_method(self) -> tuple[str, str, dict]:
		function = self.random.choice(self.functions)
		arguments = {
			parameter.name: self.usual_value(parameter.name)
			for parameter in function.parameters
			if "VAR" not in parameter.kind and (parameter.required or self.random.random() < 0.5)
		}
		verb = "POST" if "POST" in function.verbs else "GET"
		return verb, f"/api/method/{function.addresses[0]}", self.spoil(arguments)

	def usual_value(self, name: str) -> Any:
		of_name = {
			"activity": "Cronus Activity",
			"customer": "Cronus Customer",
			"into": "Cronus Prospect",
			"invoice": "Invoice",
			"invoices": "Invoice",
			"name": "Cronus Activity",
			"names": "Proforma",
			"opportunities": "Cronus Opportunity",
			"opportunity": "Cronus Opportunity",
			"payment": "Cronus Payment",
			"prospect": "Cronus Prospect",
			"seller": "Cronus Seller",
			"source_name": "Cronus Prospect",
		}
		if name in of_name:
			return self.records[of_name[name]]
		usual = {
			"doctype": self.random.choice(("Proforma", "Cronus Activity", "Cronus Customer")),
			"source_doctype": "Proforma",
			"document": {"doctype": "Proforma", "customer": self.records["Cronus Customer"], "items": [{}]},
			"next_activity": {"activity_type": "Call", "starts_on": "2026-12-01 10:00:00"},
			"criteria": {"Zone": "North"},
			"before": {"when": "2026-11-26", "doctype": "Proforma", "name": "x"},
			"filters": {"from_date": "2026-01-01", "to_date": "2026-12-31"},
			"cards": [{"name": "won_deals", "filters": {}}],
			"charts": [{"report_name": "Cronus Pipeline", "filters": {}}],
		}
		if name in usual:
			return usual[name]
		is_date = name.endswith(("_on", "_date", "start", "end", "since", "until"))
		return "2026-12-01" if is_date else self.random.choice(("x", 1, "", []))

	def draw_write(self) -> tuple[str, str, dict]:
		doctype = self.random.choice(self.doctypes)
		known = self.records.get(doctype)
		if known and self.random.random() < 0.5:
			return "PUT", f"/api/resource/{doctype}/{known}", self.spoil(self.values_of(doctype))
		return "POST", f"/api/resource/{doctype}", self.spoil(self.values_of(doctype))

	def values_of(self, doctype: str) -> dict:
		"""Values for some fields of a new document, with rows in its tables."""
		meta = frappe.get_meta(doctype)
		values = {
			field.fieldname: self.value_of(field)
			for field in meta.fields
			if not field.read_only
			and field.fieldtype not in ("Section Break", "Column Break", "Tab Break", "HTML")
			if field.reqd or self.random.random() < 0.3
		}
		if self.random.random() < 0.2:
			standard = ("name", "owner", "docstatus", "idx", "modified", "creation", "parent", "amended_from")
			values[self.random.choice(standard)] = self.random.choice(HOSTILE)
		return values

	def value_of(self, field) -> Any:
		if field.fieldtype in ("Table", "Table MultiSelect"):
			return [
				self.spoil(
					{
						f.fieldname: self.value_of(f)
						for f in frappe.get_meta(field.options).fields
						if f.in_list_view
					}
				)
			]
		if field.fieldtype == "Link":
			return self.records.get(field.options) or {
				"Currency": "USD",
				"Cronus Stage": "Initial contact",
			}.get(field.options)
		if field.fieldtype == "Select":
			return self.random.choice((field.options or "").split("\n"))
		if field.fieldtype in ("Date", "Datetime"):
			return "2026-11-26"
		return 1 if field.fieldtype in ("Currency", "Float", "Int", "Percent", "Check") else "x"

	def draw_framework(self) -> tuple[str, str, dict]:
		method = self.random.choice(sorted(FRAMEWORK))
		doctype = self.random.choice(sorted(self.records))
		doc = {"doctype": doctype, **self.spoil(self.values_of(doctype))}
		if self.random.random() < 0.5:
			doc["name"] = self.records[doctype]
		told = {DOCTYPE: doctype, NAME: self.records[doctype], DOC: doc}

		def fill(value):
			if isinstance(value, dict):
				return {name: fill(part) for name, part in value.items()}
			if isinstance(value, list):
				return [fill(part) for part in value]
			return told.get(value, value) if isinstance(value, str) else value

		arguments = fill(FRAMEWORK[method])
		return (
			"POST",
			f"/api/method/{method}",
			arguments
			if DOC in FRAMEWORK[method].values() and self.random.random() < 0.5
			else self.spoil(arguments),
		)

	def each_field_left_empty(self) -> Iterator[tuple[str, str, dict, bool]]:
		"""For each field of each DocType, and each column of its tables, a new document without it and a
		record whose value is taken away."""
		for doctype in self.doctypes:
			known = self.records.get(doctype)
			for field in frappe.get_meta(doctype).fields:
				if field.fieldtype in display_fieldtypes or field.read_only:
					continue
				values = self.values_of(doctype) | {field.fieldname: None}
				yield "POST", f"/api/resource/{doctype}", values, True
				if known:
					yield "PUT", f"/api/resource/{doctype}/{known}", {field.fieldname: ""}, True
				if field.fieldtype not in table_fields:
					continue
				for column in frappe.get_meta(field.options).fields:
					if column.fieldtype in display_fieldtypes or column.read_only:
						continue
					rows = self.value_of(field)
					rows[0][column.fieldname] = None
					values = self.values_of(doctype) | {field.fieldname: rows}
					yield "POST", f"/api/resource/{doctype}", values, True

	def draw_list(self) -> tuple[str, str, dict]:
		asked = {"fields": '["name"]', "filters": '[["name", "like", "%x%"]]', "order_by": "creation desc"}
		asked |= {"limit_start": "0", "limit_page_length": "5"}
		return "GET", f"/api/resource/{self.random.choice(self.doctypes)}", self.spoil(asked)

	def draw_report(self) -> tuple[str, str, dict]:
		filters = {
			"from_date": "2026-01-01",
			"to_date": "2026-12-31",
			"seller": self.records["Cronus Seller"],
			"customer": self.records["Cronus Customer"],
			**dict.fromkeys(
				("work_center", "show", "by", "years", "months", "of", "state", "alert", "at_most"), ""
			),
		}
		arguments = {"report_name": self.random.choice(self.reports), "filters": self.spoil(filters)}
		if self.random.random() < 0.2:
			arguments = self.spoil(arguments)
		return "POST", "/api/method/frappe.desk.query_report.run", arguments


@pytest.fixture
def user(site):
	"""(seller, API key) of somebody with all our roles."""
	seller = make_seller(roles=(SELLER, MANAGER, BILLING, ADMINISTRATOR))
	key = make_api_key(seller.user)
	singles = frappe.get_all("DocType", {"module": ("like", "Cronus %"), "issingle": 1}, pluck="name")
	settings = {doctype: frappe.get_doc(doctype).as_dict() for doctype in singles}
	frappe.db.commit()
	yield seller, key
	frappe.db.rollback()
	remove_what_is_left(seller.user, settings)


def remove_what_is_left(user: str, settings: dict[str, dict]) -> None:
	"""Masters that were made are removed, and settings (the Singles by name) are as before; documents are of
	the user's own seller."""
	for doctype in frappe.get_all(
		"DocType", {"module": ("like", "Cronus %"), "issingle": 0, "istable": 0}, pluck="name"
	):
		if not frappe.get_meta(doctype).has_field("seller") and doctype != "Cronus Seller":
			frappe.db.delete(doctype, {"owner": user})
	# Sellers stay, with what was done for them; the work centre that a request gave them is gone.
	left = {"work_center": ("not in", ["", *frappe.get_all("Cronus Work Center", pluck="name")])}
	frappe.db.set_value("Cronus Seller", left, "work_center", None, update_modified=False)
	for doctype, values in settings.items():
		doc = frappe.get_doc(doctype)
		doc.update({name: values[name] for name in (f.fieldname for f in doc.meta.fields) if name in values})
		doc.flags.ignore_mandatory = True
		doc.save()
	recount_totals.repair()
	case_recount.repair()
	frappe.db.commit()
	frappe.clear_cache()


def make_records(seller) -> dict[str, str]:
	customer = make_customer(seller.name)
	proforma = issue_proforma(seller.name, customer=customer.name)
	records = {
		"Cronus Customer": customer.name,
		"Cronus Seller": seller.name,
		"Cronus Prospect": make_prospect(seller.name, prospect_name=unique("Prospect")).name,
		"Cronus Opportunity": make_opportunity(seller.name, customer.name).name,
		"Cronus Product": ensure_product(unique("P")),
		"Proforma": proforma.name,
		"Invoice": invoice_of(proforma).name,
		"Cronus Payment": make_advance(customer.name, seller=seller.name).name,
		"Cronus Activity": frappe.get_doc(
			{
				"doctype": "Cronus Activity",
				"activity_type": "Call",
				"subject": "x",
				"starts_on": "2040-01-01 10:00:00",
				"seller": seller.name,
				"customer": customer.name,
			}
		)
		.insert()
		.name,
	}
	frappe.db.commit()
	return records


def send(address: str, key: str, verb: str, path: str, arguments: dict, as_json: bool) -> requests.Response:
	headers = {"Accept": "application/json", "Authorization": f"token {key}"}
	if as_json and verb != "GET":
		carried = {"json": arguments}
	else:
		text = {n: v if isinstance(v, str) else json.dumps(v) for n, v in arguments.items() if v is not None}
		carried = {"params": text} if verb == "GET" else {"data": text}
	return requests.request(verb, address + path, headers=headers, timeout=120, **carried)


def find_faults(ask: Callable[[tuple], requests.Response], drawn: list[tuple]) -> dict[str, list[str]]:
	"""Requests by the error that they ended in, of those with code of ours in the traceback."""
	faults = defaultdict(list)
	with ThreadPoolExecutor(THREADS) as pool:
		for request, answer in zip(drawn, pool.map(ask, drawn), strict=True):
			if answer.status_code >= 500 and find_frames(answer.text):
				faults[describe_error(answer.text)].append(str(request)[:600])
	return faults


def find_frames(text: str) -> list[tuple[str, str, str]]:
	"""The frames of ours in a traceback: file, line and function. Without those that every request passes."""
	text = text.replace("\\\\n", "\n").replace("\\n", "\n")
	frames = re.findall(r'apps/(cronus_crm/[\w/]+\.py)\\*", line (\d+), in (\w+)', text)
	return [frame for frame in frames if not frame[0].endswith(PASSED_BY_ALL)]


def describe_error(text: str) -> str:
	"""The last frame of ours in a traceback, and its last line."""
	frames = find_frames(text)
	text = text.replace("\\\\n", "\n").replace("\\n", "\n")
	errors = re.findall(r"^\s*((?:\w+\.)*\w*(?:Error|Exception|Exit|Found)\b.*)$", text, re.M)
	return f"{':'.join(frames[-1]) if frames else '?'}: {errors[-1][:160] if errors else text[-160:]}"


def assert_no_faults(server: str, key: str, drawn: list[tuple]) -> None:
	faults = find_faults(lambda request: send(server, key, *request), drawn)
	told = [f"{len(asked)} × {error}\n    {asked[0]}" for error, asked in faults.items()]
	assert not told, f"{sum(map(len, faults.values()))} of {len(drawn)}:\n" + "\n".join(sorted(told))


def test_no_hostile_request_ends_in_an_error_of_ours(site, server, user):
	seller, key = user
	functions = [f for f in read_register(site).functions if f.addresses and f.id.startswith("cronus_crm.")]
	assert_no_faults(server, key, list(Requests(functions, make_records(seller)).draw(REQUESTS)))


def test_no_field_left_empty_ends_in_an_error_of_ours(server, user):
	seller, key = user
	assert_no_faults(server, key, list(Requests([], make_records(seller)).each_field_left_empty()))
