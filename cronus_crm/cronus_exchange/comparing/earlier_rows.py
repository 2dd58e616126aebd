"""Rows of an import that were compared before: who is doubled, and whose record is already there."""

import json
from dataclasses import dataclass

import frappe
from frappe.query_builder import DocType

from cronus_crm.cronus_exchange.comparing.row_plans import KEPT_KEYS, LEFT_OUT, REFUSED, WRONG
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

	A row that is wrong or left out decides nothing about later ones.
	"""

	def __init__(self, customer_import: str):
		self.customer_import = customer_import

	def find(self, keys: set[str], before: int) -> list[EarlierRow]:
		"""The first row with each of these keys, on lines before `before`."""
		table = DocType(ROW)
		found: dict[tuple[str, str], dict] = {}
		if not keys:
			return []
		for column in (*KEPT_KEYS, "whole_key"):
			rows = (
				frappe.qb.from_(table)
				.select(
					table.line,
					*(table[name] for name in KEPT_KEYS),
					table.whole_key,
					table.record_name,
					table.cells,
				)
				.where((table.customer_import == self.customer_import) & table[column].isin(sorted(keys)))
				.where((table.line < before) & table.outcome.notin((WRONG, LEFT_OUT, REFUSED)))
				.orderby(table.line)
				.run(as_dict=True)
			)
			for row in rows:
				found.setdefault((column, row[column]), row)
		return [
			EarlierRow(
				row["line"],
				tuple(row[name] for name in KEPT_KEYS),
				row["whole_key"],
				row["record_name"],
				tuple(json.loads(row["cells"] or "[]")),
			)
			for row in sorted(
				{row["line"]: row for row in found.values()}.values(), key=lambda row: row["line"]
			)
		]
