from frappe.model.document import Document


class CronusSolutionProduct(Document):
	pass
