from frappe.model.document import Document


class CronusSolutionVersion(Document):
	pass
