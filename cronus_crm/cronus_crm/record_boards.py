"""Boards of records: the framework's Kanban, with a column for each value of a master in use. Disabled ones
that still hold records in course come last.

The framework stores a board as one document that all users share, and in it the order of the cards: a list of
names that grows, and that shows everybody the names of other people's records. On boards of governed DocTypes
no order is stored; cards are sorted by their last change.
"""

from dataclasses import dataclass

import frappe
from frappe.model.document import Document

from cronus_crm.visibility import ownership

KANBAN_BOARD = "Kanban Board"

# The colours that the framework offers for columns, as its light theme shows them.
INDICATORS = {
	"Blue": "#3b82f6",
	"Cyan": "#06b6d4",
	"Gray": "#9ca3af",
	"Green": "#16a34a",
	"Light Blue": "#93c5fd",
	"Orange": "#f97316",
	"Pink": "#ec4899",
	"Purple": "#8b5cf6",
	"Red": "#dc2626",
	"Yellow": "#eab308",
}


@dataclass(frozen=True)
class RecordBoard:
	"""name: of the Kanban Board. doctype: of the cards. field: links to the master whose values are the
	columns; it has `disabled`, `color` and `position`. state_field, in_course: which records are in course.
	card_fields: what a card shows."""

	name: str
	doctype: str
	field: str
	state_field: str
	in_course: tuple[str, ...]
	card_fields: tuple[str, ...]

	def make(self) -> None:
		"""Creates the board; updates an existing one."""
		if frappe.db.exists(KANBAN_BOARD, self.name):
			self.sync_columns()
			return
		board = frappe.new_doc(KANBAN_BOARD)
		board.update(
			{
				"kanban_board_name": self.name,
				"reference_doctype": self.doctype,
				"field_name": self.field,
				# What is over would fill the board; its columns are there to drop cards on.
				"filters": frappe.as_json([[self.doctype, self.state_field, "in", self.in_course]]),
				"fields": frappe.as_json(self.card_fields),
				"columns": self._build_columns(),
			}
		)
		board.insert(ignore_permissions=True)  # the site is being installed, or migrated
		# Owned by Administrator, so that no other user may change the shared board.
		board.owner = "Administrator"
		# During installation the app's own document events do not run yet.
		drop_card_order(board)
		board.db_update_all()

	def sync_columns(self) -> None:
		"""Sets the columns of the board to the values in use; does nothing if there is no board."""
		if not frappe.db.exists(KANBAN_BOARD, self.name):
			return
		board = frappe.get_doc(KANBAN_BOARD, self.name)
		columns = self._build_columns()
		shown = [{"column_name": row.column_name, "indicator": row.indicator} for row in board.columns]
		if shown != columns:
			board.set("columns", columns)
			# The board follows the master; who may write that need not have the right to boards.
			board.save(ignore_permissions=True)

	def _build_columns(self) -> list[dict]:
		in_course = {self.state_field: ("in", self.in_course)}
		left = frappe.get_all(
			self.doctype, in_course, pluck=self.field, distinct=True, order_by=f"{self.field} asc"
		)
		values = frappe.get_all(
			frappe.get_meta(self.doctype).get_field(self.field).options,
			or_filters={"disabled": 0, "name": ("in", left or [""])},
			fields=["name", "color"],
			order_by="disabled asc, position asc, name asc",
		)
		return [
			{"column_name": value.name, "indicator": find_nearest_indicator(value.color)} for value in values
		]


def find_nearest_indicator(colour: str | None) -> str:
	"""The column colour of the framework that is nearest to a colour (#rrggbb); Gray for None."""
	if not colour:
		return "Gray"
	return min(INDICATORS, key=lambda name: _compute_colour_distance(INDICATORS[name], colour))


def _compute_colour_distance(one: str, other: str) -> int:
	"""Squared Euclidean distance of two colours (#rrggbb) in RGB."""
	return sum((a - b) ** 2 for a, b in zip(_parse_rgb(one), _parse_rgb(other), strict=True))


def _parse_rgb(colour: str) -> bytes:
	return bytes.fromhex(colour.lstrip("#")[:6].ljust(6, "0"))


def drop_card_order(doc: Document, method: str | None = None) -> None:
	"""Event `validate` of Kanban Board: removes the names of cards, as every user may read the board."""
	if ownership.is_governed(doc.reference_doctype):
		for column in doc.columns:
			column.order = None
