"""The letterhead of the company, made of its logo, name and tax id."""

import frappe
from frappe import _
from frappe.utils import escape_html

LETTER_HEAD = "Letter Head"
_PICTURES = ("png", "jpg", "jpeg", "gif", "webp")


def find_logo() -> str | None:
	"""The picture of the letterhead that documents are printed with; None without one."""
	return frappe.db.get_value(LETTER_HEAD, {"is_default": 1, "disabled": 0}, "image")


def save_letterhead(company: str, tax_id: str, logo: str) -> None:
	"""Makes the letterhead that documents are printed with, or changes it.

	logo: URL of a public picture of the site. Whoever calls this has asked the role.

	Raises frappe.ValidationError for what is no picture of the site.
	"""
	_require_picture(logo)
	name = frappe.db.get_value(LETTER_HEAD, {"is_default": 1}) or frappe.db.exists(LETTER_HEAD, company)
	doc = frappe.get_doc(LETTER_HEAD, name) if name else frappe.new_doc(LETTER_HEAD)
	doc.update({"image": logo, "is_default": 1, "disabled": 0, "source": "HTML"})
	doc.content = _build_html(company, tax_id, logo)
	# The role has been asked by `guide.require_guide_role`.
	doc.flags.ignore_permissions = True
	if not name:
		doc.letter_head_name = company
		doc.insert()
		# The framework makes a new letterhead one of a picture alone.
		doc.source, doc.content = "HTML", _build_html(company, tax_id, logo)
	doc.save()
	frappe.db.set_single_value("Navbar Settings", "app_logo", _keep_own_logo() or logo)


def _keep_own_logo() -> str | None:
	return frappe.db.get_single_value("Navbar Settings", "app_logo")


def _require_picture(logo: str) -> None:
	is_picture = logo.rsplit(".", 1)[-1].lower() in _PICTURES
	public = {"file_url": logo, "is_private": 0}
	if not (is_picture and logo.startswith("/files/") and frappe.db.exists("File", public)):
		frappe.throw(_("The logo has to be a public picture of this site: PNG, JPEG, GIF or WebP."))


def _build_html(company: str, tax_id: str, logo: str) -> str:
	"""The framework renders a letterhead as a template: what stands in braces would run."""
	name, number, source = (_escape(text) for text in (company, tax_id or "", logo))
	return (
		'<table style="width:100%;margin:0"><tr>'
		f'<td style="border:0;padding:0;width:40%"><img src="{source}" alt="" style="max-height:70px"></td>'
		f'<td style="border:0;padding:0;text-align:right"><b>{name}</b><br>{number}</td></tr></table>'
	)


def _escape(text: str) -> str:
	return escape_html(text).replace("{", "&#123;").replace("}", "&#125;")
