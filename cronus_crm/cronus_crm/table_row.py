"""A row of a table, asked for alone: it follows the rule of its document, as the document does."""

from frappe.model.document import Document

from cronus_crm.cronus_crm import companions


class TableRow(Document):
	"""Base of the controllers of our tables. The framework, asked for a row without its document, looks at
	what the user's roles allow with the DocType of the document, and not at the document."""

	def has_permission(self, permtype="read", **options) -> bool:
		return super().has_permission(permtype, **options) and companions.has_permission(
			self, permtype, options.get("user")
		)
