"""The printed statement of account of a customer, with the layout of commercial documents."""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.desk.query_report import get_report_doc
from frappe.translate import print_language
from frappe.utils import cint, format_date
from frappe.www.printview import get_letter_head, get_print_style

from cronus_crm.base.company import company_currency, company_today
from cronus_crm.base.money_format import format_amount, format_money
from cronus_crm.base.pdf_engine import render_pdf
from cronus_crm.base.present_records import get_present_doc
from cronus_crm.cronus_analytics.files.customer_files import make_file_name
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
	make_column,
	make_table,
)

REPORT = "Cronus Statement of Account"
# The PDF engine renders about 400 movements in a second. For more than these, the report is the better tool.
MOST_MOVEMENTS = 2000

_TEMPLATE = "cronus_crm/templates/print/statement_of_account.html"


@dataclass(frozen=True)
class PrintedStatement:
	"""The content of the page. today: the day to which the ages refer. ages: label and amount of each age
	class."""

	letter: Letter
	table: Table
	today: str
	ages: tuple[tuple[str, str], ...]


def download_statement(
	customer: str, from_date: str | None = None, to_date: str | None = None, language: str | None = None
) -> None:
	"""Sets the response to a PDF of the statement, with the documents that the session's user may see.

	from_date, to_date: both included; by default, the last 90 days. language: by default, that of the
	session.

	Raises frappe.PermissionError where the user may not print the customer or see the report, and
	frappe.ValidationError for a period that ends before it begins or has more than MOST_MOVEMENTS movements.
	"""
	get_report_doc(REPORT)
	frappe.get_doc("Cronus Customer", customer).check_permission("print")
	# The framework logs its own prints and exports in the same way.
	make_access_log(
		doctype="Cronus Customer", document=customer, file_type="PDF", method="Print", report_name=REPORT
	)
	with print_language(language or frappe.local.lang):
		frappe.local.response.filecontent = render_pdf(render_statement(customer, from_date, to_date))
		frappe.local.response.filename = make_file_name(_("statement"), customer, "pdf")
	frappe.local.response.type = "pdf"


def render_statement(
	customer: str, from_date: str | date | None = None, to_date: str | date | None = None
) -> str:
	"""The statement as HTML. Arguments and errors are those of `download_statement`."""
	statement = cronus_statement_of_account.read_statement(customer, from_date, to_date)
	if len(statement.movements) > MOST_MOVEMENTS:
		frappe.throw(
			_("These are more than {0} movements. Choose a shorter period.").format(MOST_MOVEMENTS),
			title=_("Too many movements"),
		)
	document = get_present_doc("Cronus Customer", customer)
	head_and_foot = _render_letter_head(document)
	body = frappe.render_template(
		_TEMPLATE,
		{"printed": _make_printed_statement(statement, document, head_and_foot.letter_head), **head_and_foot},
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


def _render_letter_head(customer) -> frappe._dict:
	"""The site's `letter_head` and `footer` as HTML; None for each that there is not, or that the print
	settings turn off."""
	is_enabled = cint(frappe.db.get_single_value("Print Settings", "with_letterhead"))
	found = get_letter_head(customer, no_letterhead=not is_enabled)
	templates = {"letter_head": found.get("content"), "footer": found.get("footer")}
	return frappe._dict(
		{
			name: frappe.render_template(html, {"doc": customer.as_dict()}) if html else None
			for name, html in templates.items()
		}
	)


def _make_printed_statement(statement: Statement, customer, letter_head: str | None) -> PrintedStatement:
	letter = _make_letter(statement, customer)
	rows = _make_rows(statement)
	return PrintedStatement(
		letter=letter,
		table=make_table(
			rows, _make_columns(rows), printed_letter.estimate_letter_height(letter, letter_head)
		),
		today=format_date(company_today()),
		ages=tuple((label, format_money(left, company_currency())) for label, left in statement.ages),
	)


def _make_letter(statement: Statement, customer) -> Letter:
	return Letter(
		company=printed_letter.company_name(),
		party=printed_letter.make_party("Cronus Customer", customer.name, customer.customer_name),
		seller=printed_letter.make_seller_party(customer.seller),
		facts=(
			(_("From date"), format_date(statement.from_date)),
			(_("Until"), format_date(statement.to_date)),
			(_("Currency"), company_currency()),
		),
		bank_details=printed_letter.company_bank_details(),
	)


def _make_rows(statement: Statement) -> list[Row]:
	return [
		_make_bold_row(statement.from_date, _("Opening balance"), statement.opening),
		*(
			{
				"date": format_date(movement.posting_date),
				"title": f"{_(movement.kind)} {movement.number or movement.source_name}",
				"due": format_date(movement.due_date) if movement.due_date else "",
				"charge": _format_movement(movement.charge),
				"credit": _format_movement(movement.credit),
				"balance": format_amount(movement.balance, company_currency()),
			}
			for movement in statement.movements
		),
		_make_bold_row(statement.to_date, _("Closing balance"), statement.closing),
	]


def _format_movement(amount: float) -> str:
	return format_amount(amount, company_currency()) if amount else ""


def _make_bold_row(day: date, title: str, balance: float) -> Row:
	empty_cells = dict.fromkeys(("due", "charge", "credit"), "")
	return {
		"date": format_date(day),
		"title": title,
		"balance": format_amount(balance, company_currency()),
		"bold": "bold",
		**empty_cells,
	}


def _make_columns(rows: list[Row]) -> list[Column]:
	return [
		make_column(rows, "date", _("Date")),
		Column("title", _("Movement"), None),
		make_column(rows, "due", _("Due date")),
		make_column(rows, "charge", _("Charge"), right=True),
		make_column(rows, "credit", _("In favour"), right=True),
		make_column(rows, "balance", _("Balance"), right=True),
	]
