from frappe.model.document import Document


class CronusMergeEntry(Document):
	"""A reference that a merge moved. Not a row of a table: a merge may move thousands."""
