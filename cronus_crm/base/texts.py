"""What people wrote, as text and as HTML.

The framework stores a text that contains something like a tag, such as <ana@example.com>, with entities,
because the desk shows fields as HTML. Everything that shows a text elsewhere begins with :func:`read_text`,
and escapes it once, where it becomes part of a page.
"""

import html

from frappe.utils import strip_html
from markupsafe import Markup, escape


def read_text(stored: str | None) -> str:
	"""The text that a person wrote, without entities, of a field for plain text."""
	return html.unescape(stored or "")


def as_html(stored: str | None) -> Markup:
	"""A stored text as HTML that shows it; also the filter `as_html` of print formats, in the place of
	`e`."""
	return escape(html.unescape(str("" if stored is None else stored)))


def strip_tags(content: str | None) -> str:
	"""The text of a field for HTML, without tags and entities."""
	return html.unescape(strip_html(content or ""))
