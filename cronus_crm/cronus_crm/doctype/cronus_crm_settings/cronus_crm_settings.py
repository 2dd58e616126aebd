import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_crm.working_days import WEEKDAYS


class CronusCRMSettings(Document):
	def validate(self):
		self.require_a_working_day()
		self.refuse_repeated_holidays()

	def require_a_working_day(self):
		if not any(self.get(day) for day in WEEKDAYS):
			frappe.throw(_("Mark at least one day of the week as worked."), title=_("Working days"))

	def refuse_repeated_holidays(self):
		seen = {}
		for row in self.holidays:
			first = seen.setdefault(str(row.date), row.idx)
			if first != row.idx:
				frappe.throw(
					_("Holidays, rows {0} and {1}: the date {2} is there twice.").format(
						first, row.idx, frappe.format(row.date, {"fieldtype": "Date"})
					)
				)


def company_currency() -> str:
	"""Code of the currency of every figure of Cronus: that of the settings, else the site's default."""
	return (
		frappe.db.get_single_value("Cronus CRM Settings", "currency")
		or frappe.db.get_default("currency")
		or "USD"
	)
