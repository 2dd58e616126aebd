from frappe.model.document import Document


class CronusHoliday(Document):
	pass
