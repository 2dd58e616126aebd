"""Texts with fields, such as {{ customer }}, that an administrator writes for messages to customers.

They are Jinja templates in a sandbox of their own, which knows the fields and nothing else: whoever may write
the settings must not read the site by them, as the framework's templates could.
"""

from collections.abc import Sequence

import frappe
from frappe import _
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

# What a text about a commercial document may name.
DOCUMENT_FIELDS = (
	"document",
	"number",
	"date",
	"valid_until",
	"due_date",
	"total",
	"balance",
	"customer",
	"contact",
	"seller",
	"company",
)

_MAX_LENGTH = 10_000
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_environment.globals.clear()


def fill_template(text: str, values: dict[str, str], fields: Sequence[str] = DOCUMENT_FIELDS) -> str:
	"""The text with the values of its fields, as plain text. fields: those that it may name.

	Raises frappe.ValidationError, with the reason, for a text that cannot be filled.
	"""
	try:
		return _environment.from_string(text).render(values)[:_MAX_LENGTH].strip()
	except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError, MemoryError) as error:
		frappe.throw(
			_("This text cannot be filled in: {0}. Its fields are {1}.").format(
				frappe.bold(frappe.utils.escape_html(str(error))),
				", ".join(f"{{{{ {field} }}}}" for field in fields),
			),
			title=_("Text of a message"),
		)


def check_template(text: str) -> None:
	"""Raises frappe.ValidationError for a text that cannot be filled with the fields of a document."""
	fill_template(text, dict.fromkeys(DOCUMENT_FIELDS, "x"))
