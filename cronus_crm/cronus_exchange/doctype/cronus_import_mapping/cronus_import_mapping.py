from frappe.model.document import Document


class CronusImportMapping(Document):
	pass
