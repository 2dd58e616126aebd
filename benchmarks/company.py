"""Data of a company of five years for the benchmark `scale`, inserted by SQL in bulk.

200 sellers in 20 teams have 100 customers each. At a size of n there are n opportunities that went through
three stages, n issued documents of a line each, and n activities, all of them spread over the same five
years: at ten times the size there are ten times as many on each day. Of ten documents four are proformas, of
which two are invoiced (one of them half), two invoices, two payments, an order, and an order or a credit
note. What is pending does not grow with the size: 50 opportunities and 60 activities of each
seller.

Every row has the values that its controller would have written, so that `cronus verify` finds no difference.
"""

from typing import NamedTuple

import frappe
from frappe.utils import getdate, now_datetime

from cronus_crm.base.company import company_currency
from cronus_crm.cronus_analytics.ledger import derived_fields, recount_totals
from tests.scaffold import ADMINISTRATOR, MANAGER, SELLER, VIEWER, make_user

TEAMS, TEAM = 20, 10
SELLERS = TEAMS * TEAM
CUSTOMERS = 20_000
DAYS = 5 * 365
OPPORTUNITIES_IN_PROGRESS, ACTIVITIES_PENDING = 50, 60
MARK = "benchmark.scale"
PRODUCT = "BENCHMARK"
ROWS_PER_INSERT = 50_000

# Emptied before each run: the site is the benchmark's own.
_FILLED = (
	"Cronus Seller",
	"Cronus Customer",
	"Cronus Opportunity",
	"Cronus Stage Change",
	"Cronus Activity",
	"Proforma",
	"Cronus Order",
	"Invoice",
	"Cronus Payment",
	"Cronus Document Item",
	"Cronus Instalment",
	"Cronus Payment Allocation",
	"Cronus Sales Entry",
	"Cronus Sales Entry Origin",
	"Cronus Total",
)

# SQL expressions; `seq` is the number of a row, {0} an expression computed from it.
_TODAY = "@today"
_SELLER = f"concat('Benchmark ', lpad({{0}} mod {SELLERS}, 3, '0'))"
_WORK_CENTER = f"elt(1 + {{0}} mod {SELLERS} div 50, 'North', 'South', 'Coast', 'Hills')"
_CUSTOMER = f"concat('BC-', lpad({{0}} mod {CUSTOMERS}, 6, '0'))"
_CUSTOMER_NAME = f"concat('Customer number ', {{0}} mod {CUSTOMERS})"


class People(NamedTuple):
	"""Users for whom figures are measured."""

	administrator: str
	manager: str
	seller: str


def make_company() -> People:
	"""Empties the site and makes its sellers and customers."""
	if frappe.db.sql("select 1 from `tabCronus Seller` where owner != %s limit 1", MARK):
		frappe.throw("This site has sellers of somebody else: the benchmark needs one of its own.")
	for doctype in _FILLED:
		frappe.db.sql_ddl(f"truncate table `tab{doctype}`")
	people = People(make_user(ADMINISTRATOR), make_user(SELLER, MANAGER), make_user(SELLER, VIEWER))
	_make_sellers(people)
	_make_customers()
	frappe.db.delete("Cronus Work Center", {"owner": MARK})
	frappe.db.bulk_insert(
		"Cronus Work Center",
		("name", "work_center", "owner"),
		[(name, name, MARK) for name in ("North", "South", "Coast", "Hills")],
	)
	if not frappe.db.exists("Cronus Product", PRODUCT):
		frappe.get_doc(
			{"doctype": "Cronus Product", "product_code": PRODUCT, "product_name": PRODUCT, "price": 100}
		).insert()
	frappe.db.commit()
	return people


def _make_sellers(people: People) -> None:
	users = {0: people.manager, 1: people.seller}
	rows = []
	for number in range(SELLERS):
		team, member = divmod(number, TEAM)
		begins = 1 + team * 2 * TEAM
		lft = begins + 2 * member - 1 if member else begins
		rgt = lft + 1 if member else begins + 2 * TEAM - 1
		name, manager = f"Benchmark {number:03}", f"Benchmark {team * TEAM:03}"
		rows.append(
			(name, MARK, name, users.get(number), manager if member else None, lft, rgt, 1, int(not member))
		)
	fields = "name owner seller_name user parent_cronus_seller lft rgt enabled is_group".split()
	frappe.db.bulk_insert("Cronus Seller", fields, rows)


def _make_customers() -> None:
	_insert(
		"Cronus Customer",
		0,
		CUSTOMERS,
		name=_CUSTOMER.format("seq"),
		customer_name=_CUSTOMER_NAME.format("seq"),
		seller=_SELLER.format("seq"),
		work_center=_WORK_CENTER.format("seq"),
		credit_limit="5000",
		payment_days="30",
	)


def add_records(there: int, size: int) -> None:
	"""Adds records of each DocType from number `there` up to `size`, and their totals."""
	frappe.db.sql("set @today = %s", getdate())
	for fill_part in (_fill_opportunities, _fill_activities):
		for begin in range(there, size, ROWS_PER_INSERT):
			fill_part(begin, min(begin + ROWS_PER_INSERT, size))
			frappe.db.commit()
	for begin in range(there // 10, size // 10, ROWS_PER_INSERT // 10):
		_fill_documents(begin, min(begin + ROWS_PER_INSERT // 10, size // 10))
		frappe.db.commit()
	_fill_totals()
	frappe.db.commit()
	for doctype in _FILLED:
		frappe.db.sql_ddl(f"analyze table `tab{doctype}`")
	frappe.db.commit()


def _fill_opportunities(begin: int, end: int) -> None:
	"""Opportunities that went to a proposal and were won or lost; those in progress were opened this year."""
	in_progress = f"seq < {OPPORTUNITIES_IN_PROGRESS * SELLERS}"
	opened = _previous_working_day(
		f"if({in_progress}, 1 + crc32(seq) mod 180, 120 + crc32(seq) mod {DAYS - 120})"
	)
	proposed = f"({opened} + interval crc32(seq) mod 20 day)"
	proposed = f"least({proposed}, {_TODAY})"
	expected = f"{_TODAY} + interval crc32(seq) mod 240 day - interval 60 day"
	closed = f"({opened} + interval 20 + crc32(seq) mod 90 day)"
	won = "crc32(concat('won', seq)) mod 100 < 45"
	stage = f"if({in_progress}, 'Proposal', if({won}, 'Won', 'Not won'))"
	reason = "elt(1 + crc32(concat('why', seq)) mod 4, 'Price', 'Competitor', 'No answer', 'Delivery time')"
	reason = f"if({in_progress} or {won}, null, {reason})"
	value = _cents("100 + crc32(concat('value', seq)) mod 1000000")
	_insert(
		"Cronus Opportunity",
		begin,
		end,
		name=_document_name("BO", "seq"),
		title="concat('Deal number ', seq)",
		**_party_columns("seq"),
		stage=stage,
		state=f"if({in_progress}, 'Open', {stage})",
		probability=f"if({in_progress}, 50, if({won}, 100, 0))",
		light=f"if({in_progress}, 'Amber', 'Grey')",
		loss_reason=reason,
		currency=_currency(),
		value=value,
		exchange_rate="1",
		base_value=value,
		opened_on=opened,
		expected_close=f"if({in_progress}, {expected}, {closed})",
		closed_on=f"if({in_progress}, null, {closed})",
	)
	stays = (("1", "'Initial contact'", opened, "null"), ("2", "'Proposal'", proposed, "null"))
	for number, at, since, why in (*stays, ("3", stage, closed, reason)):
		_insert(
			"Cronus Stage Change",
			begin,
			end,
			where=f"not ({in_progress})" if number == "3" else "true",
			name=f"concat('BS-', lpad(seq, 8, '0'), '-{number}')",
			parent=_document_name("BO", "seq"),
			parenttype="'Cronus Opportunity'",
			parentfield="'stage_log'",
			idx=number,
			stage=at,
			entered_on=since,
			loss_reason=why,
		)


def _fill_activities(begin: int, end: int) -> None:
	pending = f"seq < {ACTIVITIES_PENDING * SELLERS}"
	done_on = _previous_working_day(f"1 + crc32(seq) mod {DAYS - 1}")
	planned = f"timestamp({_TODAY}, '09:00') + interval crc32(seq) mod 60 day - interval 20 day"
	starts = f"if({pending}, {planned}, {done_on})"
	kinds = "'Follow-up', 'Collection', 'Call', 'Meeting', 'Visit', 'Message', 'Task'"
	_insert(
		"Cronus Activity",
		begin,
		end,
		name=_document_name("BA", "seq"),
		subject="concat('Ask how the order goes, number ', seq)",
		activity_type=f"elt(1 + crc32(concat('type', seq)) mod 7, {kinds})",
		state=f"if({pending}, 'Pending', 'Done')",
		seller=_SELLER.format("seq"),
		customer=_CUSTOMER.format("seq"),
		customer_name=_CUSTOMER_NAME.format("seq"),
		starts_on=starts,
		ends_on=f"{starts} + interval 45 minute",
		done_on=f"if({pending}, null, {done_on})",
		overdue_told="1",
		escalated="1",
	)


def _fill_documents(begin: int, end: int) -> None:
	"""Documents in groups of ten, each group of one customer."""
	_fill_proformas(4 * begin, 4 * end)
	_fill_invoices(2 * begin, 2 * end)
	_fill_payments(2 * begin, 2 * end)
	_fill_orders(2 * begin, 2 * end)
	_fill_credit_notes(begin, end)


def _proforma_day(number: str) -> str:
	return _previous_working_day(f"30 + crc32(concat('day', {number} div 4)) mod {DAYS - 30}")


def _invoice_day(number: str) -> str:
	proforma = _proforma_of_invoice(number)
	return f"({_proforma_day(proforma)} + interval 1 + crc32({number}) mod 20 day)"


def _proforma_of_invoice(number: str) -> str:
	"""SQL of the proforma of an invoice: of each ten documents the second proforma is invoiced, the first by
	half."""
	return f"(4 * ({number} div 2) + {number} mod 2)"


def _half_price(proforma: str) -> str:
	"""SQL of half of a proforma's amount, which is the price of one of its two units."""
	return _cents(f"(5000 + crc32(concat('price', {proforma})) mod 200000)")


def _fill_proformas(begin: int, end: int) -> None:
	invoiced = "elt(1 + seq mod 4, 1, 2, 0, 0)"
	cancelled = "(seq mod 80 = 3)"
	state = "elt(1 + seq mod 4, 'Partly invoiced', 'Invoiced', 'Issued', 'Issued')"
	half, left = _half_price("seq"), f"(2 - {invoiced})"
	document = _party_columns("seq div 4") | {
		"name": _document_name("BP", "seq"),
		"docstatus": f"if({cancelled}, 2, 1)",
		"state": f"if({cancelled}, 'Cancelled', {state})",
		"posting_date": _proforma_day("seq"),
		"valid_until": f"{_proforma_day('seq')} + interval 15 day",
		"left_to_invoice": f"{half} * {left}",
		**_amount_columns(half, "2"),
	}
	_insert("Proforma", begin, end, **document)
	_insert(
		"Cronus Document Item",
		begin,
		end,
		**_line_columns("Proforma", "BP", half, "2", invoiced_quantity=invoiced),
	)
	first_invoice = (
		f"elt(1 + seq mod 4, {_invoice_day('(2 * (seq div 4))')}, {_invoice_day('(2 * (seq div 4) + 1)')})"
	)
	_insert_entries(
		"Proforma",
		begin,
		end,
		document,
		kind="'Proforma'",
		cancelled=cancelled,
		due_date=document["valid_until"],
		balance=f"if({cancelled}, 0, {document['left_to_invoice']})",
		first_invoiced_on=f"cast({first_invoice} as date)",
	)


def _is_paid(invoice: str) -> str:
	"""SQL condition of paid invoices: those of the last months are not paid yet."""
	return f"({_invoice_day(invoice)} + interval 60 day <= {_TODAY})"


def _fill_invoices(begin: int, end: int) -> None:
	proforma = _proforma_of_invoice("seq")
	quantity, half = "(1 + seq mod 2)", _half_price(proforma)
	priced = _amount_columns(half, quantity)
	document = _party_columns("seq div 2") | {
		"name": _document_name("BI", "seq"),
		"docstatus": "1",
		"state": f"if({_is_paid('seq')}, 'Paid', 'Issued')",
		"posting_date": _invoice_day("seq"),
		"due_date": f"({_invoice_day('seq')} + interval 30 day)",
		"paid_amount": f"if({_is_paid('seq')}, {priced['grand_total']}, 0)",
		"balance": f"if({_is_paid('seq')}, 0, {priced['grand_total']})",
		**priced,
	}
	_insert("Invoice", begin, end, **document)
	origin = {
		"source_doctype": "'Proforma'",
		"source_name": _document_name("BP", proforma),
		"source_row": _document_name("BLP", proforma),
	}
	_insert("Cronus Document Item", begin, end, **_line_columns("Invoice", "BI", half, quantity, **origin))
	_insert(
		"Cronus Instalment",
		begin,
		end,
		name=_document_name("BII", "seq"),
		parent=document["name"],
		parenttype="'Invoice'",
		parentfield="'instalments'",
		idx="1",
		due_date=document["due_date"],
		amount=document["grand_total"],
		paid=document["paid_amount"],
		balance=document["balance"],
	)
	_insert_entries(
		"Invoice", begin, end, document, kind="'Invoice'", origin=("Proforma", _document_name("BP", proforma))
	)


def _fill_payments(begin: int, end: int) -> None:
	"""A payment for each paid invoice; for the others an advance of the customer."""
	amount = _amount_columns(_half_price(_proforma_of_invoice("seq")), "(1 + seq mod 2)")["grand_total"]
	advance = f"if({_is_paid('seq')}, 0, {amount})"
	paid_on = f"({_invoice_day('seq')} + interval 25 + crc32(concat('paid', seq)) mod 35 day)"
	document = _party_columns("seq div 2") | {
		"name": _document_name("BY", "seq"),
		"docstatus": "1",
		"kind": "'Received'",
		"state": f"if({_is_paid('seq')}, 'Allocated', 'Issued')",
		"posting_date": f"least({paid_on}, {_TODAY})",
		"amount": amount,
		"base_amount": amount,
		"currency": _currency(),
		"exchange_rate": "1",
		"allocated_amount": f"{amount} - {advance}",
		"unallocated_amount": advance,
	}
	_insert("Cronus Payment", begin, end, **document)
	_insert(
		"Cronus Payment Allocation",
		begin,
		end,
		where=_is_paid("seq"),
		name=_document_name("BLY", "seq"),
		parent=document["name"],
		parenttype="'Cronus Payment'",
		parentfield="'allocations'",
		docstatus="1",
		idx="1",
		invoice=_document_name("BI", "seq"),
		invoice_date=_invoice_day("seq"),
		total=amount,
		balance=amount,
		amount=amount,
		allocated_on=document["posting_date"],
	)
	_insert_entries(
		"Cronus Payment",
		begin,
		end,
		{**document, "net_total": amount, "grand_total": amount, "balance": advance},
		kind="'Payment'",
		origin=("Invoice", _document_name("BI", "seq")),
		is_of_origin=_is_paid("seq"),
	)


def _fill_orders(begin: int, end: int) -> None:
	"""One or two orders in each group of ten: in every fifth group the second one is a credit note."""
	there = "(seq mod 2 = 0 or seq div 2 mod 5 > 0)"
	half = _half_price("(2 * seq)")
	document = _party_columns("seq div 2") | {
		"name": _document_name("BR", "seq"),
		"docstatus": "1",
		"state": "'Issued'",
		"posting_date": _proforma_day("(2 * seq)"),
		"delivery_date": f"({_proforma_day('(2 * seq)')} + interval 10 day)",
		"left_to_invoice": f"{half} * 2",
		"to_deliver": "1",
		**_amount_columns(half, "2"),
	}
	_insert("Cronus Order", begin, end, there, **document)
	_insert("Cronus Document Item", begin, end, there, **_line_columns("Cronus Order", "BR", half, "2"))
	_insert_entries(
		"Cronus Order",
		begin,
		end,
		document,
		there,
		kind="'Order'",
		due_date=document["delivery_date"],
		balance=document["left_to_invoice"],
	)


def _fill_credit_notes(begin: int, end: int) -> None:
	"""Half of the second invoice of every fifth group, not allocated."""
	there = "seq mod 5 = 0"
	invoice = "(2 * seq + 1)"
	half = _half_price(_proforma_of_invoice(invoice))
	priced = _amount_columns(half, "1")
	document = _party_columns("seq") | {
		"name": _document_name("BN", "seq"),
		"docstatus": "1",
		"state": "'Issued'",
		"is_return": "1",
		"return_against": _document_name("BI", invoice),
		"posting_date": f"least({_invoice_day(invoice)} + interval 9 day, {_TODAY})",
		"balance": priced["grand_total"],
		**priced,
	}
	_insert("Invoice", begin, end, there, **document)
	origin = {
		"source_doctype": "'Invoice'",
		"source_name": _document_name("BI", invoice),
		"source_row": _document_name("BLI", invoice),
	}
	_insert("Cronus Document Item", begin, end, there, **_line_columns("Invoice", "BN", half, "1", **origin))
	negative = {name: f"-{document[name]}" for name in ("net_total", "grand_total", "balance")}
	_insert_entries(
		"Invoice",
		begin,
		end,
		document | negative,
		there,
		kind="'Credit Note'",
		origin=("Invoice", _document_name("BI", invoice)),
	)


def _fill_totals() -> None:
	"""Totals of all records, computed by the queries of `cronus verify`."""
	derived_fields.mark_sales()
	frappe.db.sql_ddl("truncate table `tabCronus Total`")
	key = "measure, grain, period, seller, work_center, owner, dimension"
	for grain, counted in recount_totals.list_recounts():
		frappe.db.sql(
			f"insert into `tabCronus Total` (name, creation, modified, {key}, number, amount)"
			f" select md5(concat_ws('\\0', {key})), now(6), now(6), {key}, counted, counted_amount"
			f" from (select '{grain}' grain, c.* from ({counted.get_sql()}) c) counted"
		)


def _party_columns(customer: str) -> dict[str, str]:
	customer = f"({customer})"
	return {
		"customer": _CUSTOMER.format(customer),
		"customer_name": _CUSTOMER_NAME.format(customer),
		"seller": _SELLER.format(customer),
		"work_center": _WORK_CENTER.format(customer),
	}


def _amount_columns(unit: str, quantity: str) -> dict[str, str]:
	net = f"({unit} * {quantity})"
	return {
		"currency": _currency(),
		"exchange_rate": "1",
		"net_total": net,
		"tax_total": f"round({net} * 0.15, 2)",
		"grand_total": f"({net} + round({net} * 0.15, 2))",
		"base_net_total": net,
	}


def _line_columns(doctype: str, prefix: str, price: str, quantity: str, **others: str) -> dict[str, str]:
	return {
		"name": _document_name(f"BL{prefix[1:]}", "seq"),
		"parent": _document_name(prefix, "seq"),
		"parenttype": f"'{doctype}'",
		"parentfield": "'items'",
		"idx": "1",
		"product": f"'{PRODUCT}'",
		"description": f"'{PRODUCT}'",
		"quantity": quantity,
		"price": price,
		"tax_rate": "15",
		"net_amount": f"{price} * {quantity}",
		**others,
	}


def _insert_entries(
	doctype: str,
	begin: int,
	end: int,
	document: dict[str, str],
	where: str = "true",
	origin: tuple[str, str] | None = None,
	is_of_origin: str = "true",
	**others: str,
) -> None:
	"""Inserts the ledger entries of documents. origin: DocType and name of their source document, if any."""
	same = ("customer", "seller", "work_center", "posting_date", "currency")
	columns = {name: document[name] for name in same} | {
		"name": f"concat('E', {document['name']})",
		"source_doctype": f"'{doctype}'",
		"source_name": document["name"],
		"amount": document["net_total"],
		"total": document["grand_total"],
	}
	if "balance" in document:
		columns["balance"] = document["balance"]
	if "due_date" in document:
		columns["due_date"] = document["due_date"]
	_insert("Cronus Sales Entry", begin, end, where, **columns | others)
	if origin:
		_insert(
			"Cronus Sales Entry Origin",
			begin,
			end,
			f"{where} and {is_of_origin}",
			name=f"concat('O', {document['name']})",
			parent=columns["name"],
			parenttype="'Cronus Sales Entry'",
			parentfield="'origins'",
			idx="1",
			origin_doctype=f"'{origin[0]}'",
			origin_name=origin[1],
		)


def _document_name(prefix: str, number: str) -> str:
	return f"concat('{prefix}-', lpad({number}, 8, '0'))"


def _cents(number: str) -> str:
	return f"cast(({number}) / 100 as decimal(21, 2))"


def _previous_working_day(ago: str) -> str:
	"""SQL of the day `ago` days before today, or of the Friday before a weekend."""
	day = f"({_TODAY} - interval {ago} day)"
	return f"date({day} - interval greatest(weekday({day}) - 4, 0) day)"


def _currency() -> str:
	return frappe.db.escape(company_currency())


def _insert(doctype: str, begin: int, end: int, where: str = "true", **columns: str) -> None:
	"""Inserts rows by SQL. columns: an SQL expression for each column."""
	now, mark = frappe.db.escape(str(now_datetime())), frappe.db.escape(MARK)
	columns = {"owner": mark, "modified_by": mark, "creation": now, "modified": now, **columns}
	names = ", ".join(f"`{name}`" for name in columns)
	frappe.db.sql(
		f"insert into `tab{doctype}` ({names}) select {', '.join(columns.values())}"
		f" from seq_{begin}_to_{end - 1} where {where}"
	)
