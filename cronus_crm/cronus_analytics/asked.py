"""What the filters of a report ask for: a period, whose figures, and where. One meaning for all reports."""

from dataclasses import dataclass
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.query_builder import Criterion
from frappe.utils import getdate, nowdate
from pypika import Table

from cronus_crm.cronus_analytics.totals import Scope
from cronus_crm.cronus_crm import visibility

DEFAULT_DAYS = 365


@dataclass(frozen=True)
class Asked:
	"""from_date, to_date: both included. seller: with the team below. work_center: that one alone."""

	from_date: date
	to_date: date
	seller: str | None = None
	work_center: str | None = None

	@property
	def scope(self) -> Scope:
		"""The same for `totals.read`."""
		return Scope(visibility.team_of(self.seller) if self.seller else None, self.work_center)

	def condition(self, doctype: str, table: Table) -> Criterion:
		"""The same for a query over a table with `seller` and `work_center`, with the rule of visibility."""
		rules = [rule] if (rule := visibility.condition(doctype, table)) is not None else []
		if self.seller:
			rules.append(table.seller.isin(visibility.team_of(self.seller)))
		if self.work_center:
			rules.append(table.work_center == self.work_center)
		return Criterion.all(rules)

	def sellers(self) -> list[str]:
		"""The visible sellers that are asked for, in the order of the tree."""
		visible = visibility.visible_sellers()
		if not self.seller:
			return visible
		team = set(visibility.team_of(self.seller))
		return [seller for seller in visible if seller in team]

	def a_year_before(self) -> "Asked":
		"""The same of the same days one year earlier."""
		return Asked(_year_before(self.from_date), _year_before(self.to_date), self.seller, self.work_center)


def of(filters: dict | None, days: int = DEFAULT_DAYS) -> Asked:
	"""What filters ask for: from_date and to_date (by default so many days up to today), seller, work_center.

	Raises frappe.ValidationError for a period that ends before it begins, frappe.PermissionError for a seller
	outside of what the user may see.
	"""
	filters = frappe._dict(filters or {})
	to_date = getdate(filters.to_date or nowdate())
	from_date = getdate(filters.from_date) if filters.from_date else to_date - timedelta(days=days - 1)
	if from_date > to_date:
		frappe.throw(_("The period ends before it begins: put the first date before the last one."))
	if filters.seller and filters.seller not in visibility.visible_sellers():
		frappe.throw(
			_("{0} is not in your team. Choose a seller that you may see.").format(
				frappe.bold(filters.seller)
			),
			frappe.PermissionError,
		)
	return Asked(from_date, to_date, filters.seller or None, filters.work_center or None)


def _year_before(day: date) -> date:
	# Of a leap year's last day of February, the one before.
	return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
