import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_crm.working_days import check_time_of_day


class CronusCustomer(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		annual_revenue: DF.Currency
		business_line: DF.Link | None
		city: DF.Data | None
		country: DF.Link | None
		currency: DF.Link | None
		customer_name: DF.Data
		disabled: DF.Check
		email: DF.Data | None
		employees: DF.Int
		follow_up_days: DF.Int
		follow_up_time: DF.Autocomplete | None
		follow_up_type: DF.Link | None
		naming_series: DF.Literal["CL-.#####"]
		notes: DF.SmallText | None
		parent_customer: DF.Link | None
		payment_days: DF.Int
		phone: DF.Data | None
		seller: DF.Link | None
		tax_id: DF.Data | None
		website: DF.Data | None
		work_center: DF.Link | None
		year_established: DF.Int

	# end: auto-generated types
	def validate(self):
		self.customer_name = (self.customer_name or "").strip()
		self.refuse_cycle()
		check_time_of_day(self, "follow_up_time")

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
