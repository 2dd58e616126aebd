from frappe.model.document import Document


class CronusDocumentItem(Document):
	pass
