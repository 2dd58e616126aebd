"""What people wrote, as text and as HTML.

The framework stores a text that contains something like a tag, such as <ana@example.com>, with entities,
because the desk shows fields as HTML. Everything that shows a text elsewhere begins with :func:`read_text`,
and escapes it once, where it becomes part of a page.
"""

import html
import re

from frappe.utils import html_utils, strip_html
from markupsafe import Markup, escape

# What may be an element of HTML, closed or not.
_TAG = re.compile(r"</?([A-Za-z][^\s/<>]*)[^<>]*>?")

_ELEMENTS = frozenset(
	name.lower()
	for name in (
		*html_utils.acceptable_elements,
		*html_utils.svg_elements,
		*html_utils.mathml_elements,
	)
)


def keep_angle_brackets(text: str) -> str:
	"""A plain text in which <ana@example.com> and the like are written with entities; elements of HTML stay.

	Frappe 15 does so when it takes out what is dangerous; 16 takes out whatever looks like an element.
	"""
	return _TAG.sub(_escape_unknown, text)


def _escape_unknown(tag: re.Match) -> str:
	is_element = tag[0].endswith(">") and tag[1].lower() in _ELEMENTS
	return tag[0] if is_element else html.escape(tag[0], quote=False).replace("&amp;", "&")


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
