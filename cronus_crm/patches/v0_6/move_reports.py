import frappe

MODULES = {"Cronus Order Status": "Cronus Analytics", "Cronus Activity Log": "Cronus CRM"}


def execute():
	"""Reports that have moved to another module are run from there.

	The framework imports the file of a report only when it is newer than the stored one. A site that has
	changed the report since, as by preparing it in the background, would look for its code where it stood
	before.
	"""
	for report, module in MODULES.items():
		frappe.db.set_value("Report", report, "module", module, update_modified=False)
