"""What a row of a report by seller stands for: a seller, a team, a manager or a work centre.

* *Team*: a seller who leads others stands with them, in a team that bears the leader's name; whoever leads
  nobody stands in the team of the seller directly above.
* *Manager*: every seller, a leader too, stands with the seller directly above. * A seller above whom the
reader sees nobody stands alone. * *Work centre*: that of the record, not that of its seller today. *
*Product*, where a report has it: an opportunity counts once for each of its products, with the amount of the
  lines of that product, and in the total once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import frappe
from frappe import _

from cronus_crm.base.report_parts import column, read_option
from cronus_crm.cronus_analytics.ledger.totals import TOTAL
from cronus_crm.visibility import rule

SELLER, TEAM, MANAGER, WORK_CENTER = "Seller", "Team", "Manager", "Work centre"
ROWS = (SELLER, TEAM, MANAGER, WORK_CENTER)
PRODUCT = "Product"


@dataclass(frozen=True)
class RowGroups:
	"""by: one of ROWS, or PRODUCT. leaders: of teams and managers, the leader of each visible seller."""

	by: str = SELLER
	leaders: dict[str, str] = field(default_factory=dict)

	@property
	def fieldname(self) -> str:
		"""The field by which records and totals are read, and which holds the name of the group in a row."""
		return {WORK_CENTER: "work_center", PRODUCT: "product"}.get(self.by, "seller")

	def find_group(self, value: str | None) -> str:
		"""The group of a record, by its value in the field; "" for the group of those without one."""
		return self.leaders.get(value or "", value or "")

	def group_rows(self, rows: Iterable[frappe._dict]) -> dict[str, list[frappe._dict]]:
		"""Groups rows of totals that were read by the field."""
		found: dict[str, list[frappe._dict]] = {}
		for row in rows:
			found.setdefault(self.find_group(row[self.fieldname]), []).append(row)
		return found

	def make_cells(self, group: str) -> dict:
		"""The cells of a row that say what it stands for. members: JSON of the names of the sellers in it,
		for the links to their records; only of teams and managers."""
		cells = {self.fieldname: group or None}
		if self.by in (TEAM, MANAGER):
			cells["members"] = frappe.as_json(self.list_members(group), indent=None)
		return cells

	def list_members(self, group: str) -> list[str]:
		return [seller for seller, leader in self.leaders.items() if leader == group] or [group]

	def make_columns(self) -> list[dict]:
		"""The columns of `make_cells`; `make_total_cells` is for the row of the total."""
		if self.by == WORK_CENTER:
			return [column("work_center", _("Work centre"), "Link", 190, options="Cronus Work Center")]
		if self.by == PRODUCT:
			return [column("product", _("Product"), "Link", 190, options="Cronus Product")]
		labels = {SELLER: _("Seller"), TEAM: _("Team"), MANAGER: _("Manager")}
		name = column("seller", labels[self.by], "Link", 190, options="Cronus Seller")
		return [name] if self.by == SELLER else [name, column("members", _("Sellers"), "Data", hidden=1)]

	def make_total_cells(self) -> dict:
		return {self.fieldname: _("Total"), "bold": 1}

	def label(self, row: dict) -> str:
		"""The label of a row in a chart."""
		if self.by == WORK_CENTER:
			name = row["work_center"]
			return _(name) if name else _("(no work centre)")
		if self.by == PRODUCT:
			return row["product"] or _("(no product)")
		return row["seller"] or _("(no seller)")

	def describe(self) -> str:
		"""The translated sentence of the note that says what a row is; empty for sellers."""
		return {
			TEAM: _("A team: whoever leads others, with those who report to them directly."),
			MANAGER: _(
				"Each stands with the seller to whom they report; who reports to nobody stands alone."
			),
			WORK_CENTER: _("Work centres: those of the records."),
			PRODUCT: _("An opportunity counts once for each of its products, with the amount of its lines."),
		}.get(self.by, "")


def read_row_groups(filters: dict | None, rows: Sequence[str] = ROWS) -> RowGroups:
	"""What the rows of a report stand for, by its filter `by`; by default, sellers.

	rows: which the report has. Raises frappe.ValidationError for a value that is none of them.
	"""
	by = read_option(filters, "by", rows)
	return RowGroups(by, _find_leaders(by) if by in (TEAM, MANAGER) else {})


def _find_leaders(by: str) -> dict[str, str]:
	"""The leader of the team, or the manager, of each seller whose records the session's user sees."""
	visible = rule.visible_sellers(TOTAL)
	rows = frappe.get_all(
		"Cronus Seller",
		filters={"name": ("in", visible or [""])},
		fields=["name", "parent_cronus_seller"],
		order_by="lft asc",
	)
	above = {row.name: row.parent_cronus_seller for row in rows if row.parent_cronus_seller in visible}
	leading = set(above.values()) if by == TEAM else set()
	return {name: name if name in leading else above.get(name, name) for name in visible}
