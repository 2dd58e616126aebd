"""Which fields of a record an ERP owns: what its Cronus Source lists, for each record that it has told of.

A source that is switched off owns nothing, since nothing comes from it any more. Fields have the names that
the import knows them by; for a contact these are `emails`, `phones` and `mobiles` for what stands in its
tables.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.cronus_exchange.differing.conflicts import Teller, find_holders
from cronus_crm.cronus_exchange.targets.target import Part, list_custom_fields, load_targets

SOURCE, SOURCE_FIELD, EXTERNAL = "Cronus Source", "Cronus Source Field", "Cronus External Record"

# The fields of a record that only our own number identifies.
_NEVER_TOLD = frozenset({"name", "external_key"})

# What a new source owns: what an ERP decides in most companies. The rest of a customer is kept by sellers.
DEFAULT_FIELDS = {
	"Cronus Customer": (
		"customer_name",
		"tax_id",
		"code",
		"payment_days",
		"payment_terms",
		"credit_limit",
		"price_list",
	),
	"Cronus Product": ("product_code", "product_name", "unit", "price", "tax"),
	"Cronus Product Price": (
		"price_list",
		"product",
		"minimum_quantity",
		"valid_from",
		"valid_to",
		"price",
	),
}


def owned_of_source(source: str, doctype: str) -> frozenset[str]:
	"""The fields of a DocType that a source owns, whether it is on or not."""
	return frozenset(
		frappe.get_all(
			SOURCE_FIELD,
			filters={"parent": source, "parenttype": SOURCE, "record_type": doctype},
			pluck="fieldname",
			order_by="idx asc",
		)
	)


def find_owners(doctype: str, name: str) -> dict[str, str]:
	"""The owned fields of a record, and of each the Cronus Source that owns it: of several, the one that the
	field belongs to (see `conflicts.find_holders`), or where none of them has told it yet, the one that told
	the record first."""
	tellers = _read_tellers(doctype, [name]).get(name, [])
	owners = find_holders(tellers)
	for teller in tellers:
		for fieldname in teller.owned:
			owners.setdefault(fieldname, teller.source)
	return owners


def find_held(doctype: str, names: Collection[str], source: str) -> dict[str, dict[str, str]]:
	"""By name of a record, the fields that a source does not write since they belong to another one, and of
	each the name of that."""
	held = {}
	for name, tellers in _read_tellers(doctype, names).items():
		# What it is telling of its own fields counts as told.
		own = [_with_all_told(teller) if teller.source == source else teller for teller in tellers]
		others = {field: owner for field, owner in find_holders(own).items() if owner != source}
		if others:
			held[name] = others
	return held


def _with_all_told(teller: Teller) -> Teller:
	return teller._replace(told=teller.owned)


def _read_tellers(doctype: str, names: Collection[str]) -> dict[str, list[Teller]]:
	"""The sources that have told records and own fields of them, by name of the record: first those that told
	it first. Those that are switched off own nothing."""
	owned = _read_owned(doctype)
	if not owned or not names:
		return {}
	told = DocType(EXTERNAL)
	rows = (
		frappe.qb.from_(told)
		.select(told.record_name, told.source, told.values_told)
		.where((told.record_doctype == doctype) & told.record_name.isin(sorted(names)))
		.where(told.source.isin(sorted(owned)))
		.orderby(told.creation)
		.orderby(told.source)
		.run()
	)
	found = defaultdict(list)
	for name, source, values in rows:
		found[name].append(Teller(source, owned[source], json.loads(values or "{}").keys()))
	return found


def _read_owned(doctype: str) -> dict[str, list[str]]:
	"""The fields of a DocType that each source owns which is on, in the order of its list."""
	source, owned = DocType(SOURCE), DocType(SOURCE_FIELD)
	rows = (
		frappe.qb.from_(source)
		.join(owned)
		.on((owned.parent == source.name) & (owned.parenttype == SOURCE))
		.select(source.name, owned.fieldname)
		.where((source.enabled == 1) & (owned.record_type == doctype))
		.orderby(source.name)
		.orderby(owned.idx)
		.run()
	)
	found = defaultdict(list)
	for name, fieldname in rows:
		found[name].append(fieldname)
	return found


def list_told_doctypes() -> list[str]:
	"""The DocTypes whose fields an ERP may own."""
	return list({part.doctype: part for part in _list_parts()})


def show_label(doctype: str, fieldname: str) -> str:
	"""The label of a field in the session's language, also of whose a contact is; the name itself where the
	import does not know it."""
	if label := _labels_of(doctype).get(fieldname):
		return _(label, context=doctype)
	linked = {"customer": _("Customer"), "branch": _("Branch")}
	return linked.get(fieldname, fieldname)


def list_fields(doctype: str) -> list[str]:
	"""The names of the fields of a DocType that an ERP may own."""
	return list(_labels_of(doctype))


def _labels_of(doctype: str) -> dict[str, str]:
	"""By fieldname, the labels of what an ERP can tell of a DocType, whoever asks."""
	part = next((part for part in _list_parts() if part.doctype == doctype), None)
	if not part:
		return {}
	meta = frappe.get_meta(doctype)
	return {
		field.fieldname: field.label or meta.get_label(field.fieldname)
		for field in (*part.fields, *list_custom_fields(meta, part))
		if field.fieldname not in _NEVER_TOLD
	}


def _list_parts() -> Iterator[Part]:
	told = frappe.get_meta(SOURCE_FIELD).get_options("record_type").split("\n")
	for target in load_targets().values():
		yield from (part for part in target.parts if part.doctype in told)


def propose_fields(source: Document, method: str | None = None) -> None:
	"""Event `before_insert` of a source: one that lists nothing gets the fields that an ERP mostly owns."""
	if source.owned_fields:
		return
	for doctype, fieldnames in DEFAULT_FIELDS.items():
		for fieldname in fieldnames:
			source.append("owned_fields", {"record_type": doctype, "fieldname": fieldname})


def check_fields(source: Document, method: str | None = None) -> None:
	"""Event `validate` of a source: each line names a field that an ERP can tell, once; labels are written.

	Raises frappe.ValidationError for another field.
	"""
	seen = set()
	for row in list(source.owned_fields):
		known = _labels_of(row.record_type)
		if row.fieldname not in known:
			frappe.throw(
				_("{0} is no field of {1} that an ERP can own. Choose one of: {2}").format(
					frappe.bold(frappe.utils.escape_html(row.fieldname or "")),
					frappe.bold(_(row.record_type)),
					", ".join(sorted(known)),
				)
			)
		if (row.record_type, row.fieldname) in seen:
			source.remove(row)
		seen.add((row.record_type, row.fieldname))
		row.label = known[row.fieldname]
