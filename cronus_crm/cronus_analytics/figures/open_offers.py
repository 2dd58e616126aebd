"""Open offers: proformas that are valid today and of which nothing was made, of any app and ERP."""

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Count, Sum
from pypika import Table
from pypika.terms import ExistsCriterion, ValueWrapper

from cronus_crm.base.company import company_today
from cronus_crm.base.sales_documents import PROFORMA
from cronus_crm.cronus_analytics.ledger.entries import ENTRY


def is_open_offer(entry: Table) -> Criterion:
	"""The criterion of the entries of the ledger, in a query over `entry`, that are open offers."""
	origin, made = DocType("Cronus Sales Entry Origin"), DocType(ENTRY).as_("made")
	made_of_it = (
		frappe.qb.from_(origin)
		.join(made)
		.on((made.name == origin.parent) & (made.cancelled == 0))
		.where((origin.origin_name == entry.source_name) & (origin.origin_doctype == entry.source_doctype))
		.select(ValueWrapper(1))
	)
	return (
		(entry.kind == PROFORMA)
		& (entry.cancelled == 0)
		& (entry.due_date.isnull() | (entry.due_date >= company_today()))
		& ExistsCriterion(made_of_it).negate()
	)


def count_open_offers(sellers: list[str]) -> list[tuple[str, int, float]]:
	"""Each seller with the number of their open offers and what they amount to, without tax, in the company's
	currency; sellers without any are not in it.

	sellers: at least one. The caller has asked that the user sees them, as for the totals.
	"""
	entry = DocType(ENTRY)
	query = frappe.qb.from_(entry).where(is_open_offer(entry) & entry.seller.isin(sellers))
	return query.groupby(entry.seller).select(entry.seller, Count("*"), Sum(entry.amount)).run()
