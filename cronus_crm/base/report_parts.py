"""What the reports share: how many rows, columns, rates, and the note with their definitions."""

from collections.abc import Iterable

from frappe import _
from frappe.utils import cint, escape_html, flt, fmt_money

from cronus_crm.base.company import company_currency

_NUMBERS = ("Int", "Float", "Currency", "Percent")

# Rows of a report that is not asked for a number of them; and the most that it gives.
DEFAULT_ROWS, MOST_ROWS = 500, 2000


def row_limit(filters: dict) -> int:
	"""How many rows the filters ask for, in `at_most`."""
	return min(max(cint(filters.get("at_most")) or DEFAULT_ROWS, 1), MOST_ROWS)


def left_out_note(shown: int, found: int) -> str:
	"""The translated sentence that says how many rows are not shown; empty when all are."""
	if shown >= found:
		return ""
	return _("{0} of {1} are shown; the totals are of all.").format(shown, found)


def column(fieldname: str, label: str, fieldtype: str, width: int = 120, **others) -> dict:
	"""A column of a report; label translated."""
	# The framework looks at the first row alone, which may have nothing there.
	aligned = {"align": "right"} if fieldtype in _NUMBERS else {}
	made = {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width}
	return {**made, **aligned, **others}


def money(fieldname: str, label: str, width: int = 150) -> dict:
	"""A column of amounts. Rows say their currency in `currency`; see :func:`currency_column`."""
	return column(fieldname, label, "Currency", width, options="currency")


def currency_column() -> dict:
	"""The hidden column that says in which currency the amounts of a row are."""
	return column("currency", _("Currency"), "Data", 80, hidden=1)


def percent(fieldname: str, label: str, width: int = 150) -> dict:
	"""A column of percentages, with one decimal."""
	return column(fieldname, label, "Percent", width, precision=1)


def rate(part: float, whole: float) -> float | None:
	"""Percentage; None where there is nothing to be a part of, which is not the same as 0 %."""
	return flt(100 * part / whole, 2) if whole else None


def note(*sentences: str) -> str:
	"""The definitions of a report, as the message above its table. Sentences are translated plain text."""
	return f"<p class='text-muted small'>{' '.join(map(escape_html, sentences))}</p>"


def amounts_note() -> str:
	"""The sentence that says what all amounts are in."""
	return _("Amounts without tax, in {0}; cancelled documents left out.").format(company_currency())


def summed(label: str, value: float | None, datatype: str = "Currency") -> dict:
	"""A figure above the chart of a report."""
	if datatype == "Percent" and value is not None:
		# The framework fills up to the decimals of the site, and takes no precision here.
		value, datatype = f"{fmt_money(value, precision=2)}%", "Data"
	shown = {"label": label, "value": value, "datatype": datatype}
	return {**shown, "currency": company_currency()} if datatype == "Currency" else shown


def numbers_chart(
	labels: Iterable[str], datasets: Iterable[tuple[str, list[float]]], colors: list[str], **others
) -> dict:
	"""A chart of whole numbers, of bars unless others say otherwise.

	datasets: of each its translated name, and a number for each label. others: more of what the framework's
	charts take.
	"""
	return {
		"data": {
			"labels": list(labels),
			"datasets": [{"name": name, "values": values} for name, values in datasets],
		},
		"type": "bar",
		"colors": colors,
		"fieldtype": "Int",
		# A chart that is drawn anew while it moves in, as when its page is left, fails.
		"disableEntryAnimation": 1,
		**others,
	}


def amounts_chart(
	labels: Iterable[str], datasets: Iterable[tuple[str, list[float]]], colors: list[str], **others
) -> dict:
	"""The same of amounts in the company's currency."""
	money = {"fieldtype": "Currency", "options": "currency", "currency": company_currency()}
	return numbers_chart(labels, datasets, colors, **money, **others)
