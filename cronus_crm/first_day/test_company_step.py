"""The company, with what its country brings."""

import frappe
import pytest

from cronus_crm.base.company import company_today
from cronus_crm.cronus_billing.documents import numbering
from cronus_crm.cronus_billing.pricing.country_taxes import COUNTRY_TAXES
from cronus_crm.first_day import company_step, country_proposals, guide, letterhead
from tests.scaffold import ADMINISTRATOR, SELLER, issue_proforma, make_seller, make_user, new_proforma

SETTINGS = "Cronus CRM Settings"


@pytest.fixture(autouse=True)
def administrator(site):
	frappe.set_user(make_user(ADMINISTRATOR))


def values(**others) -> dict:
	return {"company_name": "Ferretería Ñandú", "country": "Ecuador", "currency": "USD", **others}


def setting(fieldname: str):
	return frappe.db.get_single_value("System Settings", fieldname)


def test_a_country_brings_currency_week_numbers_taxes_and_holidays():
	company_step.save_company(values(country="Chile", currency="CLP", add_holidays=1, tax_rates=[19, 0]))
	frappe.set_user("Administrator")
	assert setting("country") == "Chile"
	assert setting("first_day_of_the_week") == "Monday"
	assert setting("number_format") == "#.###,##"
	settings = frappe.get_doc(SETTINGS)
	assert (settings.company_name, settings.currency) == ("Ferretería Ñandú", "CLP")
	year = company_today().year
	days = {str(row.date): row.description for row in settings.holidays}
	assert f"{year}-09-18" in days and f"{year + 1}-09-18" in days
	assert frappe.db.exists("Cronus Tax", {"rate": 19})


def test_again_doubles_no_holidays():
	company_step.save_company(values(add_holidays=1))
	days = len(frappe.get_doc(SETTINGS).holidays)
	assert days > 20
	company_step.save_company(values(add_holidays=1))
	assert len(frappe.get_doc(SETTINGS).holidays) == days


@pytest.mark.parametrize("code", sorted(COUNTRY_TAXES))
def test_each_country_of_the_table_proposes_what_a_company_needs(code):
	country = frappe.db.get_value("Country", {"code": code})
	found = country_proposals.propose(country)
	assert found["currency"] and found["tax_rates"] and found["first_weekday"]
	assert found["number_format"] and found["holidays"] >= 10 and found["tax_id_label"]


def test_the_taxes_bear_the_name_that_their_country_has_for_them():
	company_step.save_company(values(country="Peru", currency="PEN", tax_rates=[17.5]))
	assert frappe.db.exists("Cronus Tax", "IGV 17.5 %")


def test_a_wrong_tax_id_is_told_and_a_right_one_is_printed_as_its_country_does():
	(warning,) = company_step.save_company(values(company_tax_id="1790012345"))["warnings"]
	assert "1790012345" in warning
	assert company_step.save_company(values(country="Chile", company_tax_id="760864285")) == {"warnings": []}
	assert frappe.db.get_single_value(SETTINGS, "company_tax_id") == "76.086.428-5"


@pytest.mark.parametrize(
	"wrong",
	[
		{"company_name": ""},
		{"company_name": "<script>x</script>"},
		{"company_name": "x" * 141},
		{"country": "Atlantis"},
		{"country": {"a": 1}},
		{"currency": "XXXX"},
		{"tax_rates": ["a"]},
		{"tax_rates": [101]},
		{"next_numbers": {"Proforma": 100_000}},
		{"logo": "/private/files/x.png"},
		{"logo": "https://example.com/x.png"},
		{"logo": "/files/x.svg"},
	],
)
def test_bad_input_is_a_sentence(wrong):
	with pytest.raises((frappe.ValidationError, frappe.DoesNotExistError)):
		company_step.save_company(values(**wrong))


def test_a_company_goes_on_with_its_own_numbers():
	company_step.save_company(values(next_numbers={"Proforma": 4321}))
	assert numbering.show_next_number("Proforma").endswith("04321")
	frappe.set_user("Administrator")
	seller = make_seller()
	assert new_proforma(seller.name).insert().name.endswith("04321")
	with pytest.raises(frappe.ValidationError, match="given already"):
		company_step.save_company(values(next_numbers={"Proforma": 4321}))


def test_the_currency_stays_once_there_are_figures():
	company_step.save_company(values())
	frappe.set_user("Administrator")
	issue_proforma(make_seller().name)
	with pytest.raises(frappe.ValidationError, match="The currency stays"):
		company_step.save_company(values(currency="EUR"))


def test_a_letterhead_runs_nothing_of_what_a_name_holds():
	frappe.set_user("Administrator")
	picture = frappe.get_doc({"doctype": "File", "file_name": "logo.png", "content": b"x", "is_private": 0})
	picture.insert()
	letterhead.save_letterhead("{{ 7 * 7 }} & {% x %}", "1", picture.file_url)
	content = frappe.db.get_value("Letter Head", {"is_default": 1}, "content")
	assert "{" not in content and "&amp;" in content
	assert frappe.utils.jinja.render_template(content, {}) == content


@pytest.mark.parametrize("role", [SELLER, "System Manager"])
def test_others_are_refused(role):
	frappe.set_user("Administrator")
	frappe.set_user(make_user(role))
	for call in (
		lambda: company_step.save_company(values()),
		lambda: company_step.save_default_tax(15),
		lambda: guide.skip_step("mail", True),
	):
		with pytest.raises(frappe.PermissionError):
			call()


def test_a_system_manager_may_take_the_role_and_a_seller_may_not():
	frappe.set_user("Administrator")
	manager, seller = make_user("System Manager"), make_user(SELLER)
	frappe.set_user(seller)
	with pytest.raises(frappe.PermissionError):
		guide.take_role()
	frappe.set_user(manager)
	assert guide.may_take_role()
	guide.take_role()
	assert not guide.may_take_role()
	assert company_step.save_company(values())


def test_a_step_is_skipped_and_taken_up_again():
	state = {step["name"]: step["state"] for step in guide.skip_step("mail", True)}
	assert state["mail"] == "skipped"
	state = {step["name"]: step["state"] for step in guide.skip_step("mail", False)}
	assert state["mail"] in ("open", "next", "done")
	with pytest.raises(frappe.ValidationError):
		guide.skip_step("<b>", True)
