"""Which documents the figures of customers count, and as of which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import frappe
from frappe.query_builder import DocType
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base import months
from cronus_crm.base.company import company_today
from cronus_crm.cronus_analytics.ledger import visible_entries
from cronus_crm.cronus_analytics.ledger.entries import ENTRY
from cronus_crm.visibility import rule


@dataclass(frozen=True)
class Documents:
	"""Which documents are counted.

	customers: names, or a query that selects names; None for all customers. sellers, work_center: only
	entries of the ledger with these; None for all. whole_company: do not apply the rule of visibility, for
	figures that are stored for everybody; by default, only documents that the session's user may see.
	as_of: a past day, at whose end the figures are taken: later documents are not counted, and what they have
	settled since is still owed. None for today, with the stored balances.
	"""

	customers: Sequence[str] | QueryBuilder | None = None
	sellers: Sequence[str] | None = None
	work_center: str | None = None
	whole_company: bool = False
	as_of: date | None = None

	@property
	def day(self) -> date:
		"""The day of the figures: `as_of`, or today."""
		return self.as_of or company_today()

	@property
	def month(self) -> date:
		"""The month of that day, which is not over: its first day."""
		return self.day.replace(day=1)

	def subtract_months(self, number: int) -> date:
		"""The first day of the month `number` months before the month of the figures."""
		return months.subtract_months(self.month, number)

	@cached_property
	def entries(self) -> tuple[Table, QueryBuilder]:
		"""The table of the ledger, and a query over the entries that are counted."""
		entry = DocType(ENTRY)
		query = frappe.qb.from_(entry).where((entry.cancelled == 0) & entry.customer.isnotnull())
		query = self._of_customers(query, entry)
		if self.sellers is not None:
			query = query.where(entry.seller.isin(list(self.sellers) or [""]))
		if self.work_center:
			query = query.where(entry.work_center == self.work_center)
		if self.as_of:
			query = query.where(entry.posting_date <= self.as_of)
		return entry, query if self.whole_company else visible_entries.only_visible(query, entry)

	def payments(self) -> tuple[Table, QueryBuilder]:
		"""The table of Cronus Payment, and a query over the payments that are counted."""
		payment = DocType("Cronus Payment")
		query = frappe.qb.from_(payment).where(payment.docstatus == 1)
		query = self._of_customers(query, payment)
		return payment, self.restrict_to_visible(query, "Cronus Payment", payment)

	def restrict_to_visible(self, query: QueryBuilder, doctype: str, table: Table) -> QueryBuilder:
		"""Adds the rule of visibility of a joined DocType to a query; table: the joined table. A user without
		permission to read the DocType gets no rows."""
		if self.whole_company:
			return query
		if not frappe.has_permission(doctype, "read"):
			return query.where(table.name.isnull())
		return rule.filter_visible(query, doctype, table)

	def _of_customers(self, query: QueryBuilder, table: Table) -> QueryBuilder:
		if self.customers is None:
			return query
		if isinstance(self.customers, QueryBuilder):
			return query.where(table.customer.isin(self.customers))
		return query.where(table.customer.isin(list(self.customers) or [""]))
