"""Reads and validates the public data set of a sales pipeline: four CSV files in a folder.

Pure: the caller writes nothing before everything is read and validated. Amounts are in US dollars.
"""

import csv
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from frappe import _

from cronus_crm.demo.demo_error import DemoError

# Dates by the order of their parts. Year first is ISO 8601 only.
DATE_ORDERS = {
	"ymd": re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
	"dmy": re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"),
	"mdy": re.compile(r"(?P<month>\d{1,2})[/.-](?P<day>\d{1,2})[/.-](?P<year>\d{4})"),
}

STAGES = ("Prospecting", "Engaging", "Won", "Lost")

# Misspellings in the known files, with the correct spelling.
PRODUCTS = {"GTXPro": "GTX Pro"}
SECTORS = {"technolgy": "technology"}
COUNTRIES = {"Philipines": "Philippines", "Korea": "Korea, Republic of"}

COLUMNS = {
	"products.csv": ("product", "series", "sales_price"),
	"sales_teams.csv": ("sales_agent", "manager", "regional_office"),
	"accounts.csv": (
		"account",
		"sector",
		"year_established",
		"revenue",
		"employees",
		"office_location",
		"subsidiary_of",
	),
	"sales_pipeline.csv": (
		"opportunity_id",
		"sales_agent",
		"product",
		"account",
		"deal_stage",
		"engage_date",
		"close_date",
		"close_value",
	),
}

Value = TypeVar("Value")


@dataclass(frozen=True)
class Product:
	name: str
	series: str
	price: float


@dataclass(frozen=True)
class Agent:
	name: str
	manager: str
	office: str


@dataclass(frozen=True)
class Account:
	"""revenue: of a year, in US dollars. parent: name of the account that it is a subsidiary of."""

	name: str
	sector: str
	year_established: int | None
	revenue: float
	employees: int
	country: str
	parent: str | None


@dataclass(frozen=True)
class Deal:
	"""One row of the pipeline.

	engaged_on: None while prospecting. closed_on and value: set once it is won or lost.
	"""

	key: str
	agent: str
	product: str
	account: str | None
	stage: str
	engaged_on: date | None
	closed_on: date | None
	value: float | None


@dataclass(frozen=True)
class Pipeline:
	"""All tables by name; an account comes after its parent."""

	products: dict[str, Product]
	agents: dict[str, Agent]
	accounts: dict[str, Account]
	deals: tuple[Deal, ...]


def read_pipeline(folder: str | Path, date_order: str) -> Pipeline:
	"""The pipeline of a folder.

	date_order: one of `DATE_ORDERS`.

	Raises DemoError, naming file, line and value, at the first error: a missing file or column, a date that
	is not in that order, an unknown agent, product, account or stage, an invalid number, a deal that closes
	before it begins.
	"""
	if date_order not in DATE_ORDERS:
		raise DemoError(_("The order of dates is one of {0}.").format(", ".join(DATE_ORDERS)))
	folder = Path(folder)
	# All files are opened first: a missing file or column is reported before the rows are checked.
	rows = {file: list(_read_rows(folder / file, columns)) for file, columns in COLUMNS.items()}
	products = _index_by_name(_read_product(row) for row in rows["products.csv"])
	agents = _index_by_name(_read_agent(row) for row in rows["sales_teams.csv"])
	accounts = _sort_parents_first(
		_index_by_name(_read_account(row) for row in rows["accounts.csv"]), rows["accounts.csv"]
	)
	deals, seen = [], set()
	for row in rows["sales_pipeline.csv"]:
		deal = _read_deal(row, date_order, products, agents, accounts)
		if deal.key in seen:
			raise row.make_error("opportunity_id", _("it is in the file twice"))
		seen.add(deal.key)
		deals.append(deal)
	return Pipeline(products, agents, accounts, tuple(deals))


@dataclass(frozen=True)
class _Row:
	"""A line of a file. line: its number, 1 is the header. cells: by column, stripped."""

	file: str
	line: int
	cells: dict[str, str]

	def make_error(self, column: str, reason: str) -> DemoError:
		return DemoError(
			_("{0}, line {1}, {2} “{3}”: {4}. Nothing was loaded.").format(
				self.file, self.line, column, self.cells[column], reason
			)
		)

	def read_text(self, column: str) -> str:
		if not self.cells[column]:
			raise self.make_error(column, _("it is empty"))
		return self.cells[column]

	def read_number(self, column: str) -> float:
		return self._read_as(column, float, _("it is not a number, from zero up"))

	def read_whole_number(self, column: str) -> int:
		return self._read_as(column, int, _("it is not a whole number, from zero up"))

	def _read_as(self, column: str, kind: Callable[[str], Value], reason: str) -> Value:
		try:
			value = kind(self.read_text(column))
		except ValueError:
			raise self.make_error(column, reason) from None
		if not math.isfinite(value) or value < 0:
			raise self.make_error(column, reason)
		return value

	def read_date(self, column: str, order: str) -> date | None:
		"""The date of a cell, None when it is empty. Raises DemoError for a text that is no date in this
		order."""
		if not (text := self.cells[column]):
			return None
		if not (match := DATE_ORDERS[order].fullmatch(text)):
			raise self.make_error(
				column, _("it is no date in the order {0}; look at --date-order").format(order)
			)
		parts = {name: int(digits) for name, digits in match.groupdict().items()}
		try:
			return date(**parts)
		except ValueError:
			reason = _("in the order {0} it is no day of the calendar; look at --date-order").format(order)
			raise self.make_error(column, reason) from None

	def read_known_name(self, column: str, known: dict, misspelt: dict[str, str] | None = None) -> str:
		name = (misspelt or {}).get(self.read_text(column), self.read_text(column))
		if name not in known:
			raise self.make_error(column, _("nobody knows it; these are known: {0}").format(", ".join(known)))
		return name


def _read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[_Row]:
	try:
		# utf-8-sig reads files with and without a byte order mark, which Excel writes.
		with path.open(encoding="utf-8-sig", newline="") as file:
			reader = csv.reader(file, strict=True)
			header = [cell.strip() for cell in next(reader, [])]
			if missing := [column for column in columns if column not in header]:
				raise DemoError(_("{0} lacks the columns {1}.").format(path.name, ", ".join(missing)))
			for cells in reader:
				if not cells:
					continue
				if len(cells) != len(header):
					raise DemoError(
						_("{0}, line {1}: {2} cells where the header has {3}. Nothing was loaded.").format(
							path.name, reader.line_num, len(cells), len(header)
						)
					)
				by_column = dict(zip(header, (cell.strip() for cell in cells), strict=True))
				yield _Row(path.name, reader.line_num, by_column)
	except OSError as error:
		raise DemoError(
			_("{0} cannot be read: {1}. A pipeline is a folder with {2}.").format(
				path, error.strerror, ", ".join(COLUMNS)
			)
		) from error
	except UnicodeDecodeError as error:
		raise DemoError(_("{0} is not text in UTF-8. Save it as such and repeat.").format(path)) from error
	except csv.Error as error:
		raise DemoError(_("{0} is not a proper CSV file: {1}.").format(path, error)) from error


def _index_by_name(found: Iterator[tuple[_Row, str, Value]]) -> dict[str, Value]:
	named: dict[str, Value] = {}
	for row, column, value in found:
		if value.name in named:
			raise row.make_error(column, _("it is in the file twice"))
		named[value.name] = value
	return named


def _read_product(row: _Row) -> tuple[_Row, str, Product]:
	return (
		row,
		"product",
		Product(row.read_text("product"), row.read_text("series"), row.read_number("sales_price")),
	)


def _read_agent(row: _Row) -> tuple[_Row, str, Agent]:
	agent = Agent(row.read_text("sales_agent"), row.read_text("manager"), row.read_text("regional_office"))
	return row, "sales_agent", agent


def _read_account(row: _Row) -> tuple[_Row, str, Account]:
	sector, country = row.read_text("sector"), row.read_text("office_location")
	account = Account(
		name=row.read_text("account"),
		sector=SECTORS.get(sector, sector),
		year_established=row.read_whole_number("year_established") if row.cells["year_established"] else None,
		# Millions in the file.
		revenue=round(row.read_number("revenue") * 1_000_000, 2),
		employees=row.read_whole_number("employees"),
		country=COUNTRIES.get(country, country),
		parent=row.cells["subsidiary_of"] or None,
	)
	return row, "account", account


def _sort_parents_first(accounts: dict[str, Account], rows: list[_Row]) -> dict[str, Account]:
	ordered: dict[str, Account] = {}
	waiting = {row.cells["account"]: row for row in rows}
	for row in rows:
		if row.cells["subsidiary_of"]:
			row.read_known_name("subsidiary_of", accounts)
	while waiting:
		ready = [name for name in waiting if accounts[name].parent in (None, *ordered)]
		if not ready:
			row = next(iter(waiting.values()))
			raise row.make_error("subsidiary_of", _("the companies own each other in a circle"))
		for name in ready:
			ordered[name] = accounts[name]
			del waiting[name]
	return ordered


def _read_deal(
	row: _Row,
	date_order: str,
	products: dict[str, Product],
	agents: dict[str, Agent],
	accounts: dict[str, Account],
) -> Deal:
	read_date = partial(row.read_date, order=date_order)
	stage = row.read_known_name("deal_stage", dict.fromkeys(STAGES))
	deal = Deal(
		key=row.read_text("opportunity_id"),
		agent=row.read_known_name("sales_agent", agents),
		product=row.read_known_name("product", products, PRODUCTS),
		account=row.read_known_name("account", accounts) if row.cells["account"] else None,
		stage=stage,
		engaged_on=read_date("engage_date"),
		closed_on=read_date("close_date"),
		value=row.read_number("close_value") if row.cells["close_value"] else None,
	)
	_check_dates(row, deal)
	return deal


def _check_dates(row: _Row, deal: Deal) -> None:
	closed = deal.stage in ("Won", "Lost")
	if bool(deal.engaged_on) == (deal.stage == "Prospecting"):
		raise row.make_error("engage_date", _("an opportunity has one from Engaging on, and none before"))
	if bool(deal.closed_on) != closed:
		raise row.make_error(
			"close_date", _("an opportunity has one when it is won or lost, and none before")
		)
	if (deal.value is not None) != closed:
		raise row.make_error(
			"close_value", _("an opportunity has one when it is won or lost, and none before")
		)
	if deal.closed_on and deal.closed_on < deal.engaged_on:
		raise row.make_error("close_date", _("the opportunity would close before it began"))
