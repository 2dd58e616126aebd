"""Rows of an import that were compared before: who is doubled, and whose record is already there."""

import json
from dataclasses import dataclass

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Min

from cronus_crm.cronus_exchange.comparing.row_plans import KEPT_KEYS
from cronus_crm.cronus_exchange.reading.rows import Row

ROW = "Cronus Import Row"


@dataclass(frozen=True)
class EarlierRow:
	"""record: the name of what the row is about, once it is written. cells: the row as it is in the file."""

	line: int
	keys: tuple[str | None, ...]
	whole_key: str | None
	record: str | None
	cells: tuple[str, ...]

	@property
	def row(self) -> Row:
		return Row(self.line, self.cells)


class EarlierRows:
	"""Asks the stored rows of an import, so that memory does not grow with the file.

	A row that is wrong or left out decides nothing about later ones, and is stored without keys.
	"""

	def __init__(self, customer_import: str):
		self.customer_import = customer_import

	def find(self, keys: set[str], before: int) -> list[EarlierRow]:
		"""The first row with each of these keys, on lines before `before`."""
		if not keys:
			return []
		table = DocType(ROW)
		# The names of rows are in the order of their lines, and each index of keys ends with the name: the
		# first one is found without reading the others, however many have the same key.
		first = {
			name
			for column in (*KEPT_KEYS, "whole_key")
			for name in frappe.qb.from_(table)
			.select(Min(table.name))
			.where((table.customer_import == self.customer_import) & table[column].isin(sorted(keys)))
			.groupby(table.customer_import, table[column])
			.run(pluck=True)
		}
		if not first:
			return []
		rows = (
			frappe.qb.from_(table)
			.select(
				table.line,
				*(table[name] for name in KEPT_KEYS),
				table.whole_key,
				table.record_name,
				table.cells,
			)
			.where(table.name.isin(sorted(first)) & (table.line < before))
			.orderby(table.line)
			.run(as_dict=True)
		)
		return [
			EarlierRow(
				row["line"],
				tuple(row[name] for name in KEPT_KEYS),
				row["whole_key"],
				row["record_name"],
				tuple(json.loads(row["cells"] or "[]")),
			)
			for row in rows
		]
