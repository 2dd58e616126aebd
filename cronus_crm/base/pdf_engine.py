"""The PDF engine: wkhtmltopdf, or Chrome on a site of Frappe 16 whose print settings choose it."""

import frappe
from frappe.utils import pdf

from cronus_crm.base.present_records import get_present_doc

CHROME, WKHTMLTOPDF = "chrome", "wkhtmltopdf"


def requested_engine() -> str:
	"""Name of the engine that the request asks for, otherwise that of the site."""
	return frappe.form_dict.get("pdf_generator") or site_engine()


def site_engine() -> str:
	"""Name of the engine in the print settings of the site."""
	return get_present_doc("Print Settings").get("pdf_generator") or WKHTMLTOPDF


def repeats_table_headers() -> bool:
	"""True when the engine repeats the header of a table on each page, does not split rows, and can number
	pages.

	An unpatched wkhtmltopdf does none of these.
	"""
	return requested_engine() == CHROME or bool(pdf.is_wkhtmltopdf_valid())


def render_print_page(doctype: str, name: str) -> str:
	"""HTML of the print page of a document, rendered for the engine of the site."""
	frappe.form_dict.pdf_generator = site_engine()
	return frappe.get_print(doctype, name)


def render_pdf(page: str) -> bytes:
	"""The PDF file that the engine of the site makes of an HTML page."""
	engine = site_engine()
	if engine != WKHTMLTOPDF:
		for generator in frappe.get_hooks("pdf_generator"):
			# A generator of another engine gives back nothing.
			contents = frappe.call(
				generator, print_format=None, html=page, options={}, output=None, pdf_generator=engine
			)
			if contents:
				return contents
	return pdf.get_pdf(page)
