"""A document of an ERP in memory: what the source has told of it, and what follows from other documents.

Amounts are in the currency of the document and, as an ERP tells them, positive; that of a payment which
returns money is negative.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from frappe.utils import cint, flt, getdate

from cronus_crm.base.amounts import as_decimal, currency_decimals, round_decimal
from cronus_crm.base.company import company_decimals
from cronus_crm.base.sales_documents import INVOICE, ORDER, PROFORMA, Instalment, Kind, SalesDocument

DOCUMENT = "Cronus External Document"
ORIGIN, ITEM, INSTALMENT = "Cronus External Origin", "Cronus External Item", "Cronus Instalment"

CREDIT_NOTE: Kind = "Credit Note"
PAYMENT: Kind = "Payment"
# What comes before an invoice: its balance is what is not invoiced yet, without tax.
BEFORE_INVOICE: tuple[Kind, ...] = (PROFORMA, ORDER, "Delivery Note", "Sales Note")
# What settles other documents.
SETTLING: tuple[Kind, ...] = (PAYMENT, CREDIT_NOTE)
KINDS: tuple[Kind, ...] = (*BEFORE_INVOICE, INVOICE, CREDIT_NOTE, PAYMENT)

ISSUED, SETTLED, CANCELLED = "Issued", "Settled", "Cancelled"

# What can be read in a name without being mistaken for another: the database takes “a”, “A” and “á” for the
# same letter.
_PLAIN = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]{0,98}[A-Z0-9])?")
_LONGEST = 60


def make_document_name(source: str, external_id: str) -> str:
	"""The name of the Cronus External Document of what a source calls `external_id`: equal for the same one
	only, so that the primary key makes it one. A source's name has no colon."""
	if _PLAIN.fullmatch(external_id):
		return f"{source}:{external_id}"
	readable = re.sub(r"[^A-Z0-9._-]+", "-", external_id.upper())[:_LONGEST].strip("-")
	code = hashlib.sha256(external_id.encode()).hexdigest()[:12]
	return f"{source}:{readable}~{code}"


class Named(NamedTuple):
	"""A document that the ERP names as an origin. key: its name here, whether it is told or not. amount: what
	is taken of it, in its currency; 0 where the ERP does not say. kind: as told, or None."""

	key: str
	external_id: str
	kind: str | None
	amount: float


class Taken(NamedTuple):
	"""What is taken of an origin: in its currency, and in the company's."""

	amount: float
	base_amount: float


@dataclass
class Part:
	"""An instalment."""

	due_date: date
	amount: float
	balance: float


_AMOUNTS = ("exchange_rate", "net_total", "tax_total", "grand_total", "balance")
_FLAGS = ("rate_told", "balance_told", "is_history", "docstatus")


@dataclass
class Paper:
	"""A document of an ERP. The fields are those of the DocType; this is their only list.

	named: the origins that the ERP names. taken: all origins that are here and issued, by their names: first
	those that are named, then those behind them. parts: the instalments. opportunities: those of the origins.
	"""

	name: str
	source: str
	external_id: str
	number: str = ""
	kind: Kind | None = INVOICE
	customer: str | None = None
	customer_name: str = ""
	seller: str | None = None
	work_center: str | None = None
	opportunity: str | None = None
	posting_date: date | None = None
	due_date: date | None = None
	currency: str = ""
	exchange_rate: float = 1
	rate_told: int = 0
	net_total: float = 0
	tax_total: float = 0
	grand_total: float = 0
	balance: float = 0
	balance_told: int = 0
	is_history: int = 0
	docstatus: int = 1
	owner: str = ""
	named: list[Named] = field(default_factory=list)
	taken: dict[str, Taken] = field(default_factory=dict)
	parts: list[Part] = field(default_factory=list)

	@classmethod
	def from_rows(
		cls, document: Mapping[str, Any], origins: Iterable[Any] = (), parts: Iterable[Any] = ()
	) -> "Paper":
		"""From the row of a document and those of its tables `origins` and `instalments`, in their order."""
		values = {name: document.get(name) for name in _COLUMNS}
		values |= {name: flt(values[name]) for name in _AMOUNTS}
		values |= {name: cint(values[name]) for name in _FLAGS}
		for name in ("posting_date", "due_date"):
			values[name] = getdate(values[name]) if values[name] else None
		origins = list(origins)
		return cls(
			name=document.get("name"),
			**values,
			named=[
				Named(row.document_key, row.external_id, row.kind or None, flt(row.amount))
				for row in origins
				if row.named
			],
			taken={
				row.document: Taken(flt(row.taken), flt(row.base_taken)) for row in origins if row.document
			},
			parts=[Part(getdate(row.due_date), flt(row.amount), flt(row.balance)) for row in parts],
		)

	@property
	def is_issued(self) -> bool:
		return self.docstatus == 1

	@property
	def state(self) -> str:
		if not self.is_issued:
			return CANCELLED
		return ISSUED if self.balance else SETTLED

	@property
	def measure(self) -> float:
		"""What others take of it: of an invoice and what settles one, with tax; of what comes before it,
		without."""
		return self.net_total if self.kind in BEFORE_INVOICE else abs(self.grand_total)

	def round(self, amount: float | Decimal) -> float:
		"""An amount, rounded to the decimals of the document's currency."""
		return float(round_decimal(_exact(amount), currency_decimals(self.currency)))

	def in_company_currency(self, amount: float) -> float:
		"""An amount in the company's currency, at the document's rate."""
		exact = as_decimal(amount) * as_decimal(self.exchange_rate)
		return float(round_decimal(exact, company_decimals()))

	def to_columns(self) -> dict[str, Any]:
		"""The values of the columns of its row, without those of the framework."""
		return {
			**{name: getattr(self, name) for name in _COLUMNS if name != "owner"},
			"state": self.state,
			"base_net_total": self.in_company_currency(self.net_total),
			"base_grand_total": self.in_company_currency(self.grand_total),
			"base_balance": self.in_company_currency(self.balance),
		}

	def list_base_parts(self) -> list[tuple[float, float]]:
		"""Amount and balance of each instalment in the company's currency; the last one has what is left of
		the whole."""
		found = [
			(self.in_company_currency(part.amount), self.in_company_currency(part.balance))
			for part in self.parts
		]
		if found:
			whole = self.in_company_currency(self.grand_total), self.in_company_currency(self.balance)
			found[-1] = tuple(
				float(as_decimal(total) - sum(as_decimal(pair[place]) for pair in found[:-1]))
				for place, total in enumerate(whole)
			)
		return found

	def to_sales_document(self) -> SalesDocument:
		"""What the ledger, reminders and other modules read."""
		sign = -1 if self.kind == CREDIT_NOTE else 1
		amount = self.grand_total if self.kind == PAYMENT else self.net_total
		return SalesDocument(
			kind=self.kind,
			doctype=DOCUMENT,
			name=self.name,
			customer=self.customer or None,
			customer_name=self.customer_name or self.customer or "",
			seller=self.seller or None,
			work_center=self.work_center or None,
			posting_date=self.posting_date,
			due_date=self._find_due_date(),
			currency=self.currency,
			amount=sign * self.in_company_currency(amount),
			total=sign * self.in_company_currency(self.grand_total),
			balance=sign * self.in_company_currency(self.balance),
			issued=self.is_issued,
			origins=tuple((DOCUMENT, key) for key in self.taken),
			opportunity=self.opportunity or None,
			instalments=self._list_instalments(),
			number=self.number,
			settled=self._list_settled(),
		)

	def _find_due_date(self) -> date | None:
		if self.kind == INVOICE:
			left = [part.due_date for part in self.parts if part.balance > 0]
			return min(left, default=self.due_date)
		return self.due_date if self.kind in (PROFORMA, ORDER) else None

	def _list_instalments(self) -> tuple[Instalment, ...]:
		if self.kind != INVOICE:
			return ()
		return tuple(
			Instalment(number, part.due_date, base_balance)
			for number, (part, (_amount, base_balance)) in enumerate(
				zip(self.parts, self.list_base_parts(), strict=True), start=1
			)
		)

	def _list_settled(self) -> tuple[tuple[tuple[str, str], float], ...]:
		if self.kind not in SETTLING:
			return ()
		return tuple(
			((DOCUMENT, key), taken.base_amount) for key, taken in self.taken.items() if taken.base_amount
		)


# The columns of its row that do not follow from others: all fields but its name and its tables.
_COLUMNS = tuple(one.name for one in fields(Paper) if one.name not in ("name", "named", "taken", "parts"))
_UNSHOWN = frozenset({"source", "external_id", "customer_name", "owner", *_FLAGS})
# What people read of a correction, by field.
SHOWN = (*(name for name in _COLUMNS if name not in _UNSHOWN), "state")


def _exact(amount: float | Decimal) -> Decimal:
	return amount if isinstance(amount, Decimal) else as_decimal(amount)


def read_external_document(doc: Any) -> SalesDocument:
	"""Hook `cronus_sales_documents`: a Cronus External Document, see `Paper.to_sales_document`."""
	return Paper.from_rows(doc, doc.get("origins") or (), doc.get("instalments") or ()).to_sales_document()
