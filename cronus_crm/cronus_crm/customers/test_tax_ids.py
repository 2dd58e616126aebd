import frappe
import pytest

from cronus_crm.cronus_crm.customers.tax_ids import read_tax_id
from tests.scaffold import make_customer, make_seller

# Published examples of each country's authority or of its companies, as people write them and as printed.
RIGHT = [
	("AR", "20055361682", "20-05536168-2"),
	("BO", "1020703023", "1020703023"),
	("BR", "16727230000197", "16.727.230/0001-97"),
	("BR", "39053344705", "390.533.447-05"),
	("CL", "12531909-2", "12.531.909-2"),
	("CO", "2131234321", "213.123.432-1"),
	("CR", "3101999999", "3-101-999999"),
	("DO", "101850043", "1-01-85004-3"),
	("DO", "22400022111", "224-0002211-1"),
	("EC", "179001167400-1", "1790011674001"),
	("EC", "1714307103", "1714307103"),
	("ES", "54362315-k", "54362315K"),
	("GT", "576937k", "576937-K"),
	("MX", "gode 561231 gr8", "GODE561231GR8"),
	("PE", "20512333797", "20512333797"),
	("PY", "800280610", "80028061-0"),
	("SV", "06140507071048", "0614-050707-104-8"),
	("UY", "21 140634 001 1", "211406340011"),
	("VE", "V-11470283-4", "V114702834"),
]


@pytest.mark.parametrize(("country", "written", "printed"), RIGHT)
def test_a_right_tax_id_is_printed_as_its_country_does(country, written, printed):
	tax_id = read_tax_id(written, country)
	assert (tax_id.printed, tax_id.problem) == (printed, None)
	again = read_tax_id(printed, country)
	assert (again.printed, again.compared, again.problem) == (printed, tax_id.compared, None)


@pytest.mark.parametrize(
	("country", "written", "problem"),
	[
		("CL", "12531909-3", "Its check digit does not match."),
		("EC", "1714307104", "Its check digit does not match."),
		("EC", "179001167400", "It is too short or too long."),
		("EC", "9914307103", "A character in it is wrong."),
		("MX", "GODE 561331 GR8", "A character in it is wrong."),
		("BO", "10-20x", "A character or the length is wrong."),
		("PE", "20512333798", "Its check digit does not match."),
	],
)
def test_of_a_wrong_one_it_is_told_what_is_wrong(country, written, problem):
	tax_id = read_tax_id(written, country)
	assert (tax_id.printed, tax_id.problem, tax_id.certain) == (written, problem, True)


def test_the_check_digit_of_companies_in_ecuador_proves_nothing():
	tax_id = read_tax_id("0992345678001", "EC")
	assert tax_id.problem and not tax_id.certain


@pytest.mark.parametrize(
	("country", "written"), [("EC", "9999999999999"), ("GT", "C/F"), (None, "x"), ("FR", "x")]
)
def test_what_no_rule_is_known_for_is_left_as_it_is(country, written):
	tax_id = read_tax_id(written, country)
	assert (tax_id.printed, tax_id.problem) == (written, None)


def set_policy(policy: str, country: str | None = None) -> None:
	settings = frappe.get_doc("Cronus CRM Settings")
	settings.wrong_tax_ids = policy if not country else "Warn"
	settings.set("tax_id_policies", [{"country": country, "policy": policy}] if country else [])
	settings.save()


def messages() -> str:
	return str(frappe.get_message_log())


def test_the_settings_say_what_happens_to_a_wrong_one():
	seller = make_seller().name
	set_policy("Warn")
	customer = make_customer(seller, country="Chile", tax_id="12531909-3")
	assert customer.tax_id == "12531909-3"
	assert "12531909-3" in messages() and "check digit" in messages()
	frappe.clear_messages()
	customer.city = "Santiago"
	customer.save()
	assert "check digit" not in messages(), "what was not changed is not asked again"
	set_policy("Accept")
	make_customer(seller, country="Chile", tax_id="12531909-4")
	assert "check digit" not in messages()
	set_policy("Refuse", "Chile")
	with pytest.raises(frappe.ValidationError, match="12531909-5"):
		make_customer(seller, country="Chile", tax_id="12531909-5")
	make_customer(seller, country="Peru", tax_id="20512333798")
	customer.reload()
	customer.city = "Arica"
	customer.save()


def test_ecuadorian_companies_are_only_warned_of():
	set_policy("Refuse")
	seller = make_seller().name
	make_customer(seller, country="Ecuador", tax_id="0992345678001")
	assert "check digit" in messages()
	with pytest.raises(frappe.ValidationError, match="1714307104"):
		make_customer(seller, country="Ecuador", tax_id="1714307104")


def test_a_tax_id_with_markup_is_shown_as_text():
	set_policy("Warn")
	make_customer(make_seller().name, country="Chile", tax_id="<b>1</b>")
	assert "<b>1</b>" not in messages().replace("<strong><b>1</b></strong>", "!")
