"""Cases in the history of a customer."""

import frappe
from frappe import _
from frappe.query_builder import DocType

from cronus_crm.base.texts import read_text
from cronus_crm.cronus_crm.customers.customer_history import Item, Mark, order_newest_first
from cronus_crm.cronus_service.cases.case_states import CASE
from cronus_crm.visibility import rule


def read_cases(customer: str, kinds: frozenset[str], before: Mark | None, limit: int) -> list[Item]:
	"""Source of `cronus_timeline_sources`: cases, when each was opened. Those that were merged into another
	one are left out."""
	if "Case" not in kinds or not frappe.has_permission(CASE, "read"):
		return []
	case = DocType(CASE)
	query = (
		frappe.qb.from_(case)
		.where((case.customer == customer) & (case.merged_into.isnull() | (case.merged_into == "")))
		.select(
			case.name,
			case.opened_on,
			case.subject,
			case.state,
			case.category,
			case.case_type,
			case.seller,
		)
	)
	query = rule.filter_visible(query, CASE, case)
	rows = order_newest_first(query, case.opened_on, CASE, case.name, before, limit)
	return [
		Item(
			when=row.opened_on,
			kind="Case",
			title=read_text(row.subject),
			summary=" · ".join(filter(None, (_(row.case_type) if row.case_type else "", _(row.state)))),
			doctype=CASE,
			name=row.name,
			amount=None,
			state=row.category,
			seller=row.seller,
		)
		for row in rows.run(as_dict=True)
	]
