import re
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.model.document import Document

_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PLACEHOLDERS = ("kind", "id", "number")


class CronusSource(Document):
	"""An ERP that tells its records; see `pushing/`."""

	def validate(self):
		self.check_name()
		self.check_url_template()

	def on_trash(self):
		if frappe.db.exists("Cronus External Record", {"source": self.name}):
			frappe.throw(
				_("{0} has told records, which would be told as new ones. Switch it off instead.").format(
					frappe.bold(self.name)
				),
				frappe.LinkExistsError,
			)

	def check_name(self):
		if not _NAME.fullmatch(self.source_name or ""):
			frappe.throw(
				_(
					"{0} is not a name for a source. Use letters without accents, digits, - and _, up to 60."
				).format(frappe.bold(frappe.utils.escape_html(self.source_name or "")))
			)

	def check_url_template(self):
		"""Raises frappe.ValidationError for an address that is not of the web, or that wants something filled
		in that there is not."""
		self.url_template = (self.url_template or "").strip()
		if not self.url_template:
			return
		if not _is_web_address(self.url_template):
			frappe.throw(
				_("{0}: write an address that begins with https:// or http://.").format(
					frappe.bold(_(self.meta.get_label("url_template")))
				)
			)
		for name in _PLACEHOLDER.findall(self.url_template):
			if name not in _PLACEHOLDERS:
				frappe.throw(
					_("{0} is not filled in. Use these: {1}.").format(
						frappe.bold(frappe.utils.escape_html(f"{{{name}}}")),
						", ".join(f"{{{known}}}" for known in _PLACEHOLDERS),
					)
				)


def _is_web_address(text: str) -> bool:
	try:
		parts = urlsplit(_PLACEHOLDER.sub("x", text))
	except ValueError:
		return False
	return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"'`\\]", text)
