import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import entries
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_billing.documents.prospect_documents import make_proforma
from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect, proforma_for
from cronus_crm.cronus_crm.prospects import prospect_follow_ups
from cronus_crm.cronus_crm.prospects.conversion import convert_prospect, undo_conversion
from cronus_crm.cronus_crm.prospects.test_duplicates import attach
from tests.scaffold import (
	activity_of,
	entry_of,
	invoice_of,
	make_customer,
	make_opportunity,
	make_seller,
	new_proforma,
	unique,
)


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def prospect(seller):
	"""A prospect of a seller with a follow-up, a file and an issued proforma."""
	doc = make_prospect(
		seller.name,
		prospect_name="Ana María López",
		company_name=unique("Company"),
		email="ana@example.com",
		phone="55 1234 5678",
		tax_id="LOP-1",
		city="Puebla",
		medium="Facebook",
		subject="Blinds for the office",
	)
	prospect_follow_ups.add_follow_up(doc.name, "Information")
	attach(doc, "plan.txt")
	proforma_for(doc)
	return doc.reload()


def find_differences(*documents) -> list[str]:
	names = {document.name for document in documents}
	return [found for found in entries.find_differences() if any(name in found.sentence for name in names)]


def test_a_proforma_for_a_prospect_is_issued_without_a_customer(prospect, seller):
	proforma = frappe.get_doc("Proforma", prospect.quotation)
	assert (proforma.customer, proforma.customer_name) == (None, prospect.company_name)
	assert proforma.seller == seller.name
	follow_up, entry = activity_of(proforma), entry_of(proforma)
	assert (follow_up.prospect, follow_up.customer) == (prospect.name, None)
	assert prospect.company_name in follow_up.subject
	assert (entry.customer, entry.amount) == (None, 200)
	with pytest.raises(frappe.ValidationError, match="Convert the prospect"):
		document_chain.convert_documents("Proforma", proforma.name, "Invoice")
	assert find_differences(proforma) == []


def test_the_button_makes_a_proforma_for_the_form_to_show(prospect, seller):
	frappe.set_user(seller.user)
	proforma = make_proforma(prospect.name)
	assert (proforma.prospect, proforma.customer_name) == (prospect.name, prospect.company_name)
	assert (proforma.seller, proforma.is_new()) == (seller.name, True)
	prospect_follow_ups.add_follow_up(prospect.name, "Cancelled")
	with pytest.raises(frappe.ValidationError, match="Reopen it"):
		make_proforma(prospect.name)


def test_a_proforma_is_for_somebody_and_for_one_only(seller):
	nobody = new_proforma(seller.name)
	nobody.customer = None
	with pytest.raises(frappe.MandatoryError, match="or the prospect"):
		nobody.insert()
	known = make_prospect(seller.name, customer=make_customer(seller.name).name)
	with pytest.raises(frappe.ValidationError, match="so its proforma is for that one"):
		new_proforma(seller.name, prospect=known.name).insert()


def test_a_prospect_becomes_customer_contact_and_opportunity(prospect, seller):
	frappe.set_user(seller.user)
	made = convert_prospect(prospect.name, contact=True, opportunity=True)
	assert sorted(made["made"]) == ["contact", "customer", "opportunity"]
	customer = frappe.get_doc("Cronus Customer", made["customer"])
	contact = frappe.get_doc("Contact", made["contact"])
	opportunity = frappe.get_doc("Cronus Opportunity", made["opportunity"])
	assert customer.customer_name == prospect.company_name
	assert (customer.tax_id, customer.city, customer.seller) == ("LOP-1", "Puebla", seller.name)
	assert (contact.first_name, contact.last_name) == ("Ana", "María López")
	assert (contact.email_id, contact.phone) == ("ana@example.com", "55 1234 5678")
	assert {(link.link_doctype, link.link_name) for link in contact.links} == {
		("Cronus Customer", customer.name),
		("Cronus Prospect", prospect.name),
	}
	assert (opportunity.title, opportunity.stage, opportunity.medium) == (
		"Blinds for the office",
		"Initial contact",
		"Facebook",
	)
	assert (opportunity.customer, opportunity.prospect, opportunity.contact) == (
		customer.name,
		prospect.name,
		contact.name,
	)
	prospect.reload()
	assert (prospect.state, prospect.light, prospect.customer) == ("Converted", "Grey", customer.name)
	assert (prospect.converted_by, prospect.contact) == (seller.user, contact.name)


def test_what_was_done_with_a_prospect_goes_over(prospect):
	made = convert_prospect(prospect.name, contact=True, opportunity=True)
	activities = frappe.get_all(
		"Cronus Activity",
		{"prospect": prospect.name},
		["customer", "contact", "opportunity"],
		order_by="name asc",
	)
	assert len(activities) == 2
	assert {tuple(row.values()) for row in activities} == {
		(made["customer"], made["contact"], made["opportunity"])
	}
	proforma = frappe.get_doc("Proforma", prospect.quotation)
	assert (proforma.customer, proforma.customer_name) == (made["customer"], prospect.company_name)
	assert activity_of(proforma).customer == entry_of(proforma).customer == made["customer"]
	assert find_differences(proforma) == []
	urls = [
		frappe.get_all("File", {"attached_to_doctype": doctype, "attached_to_name": name}, pluck="file_url")
		for doctype, name in (("Cronus Prospect", prospect.name), ("Cronus Customer", made["customer"]))
	]
	assert urls[0] == urls[1] != []
	invoice = invoice_of(proforma)
	assert (invoice.customer, prospect.reload().order) == (made["customer"], invoice.name)
	assert prospect.state == "Converted"


def test_it_may_continue_with_an_existing_customer_and_its_contact(prospect, seller):
	customer = make_customer(seller.name).name
	first = convert_prospect(make_prospect(seller.name, email="ana@example.com").name, customer=customer)
	made = convert_prospect(prospect.name, customer=customer)
	assert (made["customer"], made["contact"]) == (customer, first["contact"])
	assert (made["made"], made["opportunity"]) == ([], None)


def test_without_a_choice_the_customer_is_the_one_that_the_prospect_has(seller):
	customer = make_customer(seller.name).name
	made = convert_prospect(make_prospect(seller.name, customer=customer).name, contact=False)
	assert (made["customer"], made["contact"], made["made"]) == (customer, None, [])


def test_a_converted_prospect_is_not_converted_again_nor_given_to_another(prospect, seller):
	convert_prospect(prospect.name)
	with pytest.raises(frappe.ValidationError, match="already a customer"):
		convert_prospect(prospect.name)
	prospect.reload()
	prospect.customer = make_customer(seller.name).name
	with pytest.raises(frappe.ValidationError, match="only by undoing"):
		prospect.save()
	prospect_follow_ups.add_follow_up(prospect.name, "Cancelled")
	assert prospect.reload().state == "Converted"


def test_a_disabled_or_another_customer_is_refused(prospect, seller):
	with pytest.raises(frappe.ValidationError, match="is disabled"):
		convert_prospect(prospect.name, customer=make_customer(seller.name, disabled=1).name)
	with pytest.raises(frappe.DoesNotExistError):
		convert_prospect(prospect.name, customer="CL-none")
	known = make_prospect(seller.name, customer=make_customer(seller.name).name)
	proforma_for(known)
	with pytest.raises(frappe.ValidationError, match="Choose that one"):
		convert_prospect(known.name, customer=make_customer(seller.name).name)


def test_undoing_leaves_everything_as_it_was(prospect):
	before = prospect.as_dict()
	activities = frappe.get_all("Cronus Activity", {"prospect": prospect.name}, ["*"], order_by="name asc")
	files = frappe.db.count("File")
	made = convert_prospect(prospect.name, contact=True, opportunity=True)
	assert undo_conversion(prospect.name) == "Quoted"
	for doctype, thing in (
		("Cronus Customer", "customer"),
		("Contact", "contact"),
		("Cronus Opportunity", "opportunity"),
	):
		assert not frappe.db.exists(doctype, made[thing])
	after = prospect.reload().as_dict()
	changed = {key for key in before if before[key] != after[key]}
	assert changed <= {"modified", "_comments"}
	assert (
		frappe.get_all("Cronus Activity", {"prospect": prospect.name}, ["*"], order_by="name asc")
		== activities
	)
	assert frappe.db.count("File") == files
	proforma = frappe.get_doc("Proforma", prospect.quotation)
	assert (proforma.customer, proforma.customer_name) == (None, prospect.company_name)
	assert entry_of(proforma).customer is None
	assert find_differences(proforma) == []
	assert convert_prospect(prospect.name)["customer"]


def test_undoing_leaves_an_existing_customer_and_its_documents(seller):
	customer = make_customer(seller.name).name
	known = make_prospect(seller.name, customer=customer)
	proforma = proforma_for(known)
	convert_prospect(known.name)
	undo_conversion(known.name)
	assert frappe.db.get_value("Proforma", proforma.name, "customer") == customer
	assert known.reload().customer == customer
	with pytest.raises(frappe.ValidationError, match="not converted"):
		undo_conversion(known.name)


def build_invoice(made, quotation):
	return invoice_of(frappe.get_doc("Proforma", quotation)).name


def build_proforma(made, quotation):
	seller = frappe.db.get_value("Cronus Customer", made["customer"], "seller")
	return new_proforma(seller, customer=made["customer"]).insert().name


def build_opportunity(made, quotation):
	seller = frappe.db.get_value("Cronus Customer", made["customer"], "seller")
	return make_opportunity(seller, made["customer"]).name


def move_opportunity(made, quotation):
	frappe.get_doc("Cronus Opportunity", made["opportunity"]).update({"stage": "Proposal"}).save()
	return made["opportunity"]


def plan_activity(made, quotation):
	return (
		frappe.get_doc(
			{
				"doctype": "Cronus Activity",
				"subject": "Visit",
				"activity_type": "Visit",
				"starts_on": "2026-05-01 10:00:00",
				"customer": made["customer"],
			}
		)
		.insert()
		.name
	)


@pytest.mark.parametrize(
	"build", [build_invoice, build_proforma, build_opportunity, move_opportunity, plan_activity]
)
def test_undoing_is_refused_by_name_once_something_stands_on_it(prospect, build):
	made = convert_prospect(prospect.name, contact=True, opportunity=True)
	name = build(made, prospect.quotation)
	with pytest.raises(frappe.LinkExistsError, match=name):
		undo_conversion(prospect.name)
	assert prospect.reload().state == "Converted"


def test_another_seller_can_do_nothing_with_it(prospect, seller):
	stranger = make_seller()
	frappe.set_user(stranger.user)
	for attempt in (
		lambda: convert_prospect(prospect.name),
		lambda: undo_conversion(prospect.name),
		lambda: prospect_follow_ups.add_follow_up(prospect.name, "Information"),
		lambda: prospect_follow_ups.list_follow_ups(prospect.name),
		lambda: prospect_follow_ups.prepare_follow_up(prospect.name),
		lambda: prospect_follow_ups.reopen_prospect(prospect.name),
		lambda: make_proforma(prospect.name),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
	own = make_prospect(stranger.name)
	frappe.set_user("Administrator")
	theirs = make_customer(seller.name).name
	frappe.set_user(stranger.user)
	with pytest.raises(frappe.PermissionError):
		convert_prospect(own.name, customer=theirs)
