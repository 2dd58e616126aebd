from frappe.model.document import Document


class CronusOpportunityProduct(Document):
	pass
