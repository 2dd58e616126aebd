"""What was overdue before there were notices of it is not told: people know, or have long forgotten."""

from datetime import datetime, time

import frappe
from frappe.query_builder import DocType
from frappe.utils import getdate


def execute():
	activity = DocType("Cronus Activity")
	midnight = datetime.combine(getdate(), time())
	(
		frappe.qb.update(activity)
		.set(activity.overdue_told, 1)
		.set(activity.escalated, 1)
		.where((activity.state == "Pending") & (activity.starts_on < midnight))
		.where(activity.ends_on.isnull() | (activity.ends_on < midnight))
		.run()
	)
