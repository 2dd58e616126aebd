"""What a cell of a sheet names."""

import frappe
import pytest

from cronus_crm.cronus_exchange.comparing.linked_names import LinkedNames
from cronus_crm.cronus_exchange.values.formats import WrongValue


@pytest.fixture
def seven_percent(site):
	# No rate of another test, so that it names one tax.
	return frappe.get_doc({"doctype": "Cronus Tax", "title": "IVA de prueba", "rate": 7.25}).insert().name


@pytest.mark.parametrize("text", ["7.25", "7,25", "7.25%", "7,25 %", "0.0725", "0,0725", "iva de prueba"])
def test_a_tax_is_found_by_its_rate(seven_percent, text):
	assert LinkedNames("Cronus Tax").resolve(text) == seven_percent


def test_a_rate_of_two_taxes_is_asked_for(seven_percent):
	frappe.get_doc({"doctype": "Cronus Tax", "title": "Otro de prueba", "rate": 7.25}).insert()
	with pytest.raises(WrongValue, match="IVA de prueba, Otro de prueba"):
		LinkedNames("Cronus Tax").resolve("7,25 %")


def test_a_rate_that_no_tax_has_is_refused(seven_percent):
	with pytest.raises(WrongValue):
		LinkedNames("Cronus Tax").resolve("7,26")
