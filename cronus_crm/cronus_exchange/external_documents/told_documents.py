"""What a row says of a document: `data` of the kind “document”, as fields of a Cronus External Document.

What a row leaves out stays as it was told before; null takes it away. So a correction may say no more than
what has changed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from frappe import _

from cronus_crm.base.amounts import currency_decimals
from cronus_crm.base.arguments import show_value
from cronus_crm.cronus_exchange.external_documents.papers import (
	INVOICE,
	KINDS,
	PAYMENT,
	Named,
	Paper,
	Part,
	make_document_name,
)
from cronus_crm.cronus_exchange.external_documents.told_values import (
	WrongTold,
	read_day,
	read_fields,
	read_list,
	read_number,
	read_text,
	round_told,
)
from cronus_crm.cronus_exchange.pushing import codes

# Rows of a table of a document.
MOST_ROWS = 1000

_KIND_NAMES = {kind.lower().replace(" ", "_"): kind for kind in KINDS}
# As they are told, and as they are shown.
_ALL_NAMES = _KIND_NAMES | {kind.lower(): kind for kind in KINDS}

_REQUIRED = ("kind", "number", "customer", "posting_date", "currency", "grand_total")
_AMOUNTS = ("grand_total", "net_total", "tax_total", "balance")


@dataclass(frozen=True)
class DocumentTold:
	"""What a row says of a document.

	name: of the Cronus External Document. is_cancelled: None where the row says nothing of that, as one with
	a balance. values: by field; `customer`, `seller` and `opportunity` as the source calls them. named,
	items, parts: the rows of the tables; None where they are not told. parts_are_open: they say their own
	balances. ever_told: the fields that the source has told of it, now or before.
	"""

	name: str
	source: str
	external_id: str
	is_cancelled: bool | None = False
	values: dict[str, Any] = field(default_factory=dict)
	named: list[Named] | None = None
	items: list[dict] | None = None
	parts: list[Part] | None = None
	parts_are_open: bool = False
	ever_told: frozenset[str] = frozenset()


def read_document(
	source: str, external_id: str, data: Any, is_cancelled: bool = False, told_before: Any = None
) -> DocumentTold:
	"""Reads the `data` of a row. told_before: the `data` of the rows before. Raises WrongTold."""
	data = data or {}
	values = read_fields(data, _READERS)
	tables = {name: values.pop(name, None) for name in ("origins", "items", "instalments")}
	said = {**(told_before or {}), **data}
	return DocumentTold(
		name=make_document_name(source, external_id),
		source=source,
		external_id=external_id,
		is_cancelled=is_cancelled,
		values=values,
		named=[_make_named(source, row) for row in tables["origins"] or ()] if "origins" in data else None,
		items=(tables["items"] or []) if "items" in data else None,
		parts=_make_parts(tables["instalments"] or []) if "instalments" in data else None,
		parts_are_open=any(row["balance"] is not None for row in tables["instalments"] or ()),
		ever_told=frozenset(name for name, value in said.items() if value is not None),
	)


def read_balance(source: str, external_id: str, data: Any) -> DocumentTold:
	"""Reads the `data` of a row of the kind “balance”, which says what is left of a document.

	Raises WrongTold."""
	values = read_fields(data or {}, {"balance": read_number})
	if "balance" not in values:
		raise WrongTold(codes.MISSING_FIELD, _("Say the balance."), "balance")
	name = make_document_name(source, external_id)
	return DocumentTold(name, source, external_id, is_cancelled=None, values=values)


def list_products(data: Any) -> Iterator[str]:
	"""The products that the lines of a row name, which nobody has checked yet."""
	items = data.get("items") if isinstance(data, dict) else None
	for row in items if isinstance(items, list) else ():
		product = row.get("product") if isinstance(row, dict) else None
		if isinstance(product, str | int) and str(product).strip():
			yield str(product).strip()


def _read_kind(value: Any, fieldname: str) -> str:
	kind = _ALL_NAMES.get(value.strip().lower()) if isinstance(value, str) else None
	if not kind:
		raise WrongTold(
			codes.UNKNOWN_VALUE,
			_("{0} is no kind of document. There are: {1}.").format(
				show_value(value), ", ".join(_KIND_NAMES)
			),
			fieldname,
			show_value(value),
		)
	return kind


def _read_rows(readers: dict, required: tuple[str, ...]):
	def read(value: Any, fieldname: str) -> list[dict]:
		rows = [read_fields(row, readers, fieldname) for row in read_list(value, fieldname, MOST_ROWS)]
		for row in rows:
			for name in required:
				if row.get(name) is None:
					raise WrongTold(
						codes.MISSING_FIELD, _("Say {0} of each row.").format(name), f"{fieldname}.{name}"
					)
		return [{name: row.get(name) for name in readers} for row in rows]

	return read


_READERS = {
	"kind": _read_kind,
	**dict.fromkeys(("number", "customer", "seller", "work_center", "opportunity", "currency"), read_text),
	**dict.fromkeys(("posting_date", "due_date"), read_day),
	**dict.fromkeys(("exchange_rate", *_AMOUNTS), read_number),
	"origins": _read_rows({"kind": _read_kind, "id": read_text, "amount": read_number}, ("id",)),
	"items": _read_rows(
		{
			**dict.fromkeys(("product", "description", "unit"), read_text),
			**dict.fromkeys(("quantity", "price", "amount"), read_number),
		},
		(),
	),
	"instalments": _read_rows(
		{"due_date": read_day, "amount": read_number, "balance": read_number}, ("due_date", "amount")
	),
}


def _make_named(source: str, row: dict) -> Named:
	amount = row["amount"] or Decimal(0)
	if amount < 0:
		raise WrongTold(
			codes.BAD_VALUE, _("Say what is taken of it as a positive amount."), "origins.amount", amount
		)
	return Named(make_document_name(source, row["id"]), row["id"], row["kind"], float(amount))


def _make_parts(rows: list[dict]) -> list[Part]:
	told = [row["balance"] is not None for row in rows]
	if any(told) and not all(told):
		raise WrongTold(
			codes.MISSING_FIELD, _("Say the balance of each instalment, or of none."), "instalments.balance"
		)
	return [Part(row["due_date"], row["amount"], row["balance"] or Decimal(0)) for row in rows]


def make_new(told: DocumentTold, is_history: bool) -> Paper:
	"""A document of which nothing is said yet."""
	nothing = dict.fromkeys(("kind", "net_total", "tax_total", "grand_total", "balance"))
	return Paper(
		told.name, told.source, told.external_id, exchange_rate=0, is_history=int(is_history), **nothing
	)


def apply_told(
	told: DocumentTold, paper: Paper, values: dict[str, Any], complete: Callable[[Paper], None]
) -> None:
	"""Puts what a row says into a document.

	values: those of the row, with the names of our records. complete: fills in what it takes from these.
	Raises WrongTold where the document would not be whole.
	"""
	if "customer" in values and values["customer"] != paper.customer:
		_forget_defaults(told, paper)
	for name, value in values.items():
		setattr(paper, name, value if value is not None else _EMPTY.get(name))
	if told.named is not None:
		paper.named = list({one.key: one for one in told.named}.values())
	if told.parts is not None:
		paper.parts = [replace(part) for part in told.parts]
	if told.is_cancelled is not None:
		paper.docstatus = 2 if told.is_cancelled else 1
	_check_required(paper)
	complete(paper)
	_complete_amounts(paper, values)
	_round_amounts(paper)
	_check_amounts(paper)
	_settle_told_balance(told, paper, values)


# What a field holds that is taken away.
_EMPTY = {"number": "", "currency": "", "exchange_rate": 0}


def _forget_defaults(told: DocumentTold, paper: Paper) -> None:
	"""What was taken from the former customer and its seller, because the ERP has never said it."""
	if "seller" not in told.ever_told:
		paper.seller = None
		if "work_center" not in told.ever_told:
			paper.work_center = None


def _check_required(paper: Paper) -> None:
	needed = _REQUIRED if paper.kind == PAYMENT else (*_REQUIRED, "net_total")
	for name in needed:
		if getattr(paper, name) in (None, ""):
			raise WrongTold(codes.MISSING_FIELD, _("A document needs {0}. Say it.").format(name), name)


def _complete_amounts(paper: Paper, values: dict[str, Any]) -> None:
	if paper.kind == PAYMENT and values.get("net_total") is None:
		paper.net_total = paper.grand_total
	if values.get("tax_total") is None and ({"net_total", "grand_total", "tax_total"} & values.keys()):
		paper.tax_total = Decimal(str(paper.grand_total)) - Decimal(str(paper.net_total))


def _round_amounts(paper: Paper) -> None:
	"""Amounts have the decimals of their currency, or are refused."""
	for name in _AMOUNTS:
		if (amount := getattr(paper, name)) is not None:
			setattr(paper, name, _round_amount(paper, amount, name))
	for part in paper.parts:
		for name in ("amount", "balance"):
			setattr(part, name, _round_amount(paper, getattr(part, name), f"instalments.{name}"))
	if paper.balance is None:
		paper.balance, paper.balance_told = 0.0, 0
	paper.exchange_rate = float(paper.exchange_rate)


def _round_amount(paper: Paper, amount: Any, fieldname: str) -> float:
	amount = amount if isinstance(amount, Decimal) else Decimal(str(amount))
	decimals = currency_decimals(paper.currency)
	if (rounded := round_told(amount, decimals)) is None:
		raise WrongTold(
			codes.BAD_VALUE,
			_("{0} has more decimals than {1} has: {2}.").format(amount, paper.currency, decimals),
			fieldname,
			amount,
		)
	return float(rounded)


def _check_amounts(paper: Paper) -> None:
	for name in ("net_total", "grand_total"):
		if paper.kind != PAYMENT and getattr(paper, name) < 0:
			raise WrongTold(
				codes.BAD_VALUE,
				_("Amounts are positive, those of a credit note as well. Tell what lowers a debt as one."),
				name,
				getattr(paper, name),
			)
	if abs(paper.in_company_currency(paper.grand_total)) >= 10**12:
		raise WrongTold(
			codes.BAD_VALUE,
			_("The amount is too large in the company's currency."),
			"grand_total",
			paper.grand_total,
		)
	if paper.parts and paper.kind != INVOICE:
		raise WrongTold(codes.BAD_VALUE, _("Only an invoice has instalments."), "instalments")
	whole = sum(Decimal(str(part.amount)) for part in paper.parts)
	if paper.parts and whole != Decimal(str(paper.grand_total)):
		raise WrongTold(
			codes.BAD_VALUE,
			_("The instalments come to {0}, the total is {1}. Tell them again with the total.").format(
				whole, paper.grand_total
			),
			"instalments",
		)


def _settle_told_balance(told: DocumentTold, paper: Paper, values: dict[str, Any]) -> None:
	"""Whether the balance is the ERP's: that of the row, or of its instalments, or one told before."""
	open_parts = sum(Decimal(str(part.balance)) for part in paper.parts)
	if values.get("balance") is not None:
		paper.balance_told = 1
		if told.parts_are_open and open_parts != Decimal(str(paper.balance)):
			raise WrongTold(
				codes.BAD_VALUE,
				_("The balances of the instalments come to {0}, the balance is {1}.").format(
					open_parts, paper.balance
				),
				"instalments.balance",
			)
	elif told.parts_are_open:
		paper.balance, paper.balance_told = float(open_parts), 1
	too_much = [part for part in paper.parts if not 0 <= part.balance <= part.amount]
	if paper.balance_told and (too_much or not 0 <= paper.balance <= paper.measure):
		raise WrongTold(
			codes.BAD_VALUE,
			_("A balance is between nothing and the amount that it is left of, here {0}.").format(
				paper.measure
			),
			"balance",
			paper.balance,
		)
