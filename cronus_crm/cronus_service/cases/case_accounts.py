"""Cases follow their account: its seller, its name, and what it becomes."""

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.cronus_service.cases.case_states import CASE, IN_COURSE
from cronus_crm.visibility import search_index

# The links of a case to its account, and the names of those accounts.
_LINKS = {"Cronus Customer": "customer", "Cronus Prospect": "prospect"}
_NAMES = {"Cronus Customer": "customer_name", "Cronus Prospect": "prospect_name"}


def on_account_change(account: Document, method: str | None = None) -> None:
	"""Event `on_change` of customers and prospects: their cases have the seller of the account, by which they
	are seen; those in course have its name."""
	if account.flags.in_insert:
		return
	case, link = DocType(CASE), _LINKS[account.doctype]
	of_account = case[link] == account.name
	seller = frappe.db.get_value(account.doctype, account.name, "seller")
	differs = (case.seller != seller) | case.seller.isnull() if seller else case.seller.isnotnull()
	moved = frappe.qb.from_(case).select(case.name).where(of_account & differs).run(pluck=True)
	if moved:
		frappe.qb.update(case).set(case.seller, seller).where(case.name.isin(moved)).run()
	before = account.get_doc_before_save()
	named = _NAMES[account.doctype]
	if before and before.get(named) != account.get(named):
		# A department may be named beside the company that it is of.
		has_name = case.account_name == before.get(named)
		in_course = of_account & has_name & case.category.isin(IN_COURSE)
		moved += frappe.qb.from_(case).select(case.name).where(in_course).run(pluck=True)
		frappe.qb.update(case).set(case.account_name, account.get(named)).where(in_course).run()
	_refresh(moved)


def on_rename(account: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of both: cases of one that was merged have the seller of the one that stays."""
	on_account_change(account)


def on_conversion(prospect: Document) -> None:
	"""Hook `cronus_prospect_converted`: the cases of the prospect are the customer's.

	Which they were is stored in `carried_over` of the prospect, for :func:`on_conversion_undone`.
	"""
	names = frappe.get_all(
		CASE, {"account_kind": "Prospect", "prospect": prospect.name}, pluck="name", order_by="name asc"
	)
	customer = frappe.db.get_value(
		"Cronus Customer", prospect.customer, ["customer_name", "seller"], as_dict=True
	)
	for name in names:
		values = {"account_kind": "Customer", "customer": prospect.customer, "prospect": None}
		values |= {"account_name": customer.customer_name, "seller": customer.seller}
		frappe.db.set_value(CASE, name, values, update_modified=False)
	if names:
		carried = frappe.parse_json(prospect.carried_over) or {}
		carried[CASE] = {name: {"prospect": prospect.name} for name in names}
		prospect.db_set("carried_over", frappe.as_json(carried, indent=None), update_modified=False)
	_refresh(names)


def on_conversion_undone(prospect: Document) -> None:
	"""Hook `cronus_prospect_conversion_undone`: the cases that the conversion has given to the customer, and
	that are still its own, go back to the prospect."""
	carried = (frappe.parse_json(prospect.carried_over) or {}).get(CASE, {})
	names = [name for name in carried if frappe.db.get_value(CASE, name, "customer") == prospect.customer]
	for name in names:
		values = {"account_kind": "Prospect", "customer": None, "branch": None, "prospect": prospect.name}
		values |= {"account_name": prospect.prospect_name, "seller": prospect.seller}
		frappe.db.set_value(CASE, name, values, update_modified=False)
	_refresh(names)


def _refresh(names: list[str]) -> None:
	for name in set(names):
		frappe.clear_document_cache(CASE, name)
	search_index.index_records(CASE, sorted(set(names)))
