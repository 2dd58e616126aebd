"""Paths by which data may be read: methods of the framework that take a DocType or a document.

Each is asked by everybody about the portfolio of "ana". Methods that only write, that need System Manager or
that know nothing of documents are not here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import frappe
from frappe.database import query

from cronus_crm.visibility.replaced.replacement import find_original
from tests.visibility.clients import Client, text_of
from tests.visibility.world import GOVERNED, IMPORTS, SEEN_BY_WRITERS, WRITERS, World

MINE = "ana"
CUSTOMER = "Cronus Customer"


@dataclass(frozen=True)
class Path:
	"""A request that may disclose something of ana.

	seen_by: users who must find something of ana, which proves that the path works. names: whether names of
	records in the answer count as disclosed; not where the question contains them.
	"""

	id: str
	ask: Callable[[Client, World], str]
	seen_by: tuple[str, ...] = (MINE, "north", "administrator")
	names: bool = False


PATHS: list[Path] = []

# DocTypes that the roles of sellers do not read.
SEEN_BY = {
	**dict.fromkeys(IMPORTS, ("north", "administrator")),
	**dict.fromkeys(SEEN_BY_WRITERS, WRITERS),
}


def path(id: str, seen_by: tuple[str, ...] = Path.seen_by, names: bool = False):
	def register(function):
		PATHS.append(Path(id, function, seen_by, names))
		return function

	return register


def for_each(id: str, doctypes=GOVERNED, names: bool = False, seen_by: dict | None = None):
	"""Registers a path for each of several DocTypes. seen_by: by DocType, where it differs from the
	default."""

	def register(function):
		for doctype in doctypes:
			who = (seen_by or {}).get(doctype, SEEN_BY.get(doctype, Path.seen_by))
			PATHS.append(Path(f"{id} of {doctype}", partial(function, doctype=doctype), who, names))
		return function

	return register


def record_of_ana(world: World, doctype: str) -> str:
	return world.records[MINE][doctype]


def fields_of(doctype: str) -> list[str]:
	"""All columns of a DocType that a list can show."""
	return [f"`tab{doctype}`.`{column}`" for column in frappe.get_meta(doctype).get_valid_columns()]


# Lists


@for_each("list by REST", names=True)
def rest_list(client, world, doctype):
	return text_of(client.get(f"/api/resource/{doctype}", fields=["*"], limit_page_length=500))


@for_each("list by REST 2", doctypes=("Cronus Customer", "Proforma"), names=True)
def rest_2_list(client, world, doctype):
	return text_of(client.get(f"/api/v2/document/{doctype}", fields=["*"], limit=500))


@for_each("list by frappe.client", doctypes=("Cronus Opportunity", "Contact"), names=True)
def client_list(client, world, doctype):
	return text_of(client.ask("frappe.client.get_list", doctype=doctype, fields=["*"], limit_page_length=500))


@for_each("list by REST with somebody's idempotency key", doctypes=("Cronus Customer",), names=True)
def repeated_list(client, world, doctype):
	# Everybody sends the same request with the same key.
	headers = {"Idempotency-Key": f"list of {record_of_ana(world, doctype)}"}
	question = {"doctype": doctype, "fields": ["*"], "limit_page_length": 500}
	method = "/api/method/frappe.client.get_list"
	return text_of(client.call("POST", method, headers=headers, json=question))


@for_each("list view", names=True)
def list_view(client, world, doctype):
	answer = client.ask(
		"frappe.desk.reportview.get", doctype=doctype, fields=fields_of(doctype), page_length=500, start=0
	)
	return text_of(answer)


@for_each("list view as rows", doctypes=("Cronus Activity",), names=True)
def list_view_rows(client, world, doctype):
	return text_of(
		client.ask("frappe.desk.reportview.get_list", doctype=doctype, fields=fields_of(doctype), limit=500)
	)


_EXPORTED_BY = {"Cronus Seller": ("administrator",), **dict.fromkeys(IMPORTS, ())}


@for_each("export as CSV", names=True, seen_by={**_EXPORTED_BY, "Contact": (), "Address": ()})
def export_csv(client, world, doctype):
	return export(client, doctype, "CSV")


@for_each("export as Excel", doctypes=("Cronus Opportunity", "Invoice"), names=True)
def export_excel(client, world, doctype):
	return export(client, doctype, "Excel")


def export(client, doctype, file_format):
	answer = client.ask(
		"frappe.desk.reportview.export_query",
		doctype=doctype,
		file_format_type=file_format,
		title=doctype,
		fields=fields_of(doctype),
		filters=[],
	)
	return text_of(answer)


@path("data export")
def data_export(client, world):
	answer = client.ask(
		"frappe.core.doctype.data_export.exporter.export_data",
		doctype="Cronus Customer",
		select_columns={"Cronus Customer": ["name", "customer_name"]},
		file_type="CSV",
		template="false",
		with_data=1,
		filters=[],
	)
	return text_of(answer)


@path("template of an import with records")
def import_template(client, world):
	answer = client.ask(
		"frappe.core.doctype.data_import.data_import.download_template",
		doctype="Proforma",
		export_fields={"Proforma": ["name", "customer_name"], "items": ["description"]},
		export_records="all",
		file_type="CSV",
	)
	return text_of(answer)


@path("fields of linked documents in a list")
def linked_fields(client, world):
	fields = ["name", "customer.customer_name", "opportunity.title", "seller.user"]
	return text_of(
		client.ask("frappe.client.get_list", doctype="Proforma", fields=fields, limit_page_length=500)
	)


@path("rows of a table in a list")
def joined_rows(client, world):
	fields = ["name", "`tabCronus Document Item`.description", "`tabCronus Document Item`.net_amount"]
	return text_of(
		client.ask("frappe.client.get_list", doctype="Invoice", fields=fields, limit_page_length=500)
	)


CHILDREN = {
	"Cronus Document Item": "Proforma",
	"Cronus Document Tax": "Proforma",
	"Cronus Instalment": "Invoice",
	"Cronus Payment Allocation": "Cronus Payment",
	"Cronus Opportunity Product": "Cronus Opportunity",
	"Cronus Customer Criterion": "Cronus Customer",
	"Cronus Stage Change": "Cronus Opportunity",
	"Cronus Sales Entry Origin": "Cronus Sales Entry",
	"Cronus Import Column": "Cronus Customer Import",
	"Cronus Import Seller": "Cronus Customer Import",
	"Dynamic Link": "Contact",
	"Contact Email": "Contact",
	"Contact Phone": "Contact",
}
# These show no token: a product, a stage, the name of a document.
_SILENT = {
	"Cronus Opportunity Product": (),
	"Cronus Stage Change": (),
	"Cronus Sales Entry Origin": (),
	"Cronus Payment Allocation": (),
	"Cronus Import Column": ("north", "administrator"),
	# Of these the name of the seller is told, which no test takes for a token of this DocType.
	"Cronus Import Seller": (),
}


@for_each("rows alone", doctypes=tuple(CHILDREN), names=True, seen_by=_SILENT)
def rows_alone(client, world, doctype):
	answer = client.get(
		f"/api/resource/{doctype}", parent=CHILDREN[doctype], fields=["*"], limit_page_length=1000
	)
	return text_of(answer)


@path("one row by frappe.client", names=True)
def row_value(client, world):
	answer = client.ask(
		"frappe.client.get_value",
		doctype="Cronus Document Item",
		parent="Proforma",
		fieldname=["description", "parent"],
		filters={"parent": record_of_ana(world, "Proforma")},
	)
	return text_of(answer)


@path("a row as a document")
def row_document(client, world):
	answer = client.ask(
		"frappe.client.get",
		doctype="Cronus Document Item",
		parent="Proforma",
		filters={"parent": record_of_ana(world, "Proforma")},
	)
	return text_of(answer)


@path("a row by REST")
def row_by_rest(client, world):
	row = frappe.db.get_value("Cronus Document Item", {"parent": record_of_ana(world, "Proforma")})
	return text_of(client.get(f"/api/resource/Cronus Document Item/{row}"))


@path("a row of a contact")
def row_of_contact(client, world):
	answer = client.ask(
		"frappe.client.get",
		doctype="Contact Email",
		parent="Contact",
		filters={"parent": record_of_ana(world, "Contact")},
	)
	return text_of(answer)


# One document


@for_each("document by REST")
def rest_document(client, world, doctype):
	return text_of(client.get(f"/api/resource/{doctype}/{quote(record_of_ana(world, doctype))}"))


@for_each("document by REST 2", doctypes=("Cronus Prospect", "Cronus Customer Branch"))
def rest_2_document(client, world, doctype):
	return text_of(client.get(f"/api/v2/document/{doctype}/{quote(record_of_ana(world, doctype))}"))


@for_each("form")
def form(client, world, doctype):
	return text_of(
		client.ask("frappe.desk.form.load.getdoc", doctype=doctype, name=record_of_ana(world, doctype))
	)


@for_each("what a form shows beside it", doctypes=("Cronus Customer", "Cronus Opportunity", "Cronus Case"))
def docinfo(client, world, doctype):
	return text_of(
		client.ask("frappe.desk.form.load.get_docinfo", doctype=doctype, name=record_of_ana(world, doctype))
	)


@for_each("messages", doctypes=("Cronus Customer", "Cronus Opportunity", "Cronus Case"))
def messages(client, world, doctype):
	answer = client.ask(
		"frappe.desk.form.load.get_communications", doctype=doctype, name=record_of_ana(world, doctype)
	)
	return text_of(answer)


@path("document by frappe.client")
def client_document(client, world):
	return text_of(
		client.ask(
			"frappe.client.get", doctype="Cronus Activity", name=record_of_ana(world, "Cronus Activity")
		)
	)


@path("document by a filter")
def filtered_document(client, world):
	filters = {"name": record_of_ana(world, "Cronus Opportunity")}
	return text_of(client.ask("frappe.client.get", doctype="Cronus Opportunity", filters=filters))


@for_each("value", doctypes=("Cronus Prospect", "Address"))
def value(client, world, doctype):
	meta = frappe.get_meta(doctype)
	answer = client.ask(
		"frappe.client.get_value",
		doctype=doctype,
		fieldname=[meta.title_field or "address_title"],
		filters={"name": record_of_ana(world, doctype)},
	)
	return text_of(answer)


# As 16 calls it, and 15.
VALIDATE_LINK = next(
	filter(find_original, ("frappe.client.validate_link_and_fetch", "frappe.client.validate_link"))
)


@path("existence of a linked document")
def existence(client, world):
	answer = client.ask(
		VALIDATE_LINK, doctype="Cronus Customer", docname=record_of_ana(world, "Cronus Customer")
	)
	return token_for_number(world, bool(answer.ok and answer.json()["message"].get("name")))


@path("values for a link")
def values_for_link(client, world):
	fields = ["customer_name", "tax_id"]
	answer = client.ask(
		VALIDATE_LINK,
		doctype="Cronus Customer",
		docname=record_of_ana(world, "Cronus Customer"),
		fields=fields,
		fields_to_fetch=fields,
	)
	return text_of(answer)


# Not of the opportunity: the documents of the world have won it, and only those in course are found.
@for_each("with whom an activity is", doctypes=("Cronus Customer", "Cronus Prospect", "Contact"))
def parties(client, world, doctype):
	name = record_of_ana(world, doctype)
	asked = frappe.db.get_value(doctype, name, "full_name") if doctype == "Contact" else name
	return text_of(client.get("/api/method/cronus_crm.api.activities.find_parties", text=asked))


@for_each("what is pending with somebody", doctypes=("Cronus Customer",), names=True)
def pending_with(client, world, doctype):
	about = {"party_doctype": doctype, "party": record_of_ana(world, doctype)}
	return text_of(client.get("/api/method/cronus_crm.api.activities.list_pending_with", **about))


@path("preview of a link", seen_by=())
def link_preview(client, world):
	answer = client.ask(
		"frappe.desk.link_preview.get_preview_data",
		doctype="Contact",
		docname=record_of_ana(world, "Contact"),
	)
	return text_of(answer)


@for_each(
	"title of a link",
	doctypes=("Cronus Prospect", "Cronus Customer", "Cronus Customer Branch", "Cronus Opportunity"),
)
def link_title(client, world, doctype):
	answer = client.ask(
		"frappe.desk.search.get_link_title", doctype=doctype, docname=record_of_ana(world, doctype)
	)
	return text_of(answer)


@path("versions", seen_by=())
def versions(client, world):
	filters = [["docname", "=", record_of_ana(world, "Cronus Customer")]]
	return text_of(client.get("/api/resource/Version", fields=["*"], filters=filters))


@path("what is linked to a document", seen_by=())
def linked_with(client, world):
	answer = client.ask(
		"frappe.desk.form.linked_with.get",
		doctype="Cronus Customer",
		docname=record_of_ana(world, "Cronus Customer"),
	)
	return text_of(answer)


@path("next document", seen_by=())
def next_document(client, world):
	answer = client.ask(
		"frappe.desk.form.utils.get_next",
		doctype="Cronus Opportunity",
		value=record_of_ana(world, "Cronus Opportunity"),
		prev=0,
		sort_field="creation",
		sort_order="asc",
	)
	return text_of(answer)


@path("a document repeated by the server")
def document_method(client, world):
	answer = client.ask(
		"run_doc_method",
		method="add_comment",
		dt="Proforma",
		dn=record_of_ana(world, "Proforma"),
		args={"text": "x"},
	)
	return text_of(answer)


@path("mapped document")
def mapped_document(client, world):
	answer = client.ask(
		"frappe.model.mapper.make_mapped_doc",
		method="frappe.contacts.doctype.contact.contact.get_contact_details",
		source_name=record_of_ana(world, "Contact"),
	)
	return text_of(answer)


# On paper


PRINTED = ("Proforma", "Invoice", "Cronus Opportunity")


@for_each("page to print", doctypes=PRINTED)
def print_view(client, world, doctype):
	return text_of(client.get("/printview", doctype=doctype, name=record_of_ana(world, doctype)))


@path("print preview")
def print_preview(client, world):
	answer = client.ask(
		"frappe.www.printview.get_html_and_style",
		doc="Cronus Opportunity",
		name=record_of_ana(world, "Cronus Opportunity"),
	)
	return text_of(answer)


@path("PDF")
def pdf(client, world):
	answer = client.get(
		"/api/method/frappe.utils.print_format.download_pdf",
		doctype="Proforma",
		name=record_of_ana(world, "Proforma"),
		format="Standard",
	)
	return text_of(answer)


@path("PDF of several")
def pdfs(client, world):
	answer = client.get(
		"/api/method/frappe.utils.print_format.download_multi_pdf",
		doctype="Invoice",
		name=frappe.as_json([record_of_ana(world, "Invoice")]),
		format="Standard",
	)
	return text_of(answer)


@path("web page of a document", seen_by=())
def web_page(client, world):
	return text_of(client.get(f"/Proforma/{record_of_ana(world, 'Proforma')}", key="0" * 32))


@path("titles on the page of a document that is sent")
def printed_as_sent(client, world):
	"""Prints an unsaved document with a link to ana's customer, whose title must not appear on the page."""
	sent = {
		"doctype": "Cronus Opportunity",
		"title": "Mine",
		"customer": record_of_ana(world, "Cronus Customer"),
		"stage": "Initial contact",
	}
	return text_of(client.ask("frappe.www.printview.get_html_and_style", doc=frappe.as_json(sent)))


# Search


# What a search of these shows has no text of ours.
_WITHOUT_TITLE = ("Cronus Sales Entry", "Cronus Customer Import", "Cronus Import Journal")


@for_each("search of a link", doctypes=tuple(d for d in GOVERNED if d not in _WITHOUT_TITLE), names=True)
def search_link(client, world, doctype):
	return search_by_method(client, world, doctype, "frappe.desk.search.search_link")


@for_each(
	"search without permissions", doctypes=("Cronus Customer", "Cronus Opportunity", "Contact"), names=True
)
def search_ignoring(client, world, doctype):
	return search_by_method(
		client, world, doctype, "frappe.desk.search.search_link", ignore_user_permissions=1
	)


@path("search box without permissions", names=True)
def search_box(client, world):
	return search_by_method(
		client, world, "Cronus Prospect", "frappe.desk.search.search_widget", ignore_user_permissions=1
	)


def search_by_method(client, world, doctype, method, **more):
	# All tokens begin alike, so this finds them all; contacts and addresses are named by one.
	text = world.mark if frappe.get_meta(doctype).title_field or doctype in ("Contact", "Address") else ""
	return text_of(client.ask(method, doctype=doctype, txt=text, page_length=100, **more))


@path("search bar")
def search_bar(client, world):
	return text_of(client.ask("cronus_crm.api.search.find_records", text=world.mark, limit=20))


@for_each("search bar by name", doctypes=("Cronus Customer", "Proforma", "Cronus Prospect", "Invoice"))
def search_bar_by_name(client, world, doctype):
	return text_of(client.ask("cronus_crm.api.search.find_records", text=record_of_ana(world, doctype)))


@path("search of everything")
def global_search(client, world):
	return text_of(
		client.ask("frappe.utils.global_search.search", text=record_of_ana(world, "Contact"), limit=100)
	)


@path("search of addresses to write to")
def addresses_to_write_to(client, world):
	return text_of(client.ask("frappe.email.get_contact_list", txt=world.mark, page_length=100))


@path("contacts of a record")
def contact_query(client, world):
	return run_link_query(client, world, "frappe.contacts.doctype.contact.contact.contact_query", "Contact")


@path("addresses of a record")
def address_query(client, world):
	return run_link_query(client, world, "frappe.contacts.doctype.address.address.address_query", "Address")


def run_link_query(client, world, query, doctype):
	answer = client.ask(
		"frappe.desk.search.search_link",
		doctype=doctype,
		txt="",
		query=query,
		filters={"link_doctype": "Cronus Customer", "link_name": record_of_ana(world, "Cronus Customer")},
		page_length=100,
	)
	return text_of(answer)


@path("what differs between a source and us", seen_by=("administrator",))
def differences_of_a_source(client, world):
	return text_of(client.ask("cronus_crm.api.exchange.list_drift", source=world.shared[f"source of {MINE}"]))


@path("what changed here, for an ERP", seen_by=("administrator",))
def changes_for_an_erp(client, world):
	texts, page = [], {"cursor": "", "more": True}
	while page["more"]:
		answer = client.ask(
			"cronus_crm.api.exchange.pull",
			source=world.shared[f"source of {MINE}"],
			cursor=page["cursor"],
			limit=500,
		)
		texts.append(text_of(answer))
		page = answer.json()["message"] if answer.ok else {"more": False}
	return "".join(texts)


@path("names of the addresses of a record")
def names_of_addresses(client, world):
	links = [{"link_doctype": "Cronus Customer", "link_name": record_of_ana(world, "Cronus Customer")}]
	answer = client.ask("frappe.contacts.doctype.contact.contact.address_query", links=frappe.as_json(links))
	return text_of(answer)


@path("address of a record by default")
def default_address(client, world):
	answer = client.ask(
		"frappe.contacts.doctype.address.address.get_default_address",
		doctype="Cronus Customer",
		name=record_of_ana(world, "Cronus Customer"),
	)
	return text_of(answer)


@path("address as text")
def address_display(client, world):
	answer = client.ask(
		"frappe.contacts.doctype.address.address.get_address_display",
		address_dict=record_of_ana(world, "Address"),
	)
	return text_of(answer)


@path("data of a contact")
def contact_details(client, world):
	answer = client.ask(
		"frappe.contacts.doctype.contact.contact.get_contact_details", contact=record_of_ana(world, "Contact")
	)
	return text_of(answer)


@path("telephone of a contact")
def contact_number(client, world):
	answer = client.ask(
		"frappe.core.doctype.sms_settings.sms_settings.get_contact_number",
		contact_name=record_of_ana(world, "Contact"),
		ref_doctype="Cronus Customer",
		ref_name=record_of_ana(world, "Cronus Customer"),
	)
	return text_of(answer)


@path("report of addresses and contacts", seen_by=())
def addresses_and_contacts(client, world):
	answer = client.ask(
		"frappe.desk.query_report.run",
		report_name="Addresses And Contacts",
		filters={"reference_doctype": "Cronus Customer"},
	)
	return text_of(answer)


# Figures


def amount_field(doctype):
	return {"Proforma": "net_total", "Invoice": "net_total", "Cronus Opportunity": "value"}[doctype]


def filter_on_world(world, doctype):
	"""A filter for the records of this world."""
	fieldname = {"Cronus Opportunity": "title"}.get(doctype, "customer_name")
	return [[doctype, fieldname, "like", f"%{world.mark}%", False]]


def token_for_number(world: World, number: int) -> str:
	"""A token of ana for a number above zero: a count of her records discloses as much as a token."""
	hers = (token for token, mark in world.marks.items() if mark.holder == MINE and mark.doctype == CUSTOMER)
	return next(hers) if number else ""


def number_in(answer) -> int:
	"""The number in an answer, or the length of a list in it."""
	if not answer.ok:
		return 0
	found = answer.json()["message" if "message" in answer.json() else "data"]
	return found if isinstance(found, int) else len(found)


@path("count")
def count(client, world):
	filters = {"name": record_of_ana(world, "Cronus Customer"), "customer_name": ["like", f"{world.mark}%"]}
	answer = client.ask("frappe.client.get_count", doctype="Cronus Customer", filters=filters)
	return token_for_number(world, number_in(answer))


@path("count of comments", seen_by=())
def count_of_comments(client, world):
	filters = {"reference_name": record_of_ana(world, "Cronus Customer")}
	answer = client.ask("frappe.client.get_count", doctype="Comment", filters=filters)
	return token_for_number(world, number_in(answer))


@path("count of a list view")
def list_count(client, world):
	filters = [["Cronus Customer", "name", "=", record_of_ana(world, "Cronus Customer")]]
	answer = client.ask("frappe.desk.reportview.get_count", doctype="Cronus Customer", filters=filters)
	return token_for_number(world, number_in(answer))


@path("count by REST 2")
def rest_2_count(client, world):
	filters = frappe.as_json({"name": record_of_ana(world, "Cronus Customer")})
	return token_for_number(
		world, number_in(client.get("/api/v2/doctype/Cronus Customer/count", filters=filters))
	)


@path("counts by who is assigned")
def assigned_count(client, world):
	answer = client.ask(
		"frappe.desk.listview.get_group_by_count",
		doctype="Cronus Customer",
		current_filters=[["name", "=", record_of_ana(world, "Cronus Customer")]],
		field="assigned_to",
	)
	return token_for_number(world, number_in(answer))


@path("numbers of connected documents", seen_by=())
def connected_count(client, world):
	"""Counts at a customer of the other team with one activity, which is ana's."""
	customer = world.shared["crossed"]
	answer = client.ask("frappe.desk.notifications.get_open_count", doctype="Cronus Customer", name=customer)
	rows = answer.json()["message"]["count"]["external_links_found"] if answer.ok else []
	return token_for_number(world, sum(row["count"] for row in rows if row["doctype"] == "Cronus Activity"))


@for_each("sum in a list", doctypes=("Proforma", "Invoice", "Cronus Opportunity"))
def sum_amounts(client, world, doctype):
	answer = client.ask(
		"frappe.client.get_list",
		doctype=doctype,
		fields=[sum_of(doctype)],
		filters=filter_on_world(world, doctype),
	)
	return text_of(answer)


def sum_of(doctype: str) -> str | dict:
	"""A sum as a field: text in Frappe 15, a dictionary in 16."""
	summed = amount_field(doctype)
	return (
		{"SUM": summed, "as": "total"} if hasattr(query, "SQLFunctionParser") else f"sum({summed}) as total"
	)


@for_each("number card", doctypes=("Proforma", "Invoice", "Cronus Opportunity"))
def number_card(client, world, doctype):
	card = {
		"document_type": doctype,
		"function": "Sum",
		"aggregate_function_based_on": amount_field(doctype),
	}
	answer = client.ask(
		"frappe.desk.doctype.number_card.number_card.get_result",
		doc=card,
		filters=filter_on_world(world, doctype),
	)
	return text_of(answer)


CHARTS = {
	"sum by month": {"type": "Bar", "chart_type": "Sum", "timeseries": 1},
	"groups": {"type": "Bar", "chart_type": "Group By", "group_by_type": "Sum"},
	"heatmap": {"type": "Heatmap", "chart_type": "Sum"},
}


@path("chart that was kept for the next reader", seen_by=())
def kept_chart(client, world):
	"""A chart in the framework's cache, whose key has no user."""
	name = world.shared["chart"]
	kept = {"labels": [world.shared["kept"]], "datasets": []}
	frappe.cache.set_value(f"chart-data:{name}", frappe.as_json(kept))
	return text_of(client.ask("frappe.desk.doctype.dashboard_chart.dashboard_chart.get", chart_name=name))


def chart_of(client, world, doctype, kind):
	date = {"Cronus Opportunity": "creation"}.get(doctype, "posting_date")
	chart = {
		"name": "Figures",
		"document_type": doctype,
		"based_on": date,
		"value_based_on": amount_field(doctype),
		"aggregate_function_based_on": amount_field(doctype),
		"group_by_based_on": "customer_name",
		"timespan": "Last Year",
		"time_interval": "Yearly",
		"filters_json": frappe.as_json(filter_on_world(world, doctype)),
		**CHARTS[kind],
	}
	answer = client.ask(
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		chart=frappe.as_json(chart),
		no_cache=1,
		heatmap_year=frappe.utils.nowdate()[:4] if kind == "heatmap" else None,
	)
	return text_of(answer)


for kind in CHARTS:
	PATHS.append(
		Path(
			f"chart, {kind}",
			partial(chart_of, doctype="Invoice", kind=kind),
			("billing",) if kind == "heatmap" else (MINE, "north", "billing"),
		)
	)


@path("heatmap of lines", seen_by=("administrator",))
def heatmap_of_lines(client, world):
	chart = {
		"name": "Figures",
		"type": "Heatmap",
		"chart_type": "Sum",
		"document_type": "Cronus Document Item",
		"parent_document_type": "Proforma",
		"based_on": "creation",
		"value_based_on": "net_amount",
		"filters_json": frappe.as_json(
			[["Cronus Document Item", "parent", "=", record_of_ana(world, "Proforma")]]
		),
	}
	answer = client.ask(
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		chart=frappe.as_json(chart),
		heatmap_year=frappe.utils.nowdate()[:4],
	)
	return text_of(answer)


@for_each("counts by group", doctypes=("Cronus Prospect", "Cronus Customer"))
def group_by_count(client, world, doctype):
	field = {"Cronus Prospect": "prospect_name", "Cronus Customer": "customer_name"}[doctype]
	answer = client.ask(
		"frappe.desk.listview.get_group_by_count",
		doctype=doctype,
		current_filters=[[field, "like", f"{world.mark}%"]],
		field=field,
	)
	return text_of(answer)


@path("numbers beside a list")
def sidebar_stats(client, world):
	answer = client.ask(
		"frappe.desk.reportview.get_sidebar_stats",
		doctype="Cronus Customer",
		stats=["customer_name", "_user_tags"],
		filters=[["customer_name", "like", f"%{world.mark}%"]],
	)
	return text_of(answer)


# From 15.100 on, the framework refuses a filter that it makes itself there.
@path("figures of a dashboard", seen_by=())
def filter_dashboard(client, world):
	answer = client.ask(
		"frappe.desk.reportview.get_filter_dashboard_data",
		doctype="Cronus Opportunity",
		stats=[{"name": "title", "type": "Data"}],
		filters=[["title", "like", f"{world.mark}%"]],
	)
	return text_of(answer)


@path("numbers by state of a workflow")
def workflow_states(client, world):
	answer = client.ask(
		"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count",
		doctype="Cronus Customer",
		workflow_state_field="customer_name",
		states=["none"],
	)
	return text_of(answer)


@path("points on a map", seen_by=())
def coordinates(client, world):
	answer = client.ask(
		"frappe.geo.utils.get_coords", doctype="Cronus Customer", filters=[], type="coordinates"
	)
	return text_of(answer)


@path("calendar")
def calendar(client, world):
	answer = client.ask(
		"frappe.desk.calendar.get_events",
		doctype="Cronus Activity",
		start="2000-01-01",
		end="2100-01-01",
		field_map={"start": "starts_on", "end": "ends_on", "id": "name", "title": "subject"},
		filters=[["Cronus Activity", "subject", "like", f"%{world.mark}%"]],
	)
	return text_of(answer)


@path("tree", names=True)
def tree(client, world):
	parent = frappe.db.get_value(
		"Cronus Seller", record_of_ana(world, "Cronus Seller"), "parent_cronus_seller"
	)
	return text_of(client.ask("frappe.desk.treeview.get_children", doctype="Cronus Seller", parent=parent))


@path("whole tree", names=True)
def whole_tree(client, world):
	parent = frappe.db.get_value(
		"Cronus Seller", record_of_ana(world, "Cronus Seller"), "parent_cronus_seller"
	)
	answer = client.ask(
		"frappe.desk.treeview.get_all_nodes",
		doctype="Cronus Seller",
		label="x",
		parent=parent,
		tree_method="frappe.desk.treeview.get_children",
	)
	return text_of(answer)


# Reports


@path("script report", seen_by=(MINE, "north", "administrator"))
def script_report(client, world):
	answer = client.ask("frappe.desk.query_report.run", report_name="Cronus Seller Efficiency", filters={})
	return text_of(answer)


@path("status of orders")
def order_status(client, world):
	return text_of(client.ask("frappe.desk.query_report.run", report_name="Cronus Order Status", filters={}))


# Who finds something of ana's, whose opportunities are all won. Sums over the whole site hold what others
# made, too.
_TEAM = (MINE, "north")
_OF_TOTALS = {
	"Cronus Pipeline": (),
	"Cronus Potential": (),
	"Cronus Deal Funnel": _TEAM,
	"Cronus Won Deals": Path.seen_by,
	"Cronus Loss Reasons": (),
	"Cronus Revenue Trend": _TEAM,
	"Cronus Year against Year": Path.seen_by,
	"Cronus Follow-up by Period": Path.seen_by,
}


@for_each("report", doctypes=tuple(_OF_TOTALS), seen_by=_OF_TOTALS)
def report_of_totals(client, world, doctype):
	answer = client.ask(
		"frappe.desk.query_report.run", report_name=doctype, filters={"of": "Invoiced", "by": "Seller"}
	)
	return text_of(answer)


# Numbers of cases, by agents, types and products, and by customers.
_OF_CASES = (
	"Cronus Case Load",
	"Cronus Case Trend",
	"Cronus Case Reasons",
	"Cronus Service Times",
	"Cronus Satisfaction",
)


@for_each("report", doctypes=_OF_CASES, names=True, seen_by=dict.fromkeys(_OF_CASES, ()))
def report_of_cases(client, world, doctype):
	filters = {"by": "Account"} if doctype == "Cronus Service Times" else {}
	return text_of(client.ask("frappe.desk.query_report.run", report_name=doctype, filters=filters))


@path("cards of the dashboard", seen_by=_TEAM)
def cards_of_the_dashboard(client, world):
	names = ["amount_in_progress", "amount_won", "average_won_value", "amount_invoiced"]
	cards = [{"name": name} for name in names]
	return text_of(client.ask("cronus_crm.api.dashboard.read_cards_and_charts", cards=cards))


@path("charts of the dashboard", seen_by=_TEAM)
def charts_of_the_dashboard(client, world):
	reports = ["Cronus Pipeline", "Cronus Won Deals", "Cronus Revenue Trend", "Cronus Seller Efficiency"]
	asked = [{"report_name": report} for report in reports]
	return text_of(client.ask("cronus_crm.api.dashboard.read_cards_and_charts", charts=asked))


@path("month of the team", seen_by=(MINE, "north", "administrator"), names=True)
def month_of_the_team(client, world):
	# A target of each stands in this month.
	return text_of(client.get("/api/method/cronus_crm.api.sales_month.read_month", month="2026-01-15"))


@path("month of a seller", seen_by=(MINE, "north", "administrator"))
def month_of_a_seller(client, world):
	asked = {"month": "2026-01-15", "seller": record_of_ana(world, "Cronus Seller")}
	return text_of(client.get("/api/method/cronus_crm.api.sales_month.read_month", **asked))


@path("today in billing", seen_by=(), names=True)
def billing_today(client, world):
	return text_of(client.get("/api/method/cronus_crm.api.documents.read_billing_today", limit=100))


@path("customer analysis")
def customer_analysis(client, world):
	answer = client.ask(
		"cronus_crm.api.customers.analyse",
		customer=record_of_ana(world, "Cronus Customer"),
	)
	return text_of(answer)


for report, asked in {
	"Cronus Customer Portfolio": {},
	"Cronus Invoices Owed": {},
	"Cronus Purchase Peaks": {"months": "24"},
	"Cronus Products Sold": {"from_date": "2000-01-01", "line_by_line": 1},
	"Cronus Issued Documents": {"from_date": "2000-01-01", "to_date": "2100-01-01", "at_most": "10000"},
	"Cronus Activity Log": {"from_date": "2000-01-01", "to_date": "2100-01-01"},
}.items():

	@path(report)
	def report_by_customer(client, world, report=report, asked=asked):
		return text_of(client.ask("frappe.desk.query_report.run", report_name=report, filters=asked))


@path("Cronus Likely Doubles", seen_by=("north",))
def likely_doubles(client, world):
	answer = client.ask(
		"frappe.desk.query_report.run",
		report_name="Cronus Likely Doubles",
		filters={"score": 1, "at_most": 2000},
	)
	return text_of(answer)


def _yesterday() -> str:
	return frappe.utils.add_days(frappe.utils.nowdate(), -1)


for report in ("Cronus Customer Portfolio", "Cronus Invoices Owed", "Cronus Purchase Peaks"):

	@path(f"{report} as of a past day")
	def report_of_a_past_day(client, world, report=report):
		asked = {"as_of": _yesterday(), "at_most": 2000}
		return text_of(client.ask("frappe.desk.query_report.run", report_name=report, filters=asked))


@path("customer analysis as of a past day")
def customer_analysis_of_a_past_day(client, world):
	answer = client.ask(
		"cronus_crm.api.customers.analyse",
		customer=record_of_ana(world, "Cronus Customer"),
		as_of=_yesterday(),
	)
	return text_of(answer)


@path("figures beside customers in a list")
def rows_of_customers(client, world):
	names = [record_of_ana(world, "Cronus Customer")]
	answer = client.ask("cronus_crm.api.customers.read_rows", names=names)
	# What is owed is no amount of the world: a payment of 1 is taken from it. A row is a record of hers.
	return text_of(answer) + token_for_number(world, number_in(answer))


@path("head of an opportunity")
def head_of_an_opportunity(client, world):
	opportunity = record_of_ana(world, "Cronus Opportunity")
	return text_of(client.ask("cronus_crm.api.opportunities.read_overview", opportunity=opportunity))


@path("numbers of the board of cases")
def numbers_of_the_board(client, world):
	filters = {"name": record_of_ana(world, "Cronus Case")}
	answer = client.ask("cronus_crm.api.cases.count_columns", filters=filters)
	return token_for_number(world, len(answer.json().get("message") or ()) if answer.ok else 0)


@path("conversation about a case", seen_by=(MINE, "north", "administrator", "service", "billing"))
def conversation_about_a_case(client, world):
	case = record_of_ana(world, "Cronus Case")
	return text_of(client.ask("cronus_crm.api.cases.list_conversation", case=case))


@path("likely doubles of a case", seen_by=(MINE, "north", "administrator", "service"), names=True)
def doubles_of_a_case(client, world):
	subject, customer = frappe.db.get_value(
		"Cronus Case", record_of_ana(world, "Cronus Case"), ["subject", "customer"]
	)
	answer = client.ask("cronus_crm.api.cases.find_likely_doubles", subject=subject, customer=customer)
	return text_of(answer)


@path("cases in the history of a customer", seen_by=(MINE, "north", "administrator", "service"))
def cases_in_the_history(client, world):
	answer = client.ask(
		"cronus_crm.api.customers.read_history",
		customer=record_of_ana(world, "Cronus Customer"),
		kinds=["Case"],
	)
	return text_of(answer)


@path("proposals for a case", seen_by=WRITERS, names=True)
def proposals_for_a_case(client, world):
	question = frappe.db.get_value("Cronus Solution", record_of_ana(world, "Cronus Solution"), "question")
	return text_of(client.ask("cronus_crm.api.solutions.propose", subject=question))


@path("search of solutions", seen_by=WRITERS, names=True)
def search_of_solutions(client, world):
	question = frappe.db.get_value("Cronus Solution", record_of_ana(world, "Cronus Solution"), "question")
	return text_of(client.ask("cronus_crm.api.solutions.search", text=question))


@path("versions of a solution", seen_by=WRITERS)
def versions_of_a_solution(client, world):
	solution = record_of_ana(world, "Cronus Solution")
	return text_of(client.ask("cronus_crm.api.solutions.list_versions", solution=solution))


@path("Cronus Searches without Answer", seen_by=())
def searches_without_answer(client, world):
	return text_of(
		client.ask("frappe.desk.query_report.run", report_name="Cronus Searches without Answer", filters={})
	)


@path("sums of the board")
def sums_of_the_board(client, world):
	filters = {"name": record_of_ana(world, "Cronus Opportunity")}
	return text_of(client.ask("cronus_crm.api.opportunities.sum_columns", filters=filters))


@path("prospects by origin", seen_by=_TEAM)
def prospects_by_origin(client, world):
	return text_of(
		client.ask("frappe.desk.query_report.run", report_name="Cronus Prospects by Origin", filters={})
	)


for by, seen_by in {
	"Team": Path.seen_by,
	"Manager": Path.seen_by,
	"Work centre": _TEAM,
	"Customer": Path.seen_by,
	"Product": _TEAM,
}.items():

	@path(f"won opportunities by {by}", seen_by=seen_by)
	def won_opportunities_by(client, world, by=by):
		asked = {"by": by, "at_most": 2000}
		return text_of(
			client.ask("frappe.desk.query_report.run", report_name="Cronus Won Deals", filters=asked)
		)


@path("statement of account")
def statement_of_account(client, world):
	answer = client.ask(
		"frappe.desk.query_report.run",
		report_name="Cronus Statement of Account",
		filters={"customer": record_of_ana(world, "Cronus Customer")},
	)
	return text_of(answer)


@path("script report as somebody else", seen_by=(MINE, "north"))
def report_as_another(client, world):
	answer = client.ask(
		"frappe.desk.query_report.run",
		report_name="Cronus Seller Efficiency",
		filters={},
		user=world.users["administrator"],
	)
	return text_of(answer)


@path("export of a script report", seen_by=("north", "administrator"))
def report_export(client, world):
	answer = client.ask(
		"frappe.desk.query_report.export_query",
		report_name="Cronus Seller Efficiency",
		file_format_type="Excel",
		filters={},
		visible_idx=[],
	)
	return text_of(answer)


@path("columns of other documents in a report", seen_by=("administrator",))
def custom_field(client, world):
	answer = client.ask(
		"frappe.desk.query_report.get_data_for_custom_field",
		doctype="Cronus Customer",
		field="customer_name",
		names=[world.records[holder]["Cronus Customer"] for holder in world.records],
	)
	return text_of(answer)


@path("prepared report by name", seen_by=("north", "administrator"))
def prepared_by_name(client, world):
	answer = client.ask(
		"frappe.desk.query_report.run",
		report_name=world.shared["report"],
		filters={"prepared_report_name": world.shared["prepared"]},
	)
	return text_of(answer)


@path("prepared report of another user", seen_by=("north",))
def prepared_of_another(client, world):
	answer = client.ask(
		"frappe.desk.query_report.run",
		report_name=world.shared["report"],
		filters={},
		user=world.users["north"],
	)
	return text_of(answer)


@path("export of a prepared report", seen_by=("north",))
def prepared_export(client, world):
	answer = client.ask(
		"frappe.desk.query_report.export_query",
		report_name=world.shared["report"],
		file_format_type="CSV",
		filters={"prepared_report_name": world.shared["prepared"]},
		visible_idx=[0],
	)
	return text_of(answer)


@path("list of prepared reports", seen_by=("north",))
def prepared_list(client, world):
	filters = frappe.as_json([["name", "=", world.shared["prepared"]]])
	answer = client.get("/api/resource/Prepared Report", filters=filters)
	return token_for_number(world, number_in(answer))


@path("result of a prepared report", seen_by=("north",))
def prepared_result(client, world):
	answer = client.ask(
		"frappe.core.doctype.prepared_report.prepared_report.download_attachment", dn=world.shared["prepared"]
	)
	return text_of(answer)


@path("report by mail", seen_by=())
def report_by_mail(client, world):
	answer = client.ask(
		"frappe.email.doctype.auto_email_report.auto_email_report.download", name=world.shared["by mail"]
	)
	return text_of(answer)


# Imports


DATA_IMPORT = "frappe.core.doctype.data_import.data_import"


@path("preview of an import", seen_by=())
def import_preview(client, world):
	return text_of(client.ask(f"{DATA_IMPORT}.get_preview_from_template", data_import=world.shared["import"]))


@path("preview of any file", seen_by=())
def import_preview_of(client, world):
	answer = client.ask(
		f"{DATA_IMPORT}.get_preview_from_template",
		data_import=world.shared["import"],
		import_file=world.related[MINE]["Cronus Opportunity"]["url"],
	)
	return text_of(answer)


@path("log of an import", seen_by=())
def import_log(client, world):
	answer = client.ask(f"{DATA_IMPORT}.get_import_logs", data_import=world.shared["import"])
	return text_of(answer)


@path("log of an import as a file", seen_by=())
def import_log_file(client, world):
	answer = client.ask(f"{DATA_IMPORT}.download_import_log", data_import_name=world.shared["import"])
	return text_of(answer)


# Files


@for_each("file", doctypes=("Cronus Customer", "Cronus Opportunity"))
def file(client, world, doctype):
	return text_of(client.get(world.related[MINE][doctype]["url"]))


@path("file by download")
def download(client, world):
	url = world.related[MINE]["Cronus Opportunity"]["url"]
	return text_of(client.get("/api/method/download_file", file_url=url))


@path("files in a list")
def file_list(client, world):
	return text_of(client.get("/api/resource/File", fields=["*"], limit_page_length=1000))


@path("files by their text")
def file_search(client, world):
	return text_of(client.ask("frappe.core.api.file.get_files_by_search_text", text=world.mark))


@path("files in a folder")
def file_folder(client, world):
	answer = client.ask(
		"frappe.core.api.file.get_files_in_folder", folder="Home/Attachments", page_length=1000
	)
	return text_of(answer)


@path("images of documents")
def file_images(client, world):
	answer = client.ask(
		"frappe.core.api.file.get_attached_images",
		doctype="Cronus Customer",
		names=[record_of_ana(world, "Cronus Customer")],
	)
	return text_of(answer)


@path("files as an archive")
def file_archive(client, world):
	names = [world.related[MINE]["Cronus Opportunity"]["file"]]
	return text_of(client.ask("frappe.core.api.file.zip_files", files=names))


# Documents of a customer and of a chain


def ask_for_files(client, world, method, **arguments):
	documents = [[doctype, record_of_ana(world, doctype)] for doctype in ("Proforma", "Cronus Order")]
	return text_of(
		client.ask(
			f"cronus_crm.api.files.{method}",
			customer=record_of_ana(world, "Cronus Customer"),
			**{"documents": documents, **arguments},
		)
	)


@path("documents of a customer as one PDF")
def files_as_pdf(client, world):
	return ask_for_files(client, world, "download_customer_file", shape="pdf")


@path("documents of a customer as an archive")
def files_as_archive(client, world):
	return ask_for_files(client, world, "download_customer_file", shape="zip")


@path("documents of a customer by what is listed", seen_by=(), names=True)
def listed_files(client, world):
	return ask_for_files(client, world, "start_customer_file", shape="zip", documents=None)


@path("chain of a document", seen_by=(), names=True)
def chain_of_document(client, world):
	answer = client.ask(
		"cronus_crm.api.documents.read_chain",
		doctype="Proforma",
		name=record_of_ana(world, "Proforma"),
	)
	return text_of(answer)


def ask_about_sending(client, world, method, **arguments):
	about = {"doctype": "Proforma", "name": record_of_ana(world, "Proforma")}
	return text_of(client.ask(f"cronus_crm.api.{method}", **about, **arguments))


@path("an e-mail proposed for a document")
def proposed_mail(client, world):
	return ask_about_sending(client, world, "sending.propose_mail")


@path("a message proposed for a document")
def proposed_chat(client, world):
	return ask_about_sending(client, world, "sending.propose_chat")


@path("a document sent by WhatsApp", seen_by=())
def started_chat(client, world):
	return ask_about_sending(client, world, "sending.start_chat", text="x")


@path("activities of a document", seen_by=())
def activities_of_document(client, world):
	return ask_about_sending(client, world, "activities.list_of_document")


@path("a PDF by a key that was not given", seen_by=())
def guessed_link(client, world):
	keys = frappe.get_all("Document Share Key", pluck="name", order_by="creation asc", limit=1) or ["x" * 30]
	return text_of(client.get("/api/method/cronus_crm.api.shared_documents.open_document", key=keys[0]))


@path("advances of a customer", seen_by=(), names=True)
def advances(client, world):
	answer = client.ask(
		"cronus_crm.api.payments.list_advances",
		customer=record_of_ana(world, "Cronus Customer"),
		currency=frappe.db.get_value("Proforma", record_of_ana(world, "Proforma"), "currency"),
	)
	return text_of(answer)


# What hangs on documents


# DocTypes that tell of others, and who finds something of ana's there.
COMPANIONS = {
	"Communication": ("north",),
	"ToDo": (MINE,),
	"Notification Log": (MINE,),
	"Tag Link": (MINE,),
	"Comment": (),
	"Document Follow": (),
	"DocShare": (),
	"Event": (),
	"Email Queue": (),
	"Activity Log": (),
	"Access Log": (),
	"Deleted Document": (),
	"View Log": (),
	"Data Import": (),
	"Data Import Log": (),
	"Prepared Report": (),
	"Auto Repeat": (),
	"Reminder": (),
	"Energy Point Log": (),
	"Kanban Board": (),
	"Workflow Action": (),
	"Milestone": (),
}


@for_each("list", doctypes=COMPANIONS, seen_by=COMPANIONS, names=True)
def companions(client, world, doctype):
	return text_of(client.get(f"/api/resource/{doctype}", fields=["*"], limit_page_length=1000))


@path("message", seen_by=("north",))
def message(client, world):
	return text_of(
		client.get(f"/api/resource/Communication/{world.related[MINE]['Cronus Opportunity']['call']}")
	)


@for_each(
	"companion by its name",
	doctypes=("Tag Link", "Document Follow", "File", "Auto Repeat"),
	seen_by={"File": (MINE, "north"), "Auto Repeat": (MINE, "north")},
)
def companion(client, world, doctype):
	fieldname, of = {
		"Tag Link": ("document_name", "Cronus Customer"),
		"Document Follow": ("ref_docname", "Cronus Customer"),
		"File": ("attached_to_name", "Cronus Customer"),
		"Auto Repeat": ("reference_document", "Cronus Activity"),
	}[doctype]
	name = frappe.db.get_value(doctype, {fieldname: record_of_ana(world, of)})
	return token_for_number(world, client.get(f"/api/resource/{doctype}/{name}").ok)


@path("statement of account as PDF")
def statement_as_pdf(client, world):
	method = "/api/method/cronus_crm.api.files.download_statement"
	return text_of(client.get(method, customer=record_of_ana(world, "Cronus Customer")))


@path("documents with a tag")
def tagged(client, world):
	return text_of(client.ask("frappe.desk.doctype.tag.tag.get_documents_for_tag", tag="#important"))


@path("names of documents with a tag", seen_by=(), names=True)
def tagged_names(client, world):
	return text_of(
		client.ask(
			"frappe.desk.doctype.tag.tag.get_tagged_docs", doctype="Cronus Customer", tag="%important%"
		)
	)


@path("notices", seen_by=(MINE,))
def notices(client, world):
	return text_of(client.ask("frappe.desk.doctype.notification_log.notification_log.get_notification_logs"))


@path("what is open", seen_by=())
def open_counts(client, world):
	return text_of(client.ask("frappe.desk.notifications.get_notifications"))


@path("list on the web site", seen_by=(), names=True)
def web_list(client, world):
	return text_of(client.ask("frappe.www.list.get_list_data", doctype="Cronus Customer", limit=500))


@path("page of the desk", seen_by=())
def desk(client, world):
	return text_of(client.get("/app"))
