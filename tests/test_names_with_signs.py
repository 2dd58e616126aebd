"""Whatever people call their sellers, stages, products and customers: documents are issued, renamed and read
everywhere, and figures agree with them."""

import frappe
import pytest

from cronus_crm.api import agenda, customers, dashboard, documents, masters, opportunities, pending, prospects
from cronus_crm.cronus_analytics.dashboard.dashboard_cards import CARDS
from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect
from tests.scaffold import invoice_of, issue_proforma, make_customer, make_opportunity, make_seller, pay

SIGNS = {
	"signs": """100 % %s %(x)s _a_ The "X" D'Angelo `tick` back\\slash\\ {0} [x] $& .* ; -- /* # & ?""",
	"letters": "Ñandú Éxito ß D’Angelo “x” 🍎 \u202eabc\u200f \u00a0 漢字",
	"long": "w" * 140,
}

REPORTS_NEED = {"Cronus Statement of Account": ("customer",)}


@pytest.fixture(params=SIGNS, ids=str)
def make_name(request):
	"""Makes names with the signs, each another, of at most 140 letters."""
	return lambda: (frappe.generate_hash(length=8) + SIGNS[request.param])[:140]


def make_masters(make_name) -> frappe._dict:
	"""A master of each DocType that people name, with names that a person may have given."""
	fields = {
		"Cronus Work Center": ("work_center", {}),
		"Cronus Stage": ("stage", {"position": 50, "state": "Open", "probability": 20}),
		"Cronus Loss Reason": ("loss_reason", {}),
		"Cronus Activity Type": ("activity_type", {"kind": "Call", "duration": 30}),
		"Cronus Business Line": ("business_line", {}),
		"Cronus Contact Medium": ("contact_medium", {}),
		"Cronus Classification Criterion": ("criterion", {}),
		"Cronus Product": ("product_code", {"product_name": make_name(), "price": 100}),
		"Cronus Price List": ("title", {"currency": "USD"}),
		"Cronus Tax": ("title", {"rate": 12}),
		"Cronus Payment Terms": ("title", {"terms": [{"percentage": 100, "days": 30}]}),
	}
	made = frappe._dict()
	for doctype, (fieldname, values) in fields.items():
		doc = frappe.get_doc({"doctype": doctype, fieldname: make_name(), **values}).insert()
		made[frappe.scrub(doctype).removeprefix("cronus_")] = doc.name
	made.seller = make_seller(seller_name=make_name(), work_center=made.work_center).name
	return made


def make_records(made: frappe._dict, make_name) -> frappe._dict:
	"""A customer with an opportunity, an activity and documents up to its payment."""
	customer = make_customer(
		made.seller,
		customer_name=make_name(),
		work_center=made.work_center,
		business_line=made.business_line,
		price_list=made.price_list,
		criteria=[{"criterion": made.classification_criterion, "value": make_name()}],
	)
	opportunity = make_opportunity(
		made.seller, customer.name, title=make_name(), work_center=made.work_center
	)
	opportunities.move(opportunity.name, opportunity.stage, made.stage)
	lost = make_opportunity(made.seller, customer.name, title=make_name(), work_center=made.work_center)
	stage = frappe.db.get_value("Cronus Stage", {"state": "Not won"})
	opportunities.move(lost.name, lost.stage, stage, loss_reason=made.loss_reason)
	activity = frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"activity_type": made.activity_type,
			"subject": make_name(),
			"starts_on": "2040-01-02 10:00:00",
			"seller": made.seller,
			"customer": customer.name,
		}
	).insert()
	line = {"product": made.product, "quantity": 2, "price": 100, "tax": made.tax}
	proforma = issue_proforma(made.seller, customer=customer.name, items=[line], work_center=made.work_center)
	invoice = invoice_of(proforma, payment_terms=made.payment_terms)
	pay(invoice, 10)
	prospect = make_prospect(made.seller, prospect_name=make_name(), medium=made.contact_medium)
	prospects.convert(prospect.name, opportunity=True)
	return frappe._dict(customer=customer.name, proforma=proforma.name, activity=activity.name)


def read_everywhere(made: frappe._dict, records: frappe._dict) -> None:
	"""Reports, dashboard, agenda, pending activities, history, search, exports and paper."""
	chosen = {"seller": made.seller, "work_center": made.work_center, "customer": records.customer}
	for report in frappe.get_all(
		"Report", {"module": ("like", "Cronus %"), "is_standard": "Yes"}, pluck="name", order_by="name"
	):
		frappe.get_doc("Report", report).execute_module(dict(chosen))
		needed = {name: chosen[name] for name in REPORTS_NEED.get(report, ())}
		frappe.get_doc("Report", report).execute_module({"seller": made.seller, **needed})
	of_type = {"seller": made.seller, "activity_type": made.activity_type}
	assert frappe.get_doc("Report", "Cronus Activity Log").execute_module(
		{**of_type, "from_date": "2040-01-01", "to_date": "2040-12-31"}
	)[1]
	cards = [
		{"name": name, "filters": {"seller": made.seller, "work_center": made.work_center}} for name in CARDS
	]
	assert len(dashboard.read_cards_and_charts(cards)["cards"]) == len(CARDS)
	filters = [["Cronus Activity", "seller", "=", made.seller]]
	filters += [["Cronus Activity", "activity_type", "=", made.activity_type]]
	events = agenda.get_events("Cronus Activity", "2040-01-01", "2040-01-08", filters=filters)
	assert [event.name for event in events] == [records.activity]
	assert pending.get_overview(made.seller)["page"]["rows"]
	assert customers.read_history(records.customer)["items"]
	assert customers.analyse(records.customer)
	assert documents.list_of_customer(records.customer)["rows"]
	masters.list_sellers("Cronus Seller", parent=made.seller)
	for doctype in ("Cronus Seller", "Cronus Stage", "Cronus Product", "Cronus Customer"):
		name = made.get(frappe.scrub(doctype).removeprefix("cronus_")) or records.customer
		found = frappe.call("frappe.desk.search.search_link", doctype=doctype, txt=name[:60])
		assert name in {row["value"] for row in found}, (doctype, name)
	customers.export(complete=True, names=[records.customer])
	assert made.stage in {row.column_name for row in frappe.get_doc("Kanban Board", "Deals").columns}
	assert frappe.get_print("Proforma", records.proforma, "Cronus Proforma")


def test_names_with_signs_are_read_everywhere(make_name):
	made = make_masters(make_name)
	records = make_records(made, make_name)
	read_everywhere(made, records)
	for doctype in ("Seller", "Work Center", "Stage", "Loss Reason", "Activity Type", "Product"):
		key = frappe.scrub(doctype)
		made[key] = frappe.rename_doc(f"Cronus {doctype}", made[key], make_name())
	read_everywhere(made, records)
	assert [*verify.find_differences()] == []
