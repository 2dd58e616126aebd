from frappe.model.document import Document


class CronusLossReason(Document):
	pass
