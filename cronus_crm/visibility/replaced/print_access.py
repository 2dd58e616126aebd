"""Functions that make PDF files, without requests by the PDF engine.

Open in 15 and 16: the engine fetches any URL in a note, a name or a page that a client sends, from the
server's network and with the session of the user who prints (server-side request forgery). `report_to_pdf`
takes a whole page from the client.
"""

from cronus_crm.base import pdf_engine
from cronus_crm.base.inline_assets import embed_assets
from cronus_crm.base.present_records import get_present_value
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.utils.pdf.get_pdf", "frappe.utils.pdf_generator.browser.Browser.__init__")
def embed_page_assets(call: Call):
	"""Makes the PDF of a page (wkhtmltopdf in 15 and 16, Chrome in 16), with its assets embedded.

	Open in 15 and 16: see above. Held closed by cronus_crm/base/test_inline_assets.py:
	test_the_engine_fetches_nothing.
	"""
	call["html"] = embed_assets(call["html"])
	return call()


@replaces("frappe.utils.pdf.get_cookie_options", "frappe.utils.pdf_generator.page.Page.set_cookies")
def withhold_session(call: Call) -> dict:
	"""No cookies for the engine: an embedded page needs no session.

	Open in 15 (`get_cookie_options`) and 16 (both): the engine has the session of the user. No test of its
	own: it is a second line behind `embed_page_assets`.
	"""
	return {}


@replaces("frappe.utils.print_format.download_pdf", "frappe.utils.print_utils.get_print")
def print_with_site_engine(call: Call):
	"""A document as PDF, for programs and mails, by the engine that the print settings of the site choose.

	No security hole: 15 and 16 read that setting in the print page of the desk only.
	"""
	print_format = call.one_of("format", "print_format")
	# What a program sends may be anything; the framework answers what is no name.
	is_name = isinstance(print_format, str) and print_format
	own = is_name and get_present_value("Print Format", print_format, "pdf_generator")
	if call["pdf_generator"] is None and not own:
		call["pdf_generator"] = pdf_engine.site_engine()
	return call()
