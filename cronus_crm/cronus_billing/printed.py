"""What the printed page of a commercial document says, whichever document it is.

How it looks is in `templates/print`; a print format sets what is its own and includes those.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType, Order
from frappe.utils import flt, fmt_money, format_date, strip_html
from frappe.utils.pdf import is_wkhtmltopdf_valid

from cronus_crm.cronus_billing import page_breaks, totals
from cronus_crm.cronus_billing.amount_in_words import amount_in_words
from cronus_crm.cronus_crm import visibility

# Millimetres; `templates/print/style.html` says the same.
_MARGINS_DOWN, _MARGINS_ACROSS = 28, 24
_PAGES = {"A4": (210, 297), "A5": (148, 210), "Letter": (216, 279), "Legal": (216, 356)}
_LINE, _ROW_PADDING, _HEADER = 4.2, 2.6, 14
_POINTS = 9
_LOGO = 32
# What is kept free on each page, because heights are reckoned and not measured.
_RESERVE = 6


@dataclass(frozen=True)
class Party:
	"""Whom a document is for; each line as it is printed, and what is not known left out."""

	name: str
	tax_id: str | None = None
	address: tuple[str, ...] = ()
	phone: str | None = None
	email: str | None = None


@dataclass(frozen=True)
class Row:
	"""A line of the document, as text."""

	number: int
	code: str
	description: str
	quantity: str
	price: str
	discount: str
	tax: str
	amount: str


@dataclass(frozen=True)
class Column:
	"""A column of the lines. field: that of Row. width: in millimetres; None takes what is left."""

	field: str
	label: str
	width: float | None
	right: bool = False


@dataclass(frozen=True)
class Tax:
	"""What one rate comes to, as text."""

	rate: str
	base: str
	tax: str


@dataclass(frozen=True)
class Printed:
	"""company: its name, for a site without letterhead.
	mark: what a page that is not in force says of itself.
	pages: the rows of each page; all of them in one where the PDF engine breaks tables itself.
	engine_breaks: whether it does; it then numbers pages too.
	due: date and amount of each instalment, where there are several.
	"""

	company: str
	mark: str | None
	party: Party
	seller: Party | None
	columns: tuple[Column, ...]
	pages: tuple[tuple[Row, ...], ...]
	engine_breaks: bool
	taxes: tuple[Tax, ...]
	discount: str | None
	due: tuple[tuple[str, str], ...]
	words: str
	bank_details: str | None


def printed_document(doc: Document, letter_head: str | None = None) -> Printed:
	"""What a print format shows of a document, in the language that is being printed; a method of Jinja.

	letter_head: HTML that stands above the document, for the room that it takes.

	Of the customer and the seller it tells what the session's user may see: a client may send a document of
	its own making to be printed, with anybody's customer in it.
	"""
	settings = frappe.get_cached_doc("Cronus CRM Settings")
	party, seller = _party(doc), _seller(doc)
	rows = tuple(_row(row, doc) for row in doc.get("items") or [])
	columns = _columns(rows)
	engine_breaks = bool(is_wkhtmltopdf_valid())
	above = _height_of_letter_head(letter_head) + _height_of_facts(party)
	return Printed(
		company=settings.company_name or "",
		mark=_mark(doc),
		party=party,
		seller=seller,
		columns=columns,
		pages=(rows,) if engine_breaks else _pages(rows, columns, above),
		engine_breaks=engine_breaks,
		taxes=_taxes(doc),
		discount=_discount(doc),
		due=_instalments(doc),
		words=amount_in_words(flt(doc.get("grand_total"), 2), doc.currency, frappe.local.lang or "en"),
		bank_details=settings.get("bank_details"),
	)


def _mark(doc: Document) -> str | None:
	if doc.docstatus.is_cancelled():
		return _("Cancelled")
	return _("Draft") if doc.docstatus.is_draft() and doc.meta.is_submittable else None


def _may_be_told(doctype: str, name: str) -> bool:
	"""Guests come with the key to one document, and mails are written by whoever may read it."""
	if frappe.flags.ignore_print_permissions or frappe.session.user == "Guest":
		return True
	return visibility.can_see(doctype, name)


def _party(doc: Document) -> Party:
	name = doc.get("customer_name") or doc.get("customer") or doc.get("prospect") or ""
	for doctype, fieldname in (("Cronus Customer", "customer"), ("Cronus Prospect", "prospect")):
		record = doc.get(fieldname)
		if record and frappe.db.exists(doctype, record):
			if not _may_be_told(doctype, record):
				return Party(name)
			known = frappe.get_cached_doc(doctype, record)
			return Party(
				name=name,
				tax_id=known.tax_id,
				address=_address(doctype, record)
				or _without_gaps(known.city, known.get("province"), _country(known.get("country"))),
				phone=known.phone,
				email=known.email,
			)
	return Party(name)


def _address(doctype: str, name: str) -> tuple[str, ...]:
	"""The primary address of a record, else its oldest, as lines; none where it has none."""
	address, link = DocType("Address"), DocType("Dynamic Link")
	rows = (
		frappe.qb.from_(address)
		.join(link)
		.on((link.parent == address.name) & (link.parenttype == "Address"))
		.where((link.link_doctype == doctype) & (link.link_name == name) & (address.disabled == 0))
		.select(
			address.address_line1,
			address.address_line2,
			address.city,
			address.state,
			address.pincode,
			address.country,
		)
		.orderby(address.is_primary_address, order=Order.desc)
		.orderby(address.creation)
		.limit(1)
	).run(as_dict=True)
	if not rows:
		return ()
	(found,) = rows
	place = ", ".join(_without_gaps(" ".join(_without_gaps(found.pincode, found.city)), found.state))
	return _without_gaps(found.address_line1, found.address_line2, place, _country(found.country))


def _country(name: str | None) -> str | None:
	return name and _(name)


def _without_gaps(*texts: str | None) -> tuple[str, ...]:
	return tuple(text.strip() for text in texts if text and text.strip())


def _seller(doc: Document) -> Party | None:
	"""Who sells, and how to reach them."""
	seller = doc.get("seller")
	if not seller:
		return None
	user = _may_be_told("Cronus Seller", seller) and frappe.get_cached_value("Cronus Seller", seller, "user")
	if not user:
		return Party(seller)
	phone, mobile, email = frappe.get_cached_value("User", user, ["phone", "mobile_no", "email"])
	return Party(seller, phone=mobile or phone, email=email)


def _row(row: Document, doc: Document) -> Row:
	return Row(
		number=row.idx,
		code=row.product or "",
		description=row.description or row.product or "",
		quantity=" ".join(_without_gaps(_number(row.quantity), _(row.unit) if row.unit else None)),
		price=_number(row.price, at_least=2),
		discount=f"{_number(row.discount_percent)} %" if flt(row.discount_percent) else "",
		tax=f"{_number(row.tax_rate)} %",
		amount=_number(row.net_amount, at_least=2, at_most=2),
	)


def _number(number: float | None, at_least: int = 0, at_most: int = 6) -> str:
	"""With as many decimals as it has, and its thousands apart as the site writes them."""
	decimals = -Decimal(f"{flt(number, at_most):f}").normalize().as_tuple().exponent
	return fmt_money(flt(number), precision=min(max(decimals, at_least), at_most))


def _money(amount: float | None, doc: Document) -> str:
	return fmt_money(flt(amount, 2), currency=doc.currency)


def _columns(rows: tuple[Row, ...]) -> tuple[Column, ...]:
	"""Those that say something; figures have the room that they need, the description has the rest."""
	several_rates = len({row.tax for row in rows}) > 1
	columns = [
		_column(rows, "number", "#", right=True),
		_column(rows, "code", _("Code"), most=30),
		Column("description", _("Description"), None),
		_column(rows, "quantity", _("Quantity"), most=34, right=True),
		_column(rows, "price", _("Price"), right=True),
	]
	if any(row.discount for row in rows):
		columns.append(_column(rows, "discount", _("Disc."), right=True))
	if several_rates:
		columns.append(_column(rows, "tax", _("Tax"), right=True))
	columns.append(_column(rows, "amount", _("Amount"), right=True))
	return tuple(columns)


def _column(
	rows: tuple[Row, ...], fieldname: str, label: str, most: float | None = None, right: bool = False
) -> Column:
	texts = (str(getattr(row, fieldname)) for row in rows)
	widest = max((page_breaks.text_width(text, _POINTS) for text in texts), default=0)
	# The label is bold; three millimetres of padding, and one for letters that are wider than reckoned.
	wide = max(widest, page_breaks.text_width(label, _POINTS) * 1.1) + 4
	return Column(fieldname, label, round(min(wide, most or wide), 1), right)


def _pages(rows: tuple[Row, ...], columns: tuple[Column, ...], above: float) -> tuple[tuple[Row, ...], ...]:
	width, height = _PAGES.get(
		frappe.db.get_single_value("Print Settings", "pdf_page_size"), _PAGES["Letter"]
	)
	room = height - _MARGINS_DOWN - _HEADER - _RESERVE
	left = width - _MARGINS_ACROSS - sum(column.width or 0 for column in columns)
	widths = {column.field: (column.width or left) - 3 for column in columns}
	heights = [_height(row, widths) for row in rows]
	return tuple(rows[page] for page in page_breaks.pages(heights, room - above, room))


def _height(row: Row, widths: dict[str, float]) -> float:
	lines = max(
		page_breaks.lines_of(str(getattr(row, field)), max(width, 10), _POINTS)
		for field, width in widths.items()
	)
	return lines * _LINE + _ROW_PADDING


def _height_of_letter_head(html: str | None) -> float:
	"""A logo and lines of text; pictures are not let be higher than _LOGO."""
	if not html:
		return 12
	lines = len(re.findall(r"<(?:br|p|div|h\d|tr|li)\b", html)) if strip_html(html).strip() else 0
	return lines * 6 + (_LOGO if "<img" in html else 0) + 6


def _height_of_facts(party: Party) -> float:
	"""The heading, and below it whom the document is for beside its dates and seller."""
	about = 1 + len(party.address) + sum(map(bool, (party.tax_id, party.phone, party.email)))
	return 17 + max(about + page_breaks.lines_of(party.name, 85, 10), 7) * 4.3


def _taxes(doc: Document) -> tuple[Tax, ...]:
	"""Base and tax of each rate, the lowest first."""
	return tuple(
		Tax(f"{_number(rate)} %", _money(base, doc), _money(tax, doc))
		for rate, base, tax in sorted(_stored_taxes(doc) or _taxes_of_lines(doc))
	)


def _stored_taxes(doc: Document) -> list[tuple[float, float, float]]:
	return [(flt(row.rate), row.base, row.amount) for row in doc.get("taxes") or []]


def _taxes_of_lines(doc: Document) -> list[tuple[float, float, float]]:
	"""Of a document from before rates were stored: reckoned as `totals.add_up` does."""
	bases: dict[Decimal, Decimal] = defaultdict(Decimal)
	for row in doc.get("items") or []:
		bases[totals.exact(row.tax_rate)] += totals.exact(row.net_amount)
	return [
		(float(rate), float(base), float(totals.to_cents(base * rate / 100))) for rate, base in bases.items()
	]


def _discount(doc: Document) -> str | None:
	"""The discount of the whole document, which the amounts of the lines already have."""
	if not flt(doc.get("discount_percent")):
		return None
	return _("Discount of {0} %, already in the amounts: {1}").format(
		_number(doc.discount_percent), _money(doc.get("discount_amount"), doc)
	)


def _instalments(doc: Document) -> tuple[tuple[str, str], ...]:
	rows = doc.get("instalments") or []
	if len(rows) < 2:
		return ()
	return tuple((format_date(row.due_date), _money(row.amount, doc)) for row in rows)
