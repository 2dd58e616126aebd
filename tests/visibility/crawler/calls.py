"""Makes HTTP calls of questions (address, verb, body), and sends them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import frappe
import frappe.handler
import requests

from tests.visibility.clients import Client, text_of
from tests.visibility.crawler.arguments import Arguments, Question
from tests.visibility.crawler.crawl_data import ME, CrawlData
from tests.visibility.crawler.register import Function

SECONDS = 120


@dataclass(frozen=True)
class Call:
	"""A request to the server.

	way: how the function is reached, in words. sent: the body or query. natively: sent as JSON, so that lists
	stay lists; else as a form, in which all values are text.
	"""

	function: str
	way: str
	verb: str
	path: str
	sent: Arguments
	who: str
	label: str
	natively: bool = False

	def __str__(self) -> str:
		sent = {name: shorten(value) for name, value in _as_text(self.sent).items()}
		return f"{self.who}: {self.verb} {self.path} {sent} ({self.label})"

	@property
	def asked(self) -> str:
		"""All arguments of the question as one text."""
		return f"{self.path} {_as_text(self.sent)}"


@dataclass(frozen=True)
class Answer:
	call: Call
	status: int
	text: str

	@property
	def ok(self) -> bool:
		return self.status < 400


def shorten(text: str, length: int = 400) -> str:
	"""A text; one longer than `length` is cut in its middle."""
	return text if len(text) <= length else f"{text[: length * 3 // 4]} … {text[-length // 4 :]}"


def _as_text(arguments: Arguments) -> dict[str, str]:
	return {
		name: value if isinstance(value, str) else frappe.as_json(value, indent=None)
		for name, value in arguments.items()
		if value is not None
	}


class Senders:
	"""Sends calls as the user of each."""

	def __init__(self, clients: dict[str, Client], users: dict[str, str | None]):
		self.clients = clients
		self.users = users
		self.sent = 0

	def send(self, call: Call) -> Answer:
		client = self.clients[call.who]
		self.sent += 1
		me = self.users[call.who] or "guest@example.com"
		sent = {name: value.replace(ME, me) for name, value in _as_text(call.sent).items()}
		headers = {"Accept": "application/json"}
		if client.key:
			headers["Authorization"] = f"token {client.key}"
		carried = {"params": sent} if call.verb == "GET" else {"data": sent}
		if call.verb != "GET" and (
			call.natively or call.path.startswith(("/api/resource/", "/api/v2/document/"))
		):
			headers["Content-Type"] = "application/json"
			carried = {"data": frappe.as_json(call.sent).replace(ME, me)}
		try:
			answer = requests.request(
				call.verb,
				f"{client.address}{quote(call.path)}",
				headers=headers,
				timeout=SECONDS,
				allow_redirects=False,
				**carried,
			)
		except requests.RequestException as error:
			return Answer(call, 599, f"no answer: {error!r}")
		return Answer(call, answer.status_code, _text_of(answer))


def _text_of(answer: requests.Response) -> str:
	try:
		return text_of(answer)
	except Exception:
		# Something that only looks like a file of a kind that is known.
		return answer.text


# How a function is reached.


def make_usual_call(function: Function, question: Question, who: str) -> Call:
	"""The call of a function at its first address, by POST."""
	address = function.addresses[0]
	verb = "POST" if "POST" in function.verbs else function.verbs[0]
	arguments = question.arguments_for(who)
	path = f"/api/method/{address}"
	natively = _wants_objects(function, arguments)
	return Call(function.id, address, verb, path, arguments, who, question.label, natively)


def _wants_objects(function: Function, arguments: Arguments) -> bool:
	"""Whether a text would be refused for one of the arguments, because only a list or a document will do. So
	it is in what the search of a link calls, whose filters have been read."""
	return {"txt", "searchfield", "filters", "page_len"} <= function.names or any(
		isinstance(arguments.get(parameter.name), list | dict)
		and re.search(r"\b(list|dict|List|Dict)\b", parameter.annotation)
		and not re.search(r"\bstr\b(?!\])", re.sub(r"\[.*?\]", "", parameter.annotation))
		for parameter in function.parameters
	)


def make_other_calls(
	function: Function, question: Question, who: str, crawl_data: CrawlData
) -> Iterator[Call]:
	"""Calls of a function by other verbs, other addresses, the second API, and methods that call methods."""
	arguments = question.arguments_for(who)

	def call(way: str, verb: str, path: str, sent: Arguments = arguments) -> Call:
		return Call(function.id, way, verb, path, sent, who, question.label, natively)

	natively = _wants_objects(function, arguments)
	first, *others = function.addresses
	verb = "POST" if "POST" in function.verbs else function.verbs[0]
	if verb != "GET" and "GET" in function.verbs:
		yield call(first, "GET", f"/api/method/{first}")
	yield call(f"{first}, v2", verb, f"/api/v2/method/{first}")
	for address in (first, *(other for other in others if other.startswith("cronus_crm."))):
		# The module of a DocType is found by the DocType's name there; so are our former addresses.
		module, name = address.rsplit(".", 1) if ".doctype." in address else ("", "")
		if doctype := module and crawl_data.doctype_of_module(module):
			yield call(f"{doctype}/{name}, v2", verb, f"/api/v2/method/{doctype}/{name}")
	for address in others:
		yield call(address, verb, f"/api/method/{address}")
	yield from _make_calls_through_methods(function, arguments, call, crawl_data)


def _make_calls_through_methods(
	function: Function, arguments: Arguments, call, crawl_data: CrawlData
) -> Iterator[Call]:
	address = function.addresses[0]
	values = list(arguments.values())
	subject = arguments.get("doctype") or "Cronus Customer"
	if "tree_method" in function.calls_with:
		sent = {
			**arguments,
			"doctype": values[0] if values else subject,
			"parent": values[1] if len(values) > 1 else "",
			"label": "x",
			"tree_method": address,
		}
		for name in [p.name for p in function.parameters][:2]:
			if name not in ("doctype", "parent"):
				sent.pop(name, None)
		yield call(
			f"get_all_nodes(tree_method={address})",
			"POST",
			f"{METHOD}/frappe.desk.treeview.get_all_nodes",
			sent,
		)
	if "make_mapped_doc" in function.calls_with and values:
		sent = {"method": address, "source_name": values[0]}
		yield call(
			f"make_mapped_doc(method={address})",
			"POST",
			f"{METHOD}/frappe.model.mapper.make_mapped_doc",
			sent,
		)
	if "map_docs" in function.calls_with and len(values) > 1:
		sent = {"method": address, "source_names": [values[0]], "target_doc": values[1]}
		yield call(f"map_docs(method={address})", "POST", f"{METHOD}/frappe.model.mapper.map_docs", sent)
	if "query" in function.calls_with:
		sent = {
			"query": address,
			"doctype": subject,
			"txt": "",
			"page_length": 500,
			"ignore_user_permissions": 1,
		}
		sent["filters"] = arguments.get("filters") or {}
		for name in ("search_widget", "search_link"):
			yield call(f"{name}(query={address})", "POST", f"{METHOD}/frappe.desk.search.{name}", sent)
	if "upload_file" in function.calls_with:
		for name in ("upload_file", "uploadfile"):
			if not hasattr(frappe.handler, name):
				continue
			sent = {**arguments, "method": address}
			yield call(f"{name}(method={address})", "POST", f"{METHOD}/{name}", sent)


METHOD = "/api/method"


def make_document_calls(
	function: Function, doctype: str, name: str, arguments: Arguments, who: str, label: str
) -> Iterator[Call]:
	"""Calls of a method of a document, by all addresses."""
	method = function.id.rsplit(".", 1)[1]

	def call(way: str, verb: str, path: str, sent: Arguments) -> Call:
		return Call(function.id, way, verb, path, sent, who, label)

	sent = {"dt": doctype, "dn": name, "method": method, "args": arguments}
	yield call(f"run_doc_method({method})", "POST", f"{METHOD}/run_doc_method", sent)
	docs = {
		"doctype": doctype,
		"name": name,
		**(frappe.db.get_value(doctype, name, ["modified"], as_dict=True) or {}),
	}
	sent = {"docs": docs, "method": method, "args": arguments}
	yield call(f"run_doc_method({method}) of what is sent", "POST", f"{METHOD}/run_doc_method", sent)
	path = f"/api/resource/{doctype}/{name}"
	yield call(f"run_method={method}", "GET", path, {**arguments, "run_method": method})
	yield call(f"run_method={method}", "POST", path, {**arguments, "run_method": method})
	path = f"/api/v2/document/{doctype}/{name}/method/{method}"
	yield call(f"{method}, v2", "GET", path, arguments)
	yield call(f"{method}, v2", "POST", path, arguments)
	sent = {"document": docs, "method": method, "kwargs": arguments}
	yield call(f"run_doc_method({method}), v2", "POST", "/api/v2/method/run_doc_method", sent)
