"""Data that the desk gets with its first response, and the condition for its app icon."""

import frappe
from frappe.utils import add_user_info, get_system_timezone

from cronus_crm.base import sales_documents, time_zones
from cronus_crm.base.amounts import currency_decimals
from cronus_crm.base.company import company_currency
from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_analytics.figures import counted_lists, customer_alerts, document_history
from cronus_crm.cronus_billing.documents import document_preview
from cronus_crm.cronus_billing.pricing import taxes
from cronus_crm.cronus_crm.activities import pending_activities
from cronus_crm.cronus_crm.customers import customer_history
from cronus_crm.cronus_crm.doctype.cronus_prospect import cronus_prospect
from cronus_crm.cronus_crm.record_states import FINISHED_STATES, OPPORTUNITY, STATES_IN_COURSE
from cronus_crm.cronus_service.cases import assignment
from cronus_crm.visibility import rule


def extend_bootinfo(bootinfo) -> None:
	"""Hook `extend_bootinfo`: adds our data to `frappe.boot`."""
	bootinfo.cronus_currency = company_currency()
	bootinfo.cronus_sees_others = len(rule.visible_sellers("Cronus Activity")) > 1
	bootinfo.cronus = collect_shared_lists()
	bootinfo.cronus_activity_types = frappe.get_all(
		"Cronus Activity Type", {"disabled": 0}, pluck="name", order_by="name asc"
	)
	bootinfo.cronus_currency_decimals = list_unusual_decimals()
	bootinfo.cronus_default_tax = taxes.find_default_tax()
	bootinfo.cronus_proposed_tax_rate = taxes.propose_rate()
	bootinfo.cronus_time_zones = _pack_time_zones()
	if frappe.has_permission("Cronus Case", "read"):
		# Lists and boards of cases name them.
		agents = [row["user"] for row in assignment.list_agents()]
		add_user_info(agents, bootinfo.setdefault("user_info", frappe._dict()))


def list_unusual_decimals() -> dict[str, int]:
	"""The decimals of the currencies that have not two."""
	currencies = frappe.get_all("Currency", pluck="name", order_by="name asc")
	return {code: currency_decimals(code) for code in currencies if currency_decimals(code) != 2}


def _pack_time_zones() -> list[str]:
	"""The time zones of the system and of the user as the server knows them, for the desk's conversions."""
	names = {get_system_timezone(), get_present_value("User", frappe.session.user, "time_zone")}
	return [packed for name in sorted(filter(None, names)) if (packed := time_zones.pack_zone(name))]


def collect_shared_lists() -> dict:
	"""Lists that both the server and the scripts of the desk use, for `frappe.boot.cronus`. Each is defined
	in Python only, so that the two cannot differ."""
	return {
		"sales_documents": sales_documents.registered_doctypes(),
		"prospect": {
			"from_customer": cronus_prospect.FROM_CUSTOMER,
			"picture_types": cronus_prospect.PICTURE_TYPES,
		},
		"opportunity": {
			"states_in_course": STATES_IN_COURSE[OPPORTUNITY],
			"finished_states": FINISHED_STATES[OPPORTUNITY],
		},
		"preview": {
			"head": document_preview.SENT_HEAD_FIELDS,
			"line": document_preview.SENT_LINE_FIELDS,
			"of_product": document_preview.FIELDS_FROM_PRODUCT,
		},
		"history": {
			"kinds": customer_history.KINDS,
			"document_kinds": document_history.list_kinds(),
			"document_states": document_history.STATES,
		},
		"alerts": customer_alerts.ALERTS,
		"kinds_instead_of_lists": counted_lists.list_kinds_instead_of_lists(),
		"pending_groups": pending_activities.GROUPS,
	}


def may_open_app() -> bool:
	"""True for users with a role of the app's workspace, and for System Managers."""
	roles = frappe.get_all(
		"Has Role", {"parenttype": "Workspace", "parent": "Cronus CRM"}, pluck="role", order_by="idx asc"
	)
	return bool({*roles, "System Manager"}.intersection(frappe.get_roles()))
