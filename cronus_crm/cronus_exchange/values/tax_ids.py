"""Tax ids by country: the number as it is kept, and whether its check digits are right (python-stdnum)."""

import importlib
from functools import cache
from types import ModuleType

from frappe import _

from cronus_crm.cronus_exchange.values.formats import WrongValue
from cronus_crm.cronus_exchange.values.texts import restore_identifier

# Modules of python-stdnum that know the tax ids of a country, those of companies first.
_MODULES = {
	"AR": ("stdnum.ar.cuit", "stdnum.ar.dni"),
	"BR": ("stdnum.br.cnpj", "stdnum.br.cpf"),
	"CL": ("stdnum.cl.rut",),
	"CO": ("stdnum.co.nit",),
	"CR": ("stdnum.cr.cpj", "stdnum.cr.cpf", "stdnum.cr.cr"),
	"DO": ("stdnum.do.rnc", "stdnum.do.cedula"),
	"EC": ("stdnum.ec.ruc", "stdnum.ec.ci"),
	"ES": ("stdnum.es.nif",),
	"GT": ("stdnum.gt.nit",),
	"MX": ("stdnum.mx.rfc",),
	"PE": ("stdnum.pe.ruc", "stdnum.pe.cui"),
	"PY": ("stdnum.py.ruc",),
	"SV": ("stdnum.sv.nit",),
	"UY": ("stdnum.uy.rut",),
	"VE": ("stdnum.ve.rif",),
}

# Numbers of this many digits that begin with a zero are the ones that lose it in spreadsheets.
_WITH_LEADING_ZERO = {"EC": (10, 13)}


@cache
def _load_modules(country: str) -> tuple[ModuleType, ...]:
	return tuple(importlib.import_module(name) for name in _MODULES.get(country, ()))


def is_valid(tax_id: str, country: str | None) -> bool | None:
	"""True when the check digits are right, False when not, None where the country's tax ids are not
	known."""
	modules = _load_modules(country or "")
	return any(module.is_valid(tax_id) for module in modules) if modules else None


def read_tax_id(text: str, country: str | None) -> tuple[str, str | None]:
	"""The tax id in a cleaned text, and a note (translated) where its check digits are not those of the
	country; a number that keeps to its country is not changed otherwise.

	Raises WrongValue for one that a spreadsheet has shortened.
	"""
	tax_id = restore_identifier(text)
	valid = is_valid(tax_id, country)
	if valid is not False:
		return tax_id, None
	lengths = _WITH_LEADING_ZERO.get(country, ())
	if tax_id.isdigit() and len(tax_id) + 1 in lengths and is_valid(f"0{tax_id}", country):
		raise WrongValue(
			_(
				"{0} seems to have lost its leading zero: 0{0}. Format the column as text and correct it."
			).format(tax_id)
		)
	return tax_id, _("{0} is not a valid tax id of the chosen country").format(tax_id)
