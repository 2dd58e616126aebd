"""The tax on sales of each country: its name and its rates. Proposals only: who sets a company up confirms or
changes them, and a site keeps whatever taxes it has.
"""

from dataclasses import dataclass

import frappe


@dataclass(frozen=True)
class CountryTax:
	"""name: what people of the country call it. rates: percentages, the general one first."""

	name: str
	rates: tuple[float, ...]


# By ISO code of the country. The general rates were compared with the tables of globalvatcompliance.com
# (“Standard VAT/GST Rate”) and calculariva.app (“VAT rates for 2025 in 21 Spanish-speaking countries”). They
# agree, but for Venezuela, where the second has 15, and Honduras, where it has 18 once, the rate of alcohol
# and tobacco; Cuba is in neither. Where to look: taxsummaries.pwc.com, “Other taxes”; of Spain, Ley 37/1992,
# arts. 90 and 91. The tax of Puerto Rico (IVU) and of Brazil (by state, ICMS; 18 % is that of São Paulo) is
# not a value added tax.
COUNTRY_TAXES = {
	"ar": CountryTax("IVA", (21, 10.5, 27, 0)),
	"bo": CountryTax("IVA", (13, 0)),
	"br": CountryTax("ICMS", (18, 12, 7, 0)),
	"cl": CountryTax("IVA", (19, 0)),
	"co": CountryTax("IVA", (19, 5, 0)),
	"cr": CountryTax("IVA", (13, 4, 2, 1, 0)),
	"cu": CountryTax("Impuesto sobre las ventas", (10, 0)),
	"do": CountryTax("ITBIS", (18, 16, 0)),
	"ec": CountryTax("IVA", (15, 5, 0)),
	"es": CountryTax("IVA", (21, 10, 4, 0)),
	"gt": CountryTax("IVA", (12, 0)),
	"hn": CountryTax("ISV", (15, 18, 0)),
	"mx": CountryTax("IVA", (16, 8, 0)),
	"ni": CountryTax("IVA", (15, 0)),
	"pa": CountryTax("ITBMS", (7, 10, 15, 0)),
	"pe": CountryTax("IGV", (18, 0)),
	"pr": CountryTax("IVU", (11.5, 4, 0)),
	"py": CountryTax("IVA", (10, 5, 0)),
	"sv": CountryTax("IVA", (13, 0)),
	"uy": CountryTax("IVA", (22, 10, 0)),
	"ve": CountryTax("IVA", (16, 8, 0)),
}


def find_country_tax(country: str | None) -> CountryTax | None:
	"""The tax of a country (a record of Country); None for one that is not in the table."""
	# From the cache: the codes of countries do not change.
	return COUNTRY_TAXES.get(country and frappe.get_cached_value("Country", country, "code"))
