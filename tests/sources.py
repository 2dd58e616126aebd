"""Sources and what they have told, as a push leaves it, for tests that need none."""

import frappe

from cronus_crm.cronus_exchange.differing import kept_values
from cronus_crm.cronus_exchange.pushing.pushed_rows import make_key
from tests.scaffold import unique

SOURCE, EXTERNAL = "Cronus Source", "Cronus External Record"

KINDS = {
	"Cronus Customer": "Customer",
	"Cronus Customer Branch": "Branch",
	"Contact": "Contact",
	"Cronus Product": "Product",
	"Cronus Product Price": "Price",
}


def make_source(**fields):
	"""A source that is on; by default, with the fields that it owns by default."""
	name = unique("ERP").replace(" ", "-")
	return frappe.get_doc({"doctype": SOURCE, "source_name": name, "enabled": 1, **fields}).insert()


def own(source, doctype: str, *fieldnames: str) -> None:
	"""Lets a source own exactly these fields."""
	source.owned_fields = []
	for fieldname in fieldnames:
		source.append("owned_fields", {"record_type": doctype, "fieldname": fieldname})
	source.save()


def tell(source, doc, told: dict, external_id: str | None = None, **fields) -> str:
	"""What a source has told of a record, as if it had made the record; gives back the name of the Cronus
	External Record. told: values by fieldname."""
	kind, external_id = KINDS[doc.doctype], external_id or unique("X")
	kept = kept_values.Kept()
	columns = kept_values.keep(kept_values.read_stored(doc, kept, told), told, kept)
	return (
		frappe.get_doc(
			{
				"doctype": EXTERNAL,
				"name": make_key(source.name, kind.lower(), external_id),
				"source": source.name,
				"kind": kind,
				"external_id": external_id,
				"record_doctype": doc.doctype,
				"record_name": doc.name,
				"told_on": frappe.utils.now(),
				**columns,
				**fields,
			}
		)
		.insert(set_name=make_key(source.name, kind.lower(), external_id))
		.name
	)
