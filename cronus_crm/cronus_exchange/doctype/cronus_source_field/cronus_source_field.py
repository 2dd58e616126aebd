from frappe.model.document import Document


class CronusSourceField(Document):
	"""A field that the ERP decides: DocType and fieldname."""
