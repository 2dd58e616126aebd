from frappe.model.document import Document


class CronusExternalOrigin(Document):
	pass
