"""Building blocks of script reports: row limits, columns, percentages, summary figures, charts and notes."""

from collections.abc import Iterable, Sequence

import frappe
from frappe import _
from frappe.utils import cint, escape_html, flt

from cronus_crm.base.company import company_currency
from cronus_crm.base.money_format import format_number

_NUMBERS = ("Int", "Float", "Currency", "Percent")

# Number of rows without the filter `at_most`, and the maximum that the filter may ask for: what a server
# keeps in memory and a spreadsheet takes.
DEFAULT_ROWS, MOST_ROWS = 500, 100_000


def row_limit(filters: dict) -> int:
	"""The maximum number of rows: the filter `at_most`, within 1 to MOST_ROWS."""
	return min(max(cint(filters.get("at_most")) or DEFAULT_ROWS, 1), MOST_ROWS)


def read_option(filters: dict | None, name: str, options: Sequence[str]) -> str:
	"""The value of a filter that is one of `options`; without a value, the first of them.

	Raises frappe.ValidationError for any other value.
	"""
	value = (filters or {}).get(name) or options[0]
	if value not in options:
		frappe.throw(
			_("{0}: {1} is none of {2}.").format(
				frappe.bold(name), frappe.bold(escape_html(str(value)[:140])), ", ".join(options)
			)
		)
	return value


def left_out_sentence(shown: int, found: int) -> str:
	"""The translated sentence that says how many of the rows found are shown; empty when all are."""
	if shown >= found:
		return ""
	return _("{0} of {1} are shown; the totals are of all.").format(shown, found)


def column(fieldname: str, label: str, fieldtype: str, width: int = 120, **others) -> dict:
	"""Definition of a column. label: translated. others: more keys of the framework's definition."""
	# The framework decides the alignment by the first row, where the value may be missing.
	aligned = {"align": "right"} if fieldtype in _NUMBERS else {}
	made = {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width}
	return {**made, **aligned, **others}


def amount_column(fieldname: str, label: str, width: int = 150) -> dict:
	"""Definition of a column of amounts, whose currency each row has in `currency`; see
	:func:`currency_column`."""
	return column(fieldname, label, "Currency", width, options="currency")


def currency_column() -> dict:
	"""Definition of the hidden column with the code of the currency of the amounts of a row."""
	return column("currency", _("Currency"), "Data", 80, hidden=1)


def percent_column(fieldname: str, label: str, width: int = 150) -> dict:
	"""Definition of a column of percentages, with one decimal."""
	return column(fieldname, label, "Percent", width, precision=1)


def percentage(part: float, whole: float) -> float | None:
	"""`part` as a percentage of `whole`, with two decimals. None when `whole` is 0: that is not the same as 0
	%."""
	return flt(100 * part / whole, 2) if whole else None


def definitions_note(*sentences: str) -> str:
	"""HTML of the message above the table of a report. sentences: translated plain text, which is escaped
	here; empty ones are left out."""
	return f"<p class='text-muted small'>{' '.join(map(escape_html, filter(None, sentences)))}</p>"


def amounts_sentence() -> str:
	"""The translated sentence that says in which currency the amounts are and what they leave out."""
	return _("Amounts without tax, in {0}; cancelled documents left out.").format(company_currency())


def summary_figure(label: str, value: float | None, datatype: str = "Currency") -> dict:
	"""Definition of a summary figure above the chart of a report. label: translated."""
	if datatype == "Percent" and value is not None:
		# The framework formats a figure with the decimals of the site and has no precision for it, so it is
		# text.
		value, datatype = f"{format_number(value, 2)}%", "Data"
	shown = {"label": label, "value": value, "datatype": datatype}
	return {**shown, "currency": company_currency()} if datatype == "Currency" else shown


def numbers_chart(
	labels: Iterable[str], datasets: Iterable[tuple[str, list[float]]], colors: list[str], **others
) -> dict:
	"""Definition of a chart of whole numbers; a bar chart unless `others` contains another `type`.

	datasets: pairs of a translated name and one number for each label. others: more keys of the framework's
	definition of a chart.
	"""
	return {
		"data": {
			"labels": list(labels),
			"datasets": [{"name": name, "values": values} for name, values in datasets],
		},
		"type": "bar",
		"colors": colors,
		"fieldtype": "Int",
		# The chart library raises an error when a chart is drawn again during its animation, as when a user
		# leaves the page.
		"disableEntryAnimation": 1,
		**others,
	}


def amounts_chart(
	labels: Iterable[str], datasets: Iterable[tuple[str, list[float]]], colors: list[str], **others
) -> dict:
	"""Definition of a chart of amounts in the company's currency; arguments are those of
	:func:`numbers_chart`."""
	currency_keys = {"fieldtype": "Currency", "options": "currency", "currency": company_currency()}
	return numbers_chart(labels, datasets, colors, **currency_keys, **others)
