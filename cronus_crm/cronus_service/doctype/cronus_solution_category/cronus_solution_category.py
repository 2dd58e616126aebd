from frappe.model.document import Document


class CronusSolutionCategory(Document):
	pass
