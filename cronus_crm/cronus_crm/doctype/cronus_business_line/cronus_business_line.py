from frappe.model.document import Document


class CronusBusinessLine(Document):
	pass
