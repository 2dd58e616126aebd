"""Sets the new module of reports that were moved to another one."""

import frappe

MODULES = {"Cronus Order Status": "Cronus Analytics", "Cronus Activity Log": "Cronus CRM"}


def execute() -> None:
	"""Sets `module`, by which the framework finds the code of a report.

	The framework imports the file of a report only if it is newer than the stored report. On a site that has
	changed the report, as by choosing to prepare it in the background, the former module would remain.
	"""
	for report, module in MODULES.items():
		frappe.db.set_value("Report", report, "module", module, update_modified=False)
