"""Which entries of the ledger a user sees: those whose document the user may see.

Sellers have no permission on the ledger's DocType itself, so the rule is applied here and not by the
framework.
"""

import frappe
from frappe.query_builder import Criterion
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base import sales_documents
from cronus_crm.visibility import rule
from cronus_crm.visibility.rule import Scope


def condition(entry: Table) -> Criterion | None:
	"""The criterion of the entries that the session's user sees, for a query over `entry`; None where the
	user sees all of them."""
	readable = [
		doctype for doctype in sales_documents.registered_doctypes() if frappe.has_permission(doctype, "read")
	]
	by_scope: dict[Scope, list[str]] = {}
	for doctype in readable:
		by_scope.setdefault(rule.get_scope(doctype), []).append(doctype)
	if not by_scope:
		return entry.name.isnull()
	if len(by_scope) == 1 and len(readable) == len(sales_documents.registered_doctypes()):
		# One scope for all DocTypes: without a criterion on the DocType, an index can be used.
		return rule.build_criterion(readable[0], entry)
	rules = []
	for doctypes in by_scope.values():
		criterion = rule.build_criterion(doctypes[0], entry)
		is_of_scope = entry.source_doctype.isin(doctypes)
		rules.append(is_of_scope if criterion is None else is_of_scope & criterion)
	return Criterion.any(rules)


def only_visible(query: QueryBuilder, entry: Table) -> QueryBuilder:
	"""Restricts a query over `entry` to the entries that the session's user sees."""
	criterion = condition(entry)
	return query if criterion is None else query.where(criterion)
