"""Where the price of a line comes from. The rule is written here and nowhere else.

**Lists.** A document asks its own price list first: that of its customer, else the default one of the
settings, else one that somebody who may set prices has chosen. Then the default one, and then the product
itself. A list that is not enabled has no prices.

**In a list** count the prices that are valid on the document's date and begin at no more than the line's
quantity. Of these the one with the largest minimum quantity is taken, and among those of the same minimum
the one that became valid last, so that an offer of two weeks may stand inside a price without end.

**Conversion.** A price in another currency goes through the company's, at the stored rate of the list's
currency and the document's own rate. Where the list includes taxes and the document does not, or the other
way round, the tax of the line is taken out or added. What is converted is rounded to the decimals of the
price in the list, two at least: what is printed is what is multiplied.

**By hand.** A line without a price gets the one that is found, and `list_price` keeps it. As long as the two
are the same, the price is found anew when product, quantity or tax of the line, or customer, date, currency,
list or taxes of the document change, and only then. Whoever writes another price has overridden it: that one
stays until it is emptied. What a line of an earlier document agreed on goes over to the lines made from it.

**Limit.** Who has a role of `FREE_ROLES` may set any price. Others may go below `list_price`, with price,
discount of the line and discount of the document together, by the percentage in the settings; and not below
what an issued document has already promised, if that was less.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import flt, getdate, nowdate

from cronus_crm.base.company import company_currency
from cronus_crm.cronus_billing.documents import document_lines
from cronus_crm.cronus_billing.documents.document_totals import CENT, as_decimal
from cronus_crm.cronus_billing.pricing import exchange_rates

LIST, PRICE, ITEM, SETTINGS = (
	"Cronus Price List",
	"Cronus Product Price",
	"Cronus Document Item",
	"Cronus CRM Settings",
)
FREE_ROLES = frozenset({"Cronus Sales Manager", "Cronus Billing User", "Cronus Administrator"})

_DECIMALS = 9
_SOURCE_LENGTH = 140

# Of document and line, what the price depends on.
_TERMS = ("customer", "posting_date", "currency", "exchange_rate", "price_list", "taxes_included")
_ASKED = ("product", "quantity", "tax", "price", "source_row")


@dataclass(frozen=True)
class Found:
	"""A price in the currency of the document, and in words where it is from."""

	price: float
	source: str


def may_set_prices(user: str | None = None) -> bool:
	"""True for whom no limit holds; by default, of the session's user."""
	return not FREE_ROLES.isdisjoint(frappe.get_roles(user or frappe.session.user))


def price_list_of(customer: str | None) -> str | None:
	"""The list that the documents of a customer ask first: its own, else the default one."""
	own = customer and frappe.get_cached_value("Cronus Customer", customer, "price_list")
	return next(iter(_enabled([own, _default_list()])), None)


def _default_list() -> str | None:
	return frappe.get_cached_doc(SETTINGS).default_price_list


def _enabled(lists: Iterable[str | None]) -> list[str]:
	"""Those of the lists that are enabled, each once."""
	return [name for name in dict.fromkeys(lists) if name and frappe.get_cached_value(LIST, name, "enabled")]


def set_price_list(doc: Document) -> None:
	"""Sets the list of a document that names none, and of one whose customer has changed.

	With the list comes whether prices include taxes. A document that names its list says that itself.
	"""
	before = doc.get_doc_before_save()
	is_old = before and before.customer != doc.customer and before.price_list == doc.price_list
	if doc.price_list and not is_old:
		return
	doc.price_list = price_list_of(doc.customer)
	included = doc.price_list and frappe.get_cached_value(LIST, doc.price_list, "taxes_included")
	if included or is_old:
		doc.taxes_included = included or 0


def set_prices(doc: Document) -> None:
	"""Sets price, list price and source of the lines, by the rule of this module.

	A line for which no price is found and none is written is left without one. The lines of one document cost
	one query, and none while nothing has changed.

	Raises frappe.ValidationError for a price in a currency without a rate.
	"""
	to_find, carried = [], []
	for row in _changed_lines(doc):
		row.price = None if row.price in (None, "") else flt(row.price)
		(carried if document_lines.is_carried(row) else to_find).append(row)
	origins = _origins(carried)
	for row in carried:
		if origin := origins.get(row.source_row):
			row.price = origin.price if row.price is None else row.price
			_set_price(row, Found(origin.list_price, origin.price_source), was_found=False)
			row.price_source = origin.price_source if _same(row.price, origin.price) else row.price_source
	if to_find:
		for row, found in zip(to_find, find_prices(doc, to_find), strict=True):
			is_found = row.price is None or bool(flt(row.list_price) and _same(row.price, row.list_price))
			_set_price(row, found, is_found)


def _changed_lines(doc: Document) -> list[Document]:
	"""The lines whose price is to be asked for. The others say what is stored, whatever was sent for it."""
	before = doc.get_doc_before_save()
	stored = {}
	if before and _values(before, _TERMS) == _values(doc, _TERMS):
		stored = {row.name: row for row in before.items}
	changed = []
	for row in doc.items:
		was = stored.get(row.name)
		if was and _values(was, _ASKED) == _values(row, _ASKED):
			row.list_price, row.price_source = was.list_price, was.price_source
		elif row.product:
			changed.append(row)
	return changed


def _values(doc: Document, fieldnames: tuple[str, ...]) -> tuple:
	"""Values of fields as they are compared: what was sent as text is the number or the date that it says."""
	return tuple(_comparable(doc.meta.get_field(fieldname), doc.get(fieldname)) for fieldname in fieldnames)


def _comparable(field, value):
	if field.fieldtype == "Date":
		return str(value or "")
	if field.fieldtype in ("Link", "Data"):
		return value or ""
	return None if value in (None, "") else flt(value, _DECIMALS)


def _set_price(row: Document, found: Found | None, was_found: bool) -> None:
	row.list_price = found.price if found else 0
	if found and was_found:
		row.price = found.price
	row.price_source = found.source if found and _same(row.price, found.price) else None
	if not row.price_source and row.price is not None:
		row.price_source = _("Written by hand")


def _same(one: float | None, other: float | None) -> bool:
	return one is not None and other is not None and flt(one, _DECIMALS) == flt(other, _DECIMALS)


def _origins(rows: list[Document]) -> dict[str, "frappe._dict"]:
	"""The lines that these were made from, by name; none that is not of the document that a line names, whose
	right has been asked."""
	if not rows:
		return {}
	named = {(row.source_doctype, row.source_name, row.source_row) for row in rows}
	found = frappe.get_all(
		ITEM,
		filters={"name": ("in", [row.source_row for row in rows])},
		fields=[
			*("name", "parenttype", "parent"),
			*("quantity", "price", "net_amount", "list_price", "price_source"),
		],
		order_by="name asc",
	)
	return {row.name: row for row in found if (row.parenttype, row.parent, row.name) in named}


def find_prices(doc: Document, rows: list[Document]) -> list[Found | None]:
	"""The price of each of these lines by the rule, with one query for all of them; None where there is none.

	doc: whose date, currency, exchange rate, list and taxes hold; it need not be saved.

	Raises frappe.ValidationError for a price in a currency without a rate.
	"""
	lists = _enabled([doc.price_list, _default_list()])
	listed = _listed(lists, {row.product for row in rows}, getdate(doc.posting_date or nowdate()))
	return [_found_in_lists(doc, row, lists, listed) or _price_of_product(doc, row) for row in rows]


def _listed(lists: list[str], products: set[str], date) -> dict[tuple[str, str], list]:
	"""By list and product, the prices that are valid on that day, the one to be taken first in front."""
	prices = defaultdict(list)
	if not lists:
		return prices
	price = DocType(PRICE)
	query = (
		frappe.qb.from_(price)
		.select(price.price_list, price.product, price.price, price.minimum_quantity)
		.where(price.price_list.isin(lists) & price.product.isin(sorted(products)))
		.where((price.valid_from <= date) & (price.valid_to.isnull() | (price.valid_to >= date)))
		.orderby(price.minimum_quantity, order=frappe.qb.desc)
		.orderby(price.valid_from, order=frappe.qb.desc)
	)
	for row in query.run(as_dict=True):
		prices[row.price_list, row.product].append(row)
	return prices


def _found_in_lists(doc: Document, row: Document, lists: list[str], listed: dict) -> Found | None:
	for name in lists:
		for price in listed[name, row.product]:
			if price.minimum_quantity <= flt(row.quantity):
				terms = frappe.get_cached_doc(LIST, name)
				amount = _in_document(doc, row, price.price, terms.currency, bool(terms.taxes_included))
				return Found(amount, _source(name, price.minimum_quantity))
	return None


def _source(price_list: str, minimum_quantity: float) -> str:
	if minimum_quantity:
		source = _("Price list {0}, from {1}").format(price_list, f"{minimum_quantity:g}")
	else:
		source = _("Price list {0}").format(price_list)
	return source[:_SOURCE_LENGTH]


def _price_of_product(doc: Document, row: Document) -> Found | None:
	"""The product's own price, without taxes and in the company's currency; 0 is none."""
	price = flt(document_lines.product_of(row).price)
	if not price:
		return None
	return Found(_in_document(doc, row, price, company_currency(), False), _("Price of the product"))


def _in_document(doc: Document, row: Document, price: float, currency: str, included: bool) -> float:
	"""A price of a list as the document states its prices."""
	amount = as_decimal(price)
	if currency != doc.currency:
		rate = exchange_rates.require_rate(currency, doc.posting_date or nowdate())
		amount = amount * as_decimal(rate) / as_decimal(doc.exchange_rate)
	if included != bool(doc.taxes_included):
		with_tax = 1 + as_decimal(row.tax_rate) / 100
		amount = amount / with_tax if included else amount * with_tax
	decimals = min(as_decimal(price).as_tuple().exponent, CENT.as_tuple().exponent)
	return float(amount.quantize(Decimal(1).scaleb(decimals), rounding=ROUND_HALF_UP))


def check_price_list(doc: Document) -> None:
	"""Raises frappe.ValidationError where somebody without the right to it has chosen another price list."""
	before = doc.get_doc_before_save()
	if not doc.price_list or (before and before.price_list == doc.price_list) or may_set_prices():
		return
	if doc.price_list in (price_list_of(doc.customer), _default_list()) or doc.price_list in _carried_lists(
		doc
	):
		return
	frappe.throw(
		_(
			"You may not choose the price list {0}. That of the customer is taken when you leave it empty."
		).format(frappe.bold(doc.price_list)),
		title=_("Another price list"),
	)


def _carried_lists(doc: Document) -> set[str]:
	"""The lists of the documents that this one was made from."""
	sources = {(row.source_doctype, row.source_name) for row in doc.items if document_lines.is_carried(row)}
	return {frappe.db.get_value(doctype, name, "price_list") for doctype, name in sources}


def check_discounts(doc: Document) -> None:
	"""Raises frappe.ValidationError, naming the line, where more is taken off than the user may give.

	The totals of the document are up to date.
	"""
	settings = frappe.get_cached_doc(SETTINGS)
	if not settings.limit_seller_discount or may_set_prices():
		return
	carried = [row for row in doc.items if document_lines.is_carried(row)]
	if len(carried) < len(doc.items):
		_check_exchange_rate(doc)
	origins = _origins(carried)
	least = 1 - as_decimal(settings.seller_discount_limit) / 100
	for row in doc.items:
		if _was_promised(row, origins.get(row.get("source_row"))):
			continue
		asked = as_decimal(row.list_price) or as_decimal(row.price)
		charged = as_decimal(row.price) * _rest(row.discount_percent) * _rest(doc.discount_percent)
		if charged < asked * least:
			document_lines.refuse_line(
				row,
				_(
					"with {0} % off the list price, in price and discounts together, it is beyond the {1} %"
					" that you may give"
				).format(
					frappe.bold(f"{(1 - charged / asked) * 100:.2f}"), f"{settings.seller_discount_limit:g}"
				),
			)


def _rest(discount_percent: float) -> Decimal:
	return 1 - as_decimal(discount_percent) / 100


def _was_promised(row: Document, origin) -> bool:
	"""True for a line at what the line it was made from comes to, but for the cents of rounding."""
	if not origin:
		return False
	promised = as_decimal(origin.net_amount) * as_decimal(row.quantity) / as_decimal(origin.quantity)
	return as_decimal(row.net_amount) + 2 * CENT >= promised


def _check_exchange_rate(doc: Document) -> None:
	"""A rate of one's own would be a discount: list prices go through it."""
	rate = exchange_rates.rate_on(doc.currency, doc.posting_date)
	if rate and not _same(rate, doc.exchange_rate):
		frappe.throw(
			_("The exchange rate of {0} is {1}. You may not write another.").format(
				frappe.bold(doc.currency), frappe.bold(f"{rate:g}")
			),
			title=_("Another exchange rate"),
		)
