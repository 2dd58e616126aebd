from frappe.model.document import Document


class CronusCustomerMerge(Document):
	"""A customer that was merged into another one: see cronus_exchange/merging/customer_merges.py."""
