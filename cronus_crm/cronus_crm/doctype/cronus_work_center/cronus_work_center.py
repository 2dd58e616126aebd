from frappe.model.document import Document


class CronusWorkCenter(Document):
	pass
