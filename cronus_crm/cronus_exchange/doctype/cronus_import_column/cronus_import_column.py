from frappe.model.document import Document


class CronusImportColumn(Document):
	pass
