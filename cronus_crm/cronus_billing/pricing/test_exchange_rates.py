import frappe
import pytest

from cronus_crm.cronus_billing.pricing.exchange_rates import find_rate
from tests.scaffold import make_seller, new_proforma


@pytest.fixture
def seller():
	return make_seller().name


def make_rate(rate: float, valid_from: str, currency: str = "EUR"):
	values = {"doctype": "Cronus Exchange Rate", "currency": currency, "rate": rate, "valid_from": valid_from}
	return frappe.get_doc(values).insert()


@pytest.fixture
def rates():
	return make_rate(1.1, "2026-01-01"), make_rate(1.2, "2026-02-01")


@pytest.mark.parametrize(
	("date", "rate"),
	[
		("2025-12-31", None),
		("2026-01-01", 1.1),
		("2026-01-31", 1.1),
		("2026-02-01", 1.2),
		("2027-01-01", 1.2),
	],
)
def test_the_rate_that_began_last_holds(rates, date, rate):
	assert find_rate("EUR", date) == rate
	assert find_rate("USD", date) == 1


def test_a_document_takes_the_rate_of_its_day_unless_one_is_written(seller, rates):
	found = new_proforma(seller, currency="EUR", posting_date="2026-01-15").insert()
	assert (found.exchange_rate, found.base_net_total) == (1.1, 220)
	assert new_proforma(seller, currency="EUR", exchange_rate=3).insert().exchange_rate == 3
	assert new_proforma(seller).insert().exchange_rate == 1


def test_a_rate_that_was_found_follows_date_and_currency_and_one_that_was_written_stays(seller, rates):
	found = new_proforma(seller, currency="EUR", posting_date="2026-01-15", valid_until="2026-03-01").insert()
	written = new_proforma(
		seller, currency="EUR", exchange_rate=3, posting_date="2026-01-15", valid_until="2026-03-01"
	).insert()
	for proforma in (found, written):
		proforma.update({"posting_date": "2026-02-15"}).save()
	assert (found.exchange_rate, written.exchange_rate) == (1.2, 3)
	assert found.update({"currency": "USD"}).save().exchange_rate == 1
	assert found.update({"currency": "EUR"}).save().exchange_rate == 1.2


@pytest.mark.parametrize("rate", [None, 0])
def test_without_a_rate_the_message_says_where_to_add_it(seller, rate):
	with pytest.raises(
		frappe.ValidationError, match=r"(?s)no exchange rate of.*MXN.*/app/cronus-exchange-rate"
	):
		new_proforma(seller, currency="MXN", exchange_rate=rate).insert()


@pytest.mark.parametrize(
	("rate", "says"),
	[
		(-1, "how many USD"),
		(float("inf"), "(?s)rate.*inf.*is not a number"),
		(float("nan"), "(?s)rate.*nan.*is not a number"),
	],
)
def test_a_rate_is_above_zero(seller, rate, says):
	with pytest.raises(frappe.ValidationError, match=says):
		new_proforma(seller, currency="MXN", exchange_rate=rate).insert()
	with pytest.raises(frappe.ValidationError, match=f"(?i){says}"):
		make_rate(rate, "2026-01-01", "MXN")


def test_a_day_has_one_rate_and_the_companys_currency_none(rates):
	with pytest.raises(frappe.DuplicateEntryError, match="has a rate from"):
		make_rate(9, "2026-01-01")
	with pytest.raises(frappe.ValidationError, match="needs no rate"):
		make_rate(1, "2026-01-01", "USD")
