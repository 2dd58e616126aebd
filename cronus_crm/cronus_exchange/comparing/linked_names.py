"""Finds the record that a cell names: by its name or title, in another case, without accents, or in another
language; a tax also by its rate."""

from collections import defaultdict
from functools import cached_property

import frappe
from babel import Locale
from babel.core import get_global
from frappe import _
from rapidfuzz import fuzz, process

from cronus_crm.cronus_exchange.merging.customer_merges import follow_merges
from cronus_crm.cronus_exchange.values.cell_texts import simplify
from cronus_crm.cronus_exchange.values.formats import UnknownValue, WrongValue
from cronus_crm.visibility import ownership, rule

# A DocType with more records is asked for those that a chunk names, not read as a whole.
_MOST_LOADED = 2000
_LANGUAGES = ("en", "es", "pt", "fr")

# How people call countries besides their names and codes in any language.
_COUNTRY_ALIASES = {
	"eire": "IE",
	"rsa": "ZA",
	"eeuu": "US",
	"ee uu": "US",
	"e e u u": "US",
	"usa": "US",
	"estados unidos de america": "US",
	"uk": "GB",
	"england": "GB",
	"inglaterra": "GB",
	"holanda": "NL",
	"holland": "NL",
	"rd": "DO",
	"rep dominicana": "DO",
	"republica dominicana": "DO",
	"corea del sur": "KR",
	"korea": "KR",
	"uae": "AE",
	"mexico df": "MX",
}

# Fields by which records are found besides their names.
_ALSO_BY = {
	"Cronus Customer": ("external_key", "code", "tax_id", "customer_name"),
	"Cronus Seller": ("user",),
	"Cronus Product": ("product_name",),
	"Currency": ("symbol",),
}


class LinkedNames:
	"""The records of a DocType that the session's user may link to."""

	def __init__(self, doctype: str):
		self.doctype = doctype
		self.meta = frappe.get_meta(doctype)
		self.found: dict[str, set[str]] = defaultdict(set)
		self.is_big = frappe.db.count(doctype) > _MOST_LOADED
		if not self.is_big:
			self._add_rows(self._read())
			if self.meta.translated_doctype:
				self._add_translations()
		if doctype == "Country":
			self._add_countries()
		if doctype == "Cronus Tax":
			self._add_rates()

	@cached_property
	def fields(self) -> list[str]:
		"""Columns that name a record."""
		title = self.meta.title_field
		names = ["name", *_ALSO_BY.get(self.doctype, ()), *([title] if title else [])]
		return [name for name in dict.fromkeys(names) if name == "name" or self.meta.has_field(name)]

	def prefetch(self, texts: set[str]) -> None:
		"""Finds the records of a big DocType that these texts name; called before :meth:`resolve`."""
		if not self.is_big:
			return
		self.found.clear()
		table = frappe.qb.DocType(self.doctype)
		wanted = [text for text in texts if text]
		if wanted:
			for fieldname in self.fields:
				self._add_rows(self._read(table[fieldname].isin(wanted)))

	def _read(self, criterion=None) -> list[dict]:
		table = frappe.qb.DocType(self.doctype)
		query = frappe.qb.from_(table).select(*(table[name] for name in self.fields))
		if criterion is not None:
			query = query.where(criterion)
		if ownership.is_governed(self.doctype):
			query = rule.filter_visible(query, self.doctype, table)
		if self.meta.has_field("merged_into"):
			query = query.select(table.merged_into).where((table.disabled == 0) | (table.merged_into != ""))
		elif self.meta.has_field("disabled"):
			query = query.where(table.disabled == 0)
		return query.run(as_dict=True)

	def _add_rows(self, rows: list[dict]) -> None:
		for row in sorted(rows, key=lambda row: bool(row.get("merged_into"))):
			if row.get("merged_into"):
				# Old numbers and names lead to the record that stayed, unless another one has them now.
				self._add_merged(row)
				continue
			for fieldname in self.fields:
				if text := row[fieldname]:
					self.found[simplify(str(text)) or str(text)].add(row["name"])

	def _add_merged(self, row: dict) -> None:
		survivor = follow_merges(row["name"])
		for fieldname in self.fields:
			if text := row[fieldname]:
				self.found.setdefault(simplify(str(text)) or str(text), {survivor})

	def _add_translations(self) -> None:
		names = {name for names in self.found.values() for name in names}
		for language in _LANGUAGES[:2]:
			for name in names:
				self.found[simplify(_(name, language))].add(name)

	def _add_countries(self) -> None:
		codes = dict(frappe.get_all("Country", fields=["code", "name"], as_list=True, order_by="name asc"))
		by_code = {code.upper(): name for code, name in codes.items() if code}
		for code, name in by_code.items():
			self.found[code.lower()].add(name)
			for language in _LANGUAGES:
				if title := Locale(language).territories.get(code):
					self.found[simplify(title)].add(name)
		for alias, targets in get_global("territory_aliases").items():
			if len(alias) == 3 and alias.isalpha() and len(targets) == 1 and targets[0] in by_code:
				self.found[alias.lower()].add(by_code[targets[0]])
		for alias, code in _COUNTRY_ALIASES.items():
			if code in by_code:
				self.found[alias] = {by_code[code]}

	def _add_rates(self) -> None:
		"""Sheets hold the rate of a tax where a column is called after it: 15, 15 %, 15,00 or 0.15."""
		taxes = frappe.get_all(
			"Cronus Tax", {"disabled": 0}, ["name", "rate"], order_by="name asc", as_list=True
		)
		for name, rate in taxes:
			texts = {f"{rate:g}", f"{rate:.1f}", f"{rate:.2f}", f"{rate / 100:g}", f"{rate / 100:.2f}"}
			for text in texts | {text.replace(".", ",") for text in texts}:
				self.found[simplify(text) or text].add(name)

	def resolve(self, text: str) -> str:
		"""The name of the record that a text names.

		Raises UnknownValue for none, WrongValue for several.
		"""
		names = self.found.get(simplify(text) or text, set())
		if len(names) > 1 and text in names:
			return text
		if len(names) == 1:
			return next(iter(names))
		label = _(self.doctype)
		if names:
			raise WrongValue(
				_("{0} is the name of several records of {1}: {2}. Write which one.").format(
					text, label, ", ".join(sorted(names)[:5])
				)
			)
		near = process.extractOne(simplify(text), list(self.found), scorer=fuzz.ratio, score_cutoff=80)
		if near:
			meant = next(iter(self.found[near[0]]))
			raise UnknownValue(_("there is no {0} “{1}”. Is it {2}?").format(label, text, _(meant)))
		raise UnknownValue(
			_(
				"there is no {0} “{1}”. Write it as it is there, create it first, or say under "
				"Other names of values what it is called here."
			).format(label, text)
		)
