"""What the PDF engine is given. Open in 15 and 16: it fetches whatever address stands in a note, a name or a
page that a client sends, with the session of whoever prints (`report_to_pdf` prints internal pages of the
site so)."""

from cronus_crm.cronus_crm.inline_assets import with_inline_assets
from cronus_crm.cronus_crm.replaced.replacement import Call, replaces


@replaces("frappe.utils.pdf.get_pdf", "frappe.utils.pdf.get_chrome_pdf")
def print_page(call: Call):
	"""A page as PDF, by wkhtmltopdf, or by Chrome where a site of 16 chooses it."""
	call["html"] = with_inline_assets(call["html"])
	return call()


@replaces("frappe.utils.pdf.get_cookie_options", "frappe.utils.pdf_generator.page.Page.set_cookies")
def give_no_session(call: Call) -> dict:
	"""Nothing: the page needs none."""
	return {}
