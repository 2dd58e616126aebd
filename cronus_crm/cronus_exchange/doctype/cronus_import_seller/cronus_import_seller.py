from frappe.model.document import Document


class CronusImportSeller(Document):
	pass
