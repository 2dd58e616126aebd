"""Tax ids of customers and prospects: checked by the rules of their country, and written as it prints them.

The rules are those of python-stdnum (https://arthurdejong.org/python-stdnum/). A country may have several
kinds of tax id, such as the RUC of a company and the identity card of a person. What happens to one that is
wrong is a setting, by country.
"""

import re
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import frappe
from frappe import _
from frappe.model.document import Document
from stdnum import exceptions

# Modules of stdnum by ISO code of the country; a tax id is right when one of them accepts it.
_KINDS = {
	"AR": ("ar.cuit", "ar.dni"),
	"BR": ("br.cnpj", "br.cpf"),
	"CL": ("cl.rut",),
	"CO": ("co.nit",),
	"CR": ("cr.cpj", "cr.cpf", "cr.cr"),
	"DO": ("do.rnc", "do.cedula"),
	"EC": ("ec.ruc", "ec.ci"),
	"ES": ("es.nif",),
	"GT": ("gt.nit",),
	"MX": ("mx.rfc",),
	"PE": ("pe.ruc", "pe.cui"),
	"PY": ("py.ruc",),
	"SV": ("sv.nit",),
	"UY": ("uy.rut",),
	"VE": ("ve.rif",),
}

# Bolivia publishes no check digit of its NIT; stdnum does not know it.
_SHAPES = {"BO": re.compile(r"\d{5,12}")}

# Printed without separators, although stdnum could put some in.
_PRINTED_PLAIN = frozenset({"mx.rfc", "uy.rut"})

# Ecuador has issued RUC of companies without a valid check digit since 2021: its failure proves nothing.
_UNCERTAIN_CHECKSUM = frozenset({"ec.ruc"})

# Tax ids that stand for the general public or for foreigners, without separators: many customers have them.
GENERIC_TAX_IDS = frozenset(
	{
		"XAXX010101000",  # Mexico: general public
		"XEXX010101000",  # Mexico: foreigners
		"9999999999999",  # Ecuador: final consumer
		"222222222222",  # Colombia: final consumer
		"666666666",  # Chile: final consumer, with its check digit
		"CF",  # Guatemala: final consumer
	}
)

WARN, REFUSE, ACCEPT = "Warn", "Refuse", "Accept"


@dataclass(frozen=True)
class TaxId:
	"""A tax id that was read.

	compared: its letters and digits in upper case. printed: as its country prints it; as it was typed if it
	is wrong or its country has no rule. problem: what is wrong with it, a translated sentence; None if
	nothing is. certain: False if the rule is known to refuse tax ids that exist.
	"""

	compared: str
	printed: str
	problem: str | None = None
	certain: bool = True


def read_tax_id(text: str, country_code: str | None) -> TaxId:
	"""Checks a tax id by the rules of a country (ISO code of two letters, upper case; None: no rules)."""
	text = (text or "").strip()
	compared = strip_separators(text)
	if not compared or compared in GENERIC_TAX_IDS:
		return TaxId(compared, text)
	if shape := _SHAPES.get(country_code):
		return TaxId(
			compared, text, None if shape.fullmatch(compared) else _("A character or the length is wrong.")
		)
	failures = {}
	for kind in _KINDS.get(country_code, ()):
		module = import_module(f"stdnum.{kind}")
		try:
			compact = module.validate(text)
		except exceptions.ValidationError as error:
			failures[kind] = error
		else:
			return TaxId(compared, _print(module, kind, compact))
	if not failures:
		return TaxId(compared, text)
	kind, error = max(failures.items(), key=lambda failure: _closeness(failure[1]))
	certain = not (kind in _UNCERTAIN_CHECKSUM and isinstance(error, exceptions.InvalidChecksum))
	return TaxId(compared, text, _describe(error), certain)


def strip_separators(text: str | None) -> str:
	"""The letters and digits of a tax id in upper case."""
	return re.sub(r"[\W_]", "", text or "").upper()


def apply_tax_id_policy(doc: Document, country: str | None) -> None:
	"""Checks the tax id of a document that is being saved, if it or its country has changed, and writes it as
	the country prints it.

	country: name of a Country. Without one, the site's country decides.

	Raises frappe.ValidationError for one that is certainly wrong where the settings refuse it; where they
	warn, the message goes to the user and the document is saved.
	"""
	if not doc.tax_id or not (doc.has_value_changed("tax_id") or doc.has_value_changed("country")):
		return
	country = country or frappe.get_system_settings("country")
	tax_id = read_tax_id(doc.tax_id, find_country_code(country))
	doc.tax_id = tax_id.printed
	policy = _read_policy(country) if tax_id.problem else ACCEPT
	if policy == ACCEPT:
		return
	message = _("{0} is not a tax id of {1}: {2} Correct it, or leave the field empty.").format(
		frappe.bold(frappe.utils.escape_html(doc.tax_id)), _(country), tax_id.problem
	)
	if policy == REFUSE and tax_id.certain:
		frappe.throw(message, title=_("Wrong tax id"))
	frappe.msgprint(message, title=_("Wrong tax id"), indicator="orange", alert=True)


def find_country_code(country: str | None) -> str | None:
	"""The ISO code (two letters, upper case) of a Country; None without one."""
	# From the cache: the codes of countries do not change.
	code = country and frappe.get_cached_value("Country", country, "code")
	return code.upper() if code else None


def _read_policy(country: str) -> str:
	"""What the settings say of wrong tax ids of a country."""
	of_country = frappe.db.get_value(
		"Cronus Tax Id Policy", {"parent": "Cronus CRM Settings", "country": country}, "policy"
	)
	return of_country or frappe.db.get_single_value("Cronus CRM Settings", "wrong_tax_ids") or WARN


def _print(module: ModuleType, kind: str, compact: str) -> str:
	formatted = getattr(module, "format", None)
	return formatted(compact) if formatted and kind not in _PRINTED_PLAIN else compact


def _closeness(error: exceptions.ValidationError) -> int:
	"""How near a tax id came to a kind: of several failures, the one of the nearest kind is told."""
	order = (exceptions.InvalidLength, exceptions.InvalidFormat, exceptions.InvalidComponent)
	return next((place for place, kind in enumerate(order) if isinstance(error, kind)), len(order))


def _describe(error: exceptions.ValidationError) -> str:
	if isinstance(error, exceptions.InvalidLength):
		return _("It is too short or too long.")
	if isinstance(error, exceptions.InvalidChecksum):
		return _("Its check digit does not match.")
	return _("A character in it is wrong.")
