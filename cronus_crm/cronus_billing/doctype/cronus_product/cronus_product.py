from frappe.model.document import Document


class CronusProduct(Document):
	pass
