"""A seller cannot find out, by any path, what is not theirs. Over HTTP, with real keys, path by path."""

from io import BytesIO

import frappe
import pytest
import requests
from frappe.desk.doctype.tag.tag import add_tag
from frappe.desk.form import assign_to
from frappe.desk.form.document_follow import follow_document
from openpyxl import load_workbook

from cronus_crm.cronus_billing.documents.document_chain import QUANTITY_FIELDS, convert_documents
from tests.erp import Erp
from tests.erp import invoice as told_invoice
from tests.scaffold import (
	AGENT,
	BILLING,
	MANAGER,
	SELLER,
	VIEWER,
	activity_of,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
	make_user,
	pay,
	unique,
)
from tests.visibility.checks import REFUSED_TO_ITSELF
from tests.visibility.clients import Client, make_api_key
from tests.visibility.world import GOVERNED, IMPORTS, SEEN_BY_WRITERS, SEES_ALL_OF

LEDGER, CUSTOMER = "Cronus Sales Entry", "Cronus Customer"
TAG = "important"


@pytest.fixture(scope="module")
def world(site, server):
	"""One seller with one record of each DocType, and everybody who might look at it."""
	frappe.set_user("Administrator")
	manager, other_manager = make_seller(roles=(SELLER, MANAGER)), make_seller(roles=(SELLER, MANAGER))
	seller, other = make_seller(manager.name, roles=(SELLER, VIEWER)), make_seller(other_manager.name)
	customer = make_customer(seller.name).name
	opportunity = make_opportunity(seller.name, customer)
	proforma = issue_proforma(seller.name, customer=customer, opportunity=opportunity.name)
	invoice = invoice_of(proforma)
	link = {"link_doctype": "Cronus Customer", "link_name": customer}
	records = {
		"Cronus Seller": seller.name,
		"Cronus Prospect": make("Cronus Prospect", prospect_name="Somebody", seller=seller.name),
		"Cronus Customer": customer,
		"Cronus Customer Branch": make(
			"Cronus Customer Branch", branch_name=unique("Branch"), customer=customer
		),
		"Cronus Customer Merge": make(
			"Cronus Customer Merge",
			survivor=customer,
			merged=make_customer(seller.name).name,
			state="Merged",
		),
		"Contact": make(
			"Contact",
			first_name=unique("Ana"),
			links=[link],
			email_ids=[{"email_id": "ana@example.com", "is_primary": 1}],
			phone_nos=[{"phone": "+52 55 0000 0000", "is_primary_phone": 1}],
		),
		"Address": make(
			"Address",
			address_title=unique("Office"),
			address_line1="1 High Street",
			city="Puebla",
			country="Mexico",
			links=[link],
		),
		"Cronus Opportunity": opportunity.name,
		"Cronus Case": make("Cronus Case", subject=unique("Case"), customer=customer),
		"Cronus Solution": make("Cronus Solution", question=unique("Draft"), answer="x"),
		"Cronus Activity": activity_of(proforma).name,
		"Proforma": proforma.name,
		"Invoice": invoice.name,
		**{doctype: issue_next(proforma, doctype) for doctype in QUANTITY_FIELDS if doctype != "Invoice"},
		"Cronus Payment": pay(invoice, 1).name,
		"Cronus External Document": Erp({"C-1": customer}).tell(told_invoice("F-1"))[0].name,
		LEDGER: entry_of(proforma).name,
		"Cronus Sales Target": make("Cronus Sales Target", seller=seller.name, year=2026, month_01=7),
		**make_import(seller.name),
	}
	assert set(records) == set(GOVERNED), "`records`, above, needs one of each DocType of GOVERNED"
	users = {
		"seller": seller.user,
		"manager": manager.user,
		"other seller": other.user,
		"other manager": other_manager.user,
		"no role": make_user(),
		"billing": make_user(BILLING),
		"service": make_user(AGENT),
	}
	clients = {who: Client(who, server, make_api_key(user)) for who, user in users.items()}
	clients["guest"] = Client("guest", server, None)
	for user in users.values():
		frappe.db.set_value("User", user, "document_follow_notify", 1)
		frappe.clear_document_cache("User", user)
	hang_things_on(customer, seller.user)
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "terms.txt",
			"content": "secret terms",
			"is_private": 1,
			"attached_to_doctype": "Cronus Customer",
			"attached_to_name": customer,
		}
	).insert()
	frappe.db.commit()
	return frappe._dict(
		clients=clients,
		file=file.file_url,
		users=users,
		sellers={"seller": seller.name, "other seller": other.name},
		records=records,
		titles={"Cronus Customer": frappe.db.get_value("Cronus Customer", customer, "customer_name")},
	)


def make(doctype: str, **fields) -> str:
	return frappe.get_doc({"doctype": doctype, **fields}).insert(ignore_permissions=True).name


def make_import(seller: str) -> dict[str, str]:
	"""An import with a row of its file and of its journal; names by DocType."""
	kept = make("Cronus Customer Import", target="Customers", seller=seller)
	row = make("Cronus Import Row", customer_import=kept, line=2)
	entry = make("Cronus Import Journal", customer_import=kept, line=2)
	return dict(zip(IMPORTS, (kept, row, entry), strict=True))


def issue_next(proforma, doctype: str) -> str:
	(name,) = convert_documents("Proforma", proforma.name, doctype)
	frappe.get_doc(doctype, name).submit()
	return name


def hang_things_on(customer: str, user: str) -> None:
	"""What people hang on a document: a tag, a follower, an assignment."""
	frappe.set_user(user)
	add_tag(TAG, "Cronus Customer", customer)
	follow_document("Cronus Customer", customer, user)
	assign_to.add({"doctype": "Cronus Customer", "name": customer, "assign_to": frappe.as_json([user])})
	frappe.set_user("Administrator")


def rest_list(client, doctype, name):
	filters = frappe.as_json([["name", "=", name]])
	answer = client.get(f"/api/resource/{doctype}", filters=filters)
	assert answer.ok or answer.status_code in (401, 403, 404), answer.text
	return answer.ok and bool(answer.json()["data"])


def rest_get(client, doctype, name):
	return client.get(f"/api/resource/{doctype}/{name}").status_code == 200


def count(client, doctype, name):
	answer = client.post("/api/method/frappe.client.get_count", doctype=doctype, filters={"name": name})
	return answer.status_code == 200 and answer.json()["message"]


def list_count(client, doctype, name):
	answer = client.get(
		"/api/method/frappe.desk.reportview.get_count",
		doctype=doctype,
		filters=frappe.as_json([[doctype, "name", "=", name]]),
	)
	return answer.status_code == 200 and answer.json()["message"]


def report_view(client, doctype, name):
	answer = client.get(
		"/api/method/frappe.desk.reportview.get",
		doctype=doctype,
		fields=frappe.as_json([f"`tab{doctype}`.`name`"]),
		filters=frappe.as_json([[doctype, "name", "=", name]]),
	)
	return answer.status_code == 200 and bool(answer.json().get("message"))


def export(client, doctype, name):
	answer = client.call(
		"POST",
		"/api/method/frappe.desk.reportview.export_query",
		data={
			"doctype": doctype,
			"file_format_type": "CSV",
			"title": doctype,
			"fields": frappe.as_json([f"`tab{doctype}`.`name`"]),
			"filters": frappe.as_json([[doctype, "name", "=", name]]),
		},
	)
	return answer.status_code == 200 and name in answer.text


def search(client, doctype, name):
	answer = client.post("/api/method/frappe.desk.search.search_link", doctype=doctype, txt=name)
	return answer.status_code == 200 and name in [row["value"] for row in answer.json()["message"]]


def search_ignoring_permissions(client, doctype, name):
	answer = client.post(
		"/api/method/frappe.desk.search.search_link", doctype=doctype, txt=name, ignore_user_permissions=1
	)
	return answer.status_code == 200 and name in [row["value"] for row in answer.json()["message"]]


def search_box(client, doctype, name):
	answer = client.post(
		"/api/method/frappe.desk.search.search_widget", doctype=doctype, txt=name, ignore_user_permissions=1
	)
	return answer.status_code == 200 and name in [row[0] for row in answer.json()["message"]]


def form(client, doctype, name):
	answer = client.get("/api/method/frappe.desk.form.load.getdoc", doctype=doctype, name=name)
	return answer.status_code == 200 and bool(answer.json().get("docs"))


def value(client, doctype, name):
	answer = client.get(
		"/api/method/frappe.client.get_value",
		doctype=doctype,
		filters=frappe.as_json({"name": name}),
		fieldname="creation",
	)
	return answer.status_code == 200 and bool(answer.json().get("message"))


def printed(client, doctype, name):
	answer = client.get("/printview", doctype=doctype, name=name)
	return answer.status_code == 200 and "not permitted" not in answer.text.lower()


PATHS = (
	rest_list,
	rest_get,
	count,
	list_count,
	report_view,
	export,
	search,
	search_ignoring_permissions,
	search_box,
	form,
	value,
	printed,
)


@pytest.mark.parametrize("doctype", GOVERNED)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_only_the_portfolio_is_seen(world, path, doctype):
	name = world.records[doctype]
	seen_by = {who for who, client in world.clients.items() if path(client, doctype, name)}
	expected = {"seller", "manager"}
	through = CUSTOMER if doctype in ("Contact", "Address") else doctype
	expected |= {who for who, doctypes in SEES_ALL_OF.items() if through in doctypes}
	if doctype in SEEN_BY_WRITERS:
		expected = {"service"}
	if path is export and doctype == "Cronus Seller":
		expected = set()  # only administrators export the team
	if path is export and doctype == "Cronus Case":
		expected -= {"billing"}
	elif path is export and doctype not in ("Contact", "Address", *SEEN_BY_WRITERS):
		expected -= {"service"}  # agents export cases, and no accounts
	if doctype in IMPORTS:
		# Nobody exports them by the framework; their files are downloaded by api/imports.py.
		expected = set() if path is export else {"manager"}
	assert seen_by == expected


# Ways around: each is asked by the seller whose record it is, who must succeed where the method is of use,
# and by another one, who must learn nothing.


def child_rows(client, world):
	answer = client.get(
		"/api/resource/Cronus Document Item",
		parent="Proforma",
		fields=frappe.as_json(["parent"]),
		filters=frappe.as_json([["parent", "=", world.records["Proforma"]]]),
	)
	return answer.status_code == 200 and bool(answer.json()["data"])


def child_value(client, world):
	answer = client.get(
		"/api/method/frappe.client.get_value",
		doctype="Cronus Document Item",
		parent="Proforma",
		filters=frappe.as_json({"parent": world.records["Proforma"]}),
		fieldname="price",
	)
	return answer.status_code == 200 and bool(answer.json().get("message"))


def rows_of(doctype):
	def rows(client, world):
		answer = client.get(
			f"/api/resource/{doctype}",
			parent="Contact",
			fields=frappe.as_json(["parent"]),
			filters=frappe.as_json([["parent", "=", world.records["Contact"]]]),
		)
		return answer.status_code == 200 and bool(answer.json()["data"])

	rows.__name__ = f"rows of {doctype}"
	return rows


def tag_links(client, world):
	answer = client.get(
		"/api/resource/Tag Link",
		fields=frappe.as_json(["title"]),
		filters=frappe.as_json([["document_name", "=", world.records["Cronus Customer"]]]),
	)
	return answer.status_code == 200 and bool(answer.json()["data"])


def tag_link_itself(client, world):
	answer = client.get(
		"/api/method/frappe.client.get",
		doctype="Tag Link",
		filters=frappe.as_json({"document_name": world.records["Cronus Customer"]}),
	)
	return answer.status_code == 200 and bool(answer.json().get("message"))


def documents_of_a_tag(client, world):
	answer = client.get("/api/method/frappe.desk.doctype.tag.tag.get_documents_for_tag", tag=f"#{TAG}")
	return answer.status_code == 200 and bool(answer.json().get("message"))


def tagged_documents(client, world):
	answer = client.get(
		"/api/method/frappe.desk.doctype.tag.tag.get_tagged_docs", doctype="Cronus Customer", tag="%"
	)
	return answer.status_code == 200 and world.records["Cronus Customer"] in answer.text


def followers(client, world):
	answer = client.get(
		"/api/resource/Document Follow",
		filters=frappe.as_json([["ref_docname", "=", world.records["Cronus Customer"]]]),
	)
	return answer.status_code == 200 and bool(answer.json()["data"])


def assignments_counted(client, world):
	answer = client.get(
		"/api/method/frappe.desk.listview.get_group_by_count",
		doctype="Cronus Customer",
		current_filters=frappe.as_json([["name", "=", world.records["Cronus Customer"]]]),
		field="assigned_to",
	)
	return answer.status_code == 200 and bool(answer.json().get("message"))


def attached_file(client, world):
	return client.get(world.file).content == b"secret terms"


def file_list(client, world):
	filters = frappe.as_json([["attached_to_name", "=", world.records["Cronus Customer"]]])
	answer = client.get("/api/resource/File", filters=filters)
	return answer.status_code == 200 and bool(answer.json()["data"])


def pdf(client, world):
	answer = client.get(
		"/api/method/frappe.utils.print_format.download_pdf",
		doctype="Proforma",
		name=world.records["Proforma"],
		format="Standard",
	)
	return answer.status_code == 200 and answer.content.startswith(b"%PDF")


def timeline(client, world):
	answer = client.get(
		"/api/method/frappe.desk.form.load.get_docinfo",
		doctype="Cronus Customer",
		name=world.records["Cronus Customer"],
	)
	return answer.status_code == 200 and "docinfo" in answer.text


def version_2_document(client, world):
	return client.get(f"/api/v2/document/Proforma/{world.records['Proforma']}").status_code == 200


def version_2_count(client, world):
	filters = frappe.as_json({"name": world.records["Proforma"]})
	answer = client.get("/api/v2/doctype/Proforma/count", filters=filters)
	return answer.status_code == 200 and answer.json()["data"] > 0


def calendar(client, world):
	answer = client.get(
		"/api/method/frappe.desk.calendar.get_events",
		doctype="Cronus Activity",
		start="2000-01-01",
		end="2100-01-01",
		field_map=frappe.as_json({"start": "starts_on", "end": "ends_on", "id": "name", "title": "subject"}),
		filters=frappe.as_json([["Cronus Activity", "name", "=", world.records["Cronus Activity"]]]),
	)
	return answer.status_code == 200 and bool(answer.json().get("message"))


def heatmap(client, world, doctype, amount, name_field):
	chart = {
		"name": "Heat",
		"type": "Heatmap",
		"chart_type": "Sum",
		"document_type": doctype,
		"based_on": "creation",
		"value_based_on": amount,
		"filters_json": frappe.as_json([[doctype, name_field, "=", world.records["Proforma"]]]),
	}
	answer = client.get(
		"/api/method/frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		chart=frappe.as_json(chart),
		no_cache=1,
	)
	if REFUSED_TO_ITSELF.search(answer.text):
		pytest.skip("this version of the framework cannot do it itself")
	return answer.status_code == 200 and bool(answer.json()["message"]["dataPoints"])


AROUND = (
	child_rows,
	child_value,
	rows_of("Contact Email"),
	rows_of("Contact Phone"),
	rows_of("Dynamic Link"),
	tag_links,
	tag_link_itself,
	documents_of_a_tag,
	tagged_documents,
	followers,
	assignments_counted,
	attached_file,
	pdf,
	timeline,
	version_2_document,
	version_2_count,
	calendar,
)


@pytest.mark.parametrize("way", AROUND, ids=lambda way: way.__name__)
def test_ways_around_are_closed(world, way):
	assert way(world.clients["seller"], world)
	for who in ("other seller", "other manager", "no role", "guest"):
		assert not way(world.clients[who], world), who


def test_a_heatmap_of_documents_is_for_those_who_see_all(world):
	for who, client in world.clients.items():
		assert heatmap(client, world, "Proforma", "net_total", "name") == (who == "billing"), who


def test_a_heatmap_of_lines_is_for_administrators(world):
	for who, client in world.clients.items():
		assert not heatmap(client, world, "Cronus Document Item", "net_amount", "parent"), who


def test_files_of_others_are_not_listed(world):
	for who in ("other seller", "other manager", "no role", "guest"):
		assert not file_list(world.clients[who], world), who


def test_global_search_knows_nothing_of_our_documents(world):
	for name in world.records.values():
		assert not frappe.db.sql("select name from `__global_search` where name = %s", name)


def test_bulk_update_and_mail_of_others_are_refused(world):
	client, name = world.clients["other seller"], world.records["Cronus Customer"]
	client.post(
		"/api/method/frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
		doctype="Cronus Customer",
		docnames=[name],
		action="update",
		data={"seller": world.sellers["other seller"]},
	)
	frappe.db.rollback()
	assert frappe.db.get_value("Cronus Customer", name, "seller") == world.sellers["seller"]
	answer = client.post(
		"/api/method/frappe.core.doctype.communication.email.make",
		doctype="Proforma",
		name=world.records["Proforma"],
		content="x",
		recipients="me@example.com",
		send_email=0,
	)
	assert answer.status_code == 403


@pytest.mark.parametrize("doctype", ["Comment", "Version", "Cronus Document Item", "DocShare", "View Log"])
def test_counting_what_one_may_not_read_is_refused(world, doctype):
	"""A count with a filter is a question that can be asked again and again until the value is known."""
	answer = world.clients["other seller"].post(
		"/api/method/frappe.client.get_count", doctype=doctype, filters={"name": ["like", "%"]}
	)
	assert answer.status_code == 403


def test_a_chart_is_not_kept_for_the_next_reader(world):
	frappe.set_user("Administrator")
	issue_proforma(world.sellers["other seller"])
	chart = frappe.get_doc(
		{
			"doctype": "Dashboard Chart",
			"chart_name": unique("Proformas by day"),
			"chart_type": "Count",
			"document_type": "Proforma",
			"based_on": "posting_date",
			"timeseries": 1,
			"timespan": "Last Year",
			"time_interval": "Yearly",
			"type": "Bar",
			"filters_json": "[]",
			"is_public": 1,
		}
	).insert()
	frappe.db.commit()

	def proformas_of(who) -> dict:
		answer = world.clients[who].get(
			"/api/method/frappe.desk.doctype.dashboard_chart.dashboard_chart.get", chart_name=chart.name
		)
		assert answer.status_code == 200, answer.text
		return answer.json()["message"]

	def number(figures):
		return sum(figures["datasets"][0]["values"])

	everything = proformas_of("billing")
	# Where some versions of the framework keep it, and all of them look for it.
	frappe.cache.set_value(f"chart-data:{chart.name}", frappe.as_json(everything))
	assert number(proformas_of("seller")) < number(everything)


ABOUT_A_CUSTOMER = {
	"assign": lambda client, name, me: client.post(
		"/api/method/frappe.desk.form.assign_to.add",
		doctype="Cronus Customer",
		name=name,
		assign_to=frappe.as_json([me]),
		ignore_permissions=1,
	),
	"follow": lambda client, name, me: client.post(
		"/api/method/frappe.desk.form.document_follow.follow_document",
		doctype="Cronus Customer",
		doc_name=name,
		user=me,
	),
	"comment": lambda client, name, me: client.post(
		"/api/method/frappe.desk.form.utils.add_comment",
		reference_doctype="Cronus Customer",
		reference_name=name,
		content="I was here",
		comment_email=me,
		comment_by=me,
	),
	"tag": lambda client, name, me: client.post(
		"/api/method/frappe.desk.doctype.tag.tag.add_tag", tag="mine", dt="Cronus Customer", dn=name
	),
	"share": lambda client, name, me: client.post(
		"/api/method/frappe.share.add", doctype="Cronus Customer", name=name, user=me, read=1
	),
	"attach": lambda client, name, me: client.post(
		"/api/resource/File",
		file_name="a.txt",
		content="a",
		attached_to_doctype="Cronus Customer",
		attached_to_name=name,
	),
	"like": lambda client, name, me: client.post(
		"/api/method/frappe.desk.like.toggle_like", doctype="Cronus Customer", name=name, add="Yes"
	),
}


@pytest.mark.parametrize("way", ABOUT_A_CUSTOMER)
def test_nothing_is_hung_on_what_one_does_not_see(world, way):
	answer = ABOUT_A_CUSTOMER[way](
		world.clients["other seller"], world.records["Cronus Customer"], world.users["other seller"]
	)
	assert answer.status_code == 403, answer.text


def test_a_title_is_not_told(world):
	customer = world.records["Cronus Customer"]
	path = "/api/method/frappe.desk.search.get_link_title"
	for who, client in world.clients.items():
		answer = client.post(path, doctype="Cronus Customer", docname=customer)
		told = answer.status_code == 200 and answer.json()["message"] == world.titles["Cronus Customer"]
		assert told == (who in ("seller", "manager", "billing", "service")), who


def test_connections_count_what_is_seen(world):
	"""The other seller sees a customer of theirs, of which the first seller has a proforma."""
	frappe.set_user("Administrator")
	customer = make_customer(world.sellers["other seller"]).name
	issue_proforma(world.sellers["seller"], customer=customer)
	issue_proforma(world.sellers["other seller"], customer=customer)
	frappe.db.commit()
	answer = world.clients["other seller"].get(
		"/api/method/frappe.desk.notifications.get_open_count", doctype="Cronus Customer", name=customer
	)
	found = {
		row["doctype"]: row["count"] for row in answer.json()["message"]["count"]["external_links_found"]
	}
	assert found["Proforma"] == 1
	assert found["Cronus Activity"] == 1


REPORT = "/api/method/frappe.desk.query_report.run"


@pytest.mark.parametrize(
	("who", "sees"),
	[
		("seller", {"seller"}),
		("manager", {"seller"}),
		("other manager", {"other seller"}),
		("other seller", None),
		("billing", None),
		("no role", None),
		("guest", None),
	],
)
def test_the_report_shows_the_team_or_is_locked(world, who, sees):
	answer = world.clients[who].get(REPORT, report_name="Cronus Seller Efficiency", filters="{}")
	if sees is None:
		assert answer.status_code in (401, 403)
		return
	assert answer.status_code == 200, answer.text
	rows = [row["seller"] for row in answer.json()["message"]["result"]]
	for seller, name in world.sellers.items():
		assert (name in rows) == (seller in sees), seller


@pytest.mark.parametrize("file_format", ["CSV", "Excel"])
def test_the_report_is_exported_within_the_team(world, file_format):
	def export_as(who):
		return world.clients[who].call(
			"POST",
			"/api/method/frappe.desk.query_report.export_query",
			data={
				"report_name": "Cronus Seller Efficiency",
				"file_format_type": file_format,
				"filters": "{}",
				"visible_idx": "[]",
			},
		)

	def text_of(answer):
		if file_format == "CSV":
			return answer.text
		sheet = load_workbook(BytesIO(answer.content)).active
		return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)

	text = text_of(export_as("manager"))
	assert world.sellers["seller"] in text
	assert world.sellers["other seller"] not in text
	assert export_as("other seller").status_code == 403


def test_the_report_refuses_a_seller_of_another_team(world):
	filters = frappe.as_json({"seller": world.sellers["seller"]})
	answer = world.clients["other manager"].get(
		REPORT, report_name="Cronus Seller Efficiency", filters=filters
	)
	assert answer.status_code == 403
	assert "not in your team" in answer.text


def attempts_to_write(client: Client, doctype: str, name: str, change: dict) -> list[requests.Response]:
	"""What the server answers to a change, by every way of writing it, and to deleting."""
	stored = frappe.get_doc(doctype, name).as_dict(convert_dates_to_str=True)
	return [
		client.call("PUT", f"/api/resource/{doctype}/{name}", json=change),
		client.call("PATCH", f"/api/v2/document/{doctype}/{name}", json=change),
		client.post("/api/method/frappe.client.set_value", doctype=doctype, name=name, fieldname=change),
		client.post("/api/method/frappe.client.save", doc={**stored, **change}),
		client.post(
			"/api/method/frappe.client.bulk_update", docs=frappe.as_json([bulk(doctype, name, change)])
		),
		client.post(
			"/api/method/frappe.desk.form.save.savedocs",
			doc=frappe.as_json({**stored, **change}),
			action="Save",
		),
		client.post("/api/method/run_doc_method", docs=frappe.as_json({**stored, **change}), method="save"),
		client.call("DELETE", f"/api/resource/{doctype}/{name}"),
	]


def bulk(doctype: str, name: str, change: dict) -> dict:
	return {"doctype": doctype, "docname": name, **change}


def refused(answer: requests.Response) -> bool:
	"""True for a refusal; `bulk_update` answers 200 and lists those that it could not write."""
	if answer.status_code == 200:
		return bool(answer.json().get("message", {}).get("failed_docs"))
	return answer.status_code == 403


@pytest.mark.parametrize(
	"doctype", ["Cronus Prospect", "Cronus Customer", "Cronus Opportunity", "Cronus Activity"]
)
def test_taking_over_a_record_is_refused(world, doctype):
	"""Writing one's own name into somebody else's record."""
	name, mine = world.records[doctype], {"seller": world.sellers["other seller"]}
	for answer in attempts_to_write(world.clients["other seller"], doctype, name, mine):
		assert refused(answer), answer.text
	frappe.db.rollback()
	assert frappe.db.get_value(doctype, name, "seller") == world.sellers["seller"]


def test_a_branch_is_not_moved_to_a_customer_of_mine(world):
	frappe.set_user("Administrator")
	mine = make_customer(world.sellers["other seller"]).name
	frappe.db.commit()
	name = world.records["Cronus Customer Branch"]
	for answer in attempts_to_write(
		world.clients["other seller"], "Cronus Customer Branch", name, {"customer": mine}
	):
		assert refused(answer), answer.text
	frappe.db.rollback()
	assert frappe.db.get_value("Cronus Customer Branch", name, "customer") == world.records["Cronus Customer"]


@pytest.mark.parametrize("doctype", ["Contact", "Address"])
@pytest.mark.parametrize("linked", [True, False])
def test_a_contact_is_not_taken_over_by_sending_other_links(world, doctype, linked):
	frappe.set_user("Administrator")
	mine = make_customer(world.sellers["other seller"]).name
	frappe.db.commit()
	links = [{"link_doctype": "Cronus Customer", "link_name": mine}] if linked else []
	name = world.records[doctype]
	for answer in attempts_to_write(world.clients["other seller"], doctype, name, {"links": links}):
		assert refused(answer), answer.text
	frappe.db.rollback()
	(link,) = frappe.get_doc(doctype, name).links
	assert link.link_name == world.records["Cronus Customer"]


def test_a_contact_is_not_made_for_somebody_elses_customer(world):
	link = {"link_doctype": "Cronus Customer", "link_name": world.records["Cronus Customer"]}
	for doctype, fields in (
		("Contact", {"first_name": "Spy"}),
		("Address", {"address_title": "Spy", "address_line1": "1", "city": "X", "country": "Mexico"}),
	):
		answer = world.clients["other seller"].post(f"/api/resource/{doctype}", links=[link], **fields)
		assert answer.status_code == 403, answer.text


def test_a_seller_may_not_import(world):
	for doctype in ("Cronus Customer", "Cronus Prospect", "Contact"):
		answer = world.clients["seller"].post(
			"/api/resource/Data Import", reference_doctype=doctype, import_type="Update Existing Records"
		)
		assert answer.status_code == 403, answer.text


def test_a_record_is_not_given_to_another_team(world):
	answer = world.clients["seller"].call(
		"PUT",
		f"/api/resource/Cronus Customer/{world.records['Cronus Customer']}",
		json={"seller": world.sellers["other seller"]},
	)
	assert answer.status_code == 403


def test_a_document_does_not_point_at_what_is_not_seen(world):
	answer = world.clients["other seller"].post(
		"/api/resource/Cronus Opportunity",
		title="Curious",
		customer=world.records["Cronus Customer"],
		stage="Initial contact",
	)
	assert answer.status_code == 403
	assert "may not use" in answer.text


def test_a_proforma_is_not_invoiced_by_another_seller(world):
	answer = world.clients["other seller"].post(
		"/api/method/cronus_crm.api.documents.convert",
		source_doctype="Proforma",
		names=[world.records["Proforma"]],
		into="Invoice",
	)
	assert answer.status_code == 403


def test_what_changes_something_is_not_done_by_get(world):
	answer = world.clients["seller"].get(
		"/api/method/cronus_crm.api.documents.convert",
		source_doctype="Proforma",
		names=world.records["Proforma"],
		into="Invoice",
	)
	assert answer.status_code == 403


def test_a_record_without_seller_is_its_creators(world):
	"""Such as one that an administrator has not yet assigned."""
	frappe.set_user("Administrator")
	orphan = make_customer().name
	frappe.db.commit()
	assert not rest_get(world.clients["manager"], "Cronus Customer", orphan)
	assert not rest_list(world.clients["manager"], "Cronus Customer", orphan)
	loner = make_user(SELLER)
	client = Client("loner", world.clients["seller"].address, make_api_key(loner))
	frappe.db.commit()
	made = client.post("/api/resource/Cronus Customer", customer_name="Mine alone").json()["data"]["name"]
	assert rest_get(client, "Cronus Customer", made)
	assert rest_list(client, "Cronus Customer", made)
	assert not rest_get(world.clients["seller"], "Cronus Customer", made)


def test_the_setting_opens_customers_for_reading_only(world):
	customer = world.records["Cronus Customer"]
	other = world.clients["other seller"]
	try:
		frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 1)
		frappe.db.commit()
		assert rest_get(other, "Cronus Customer", customer)
		assert rest_list(other, "Cronus Customer", customer)
		for doctype in ("Cronus Customer Branch", "Contact", "Address"):
			assert rest_get(other, doctype, world.records[doctype])
			assert rest_list(other, doctype, world.records[doctype])
			answer = other.call(
				"PUT", f"/api/resource/{doctype}/{world.records[doctype]}", json={"fax": "1", "city": "x"}
			)
			assert answer.status_code == 403
		assert not rest_get(world.clients["no role"], "Cronus Customer", customer)
		answer = other.call("PUT", f"/api/resource/Cronus Customer/{customer}", json={"notes": "x"})
		assert answer.status_code == 403
		assert not rest_list(other, "Proforma", world.records["Proforma"])
	finally:
		frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 0)
		frappe.db.commit()


def test_moving_a_seller_moves_what_is_seen_at_once(world):
	frappe.set_user("Administrator")
	boss, low = make_seller(roles=(SELLER, MANAGER)), make_seller()
	customer = make_customer(low.name).name
	client = Client("boss", world.clients["seller"].address, make_api_key(boss.user))
	frappe.db.commit()
	assert not rest_get(client, "Cronus Customer", customer)
	low.reload()
	low.update({"parent_cronus_seller": boss.name}).save()
	frappe.db.commit()
	assert rest_get(client, "Cronus Customer", customer)
	low.update({"parent_cronus_seller": None}).save()
	frappe.db.commit()
	assert not rest_get(client, "Cronus Customer", customer)
	assert not rest_list(client, "Cronus Customer", customer)
