from frappe.model.document import Document


class CronusExternalItem(Document):
	pass
