"""Attacks: requests that write into somebody else's portfolio, or make its records visible to the attacker.

Each is tried by users of the other team on records of ana, and by ana, for whom it must work: otherwise the
test would prove nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import frappe
import requests
from frappe.utils import nowdate

from cronus_crm.visibility.replaced.replacement import find_original
from tests.visibility.clients import Client
from tests.visibility.world import World

TRIED_BY = ("sol", "south")


@dataclass(frozen=True)
class Attack:
	"""id: what is tried. attempt: sends the requests and gives back the answers; for an outsider all must be
	refusals. works_for_owner: False for what nobody may do.
	"""

	id: str
	attempt: Callable[[Client, World], list[requests.Response]]
	works_for_owner: bool = True


ATTACKS: list[Attack] = []


def attack(id: str, works_for_owner: bool = True):
	def register(function):
		ATTACKS.append(Attack(id, function, works_for_owner))
		return function

	return register


def record_of_ana(world: World, doctype: str) -> str:
	return world.records["ana"][doctype]


def own_record(client: Client, world: World, doctype: str) -> str:
	"""A record of the user who tries; for a manager one of the team."""
	holder = client.who if client.who in world.records else "sol"
	return world.records[holder][doctype]


# Taking over: the values that are sent are one's own, the stored row is not. And giving away.


def put_seller(client, world, doctype):
	data = {"seller": own_record(client, world, "Cronus Seller")}
	return [client.call("PUT", f"/api/resource/{doctype}/{record_of_ana(world, doctype)}", json=data)]


for doctype in ("Cronus Prospect", "Cronus Customer", "Cronus Opportunity", "Cronus Activity"):
	ATTACKS.append(
		Attack(f"taking over of {doctype}", lambda client, world, d=doctype: put_seller(client, world, d))
	)


@attack("giving away", works_for_owner=False)
def give_away(client, world):
	mine = frappe.get_all(
		"Cronus Prospect", {"seller": own_record(client, world, "Cronus Seller")}, pluck="name"
	)
	data = {"seller": record_of_ana(world, "Cronus Seller")}
	return [client.call("PUT", f"/api/resource/Cronus Prospect/{mine[0]}", json=data)]


# Links: a document of one's own that points at ana's customer takes over its name.


def _make_rows(world):
	return [{"product": world.shared["product"], "quantity": 1, "price": 0, "description": "x"}]


def _make_links(client, world):
	"""Links to a record of the asker, which makes the contact visible to them, and to one of ana."""
	return [
		{"link_doctype": "Cronus Prospect", "link_name": own_record(client, world, "Cronus Prospect")},
		{"link_doctype": "Cronus Opportunity", "link_name": record_of_ana(world, "Cronus Opportunity")},
	]


LINKING = {
	"Cronus Prospect": lambda client, world: {"prospect_name": "x", "contacted_on": nowdate()},
	"Cronus Customer": lambda client, world: {
		"customer_name": frappe.generate_hash(),
		"account_type": "Department",
		"parent_customer": record_of_ana(world, "Cronus Customer"),
	},
	"Cronus Opportunity": lambda client, world: {"title": "x", "stage": "Initial contact"},
	"Cronus Activity": lambda client, world: {
		"subject": "x",
		"activity_type": "Follow-up",
		"starts_on": "2040-01-01 09:00:00",
	},
	"Proforma": lambda client, world: {"items": _make_rows(world)},
	"Cronus Order": lambda client, world: {"items": _make_rows(world)},
	"Cronus Delivery Note": lambda client, world: {"items": _make_rows(world)},
	"Cronus Sales Note": lambda client, world: {"items": _make_rows(world)},
	"Invoice": lambda client, world: {"items": _make_rows(world)},
	"Contact": lambda client, world: {"first_name": "x", "links": _make_links(client, world)},
	"Address": lambda client, world: {
		"address_title": frappe.generate_hash(),
		"address_line1": "x",
		"city": "x",
		"country": "Ecuador",
		"address_type": "Billing",
		"links": _make_links(client, world),
	},
}


def create_linked_document(client, world, doctype):
	values = LINKING[doctype](client, world)
	if doctype not in ("Cronus Customer", "Contact", "Address"):
		values |= {
			"customer": record_of_ana(world, "Cronus Customer"),
			"seller": own_record(client, world, "Cronus Seller"),
		}
	return [client.call("POST", f"/api/resource/{doctype}", json=values)]


for doctype in LINKING:
	ATTACKS.append(
		Attack(
			f"linking from {doctype}",
			lambda client, world, d=doctype: create_linked_document(client, world, d),
		)
	)


# Attaching something to ana's documents


def attempt_on_customer(method: str, **arguments):
	def ask(client, world):
		name, me = record_of_ana(world, "Cronus Customer"), world.users[client.who]
		values = {
			key: value.format(name=name, me=me) if isinstance(value, str) else value
			for key, value in arguments.items()
		}
		return [client.ask(method, **values)]

	return ask


ATTACKS += [
	Attack(
		"assigning by ToDo",
		attempt_on_customer(
			"frappe.desk.form.assign_to.add",
			doctype="Cronus Customer",
			name="{name}",
			assign_to='["{me}"]',
			ignore_permissions=1,
		),
		works_for_owner=False,  # ana is assigned already
	),
	Attack(
		"following by Document Follow",
		attempt_on_customer(
			"frappe.desk.form.document_follow.follow_document",
			doctype="Cronus Customer",
			doc_name="{name}",
			user="{me}",
		),
	),
	Attack(
		"commenting by Comment",
		attempt_on_customer(
			"frappe.desk.form.utils.add_comment",
			reference_doctype="Cronus Customer",
			reference_name="{name}",
			content="x",
			comment_email="{me}",
			comment_by="{me}",
		),
	),
	Attack(
		"tagging by Tag Link",
		attempt_on_customer(
			"frappe.desk.doctype.tag.tag.add_tag", tag="mine", dt="Cronus Customer", dn="{name}"
		),
	),
	Attack(
		"taking a tag off",
		attempt_on_customer(
			"frappe.desk.doctype.tag.tag.remove_tag", tag="mine", dt="Cronus Customer", dn="{name}"
		),
	),
	Attack(
		"tagging several",
		attempt_on_customer(
			"frappe.desk.doctype.tag.tag.add_tags", tags='["mine"]', dt="Cronus Customer", docs='["{name}"]'
		),
	),
	Attack(
		"liking",
		attempt_on_customer(
			"frappe.desk.like.toggle_like", doctype="Cronus Customer", name="{name}", add="Yes"
		),
	),
	Attack(
		"attaching by File",
		attempt_on_customer(
			"frappe.client.insert",
			doc='{{"doctype": "File", "file_name": "a.txt", "content": "a", "is_private": 1,'
			' "attached_to_doctype": "Cronus Customer", "attached_to_name": "{name}"}}',
		),
	),
	Attack(
		"who follows",
		attempt_on_customer(
			"frappe.desk.form.document_follow.get_follow_users", doctype="Cronus Customer", doc_name="{name}"
		),
	),
	Attack(
		"what became of a submission",
		attempt_on_customer(
			"frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions",
			doctype="Cronus Customer",
			docname="{name}",
		),
	),
	Attack(
		"what amends a document",
		attempt_on_customer("frappe.client.is_document_amended", doctype="Proforma", docname="{name}"),
		works_for_owner=False,
	),
	Attack(
		"the place of a document between others",
		attempt_on_customer(
			"frappe.desk.form.utils.get_next",
			doctype="Cronus Customer",
			value="{name}",
			prev=0,
			sort_field="annual_revenue",
		),
	),
]

# Gone in 16.
PRAISE = "frappe.social.doctype.energy_point_log.energy_point_log.get_reviews"
if find_original(PRAISE):
	ATTACKS.append(
		Attack(
			"praise of a document", attempt_on_customer(PRAISE, doctype="Cronus Customer", docname="{name}")
		)
	)


@attack("submitted documents of a record")
def submitted_documents(client, world):
	return [
		client.ask(
			"frappe.desk.form.linked_with.get_submitted_linked_docs",
			doctype="Proforma",
			name=record_of_ana(world, "Proforma"),
		)
	]


# Files: a row of one's own with the address of somebody else's


def _file(world):
	return world.related["ana"]["Cronus Opportunity"]


def claim_address(client, world, url):
	return [
		client.ask("frappe.client.insert", doc={"doctype": "File", "file_name": "mine.csv", "file_url": url})
	]


@attack("claiming a file")
def claim_file(client, world):
	return claim_address(client, world, _file(world)["url"])


@attack("claiming a file by a detour")
def claim_by_detour(client, world):
	return claim_address(client, world, _file(world)["url"].replace("/private/files/", "/private/files/./"))


@attack("uploading the address of a file")
def upload_address(client, world):
	return [client.ask("upload_file", file_url=_file(world)["url"], file_name="mine.csv")]


@attack("a file as one's picture")
def file_as_picture(client, world):
	data = {"first_name": "x", "image": _file(world)["url"]}
	return [client.call("POST", "/api/resource/Contact", json=data)]


@attack("a file hung on one's own document")
def attach_file(client, world):
	return [
		client.ask(
			"frappe.utils.file_manager.add_attachments",
			doctype="Cronus Prospect",
			name=own_record(client, world, "Cronus Prospect"),
			attachments=[_file(world)["file"]],
		)
	]


@attack("one's own file hung on another's document, by File")
def attach_own_file(client, world):
	holder = client.who if client.who in world.related else "sol"
	return [
		client.ask(
			"frappe.utils.file_manager.add_attachments",
			doctype="Cronus Customer",
			name=record_of_ana(world, "Cronus Customer"),
			attachments=[world.related[holder]["Cronus Customer"]["file"]],
		)
	]


@attack("a file sent with one's own message")
def send_file(client, world):
	return [
		client.ask(
			"frappe.core.doctype.communication.email.make",
			doctype="Cronus Prospect",
			name=own_record(client, world, "Cronus Prospect"),
			content="x",
			subject="x",
			attachments=[_file(world)["file"]],
		)
	]


# Others


@attack("taking a message to one's own record", works_for_owner=False)
def take_message(client, world):
	return [
		client.ask(
			"frappe.email.relink",
			name=world.related["ana"]["Cronus Customer"]["call"],
			reference_doctype="Cronus Customer",
			reference_name=own_record(client, world, "Cronus Customer"),
		)
	]


@attack("bringing back what was deleted", works_for_owner=False)
def restore(client, world):
	return [client.ask(f"{DELETED}.restore", name=make_deleted_prospect(world))]


@attack("bringing back several", works_for_owner=False)
def bulk_restore(client, world):
	return [client.ask(f"{DELETED}.bulk_restore", docnames=[make_deleted_prospect(world)])]


@attack("a line made from somebody else's proforma", works_for_owner=False)
def copy_foreign_line(client, world):
	origin = {
		"source_doctype": "Proforma",
		"source_name": record_of_ana(world, "Proforma"),
		"source_row": "x",
	}
	values = {
		"customer": own_record(client, world, "Cronus Customer"),
		"items": [_make_rows(world)[0] | origin],
	}
	return [client.post("/api/resource/Cronus Order", **values)]


@attack("going on with somebody else's document", works_for_owner=False)
def convert(client, world):
	asked = {"source_doctype": "Proforma", "names": record_of_ana(world, "Proforma"), "into": "Invoice"}
	return [client.post("/api/method/cronus_crm.api.documents.convert", **asked)]


@attack("a credit note for somebody else's invoice", works_for_owner=False)
def credit_note(client, world):
	invoice = record_of_ana(world, "Invoice")
	return [client.post("/api/method/cronus_crm.api.documents.make_credit_note", invoice=invoice)]


@attack("paying somebody else's invoice", works_for_owner=False)
def pay(client, world):
	asked = {"invoices": record_of_ana(world, "Invoice")}
	return [client.post("/api/method/cronus_crm.api.payments.make", **asked)]


@attack("allocating somebody else's advance", works_for_owner=False)
def allocate(client, world):
	asked = {
		"payment": record_of_ana(world, "Cronus Payment"),
		"invoice": record_of_ana(world, "Invoice"),
		"amount": 1,
	}
	return [client.post("/api/method/cronus_crm.api.payments.allocate", **asked)]


DELETED = "frappe.core.doctype.deleted_document.deleted_document"


def make_deleted_prospect(world) -> str:
	"""Deletes a prospect without a seller; gives back the name of its Deleted Document."""
	doc = frappe.get_doc({"doctype": "Cronus Prospect", "prospect_name": "x", "contacted_on": nowdate()})
	doc.insert()
	doc.delete()
	frappe.db.commit()
	return frappe.db.get_value("Deleted Document", {"deleted_name": doc.name})


@attack("a goal over all documents", works_for_owner=False)
def read_goal(client, world):
	"""Asks the goal of a document of the asker for the number of opportunities of ana's customer."""
	return [
		client.ask(
			"frappe.utils.goal.get_monthly_goal_graph_data",
			title="x",
			doctype="Cronus Opportunity",
			docname=own_record(client, world, "Cronus Opportunity"),
			goal_value_field="probability",
			goal_total_field="probability",
			goal_history_field="external_key",
			goal_doctype="Cronus Opportunity",
			goal_doctype_link="customer",
			goal_field="value",
			date_field="opened_on",
			aggregation="count",
			filters={"customer": record_of_ana(world, "Cronus Customer")},
		)
	]


@attack("starting an import", works_for_owner=False)
def start_import(client, world):
	return [
		client.ask(
			"frappe.core.doctype.data_import.data_import.form_start_import",
			data_import=world.shared["import"],
		)
	]


@attack("rows of an import that failed", works_for_owner=False)
def download_import_errors(client, world):
	return [
		client.ask(
			"frappe.core.doctype.data_import.data_import.download_errored_template",
			data_import_name=world.shared["import"],
		)
	]


@attack("how an import stands", works_for_owner=False)
def read_import_status(client, world):
	return [
		client.ask(
			"frappe.core.doctype.data_import.data_import.get_import_status",
			data_import_name=world.shared["import"],
		)
	]


@attack("numbering a tree anew", works_for_owner=False)
def rebuild_tree(client, world):
	"""The tree of sellers, from which the teams are read."""
	return [client.ask("frappe.utils.nestedset.rebuild_tree", doctype="Cronus Seller")]


@attack("merging customers", works_for_owner=False)
def merge_customers(client, world):
	"""A customer of ana into one's own, and one's own into hers."""
	pair = [own_record(client, world, "Cronus Customer"), record_of_ana(world, "Cronus Customer")]
	method = "cronus_crm.api.merging.merge_customers"
	return [
		client.ask(method, survivor=survivor, merged=[merged]) for survivor, merged in (pair, reversed(pair))
	]


@attack("undoing a merge", works_for_owner=False)
def undo_merge(client, world):
	return [
		client.ask("cronus_crm.api.merging.undo_merge", merge=record_of_ana(world, "Cronus Customer Merge"))
	]


@attack("saying that customers are not the same", works_for_owner=False)
def dismiss_doubles(client, world):
	first, second = own_record(client, world, "Cronus Customer"), record_of_ana(world, "Cronus Customer")
	return [client.ask("cronus_crm.api.merging.dismiss_doubles", first=first, second=second)]


@attack("reading a notice of another")
def read_notice(client, world):
	name = frappe.db.get_value("Notification Log", {"for_user": world.users["ana"]})
	return [client.get(f"/api/resource/Notification Log/{name}")]


@attack("planning and recording activities with a customer of another")
def write_activities(client, world):
	party = {"party_doctype": "Cronus Customer", "party": record_of_ana(world, "Cronus Customer")}
	activity = {"activity_type": "Call", "notes": "x", **party}
	api = "cronus_crm.api.activities"
	return [
		client.ask(f"{api}.plan", activity={**activity, "starts_on": "2040-01-02 09:00:00"}),
		client.ask(f"{api}.record", activity=activity, next_activity={"subject": "y"}),
	]


# Cases


def say_about_a_case(method: str, **values):
	"""Sends a method about ana's case; sellers may write notes, and nothing else."""

	def ask(client, world):
		arguments = {"case": record_of_ana(world, "Cronus Case"), **values}
		return [client.ask(f"cronus_crm.api.cases.{method}", **arguments)]

	return ask


ATTACKS += [
	Attack("note about a case", say_about_a_case("add_note", content="x")),
	Attack("answer to a case", say_about_a_case("answer", content="x"), works_for_owner=False),
	Attack("message about a case", say_about_a_case("record_message", content="x"), works_for_owner=False),
	Attack("splitting a case", say_about_a_case("split", subject="x"), works_for_owner=False),
	Attack(
		"move of a case",
		say_about_a_case("move", from_state="New", to_state="Closed"),
		works_for_owner=False,
	),
]


@attack("opportunity of a case")
def opportunity_of_a_case(client, world):
	if client.who == "ana":
		frappe.db.set_value("Cronus Case", record_of_ana(world, "Cronus Case"), "opportunity", None)
		frappe.db.commit()
	return say_about_a_case("make_opportunity")(client, world)


@attack("case into one's own", works_for_owner=False)
def merging_cases(client, world):
	own, hers = own_record(client, world, "Cronus Case"), record_of_ana(world, "Cronus Case")
	pairs = ((own, hers), (hers, own))
	method = "cronus_crm.api.cases.merge"
	return [client.ask(method, survivor=survivor, merged=[other]) for survivor, other in pairs]


@attack("case of another customer", works_for_owner=False)
def case_of_a_foreign_customer(client, world):
	data = {"subject": "x", "customer": record_of_ana(world, "Cronus Customer")}
	return [client.call("POST", "/api/resource/Cronus Case", json=data)]
