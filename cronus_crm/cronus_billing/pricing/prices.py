"""How the price of a line is found, and how far users may deviate from it. The rule is implemented only here.

**Order of the lists.** First the document's own price list: that of its customer, else the default list of
the settings; a user who may set prices can choose another one. Then the default list, and last the price on
the product itself. Disabled lists are skipped.

**Within a list**, the candidates are the prices that are valid on the document's date and whose minimum
quantity is not above the line's quantity. The one with the largest minimum quantity is taken; of several with
the same minimum, the one with the latest `valid_from`. So an offer of two weeks can overlap a price without
an end.

**Conversion.** A price in another currency is converted through the company's currency: price × rate of the
list's currency / exchange rate of the document. Where the list includes taxes and the document does not, the
result is divided by (1 + tax rate of the line); in the opposite case it is multiplied by that. The result is
rounded half up to the decimals of the document's currency, and as many more as the price in the list has
beyond those of its own currency: 1.2345 USD becomes 1.1345 EUR, 10.99 USD becomes 10,441 CLP. So the printed
price is the one that is multiplied.

**Overriding.** A line without a price gets the one that is found, which is also stored in `list_price`. While
both are equal, the price is searched again when product, quantity or tax of the line, or customer, date,
currency, exchange rate, list or taxes of the document change, and only then. A different price was written by
a user: it stays until it is emptied. Lines made from the line of an earlier document keep its price.

**Limit.** Users with a role of `FREE_ROLES` may set any price. For others, price × (1 - discount of the line)
× (1 - discount of the document) may be below `list_price` by the percentage in the settings, or as low as
what an issued document has already promised, if that is less.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import flt, getdate

from cronus_crm.base.amounts import as_decimal, currency_decimals, round_decimal, smallest_amount
from cronus_crm.base.company import company_currency, company_today
from cronus_crm.base.present_records import get_present_doc, get_present_value, get_settings
from cronus_crm.cronus_billing.documents import document_lines
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

# The fields of the document, and those of a line, on which its price depends.
_DOCUMENT_TERMS = ("customer", "posting_date", "currency", "exchange_rate", "price_list", "taxes_included")
_LINE_TERMS = ("product", "quantity", "tax", "price", "source_row")


@dataclass(frozen=True)
class FoundPrice:
	"""A price in the currency of the document, and a translated text that says where it comes from."""

	price: float
	source: str


def may_set_prices(user: str | None = None) -> bool:
	"""True for users who may set any price. user: by default, that of the session."""
	return not FREE_ROLES.isdisjoint(frappe.get_roles(user or frappe.session.user))


def find_price_list(customer: str | None) -> str | None:
	"""The price list of new documents of a customer: its own, else the default one; None without either.

	Disabled lists are skipped.
	"""
	own = customer and get_present_value("Cronus Customer", customer, "price_list")
	return next(iter(_select_enabled([own, _default_price_list()])), None)


def _default_price_list() -> str | None:
	return get_settings().default_price_list


def _select_enabled(lists: Iterable[str | None]) -> list[str]:
	"""The enabled ones of these lists, without duplicates."""
	return [name for name in dict.fromkeys(lists) if name and get_present_value(LIST, name, "enabled")]


def set_price_list(doc: Document) -> None:
	"""Sets the price list of a document that has none, or that still has the list of its former customer.

	`taxes_included` is then taken from the list. With a list that the user has chosen, the document's own
	`taxes_included` stays.
	"""
	before = doc.get_doc_before_save()
	is_outdated = before and before.customer != doc.customer and before.price_list == doc.price_list
	if doc.price_list and not is_outdated:
		return
	doc.price_list = find_price_list(doc.customer)
	included = doc.price_list and get_present_value(LIST, doc.price_list, "taxes_included")
	if included or is_outdated:
		doc.taxes_included = included or 0


def set_prices(doc: Document) -> None:
	"""Sets price, list price and price source of the lines, by the rule of this module.

	A line keeps no price where none is found and none was written. One query reads the prices of all lines,
	and none is made while nothing on which prices depend has changed.

	Raises frappe.ValidationError for a price in a currency without a rate.
	"""
	to_find, carried = [], []
	for row in _find_changed_lines(doc):
		row.price = None if row.price in (None, "") else flt(row.price)
		(carried if document_lines.is_carried(row) else to_find).append(row)
	origins = _read_origin_lines(carried)
	for row in carried:
		if origin := origins.get(row.source_row):
			row.price = origin.price if row.price is None else row.price
			_set_price(row, FoundPrice(origin.list_price, origin.price_source), was_found=False)
			row.price_source = (
				origin.price_source if _is_same_number(row.price, origin.price) else row.price_source
			)
	if to_find:
		for row, found in zip(to_find, find_prices(doc, to_find), strict=True):
			_set_price(row, found, was_found=row.price is None or _has_found_price(row))


def _find_changed_lines(doc: Document) -> list[Document]:
	"""The lines whose price must be found again.

	The others get back the stored list price and source: what a client has sent in these fields is ignored.
	"""
	before = doc.get_doc_before_save()
	stored = {}
	if before and _comparable_values(before, _DOCUMENT_TERMS) == _comparable_values(doc, _DOCUMENT_TERMS):
		stored = {row.name: row for row in before.items}
	changed = []
	for row in doc.items:
		before_row = stored.get(row.name)
		if before_row and _comparable_values(before_row, _LINE_TERMS) == _comparable_values(row, _LINE_TERMS):
			row.list_price, row.price_source = before_row.list_price, before_row.price_source
		elif row.product:
			changed.append(row)
	return changed


def _comparable_values(doc: Document, fieldnames: tuple[str, ...]) -> tuple:
	"""Values of fields for a comparison: numbers and dates that were sent as text are normalised."""
	return tuple(
		_comparable_value(doc.meta.get_field(fieldname), doc.get(fieldname)) for fieldname in fieldnames
	)


def _comparable_value(field, value):
	if field.fieldtype == "Date":
		return str(value or "")
	if field.fieldtype in ("Link", "Data"):
		return value or ""
	return None if value in (None, "") else flt(value, _DECIMALS)


def _set_price(row: Document, found: FoundPrice | None, was_found: bool) -> None:
	row.list_price = found.price if found else 0
	if found and was_found:
		row.price = found.price
	row.price_source = found.source if found and _is_same_number(row.price, found.price) else None
	if not row.price_source and row.price is not None:
		row.price_source = _("Written by hand")


def _has_found_price(row: Document) -> bool:
	"""True while the price of a line is the one that was found for it.

	A price of zero is one too; that it was found, and not written, only its source tells, which is in the
	language of whoever has saved the line.
	"""
	if not _is_same_number(row.price, row.list_price):
		return False
	by_hand = {_("Written by hand", language) for language in ("en", "es", frappe.local.lang)}
	return bool(flt(row.list_price)) or bool(row.price_source and row.price_source not in by_hand)


def _is_same_number(one: float | None, other: float | None) -> bool:
	return one is not None and other is not None and flt(one, _DECIMALS) == flt(other, _DECIMALS)


def _read_origin_lines(rows: list[Document]) -> dict[str, "frappe._dict"]:
	"""The lines that these lines were made from, by name.

	Only lines that belong to the document that is named as the source are returned: the user's permission was
	checked for that document, and a client could name a line of another one.
	"""
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


def find_prices(doc: Document, rows: list[Document]) -> list[FoundPrice | None]:
	"""The price of each of these lines by the rule, None where there is none; one query for all of them.

	doc: its date, currency, exchange rate, price list and `taxes_included` are used; it need not be saved.

	Raises frappe.ValidationError for a price in a currency without a rate.
	"""
	lists = _select_enabled([doc.price_list, _default_price_list()])
	listed = _read_list_prices(
		lists, {row.product for row in rows}, getdate(doc.posting_date or company_today())
	)
	return [_find_in_lists(doc, row, lists, listed) or _find_product_price(doc, row) for row in rows]


def _read_list_prices(lists: list[str], products: set[str], date) -> dict[tuple[str, str], list]:
	"""The prices that are valid on a day, by (list, product); each in order of preference, the best first."""
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


def _find_in_lists(doc: Document, row: Document, lists: list[str], listed: dict) -> FoundPrice | None:
	for name in lists:
		for price in listed[name, row.product]:
			if price.minimum_quantity <= flt(row.quantity):
				terms = get_present_doc(LIST, name)
				amount = _convert_price(doc, row, price.price, terms.currency, bool(terms.taxes_included))
				return FoundPrice(amount, _describe_source(name, price.minimum_quantity))
	return None


def _describe_source(price_list: str, minimum_quantity: float) -> str:
	if minimum_quantity:
		source = _("Price list {0}, from {1}").format(price_list, f"{minimum_quantity:g}")
	else:
		source = _("Price list {0}").format(price_list)
	return source[:_SOURCE_LENGTH]


def _find_product_price(doc: Document, row: Document) -> FoundPrice | None:
	"""The price on the product itself, which is without taxes and in the company's currency; 0 means none."""
	price = flt(document_lines.get_product(row).price)
	if not price:
		return None
	return FoundPrice(_convert_price(doc, row, price, company_currency(), False), _("Price of the product"))


def _convert_price(doc: Document, row: Document, price: float, currency: str, included: bool) -> float:
	"""Converts a price to the currency of the document, with or without taxes as its prices are.

	price: in `currency`, with taxes where `included`. The formula and the rounding are at the top of the
	module.

	Raises frappe.ValidationError where the currency has no rate.
	"""
	amount = as_decimal(price)
	if currency != doc.currency:
		rate = exchange_rates.require_rate(currency, doc.posting_date or company_today())
		amount = amount * as_decimal(rate) / as_decimal(doc.exchange_rate)
	if included != bool(doc.taxes_included):
		with_tax = 1 + as_decimal(row.tax_rate) / 100
		amount = amount / with_tax if included else amount * with_tax
	more = max(-as_decimal(price).normalize().as_tuple().exponent - currency_decimals(currency), 0)
	return float(round_decimal(amount, currency_decimals(doc.currency) + more))


def check_price_list(doc: Document) -> None:
	"""Raises frappe.ValidationError where a user who may not set prices has chosen another price list.

	Allowed are the customer's list, the default list, and those of the documents that this one was made from.
	"""
	before = doc.get_doc_before_save()
	if not doc.price_list or (before and before.price_list == doc.price_list) or may_set_prices():
		return
	if doc.price_list in (
		find_price_list(doc.customer),
		_default_price_list(),
	) or doc.price_list in _read_origin_price_lists(doc):
		return
	frappe.throw(
		_(
			"You may not choose the price list {0}. That of the customer is taken when you leave it empty."
		).format(frappe.bold(doc.price_list)),
		title=_("Another price list"),
	)


def _read_origin_price_lists(doc: Document) -> set[str]:
	"""The price lists of the documents that this one was made from."""
	sources = {(row.source_doctype, row.source_name) for row in doc.items if document_lines.is_carried(row)}
	return {frappe.db.get_value(doctype, name, "price_list") for doctype, name in sources}


def check_discounts(doc: Document) -> None:
	"""Raises frappe.ValidationError, naming the line, where a line is cheaper than the user may sell it.

	The amounts of the lines must be up to date, see `compute_totals`.
	"""
	settings = get_settings()
	if not settings.limit_seller_discount or may_set_prices():
		return
	carried = [row for row in doc.items if document_lines.is_carried(row)]
	if len(carried) < len(doc.items):
		_check_exchange_rate(doc)
	origins = _read_origin_lines(carried)
	least = 1 - as_decimal(settings.seller_discount_limit) / 100
	for row in doc.items:
		if _keeps_promised_amount(row, origins.get(row.get("source_row")), doc.currency):
			continue
		list_price = as_decimal(row.list_price) or as_decimal(row.price)
		charged = (
			as_decimal(row.price)
			* _share_after_discount(row.discount_percent)
			* _share_after_discount(doc.discount_percent)
		)
		if charged < list_price * least:
			document_lines.refuse_line(
				row,
				_(
					"with {0} % off the list price, in price and discounts together, it is beyond the {1} %"
					" that you may give"
				).format(
					frappe.bold(f"{(1 - charged / list_price) * 100:.2f}"),
					f"{settings.seller_discount_limit:g}",
				),
			)


def _share_after_discount(discount_percent: float) -> Decimal:
	return 1 - as_decimal(discount_percent) / 100


def _keeps_promised_amount(row: Document, origin, currency: str) -> bool:
	"""True for a line that costs at least as much as the line that it was made from, in proportion to the
	quantity: net amount ≥ origin's net amount × quantity / origin's quantity, less two of the smallest
	amounts of the currency for rounding."""
	if not origin:
		return False
	promised = as_decimal(origin.net_amount) * as_decimal(row.quantity) / as_decimal(origin.quantity)
	tolerance = 2 * smallest_amount(currency_decimals(currency))
	return as_decimal(row.net_amount) + tolerance >= promised


def _check_exchange_rate(doc: Document) -> None:
	"""Raises frappe.ValidationError for a rate other than the stored one: list prices are converted with it,
	so another rate would be a hidden discount."""
	rate = exchange_rates.find_rate(doc.currency, doc.posting_date)
	if rate and not _is_same_number(rate, doc.exchange_rate):
		frappe.throw(
			_("The exchange rate of {0} is {1}. You may not write another.").format(
				frappe.bold(doc.currency), frappe.bold(f"{rate:g}")
			),
			title=_("Another exchange rate"),
		)
