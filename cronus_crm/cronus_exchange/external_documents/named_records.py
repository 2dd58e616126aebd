"""What documents of an ERP take from our records: read once for all rows of a chunk."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import DocType

from cronus_crm.base.arguments import show_value
from cronus_crm.base.company import company_currency
from cronus_crm.cronus_billing.pricing.exchange_rates import find_rate
from cronus_crm.cronus_exchange.external_documents.papers import Paper
from cronus_crm.cronus_exchange.external_documents.told_documents import DocumentTold
from cronus_crm.cronus_exchange.external_documents.told_values import WrongTold
from cronus_crm.cronus_exchange.pushing import codes
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext
from cronus_crm.cronus_exchange.values.formats import WrongValue

# Fields that name a record of ours, and its DocType.
_LINKS = {"seller": "Cronus Seller", "work_center": "Cronus Work Center"}


class Masters:
	"""The customers, sellers, opportunities and rates that rows need."""

	def __init__(self, context: PushContext):
		self.context = context
		self._customers: dict[str, frappe._dict] = {}
		self._opportunities: dict[str, frappe._dict] = {}
		memo = context.memo
		self._rates: dict[tuple[str, date], float | None] = memo.setdefault("rates of documents", {})
		if "currencies" not in memo:
			memo["currencies"] = set(frappe.get_all("Currency", pluck="name", order_by="name asc"))
			memo["work centers of sellers"] = dict(
				frappe.get_all(
					"Cronus Seller", fields=["name", "work_center"], order_by="name asc", as_list=True
				)
			)
		self._currencies, self._centers = memo["currencies"], memo["work centers of sellers"]

	def prefetch(self, told: Iterable[DocumentTold], papers: Iterable[Paper]) -> None:
		"""Reads what rows, and documents that are here, name."""
		told, papers = list(told), list(papers)
		customers = {name for one in told if (name := self._find_customer(one.values.get("customer")))}
		self._customers |= _read_customers(customers | {paper.customer for paper in papers if paper.customer})
		opportunities = {one.values["opportunity"] for one in told if one.values.get("opportunity")}
		self._opportunities |= _read_opportunities(opportunities)
		for fieldname, doctype in _LINKS.items():
			if texts := {one.values[fieldname] for one in told if one.values.get(fieldname)}:
				self.context.find_links(doctype).prefetch(texts)

	def _find_customer(self, external_id: str | None) -> str | None:
		known = self.context.find("customer", external_id) if external_id else None
		return known.name if known else None

	def resolve(self, told: DocumentTold) -> dict[str, Any]:
		"""The values of a row with the names of our records. Raises WrongTold."""
		values = dict(told.values)
		if external_id := values.get("customer"):
			values["customer"] = self._find_customer(external_id)
			if not values["customer"]:
				raise WrongTold(
					codes.UNKNOWN_VALUE,
					_("There is no customer {0} of this source. Tell it first.").format(
						show_value(external_id)
					),
					"customer",
					external_id,
				)
		for fieldname, doctype in _LINKS.items():
			if text := values.get(fieldname):
				values[fieldname] = self._resolve_link(fieldname, doctype, text)
		if text := values.get("opportunity"):
			values["opportunity"] = self._resolve_opportunity(text)
		if (currency := values.get("currency")) and currency not in self._currencies:
			raise WrongTold(
				codes.UNKNOWN_VALUE,
				_("There is no currency {0}. Write its code, as in USD.").format(show_value(currency)),
				"currency",
				currency,
			)
		return values

	def list_notes(self, told: DocumentTold) -> list[str]:
		"""What is said about a row that goes in: the products that the source has not told."""
		products = dict.fromkeys(row["product"] for row in told.items or () if row["product"])
		unknown = [one for one in products if not self.context.find("product", one)]
		if not unknown:
			return []
		return [
			_("The source has told no product {0}: its line goes in without it.").format(show_value(one))
			for one in unknown
		]

	def resolve_items(self, told: DocumentTold) -> list[dict]:
		"""The lines of a row, with the products that the source has told; others stay as the source calls
		them."""
		found = []
		for row in told.items or ():
			known = self.context.find("product", row["product"]) if row["product"] else None
			numbers = {name: float(row[name] or 0) for name in ("quantity", "price", "amount")}
			texts = {name: row[name] for name in ("description", "unit")}
			found.append(
				{"product": known.name if known else None, "product_id": row["product"], **texts, **numbers}
			)
		return found

	def _resolve_link(self, fieldname: str, doctype: str, text: str) -> str:
		try:
			return self.context.find_links(doctype).resolve(text)
		except WrongValue as wrong:
			raise WrongTold(codes.UNKNOWN_VALUE, str(wrong), fieldname, text) from None

	def _resolve_opportunity(self, text: str) -> str:
		found = self._opportunities.get(text.casefold())
		if not found:
			raise WrongTold(
				codes.UNKNOWN_VALUE,
				_("There is no opportunity {0}: write its folio or its key.").format(show_value(text)),
				"opportunity",
				text,
			)
		return found

	def complete(self, paper: Paper, values: dict[str, Any]) -> None:
		"""Fills in what a document takes from its customer, its seller and the rates. Raises WrongTold where
		there is no rate."""
		customer = self._customers.get(paper.customer) or frappe._dict()
		paper.customer_name = customer.customer_name or paper.customer_name
		if not paper.seller:
			paper.seller = customer.seller or self.context.source.default_seller or None
			paper.work_center = paper.work_center or self._centers.get(paper.seller)
		elif not paper.work_center:
			paper.work_center = self._centers.get(paper.seller)
		self._set_rate(paper, values)

	def _set_rate(self, paper: Paper, values: dict[str, Any]) -> None:
		"""The rate that is told, and else that of the day in the table of rates."""
		if "exchange_rate" in values:
			paper.rate_told = int(values["exchange_rate"] is not None)
		elif "currency" in values:
			# What was told was the rate of another currency.
			paper.rate_told = 0
		if paper.currency == company_currency():
			paper.exchange_rate, paper.rate_told = 1, 0
		elif not paper.rate_told and paper.currency and paper.posting_date:
			paper.exchange_rate = self._find_rate(paper.currency, paper.posting_date)
		if not paper.exchange_rate or not 0 < paper.exchange_rate < 10**9:
			raise WrongTold(
				codes.BAD_VALUE if paper.rate_told else codes.MISSING_FIELD,
				_("Say the exchange rate: how many {0} are paid for one {1}. There is none of {2}.").format(
					company_currency(), paper.currency, paper.posting_date
				),
				"exchange_rate",
			)

	def _find_rate(self, currency: str, day: date) -> float | None:
		key = currency, day
		if key not in self._rates:
			self._rates[key] = find_rate(currency, day)
		return self._rates[key]


def _read_customers(names: Collection[str]) -> dict[str, frappe._dict]:
	if not names:
		return {}
	fields = ["name", "customer_name", "seller"]
	rows = frappe.get_all("Cronus Customer", {"name": ("in", sorted(names))}, fields, order_by="name asc")
	return {row.name: row for row in rows}


def _read_opportunities(texts: Collection[str]) -> dict[str, str]:
	"""Names of opportunities by their names and their external keys."""
	if not texts:
		return {}
	table = DocType("Cronus Opportunity")
	wanted = sorted(texts)
	query = frappe.qb.from_(table).select(table.name, table.external_key)
	rows = query.where(table.name.isin(wanted) | table.external_key.isin(wanted)).run()
	found = {key.casefold(): name for name, key in rows if key}
	return found | {name.casefold(): name for name, _key in rows}
