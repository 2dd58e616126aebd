"""Paths and attacks that use no missing check of a single method: SQL in the place of a field name, events
that do not run, rows and counts of other documents. Importing this module registers them."""

import frappe

from cronus_crm.visibility.ownership import OWNERSHIP, SavedView
from tests.visibility.attacks import attack, own_record, record_of_ana
from tests.visibility.clients import text_of
from tests.visibility.paths import MINE, path

# In the place of the name of a filter's field. Where one is let through, the condition holds for every row.
HOSTILE_NAMES = (
	"ifnull(1,1)||`tab{doctype}`.name",
	"ifnull(1,1) or `tab{doctype}`.`name`",
	"coalesce(1,1)||`tab{doctype}`.name",
	"name`=`name` or `name",
	"name` is not null or 1=1 or `name",
	"1=1) or (`name",
)


def _ask_with(client, doctype: str, field: str) -> str:
	"""Calls every method that lists or counts by filters, with SQL as the name of a field."""
	name = field.format(doctype=doctype)
	filters = [[name, "=", "x"]]
	full = [[doctype, name, "=", "x"]]
	answers = [
		client.get(f"/api/resource/{doctype}", filters=filters, fields=["*"]),
		client.get(f"/api/resource/{doctype}", or_filters=filters, fields=["*"]),
		client.get(f"/api/resource/{doctype}", filters={name: "x"}, fields=["*"]),
		client.get(f"/api/v2/document/{doctype}", filters=filters, fields=["*"]),
		client.ask("frappe.client.get_list", doctype=doctype, filters=full, fields=["*"]),
		client.ask("frappe.client.get_value", doctype=doctype, filters=filters, fieldname="*"),
		client.ask("frappe.client.get", doctype=doctype, filters={name: "x"}),
		client.ask("frappe.client.get", doctype=doctype, filters={name: ("!=", "x")}),
		client.ask("frappe.desk.reportview.get", doctype=doctype, filters=full, fields=["*"]),
		client.ask("frappe.desk.reportview.get_list", doctype=doctype, filters=full, fields=["*"]),
		client.ask("frappe.desk.search.search_link", doctype=doctype, txt="", filters=filters),
		client.ask("frappe.desk.search.search_link", doctype=doctype, txt="", filters={name: "x"}),
		client.ask("frappe.desk.search.search_widget", doctype=doctype, txt="", filters=full),
	]
	if doctype == "Cronus Customer":
		export = "cronus_crm.api.customers.export"
		answers += [client.ask(export, filters=filters), client.ask(export, filters=full, complete=1)]
	return "\n".join(text_of(answer) for answer in answers)


for index, hostile in enumerate(HOSTILE_NAMES):
	for doctype in ("Cronus Customer", "Proforma", "Contact"):

		@path(f"SQL in the name of a filter, {index} of {doctype}", seen_by=(), names=True)
		def hostile_filter(client, world, doctype=doctype, field=hostile):
			return _ask_with(client, doctype, field)


HOSTILE_EXPRESSIONS = (
	"(select group_concat(customer_name) from `tabCronus Customer`)",
	"(select`customer_name`from`tabCronus Customer`limit 1)",
	"(select/**/group_concat(customer_name)/**/from`tabCronus Customer`) as name",
	"if(1=1,name,owner)",
	"extractvalue(1,concat(0x7e,(select customer_name from `tabCronus Customer` limit 1)))",
	"name,(select 1)",
	"name union select customer_name from `tabCronus Customer`",
	"sleep(0)",
	"@@version",
)


@path("SQL in the place of a field, an order and a group", seen_by=(), names=True)
def hostile_expressions(client, world):
	answers = []
	for expression in HOSTILE_EXPRESSIONS:
		for method in ("frappe.client.get_list", "frappe.desk.reportview.get"):
			for doctype in ("Cronus Stage", "Cronus Customer"):
				answers += [
					client.ask(method, doctype=doctype, fields=[expression]),
					client.ask(method, doctype=doctype, fields=["name"], order_by=expression),
					client.ask(method, doctype=doctype, fields=["name"], group_by=expression),
				]
	return "\n".join(text_of(answer) for answer in answers)


@path("a filter on the field of a linked record", seen_by=())
def linked_filter(client, world):
	"""Filters by the notes of a linked customer, whose text the number of rows would disclose letter by
	letter."""
	token = next(
		token
		for token, mark in world.marks.items()
		if mark.holder == "ana" and mark.where == "Cronus Customer: notes"
	)
	filters = {"customer.notes": ("like", f"{token[:8]}%")}
	answer = client.ask("frappe.client.get", doctype="Proforma", filters=filters)
	return text_of(answer)


SAVED_VIEWS = [doctype for doctype, owned in OWNERSHIP.items() if isinstance(owned, SavedView)]


@path("what others keep of lists and figures", seen_by=(MINE,), names=True)
def saved_views(client, world):
	answers = [
		client.get(f"/api/resource/{doctype}", fields=["*"], limit_page_length=1000)
		for doctype in SAVED_VIEWS
	]
	return "\n".join(text_of(answer) for answer in answers)


@path("what others keep of lists and figures, by its name", seen_by=(MINE,), names=True)
def saved_views_by_name(client, world):
	users = [user for user in world.users.values() if user]
	asked = [
		(doctype, name)
		for doctype in SAVED_VIEWS
		for name in frappe.get_all(doctype, {"owner": ("in", users)}, pluck="name", order_by="name asc")
	]
	told = []
	for doctype, name in asked:
		answer = client.get(f"/api/resource/{doctype}/{name}")
		# A refusal of 16 says the name that was asked for.
		told.append(text_of(answer) if answer.ok else text_of(answer).replace(name, ""))
	return "\n".join(told)


@path("roles of what others keep", seen_by=(MINE,), names=True)
def roles_of_reports(client, world):
	"""The rows of roles bear the names of their reports."""
	roles = {"parent": "Report", "fields": ["parent", "role"], "limit_page_length": 5000}
	return text_of(client.get("/api/resource/Has Role", **roles))


@path("participants and links beside documents", seen_by=())
def beside_documents(client, world):
	answers = [
		client.get(f"/api/resource/{doctype}", parent=parent, fields=["*"], limit_page_length=1000)
		for doctype, parent in (("Event Participants", "Event"), ("Communication Link", "Communication"))
	]
	events = client.ask(
		"frappe.desk.doctype.event.event.get_events",
		start="2000-01-01",
		end="2199-01-01",
		user=world.users["ana"],
	)
	return "\n".join(text_of(answer) for answer in [*answers, events])


# Writing


def _issued(client, world) -> dict:
	"""An issued proforma of the asker."""
	customer = own_record(client, world, "Cronus Customer")
	draft = {
		"customer": customer,
		"seller": own_record(client, world, "Cronus Seller"),
		"items": [{"product": world.shared["product"], "quantity": 1, "price": 5, "description": "x"}],
		"docstatus": 1,
	}
	answer = client.post("/api/resource/Proforma", **draft)
	assert answer.ok, text_of(answer)
	return answer.json()["data"]


FOREIGN = {"customer": "Cronus Customer", "opportunity": "Cronus Opportunity", "prospect": "Cronus Prospect"}


for fieldname, target in FOREIGN.items():

	@attack(f"cancelling with a foreign {fieldname}", works_for_owner=False)
	def cancel_with_link(client, world, fieldname=fieldname, target=target):
		foreign = record_of_ana(world, target)
		first, second, third = (_issued(client, world) for _ in range(3))
		return [
			client.ask(
				"frappe.desk.form.save.cancel",
				doctype="Proforma",
				name=first["name"],
				workflow_state_fieldname=fieldname,
				workflow_state=foreign,
			),
			client.ask("frappe.client.save", doc={**second, fieldname: foreign, "docstatus": 2}),
			client.call("PUT", f"/api/resource/Proforma/{third['name']}", json={fieldname: foreign}),
		]


@attack("a row of somebody else's document", works_for_owner=False)
def foreign_row(client, world):
	row = frappe.db.get_value("Cronus Document Item", {"parent": record_of_ana(world, "Proforma")})
	draft = {
		"customer": own_record(client, world, "Cronus Customer"),
		"seller": own_record(client, world, "Cronus Seller"),
		"items": [{"product": world.shared["product"], "quantity": 1, "price": 5, "description": "x"}],
	}
	made = client.post("/api/resource/Proforma", **draft).json()["data"]
	stolen = {"items": [{**made["items"][0], "name": row}]}
	return [client.call("PUT", f"/api/resource/Proforma/{made['name']}", json=stolen)]


@attack("the mail of somebody else's contact", works_for_owner=False)
def foreign_mail(client, world):
	row = frappe.db.get_value("Contact Email", {"parent": record_of_ana(world, "Contact")})
	contact = own_record(client, world, "Contact")
	stolen = {"email_ids": [{"name": row, "email_id": f"{frappe.generate_hash()}@example.com"}]}
	return [client.call("PUT", f"/api/resource/Contact/{contact}", json=stolen)]


@attack("an event with somebody else's contact", works_for_owner=False)
def foreign_participant(client, world):
	event = {
		"subject": "x",
		"starts_on": "2040-01-01 10:00:00",
		"event_participants": [
			{"reference_doctype": "Contact", "reference_docname": record_of_ana(world, "Contact")}
		],
	}
	return [client.post("/api/resource/Event", **event)]


def _rename(client, doctype: str, name: str):
	return client.ask(
		"run_doc_method",
		dt=doctype,
		dn=name,
		method="rename",
		args={"name": f"X-{frappe.generate_hash()}", "validate_rename": 0, "force": 1},
	)


@attack("renaming what one may only read", works_for_owner=False)
def rename(client, world):
	return [
		_rename(client, "Cronus Product", world.shared["product"]),
		_rename(client, "Cronus Stage", "Initial contact"),
		_rename(client, "Cronus Seller", own_record(client, world, "Cronus Seller")),
		_rename(client, "Cronus Customer", record_of_ana(world, "Cronus Customer")),
	]


@path("the price of somebody else's line", seen_by=())
def foreign_source_row(client, world):
	row = frappe.db.get_value("Cronus Document Item", {"parent": record_of_ana(world, "Proforma")})
	answers = []
	for source in ({}, {"source_doctype": "Proforma", "source_name": record_of_ana(world, "Proforma")}):
		line = {"name": "new-1", "product": world.shared["product"], "quantity": 1, "source_row": row}
		document = {"doctype": "Cronus Order", "items": [{**line, **source}]}
		answers.append(client.ask("cronus_crm.api.documents.preview", document=document))
	return "\n".join(text_of(answer) for answer in answers)


def _hostile_method_routes(client, world):
	"""Calls a guarded method through methods that call a method by name."""
	customer = record_of_ana(world, "Cronus Customer")
	yield client.ask(
		"frappe.desk.treeview.get_all_nodes",
		doctype="Cronus Customer",
		label=customer,
		parent="",
		tree_method="frappe.desk.search.get_link_title",
		docname=customer,
	)
	yield client.ask(
		"frappe.desk.search.search_widget",
		doctype="Cronus Customer",
		txt="",
		query="frappe.desk.search.search_widget",
		ignore_user_permissions=1,
	)
	yield client.ask(
		"frappe.model.mapper.map_docs",
		method="frappe.desk.search.get_link_title",
		source_names=[customer],
		target_doc={},
		args={"doctype": "Cronus Customer", "docname": customer},
	)


@path("guarded methods by way of methods that call methods", seen_by=())
def method_routes(client, world):
	return "\n".join(text_of(answer) for answer in _hostile_method_routes(client, world))
