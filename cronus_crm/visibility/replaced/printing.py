"""What the PDF engine is given, and which one it is. Open in 15 and 16: it fetches whatever address stands in
a note, a name or a page that a client sends, with the session of whoever prints (`report_to_pdf` prints
internal pages of the site so)."""

import frappe

from cronus_crm.base import pdf_engine
from cronus_crm.base.inline_assets import embed_assets
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.utils.pdf.get_pdf", "frappe.utils.pdf_generator.browser.Browser.__init__")
def embed_page_assets(call: Call):
	"""A page as PDF, by wkhtmltopdf, or by Chrome where a site of 16 chooses it."""
	call["html"] = embed_assets(call["html"])
	return call()


@replaces("frappe.utils.pdf.get_cookie_options", "frappe.utils.pdf_generator.page.Page.set_cookies")
def withhold_session(call: Call) -> dict:
	"""Nothing: the page needs none."""
	return {}


@replaces("frappe.utils.print_format.download_pdf", "frappe.utils.print_utils.get_print")
def print_with_site_engine(call: Call):
	"""A document as PDF. The desk's print page asks the print settings which engine the site chooses;
	programs and mails, which these serve, do not (15 and 16)."""
	print_format = call.one_of("format", "print_format")
	own = print_format and frappe.get_cached_value("Print Format", print_format, "pdf_generator")
	if call["pdf_generator"] is None and not own:
		call["pdf_generator"] = pdf_engine.site_engine()
	return call()
