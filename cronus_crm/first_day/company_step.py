"""Step 1 and 2 of the guide: the company, with what its country brings, and its usual tax."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, cstr

from cronus_crm.base.arguments import read_list, read_mapping, read_number
from cronus_crm.base.week_start import WEEKDAYS
from cronus_crm.cronus_billing.documents import numbering
from cronus_crm.cronus_billing.pricing import taxes
from cronus_crm.cronus_crm.customers.tax_ids import find_country_code, read_tax_id
from cronus_crm.first_day import country_proposals, guide, letterhead

SYSTEM_SETTINGS = "System Settings"
# Documents whose first number may be chosen: a company that begins here goes on with its own.
NUMBERED = ("Proforma", "Invoice")


def read_company() -> dict:
	"""What the step shows: the values of the site, and what its country proposes."""
	settings, system = frappe.get_doc(guide.SETTINGS), frappe.get_doc(SYSTEM_SETTINGS)
	return {
		"company_name": settings.company_name,
		"company_tax_id": settings.company_tax_id,
		"country": system.country,
		"currency": settings.currency or frappe.db.get_default("currency"),
		"first_weekday": system.first_day_of_the_week,
		"time_zone": system.time_zone,
		"holidays": len(settings.holidays),
		"logo": letterhead.find_logo(),
		"tax_rates": frappe.get_all("Cronus Tax", {"disabled": 0}, pluck="rate", order_by="rate desc"),
		"default_rate": settings.default_tax
		and frappe.db.get_value("Cronus Tax", settings.default_tax, "rate"),
		"next_numbers": {doctype: numbering.show_next_number(doctype) for doctype in NUMBERED},
	}


def save_company(values: dict | str) -> dict:
	"""Saves the company: name, tax id, country, currency, week, holidays, taxes, next numbers, letterhead.

	Gives back `warnings`, sentences about what was saved and may be wrong.

	Raises frappe.ValidationError, naming the field, for what cannot be saved; then nothing is.
	"""
	guide.require_guide_role()
	values = read_mapping(values, "values")
	name = guide.clean_text(values.company_name, _("Name of the company"), required=True)
	country, currency = cstr(values.country), cstr(values.currency)
	proposals = country_proposals.propose(country)
	_require_currency(currency)
	_save_system_settings(country, currency, cstr(values.first_weekday), proposals)
	tax_id, warnings = _check_tax_id(values.company_tax_id, country)
	settings = frappe.get_doc(guide.SETTINGS)
	settings.update({"company_name": name, "company_tax_id": tax_id, "currency": currency})
	if cint(values.add_holidays):
		_add_holidays(settings, country)
	settings.save()
	for rate in read_list(values.tax_rates, "tax_rates"):
		taxes.ensure_tax(read_number(rate, "tax_rates"))
	for doctype, number in read_mapping(values.next_numbers, "next_numbers").items():
		if doctype in NUMBERED and number:
			numbering.go_on_with(doctype, _read_counter(number))
	if values.logo:
		letterhead.save_letterhead(name, tax_id, cstr(values.logo))
	return {"warnings": warnings}


def save_default_tax(rate: float) -> str:
	"""Chooses the usual tax by its rate; see `taxes.choose_default_tax`."""
	guide.require_guide_role()
	return taxes.choose_default_tax(read_number(rate, _("Rate")))


def _require_currency(currency: str) -> None:
	if not frappe.db.exists("Currency", currency):
		frappe.throw(
			_("There is no currency {0}. Choose one of the list.").format(
				frappe.bold(frappe.utils.escape_html(currency[:140]))
			)
		)
	kept = frappe.db.get_single_value(guide.SETTINGS, "currency")
	if kept and kept != currency and frappe.db.exists("Cronus Sales Entry", {}):
		frappe.throw(
			_(
				"The company keeps its figures in {0}, and documents are issued already. The currency stays."
			).format(frappe.bold(kept))
		)
	if not frappe.db.get_value("Currency", currency, "enabled"):
		frappe.db.set_value("Currency", currency, "enabled", 1)


def _save_system_settings(country: str, currency: str, first_weekday: str, proposals: dict) -> None:
	settings = frappe.get_doc(SYSTEM_SETTINGS)
	settings.update({"country": country, "currency": currency})
	if first_weekday in WEEKDAYS:
		settings.first_day_of_the_week = first_weekday
	# What is planned keeps its hour: a zone is chosen before there is anything.
	if proposals["time_zone"] and not frappe.db.exists("Cronus Activity", {}):
		settings.time_zone = proposals["time_zone"]
	# The role has been asked by `require_guide_role`; only these few settings are written.
	settings.flags.ignore_permissions = True
	settings.flags.ignore_mandatory = True
	settings.save()
	frappe.db.set_default("currency", currency)


def _check_tax_id(text, country: str) -> tuple[str, list[str]]:
	"""The tax id as its country prints it, and what may be wrong with it."""
	typed = guide.clean_text(text, _("Tax id"), length=40)
	tax_id = read_tax_id(typed, find_country_code(country))
	if not tax_id.problem:
		return tax_id.printed, []
	return tax_id.printed, [
		_("{0} is not a tax id of {1}: {2} Correct it, or leave the field empty.").format(
			frappe.utils.escape_html(typed), _(country), tax_id.problem
		)
	]


def _add_holidays(settings: Document, country: str) -> None:
	known = {str(row.date) for row in settings.holidays}
	for day, name in country_proposals.list_holidays(country).items():
		if str(day) not in known:
			settings.append("holidays", {"date": day, "description": name[:140]})


def _read_counter(number) -> int:
	value = cint(number)
	if not 1 <= value <= 99_999:
		frappe.throw(_("The next number of a document is from 1 to 99,999."))
	return value
