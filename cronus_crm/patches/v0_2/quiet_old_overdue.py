"""Marks activities that were overdue before the release with overdue notices, so that no notices are sent of
them."""

from datetime import datetime, time

import frappe
from frappe.query_builder import DocType
from frappe.utils import getdate


def execute() -> None:
	"""Sets the marks of sent notices on pending activities that ended before today."""
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
