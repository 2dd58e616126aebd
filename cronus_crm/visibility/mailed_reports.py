"""Auto Email Reports: each contains what the user in “Based on Permissions For User” (the reader) may see.

The framework applies that user to list reports only. It runs script reports as the user of the job,
Administrator, so reports of ours would contain the data of all sellers. It has no event before the report
runs, so the class of the DocType is replaced by the hook `override_doctype_class`.
"""

import frappe
from frappe import _
from frappe.email.doctype.auto_email_report.auto_email_report import AutoEmailReport

from cronus_crm.base.framework_state import act_as_user
from cronus_crm.base.present_records import get_present_value
from cronus_crm.visibility import ownership


class ReaderScopedAutoEmailReport(AutoEmailReport):
	"""Auto Email Report that runs reports about our DocTypes as their reader."""

	def validate(self):
		"""Checks the reader as sent and as stored. Raises frappe.PermissionError."""
		super().validate()
		if self.is_about_ours():
			stored = self.get_doc_before_save()
			for reader in {self.user, stored.user if stored else self.user}:
				_check_reader(reader)

	def get_report_content(self):
		"""The contents of the file, or the HTML of the page, as the reader sees it and in the reader's
		language.

		Raises frappe.PermissionError when the reader is disabled or may not run the report, and when the
		session's user is neither the reader nor a System Manager.
		"""
		if not self.is_about_ours():
			return super().get_report_content()
		_check_reader(self.user)
		with act_as_user(self.user):
			return super().get_report_content()

	def is_about_ours(self) -> bool:
		"""True for a report over a DocType of this app or a governed one."""
		about = get_present_value("Report", self.report, "ref_doctype")
		return (frappe.get_meta(about).module or "").startswith("Cronus ") or ownership.is_governed(about)


def _check_reader(reader: str) -> None:
	"""Raises frappe.PermissionError for a disabled reader, and for one who is not the session's user unless
	that user is a System Manager: otherwise a Report Manager could have the data of another user mailed."""
	if not get_present_value("User", reader, "enabled"):
		frappe.throw(
			_("{0} is disabled: choose another reader for this report.").format(frappe.bold(reader)),
			frappe.PermissionError,
		)
	if frappe.session.user != reader and "System Manager" not in frappe.get_roles():
		frappe.throw(
			_("A report with the permissions of {0} is for System Managers to send.").format(
				frappe.bold(reader)
			),
			frappe.PermissionError,
		)
