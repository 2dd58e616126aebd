"""What a country proposes to a new company: currency, taxes, week, numbers, holidays, time zone."""

from datetime import date

import frappe
import holidays
from frappe import _
from frappe.geo.country_info import get_country_info

from cronus_crm.base.company import company_today
from cronus_crm.base.country_formats import find_number_format
from cronus_crm.base.week_start import find_first_weekday
from cronus_crm.cronus_billing.pricing.country_taxes import find_country_tax
from cronus_crm.cronus_crm.customers.tax_ids import find_country_code

# Countries that pay with the currency of another one, by ISO code: the framework's table has none for them.
_CURRENCIES = {"BO": "BOB", "EC": "USD", "PA": "USD", "PR": "USD", "VE": "VES"}

# What a tax id is called, by ISO code of the country.
_TAX_IDS = {
	**dict.fromkeys(("EC", "PE", "PY", "PA", "NI"), "RUC"),
	**dict.fromkeys(("CO", "BO", "GT", "SV"), "NIT"),
	**{"AR": "CUIT", "BR": "CNPJ", "CL": "RUT", "CR": "Cédula jurídica", "DO": "RNC", "ES": "NIF"},
	**{"HN": "RTN", "MX": "RFC", "UY": "RUT", "VE": "RIF"},
}


def propose(country: str) -> dict:
	"""What a country proposes; each may be changed by the user.

	Gives back `currency`, `tax_name` and `tax_rates` (the general one first), `tax_id_label`,
	`first_weekday`, `number_format`, `time_zone` and `holidays`, the number of them in this year and the
	next.

	Raises frappe.DoesNotExistError for a country that does not exist.
	"""
	code = _require_code(country)
	info, tax = get_country_info(country), find_country_tax(country)
	return {
		"currency": find_currency(country),
		"tax_name": tax.name if tax else _("VAT"),
		"tax_rates": list(tax.rates) if tax else [],
		"tax_id_label": _TAX_IDS.get(code) or _("Tax id"),
		"first_weekday": find_first_weekday(country),
		"number_format": find_number_format(country),
		"time_zone": find_time_zone(country),
		"holidays": len(list_holidays(country)),
		"has_states": bool(info),
	}


def find_currency(country: str) -> str | None:
	"""Code of the currency of a country, where the site knows it."""
	code = get_country_info(country).get("currency") or _CURRENCIES.get(find_country_code(country))
	return code if code and frappe.db.exists("Currency", code) else None


def find_time_zone(country: str) -> str:
	"""The site's time zone where it is one of the country's, or where the country has none or several that
	differ; else the country's."""
	present = frappe.get_system_settings("time_zone") or ""
	zones = get_country_info(country).get("timezones") or []
	if present in zones or not zones:
		return present
	return _MAIN_ZONES.get(find_country_code(country), zones[0])


# Of countries with several time zones, that of their capital.
_MAIN_ZONES = {
	"AR": "America/Argentina/Buenos_Aires",
	"BR": "America/Sao_Paulo",
	"CL": "America/Santiago",
	"EC": "America/Guayaquil",
	"ES": "Europe/Madrid",
	"MX": "America/Mexico_City",
}


def list_holidays(country: str, years: tuple[int, ...] | None = None) -> dict[date, str]:
	"""Public holidays of a country by date, with their names in the language of the user where the package
	`holidays` has them; empty for a country that it does not know.

	years: by default this one and the next.
	"""
	code = _require_code(country)
	if code not in holidays.list_supported_countries():
		return {}
	year = company_today().year
	languages = holidays.list_localized_countries().get(code, [])
	wanted = (frappe.local.lang or "en").split("-")[0]
	language = next((name for name in languages if name.split("_")[0] == wanted), None)
	found = holidays.country_holidays(code, years=years or (year, year + 1), language=language)
	return dict(sorted(found.items()))


def _require_code(country: str) -> str:
	code = find_country_code(country) if frappe.db.exists("Country", country) else None
	if not code:
		frappe.throw(
			_("There is no country {0}. Choose one of the list.").format(
				frappe.bold(frappe.utils.escape_html(str(country)[:140]))
			),
			frappe.DoesNotExistError,
		)
	return code
