import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base import login_page, message_templates
from cronus_crm.base.texts import read_text
from cronus_crm.base.working_days import WEEKDAYS, check_time_of_day
from cronus_crm.base.working_hours import check_hours


class CronusCRMSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_crm.doctype.cronus_holiday.cronus_holiday import CronusHoliday
		from cronus_crm.cronus_crm.doctype.cronus_sending_text.cronus_sending_text import CronusSendingText
		from cronus_crm.cronus_crm.doctype.cronus_working_hours.cronus_working_hours import (
			CronusWorkingHours,
		)

		activity_on_below_average: DF.Check
		activity_on_no_credit: DF.Check
		activity_on_no_purchase: DF.Check
		activity_on_pays_late: DF.Check
		alert_activity_type: DF.Link | None
		alert_below_percent: DF.Percent
		alert_no_credit: DF.Check
		alert_no_purchase_days: DF.Int
		alert_pays_late: DF.Check
		alert_pays_late_days: DF.Int
		bank_details: DF.SmallText | None
		collection_enabled: DF.Check
		collection_time: DF.Autocomplete | None
		collection_type: DF.Link | None
		company_name: DF.Data | None
		company_tax_id: DF.Data | None
		credit_limit_policy: DF.Literal["Ignore", "Warn", "Refuse"]
		credit_without_invoice_limit: DF.Currency
		credits_without_invoice: DF.Check
		currency: DF.Link | None
		customers_open_to_all: DF.Check
		default_price_list: DF.Link | None
		default_tax: DF.Link | None
		due_today_time: DF.Autocomplete | None
		escalate_after_days: DF.Int
		escalate_overdue: DF.Check
		follow_up_days: DF.Int
		follow_up_enabled: DF.Check
		follow_up_time: DF.Autocomplete | None
		follow_up_type: DF.Link | None
		friday: DF.Check
		holidays: DF.Table[CronusHoliday]
		light_amber_days: DF.Int
		light_grace_days: DF.Int
		light_without_activity: DF.Literal["Amber", "Red"]
		limit_seller_discount: DF.Check
		monday: DF.Check
		payment_days: DF.Int
		proforma_terms: DF.SmallText | None
		proforma_validity_days: DF.Int
		remind_due_today: DF.Check
		remind_overdue: DF.Check
		reminders_by_email: DF.Check
		saturday: DF.Check
		seller_discount_limit: DF.Percent
		sending_texts: DF.Table[CronusSendingText]
		shared_link_days: DF.Int
		stalled_days: DF.Int
		sunday: DF.Check
		thursday: DF.Check
		tuesday: DF.Check
		wednesday: DF.Check
		win_on_invoice: DF.Check
		working_hours: DF.Table[CronusWorkingHours]

	# end: auto-generated types
	def validate(self):
		self.require_a_working_day()
		self.refuse_repeated_holidays()
		self.check_sending_texts()
		check_hours(self)
		check_time_of_day(self, "follow_up_time", "collection_time", "due_today_time")

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

	def check_sending_texts(self):
		for row in self.sending_texts:
			message_templates.check_template(read_text(row.text))
			message_templates.check_template(read_text(row.subject))

	def on_update(self):
		if self.has_value_changed("company_name"):
			login_page.set_name(self.company_name)
