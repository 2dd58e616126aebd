import frappe
import pytest

from cronus_crm.base import money_format


@pytest.fixture
def site_format(monkeypatch):
	"""Sets the format of numbers of the site, as its country gives it."""

	def use(number_format: str):
		get_default = frappe.db.get_default
		own = {"number_format": number_format, "currency_precision": None}
		monkeypatch.setattr(
			frappe.db, "get_default", lambda key, *args: own[key] if key in own else get_default(key, *args)
		)

	return use


@pytest.mark.parametrize(
	("number_format", "amount", "currency", "text"),
	[
		("#.###", 1990, "CLP", "1.990"),
		("#.###", 1990.5, "USD", "1.990,50"),
		("#,###", -1990.5, "USD", "-1,990.50"),
		("#.###,##", 1234.5, "KWD", "1.234,500"),
		("#,###.##", 999_999_999_999.99, "USD", "999,999,999,999.99"),
		("# ###,##", 1234567, "PYG", "1 234 567"),
		("#,###.##", -0.001, "USD", "0.00"),
	],
)
def test_amounts_are_written_with_the_decimals_of_their_currency(
	site_format, number_format, amount, currency, text
):
	site_format(number_format)
	assert money_format.format_amount(amount, currency) == text
	assert text in money_format.format_money(amount, currency)
