from frappe.model.document import Document


class CronusNotDouble(Document):
	"""Two customers of which somebody has said that they are not the same; first comes before second."""
