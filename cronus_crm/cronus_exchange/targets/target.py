"""What can be imported, as data: the records that a row becomes, their fields, and how they are known again.

A target is a module of this folder with the constant TARGET; nothing else names it, except the options of the
field `target` of Cronus Customer Import.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_exchange.targets import column_tables

# Kinds of values by the type of a field. A field of text has more, by its `options`, see `kind_of`.
KINDS_BY_TYPE = {
	"Data": "text",
	"Small Text": "lines",
	"Text": "lines",
	"Long Text": "lines",
	"Text Editor": "rich text",
	"Int": "whole number",
	"Float": "number",
	"Currency": "number",
	"Percent": "number",
	"Date": "date",
	"Datetime": "moment",
	"Link": "link",
	"Select": "choice",
	"Check": "yes or no",
}
_KINDS_BY_OPTIONS = {"Phone": "phone", "Email": "email", "URL": "website"}


@dataclass(frozen=True)
class Field:
	"""A field that a column can become.

	fieldname: of the part's DocType, or of what `Part.build` makes of it.
	kind: how its cells are read; by default, by the type of the field.
	label: English; by default, that of the field. aliases: other headings for it, in any language.
	"""

	fieldname: str
	kind: str | None = None
	label: str | None = None
	aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
	"""A record that a row becomes.

	name: English, as in the headings of its columns. fields: see above; custom fields are added. needs: one
	of its fields, without which the row has no such record. keys: fields that tell which record it is, the
	most certain first; each alone suffices. all_keys: fields that tell it only together. parent: name of the
	part that it belongs to, which stands before it. parent_field: its link to that. build: makes the new
	document from values and the document of the parent. merge: changes a stored document by values, and gives
	back what changed, as {fieldname: [before, after]}. find_person: whether it is known again as a person,
	see `comparing/stored_records.py`. unique: groups of fields that no two records have in common and that
	the controller asks for. linked: whether it belongs to its parent by a Dynamic Link. table: of its
	DocType, one whose rows are columns, see `column_tables.py`.
	"""

	name: str
	doctype: str
	fields: tuple[Field, ...]
	needs: str
	keys: tuple[str, ...] = ()
	all_keys: tuple[str, ...] = ()
	parent: str | None = None
	parent_field: str | None = None
	build: Callable[[dict, dict[str, Document]], Document] | None = None
	merge: Callable[[Document, dict], dict] | None = None
	find_person: bool = False
	unique: tuple[tuple[str, ...], ...] = ()
	linked: bool = False
	table: str | None = None


@dataclass(frozen=True)
class Target:
	"""name: English, an option of `target`. parts: the first one is what the row is about.
	check: finds what is wrong with the values of a row beyond single fields, as translated texts.
	complete: changes the values of a new record of the first part that depend on others of them.
	similar: fields by which likely doubles are looked for among the records of the first part: that of the
	name, and those that hold tax id, telephone and mail as compared.
	examples: rows of the template, by keys of fields."""

	name: str
	parts: tuple[Part, ...]
	check: Callable[[dict[str, dict]], list[str]] | None = None
	complete: Callable[[dict], None] | None = None
	similar: dict[str, str] = field(default_factory=dict)
	examples: tuple[dict[str, str], ...] = ()

	@property
	def root(self) -> Part:
		return self.parts[0]

	def part(self, name: str) -> Part:
		return next(part for part in self.parts if part.name == name)

	@cached_property
	def has_seller(self) -> bool:
		return any(known.fieldname == "seller" for known in self.root.fields)

	def list_fields(self) -> "list[TargetField]":
		"""All fields that the user of the session may write, in their order."""
		return [found for part in self.parts for found in _list_fields_of_part(self, part)]


@dataclass(frozen=True)
class TargetField:
	"""A field of a target, resolved against the DocType. key: “part.fieldname”. options: those of a link or
	a choice. length: most characters; 0: no limit."""

	key: str
	part: Part
	fieldname: str
	kind: str
	label: str
	heading: str
	aliases: tuple[str, ...]
	options: str | None = None
	length: int = 0
	is_table: bool = False

	def write_heading(self, language: str | None = None) -> str:
		"""The heading of its column, in a language; by default, the session's."""
		label = _(self.label, language, context=self.part.doctype)
		if self.heading == self.label:
			return label
		return f"{_(self.part.name, language)}: {label}"


def _list_fields_of_part(target: Target, part: Part) -> list[TargetField]:
	meta = frappe.get_meta(part.doctype)
	writable = {*meta.get_permitted_fieldnames(permission_type="write", with_virtual_fields=False)}
	found = []
	for known in (*part.fields, *list_custom_fields(meta, part)):
		field_of_meta = meta.get_field(known.fieldname)
		if field_of_meta and field_of_meta.permlevel and known.fieldname not in writable:
			continue
		label = known.label or field_of_meta.label
		found.append(
			TargetField(
				key=f"{part.name}.{known.fieldname}",
				part=part,
				fieldname=known.fieldname,
				kind=known.kind or kind_of(field_of_meta),
				label=label,
				heading=label if part is target.root else f"{part.name}: {label}",
				aliases=known.aliases,
				options=field_of_meta.options if field_of_meta else None,
				length=_length_of(field_of_meta),
			)
		)
	return [*found, *_list_columns_of_table(part)]


def _list_columns_of_table(part: Part) -> "list[TargetField]":
	return [
		TargetField(
			key=f"{part.name}.{fieldname}",
			part=part,
			fieldname=fieldname,
			kind="choice" if allowed else "text",
			label=label,
			heading=label,
			aliases=(),
			options=allowed,
			length=140,
		)
		for fieldname, label, allowed in (column_tables.list_columns(part.table) if part.table else ())
	]


def list_custom_fields(meta, part: Part) -> list[Field]:
	"""Fields that the site has added, as far as cells can become their values."""
	ours = {known.fieldname for known in part.fields}
	return [
		Field(found.fieldname)
		for found in meta.fields
		if found.get("is_custom_field")
		and found.fieldtype in KINDS_BY_TYPE
		and found.fieldname not in ours
		and not (found.read_only or found.hidden or found.is_virtual)
	]


def kind_of(meta_field) -> str:
	"""The kind of the values of a field of a DocType."""
	if meta_field.fieldtype == "Data" and meta_field.options in _KINDS_BY_OPTIONS:
		return _KINDS_BY_OPTIONS[meta_field.options]
	return KINDS_BY_TYPE[meta_field.fieldtype]


def _length_of(meta_field) -> int:
	if not meta_field or meta_field.fieldtype not in ("Data", "Link", "Select"):
		return 0
	return meta_field.length or 140


def load_targets() -> dict[str, Target]:
	"""All targets by their names: the modules of this folder that have one."""
	import pkgutil
	from importlib import import_module

	package = __package__
	paths = import_module(package).__path__
	modules = (import_module(f"{package}.{found.name}") for found in pkgutil.iter_modules(paths))
	targets = (getattr(module, "TARGET", None) for module in modules)
	return {target.name: target for target in targets if target}


def find_target(name: str) -> Target:
	"""The target of that name. Raises frappe.ValidationError for an unknown one."""
	targets = load_targets()
	if name not in targets:
		frappe.throw(_("{0} cannot be imported. Choose one of: {1}").format(name, ", ".join(sorted(targets))))
	return targets[name]
