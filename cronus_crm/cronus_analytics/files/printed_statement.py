"""The statement of account of a customer on paper, in the letter of its documents."""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.desk.query_report import get_report_doc
from frappe.translate import print_language
from frappe.utils import cint, fmt_money, format_date, nowdate
from frappe.www.printview import get_letter_head, get_print_style

from cronus_crm.base.pdf_engine import render_pdf
from cronus_crm.cronus_analytics.files.customer_files import file_name
from cronus_crm.cronus_analytics.report.cronus_statement_of_account import cronus_statement_of_account
from cronus_crm.cronus_analytics.report.cronus_statement_of_account.cronus_statement_of_account import (
	Statement,
)
from cronus_crm.cronus_billing.printing import printed_letter
from cronus_crm.cronus_billing.printing.printed_letter import Letter
from cronus_crm.cronus_billing.printing.printed_table import (
	Column,
	Row,
	Table,
	format_amount,
	make_column,
	make_table,
)
from cronus_crm.cronus_crm.doctype.cronus_crm_settings.cronus_crm_settings import company_currency

REPORT = "Cronus Statement of Account"
# The engine makes some four hundred movements in a second; beyond this the report is what somebody wants.
MOST = 2000

_TEMPLATE = "cronus_crm/templates/print/statement_of_account.html"


@dataclass(frozen=True)
class PrintedStatement:
	"""today: the day of the ages. ages: labels and amounts of what is left to pay."""

	letter: Letter
	table: Table
	today: str
	ages: tuple[tuple[str, str], ...]


@frappe.whitelist()
def download_statement(
	customer: str, from_date: str | None = None, to_date: str | None = None, language: str | None = None
) -> None:
	"""Answers with a PDF of the report's movements, of what the session's user may see.

	from_date, to_date: by default the last 90 days. language: by default, that of the session.

	Raises frappe.PermissionError where the user may not print the customer or see the report, and
	frappe.ValidationError for a period that ends before it begins or has more than MOST movements.
	"""
	get_report_doc(REPORT)
	frappe.get_doc("Cronus Customer", customer).check_permission("print")
	# As the framework does of every print and report that leaves the site.
	make_access_log(
		doctype="Cronus Customer", document=customer, file_type="PDF", method="Print", report_name=REPORT
	)
	with print_language(language or frappe.local.lang):
		frappe.local.response.filecontent = render_pdf(statement_page(customer, from_date, to_date))
		frappe.local.response.filename = file_name(_("statement"), customer, "pdf")
	frappe.local.response.type = "pdf"


def statement_page(
	customer: str, from_date: str | date | None = None, to_date: str | date | None = None
) -> str:
	"""The statement as HTML. Arguments and errors are those of `download_statement`."""
	statement = cronus_statement_of_account.read(customer, from_date, to_date)
	if len(statement.movements) > MOST:
		frappe.throw(
			_("These are more than {0} movements. Choose a shorter period.").format(MOST),
			title=_("Too many movements"),
		)
	document = frappe.get_cached_doc("Cronus Customer", customer)
	around = _letter_head(document)
	body = frappe.render_template(
		_TEMPLATE, {"printed": _printed(statement, document, around.letter_head), **around}
	)
	return frappe.render_template(
		"www/printview.html",
		{
			"body": body,
			"print_style": get_print_style(),
			"title": _("Statement of account"),
			"lang": frappe.local.lang,
		},
	)


def _letter_head(customer) -> frappe._dict:
	"""What stands above and below every printed page of the site, where its settings want that."""
	wanted = cint(frappe.db.get_single_value("Print Settings", "with_letterhead"))
	found = get_letter_head(customer, no_letterhead=not wanted)
	around = {"letter_head": found.get("content"), "footer": found.get("footer")}
	return frappe._dict(
		{
			place: frappe.render_template(html, {"doc": customer.as_dict()}) if html else None
			for place, html in around.items()
		}
	)


def _printed(statement: Statement, customer, letter_head: str | None) -> PrintedStatement:
	letter = _letter(statement, customer)
	rows = _rows(statement)
	return PrintedStatement(
		letter=letter,
		table=make_table(rows, _columns(rows), printed_letter.height_of_letter(letter, letter_head)),
		today=format_date(nowdate()),
		ages=tuple((label, fmt_money(left, currency=company_currency())) for label, left in statement.ages),
	)


def _letter(statement: Statement, customer) -> Letter:
	return Letter(
		company=printed_letter.company_name(),
		party=printed_letter.known_party("Cronus Customer", customer.name, customer.customer_name),
		seller=printed_letter.seller_named(customer.seller),
		facts=(
			(_("From date"), format_date(statement.from_date)),
			(_("Until"), format_date(statement.to_date)),
			(_("Currency"), company_currency()),
		),
		bank_details=printed_letter.company_bank_details(),
	)


def _rows(statement: Statement) -> list[Row]:
	return [
		_in_bold(statement.from_date, _("Opening balance"), statement.opening),
		*(
			{
				"date": format_date(movement.posting_date),
				"title": f"{_(movement.kind)} {movement.source_name}",
				"due": format_date(movement.due_date) if movement.due_date else "",
				"charge": format_amount(movement.charge or None),
				"credit": format_amount(movement.credit or None),
				"balance": format_amount(movement.balance),
			}
			for movement in statement.movements
		),
		_in_bold(statement.to_date, _("Closing balance"), statement.closing),
	]


def _in_bold(day: date, title: str, balance: float) -> Row:
	nothing = dict.fromkeys(("due", "charge", "credit"), "")
	return {
		"date": format_date(day),
		"title": title,
		"balance": format_amount(balance),
		"bold": "bold",
		**nothing,
	}


def _columns(rows: list[Row]) -> list[Column]:
	return [
		make_column(rows, "date", _("Date")),
		Column("title", _("Movement"), None),
		make_column(rows, "due", _("Due date")),
		make_column(rows, "charge", _("Charge"), right=True),
		make_column(rows, "credit", _("In favour"), right=True),
		make_column(rows, "balance", _("Balance"), right=True),
	]
