import frappe
from frappe import _
from frappe.model.document import Document


class CronusCustomer(Document):
	def validate(self):
		self.customer_name = (self.customer_name or "").strip()
		self.refuse_cycle()

	def refuse_cycle(self):
		"""A company is not its own subsidiary, directly or through others."""
		above, seen = self.parent_customer, {self.name}
		while above:
			if above in seen:
				frappe.throw(
					_("{0} cannot belong to {1}, which belongs to it. Choose another company.").format(
						frappe.bold(self.customer_name), frappe.bold(self.parent_customer)
					)
				)
			seen.add(above)
			above = frappe.db.get_value("Cronus Customer", above, "parent_customer")
