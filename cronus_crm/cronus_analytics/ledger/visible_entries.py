"""Which entries of the ledger a user sees. Sellers have no right to the ledger itself, so that each entry is
seen by whoever may see its document."""

import frappe
from frappe.query_builder import Criterion
from pypika import Table
from pypika.queries import QueryBuilder

from cronus_crm.base import sales_documents
from cronus_crm.visibility import rule
from cronus_crm.visibility.rule import Scope


def condition(entry: Table) -> Criterion | None:
	"""The rule for the session's user, for a query over the ledger; None when nothing is hidden."""
	readable = [
		doctype for doctype in sales_documents.registered_doctypes() if frappe.has_permission(doctype, "read")
	]
	by_scope: dict[Scope, list[str]] = {}
	for doctype in readable:
		by_scope.setdefault(rule.get_scope(doctype), []).append(doctype)
	if not by_scope:
		return entry.name.isnull()
	if len(by_scope) == 1 and len(readable) == len(sales_documents.registered_doctypes()):
		# One rule for all: without the DocTypes in it, an index can answer.
		return rule.build_criterion(readable[0], entry)
	rules = []
	for doctypes in by_scope.values():
		criterion = rule.build_criterion(doctypes[0], entry)
		of_doctypes = entry.source_doctype.isin(doctypes)
		rules.append(of_doctypes if criterion is None else of_doctypes & criterion)
	return Criterion.any(rules)


def only_visible(query: QueryBuilder, entry: Table) -> QueryBuilder:
	"""The query over the ledger, of the entries that the session's user sees."""
	criterion = condition(entry)
	return query if criterion is None else query.where(criterion)
