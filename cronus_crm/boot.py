import frappe

from cronus_crm.base.company import company_currency
from cronus_crm.visibility import rule


def extend_bootinfo(bootinfo) -> None:
	"""Hook of the same name: what the desk needs to know before it asks the server."""
	bootinfo.cronus_currency = company_currency()
	bootinfo.cronus_sees_others = len(rule.visible_sellers("Cronus Activity")) > 1


def may_open_app() -> bool:
	"""True for whoever finds something in the app: with a role of its workspace, or an administrator's."""
	roles = frappe.get_all(
		"Has Role", {"parenttype": "Workspace", "parent": "Cronus CRM"}, pluck="role", order_by="idx asc"
	)
	return bool({*roles, "System Manager"}.intersection(frappe.get_roles()))
