"""Reports that are sent by mail: each holds what its reader sees.

An Auto Email Report says “Based on Permissions For User”. The framework runs lists as that user, and script
reports as whoever runs the job: of ours, everything would be sent to everybody. It has no event between
reading the Auto Email Report and running the report, which is why its class is replaced in `hooks.py`.
"""

import frappe
from frappe import _
from frappe.email.doctype.auto_email_report.auto_email_report import AutoEmailReport

from cronus_crm.base.framework_state import act_as_user
from cronus_crm.visibility import ownership


class ReaderScopedAutoEmailReport(AutoEmailReport):
	"""The framework's, which makes reports about our DocTypes as the user of its permissions."""

	def validate(self):
		super().validate()
		if self.is_about_ours():
			stored = self.get_doc_before_save()
			for reader in {self.user, stored.user if stored else self.user}:
				_check_reader(reader)

	def get_report_content(self):
		"""The file, or the page, for the reader and in their language.

		Raises frappe.PermissionError when the reader is disabled or may not run the report, or when somebody
		else asks for it who does not administer the site.
		"""
		if not self.is_about_ours():
			return super().get_report_content()
		_check_reader(self.user)
		with act_as_user(self.user):
			return super().get_report_content()

	def is_about_ours(self) -> bool:
		about = frappe.get_cached_value("Report", self.report, "ref_doctype")
		return (frappe.get_meta(about).module or "").startswith("Cronus ") or ownership.is_governed(about)


def _check_reader(reader: str) -> None:
	"""Whoever keeps the reports of a site, without administering it, sends what they see themselves."""
	if not frappe.get_cached_value("User", reader, "enabled"):
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
