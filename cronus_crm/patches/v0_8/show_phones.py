"""Writes telephones in the form in which they are shown."""

from collections.abc import Iterator

import frappe
from frappe.query_builder import DocType
from pypika.terms import ValueWrapper

from cronus_crm.base.phone_texts import show_phones

_BATCH = 1000


def execute() -> None:
	"""Fills `phone_shown` of the records that have a telephone, batch by batch. A repetition does the
	same."""
	for doctype, country_field in (
		("Cronus Customer", "country"),
		("Cronus Prospect", None),
		("Cronus Customer Branch", "country"),
	):
		for rows in _read_batches(doctype, country_field):
			for name, phone, country in rows:
				shown = show_phones(phone, country)
				frappe.db.set_value(doctype, name, "phone_shown", shown, update_modified=False)


def _read_batches(doctype: str, country_field: str | None) -> Iterator[list[tuple]]:
	table, last = DocType(doctype), ""
	country = table[country_field] if country_field else ValueWrapper(None)
	while True:
		rows = (
			frappe.qb.from_(table)
			.select(table.name, table.phone, country)
			.where((table.name > last) & (table.phone != ""))
			.orderby(table.name)
			.limit(_BATCH)
			.run()
		)
		if not rows:
			return
		yield rows
		last = rows[-1][0]
