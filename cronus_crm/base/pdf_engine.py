"""What makes PDF files of pages: wkhtmltopdf, or in Frappe 16 Chrome where the site chooses it."""

import frappe
from frappe.utils import pdf

CHROME, WKHTMLTOPDF = "chrome", "wkhtmltopdf"


def requested_engine() -> str:
	"""Name of the engine that is printed for: the one that was asked for, else that of the site."""
	return frappe.form_dict.get("pdf_generator") or site_engine()


def site_engine() -> str:
	"""Name of the engine in the print settings."""
	return frappe.get_cached_doc("Print Settings").get("pdf_generator") or WKHTMLTOPDF


def repeats_table_headers() -> bool:
	"""Whether it repeats the header of a table on each page, cuts no row in two, and numbers pages."""
	return requested_engine() == CHROME or bool(pdf.is_wkhtmltopdf_valid())


def render_print_page(doctype: str, name: str) -> str:
	"""The page of a document, made for the site's engine."""
	frappe.form_dict.pdf_generator = site_engine()
	return frappe.get_print(doctype, name)


def render_pdf(page: str) -> bytes:
	"""The page as the site's engine makes it."""
	engine = site_engine()
	if engine != WKHTMLTOPDF:
		for make in frappe.get_hooks("pdf_generator"):
			# Each makes it, or gives back nothing where it is not the one.
			made = frappe.call(
				make, print_format=None, html=page, options={}, output=None, pdf_generator=engine
			)
			if made:
				return made
	return pdf.get_pdf(page)
