from frappe.model.document import Document


class CronusActivityType(Document):
	pass
