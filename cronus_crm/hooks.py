app_name = "cronus_crm"
app_title = "Cronus CRM"
app_publisher = "The Cronus CRM authors"
app_description = "A CRM for the Frappe Framework"
app_email = "cronus-crm@example.com"
app_license = "MIT"

export_python_type_annotations = True
require_type_annotated_api_methods = True

# Install

after_install = "cronus_crm.install.after_install"
after_sync = "cronus_crm.install.after_sync"
before_uninstall = "cronus_crm.uninstall.before_uninstall"
after_uninstall = "cronus_crm.uninstall.after_uninstall"

# The masters of a new site. Their `modified` is old, so whatever a site has changed since is left alone.
fixtures = [
	{"dt": "Role", "filters": [["name", "like", "Cronus %"]]},
	"Cronus Activity Type",
	"Cronus Stage",
	"Cronus Loss Reason",
]

# Desk

app_include_js = "cronus_crm.bundle.js"
extend_bootinfo = "cronus_crm.cronus_crm.boot.extend_bootinfo"

# What a commercial document is: any app adds its own with one such line. See cronus_crm/sales_documents.py

cronus_sales_documents = {
	"Proforma": "cronus_crm.cronus_billing.sales_documents.read_proforma",
	"Invoice": "cronus_crm.cronus_billing.sales_documents.read_invoice",
}

# Who sees what, and what is kept beside it. See cronus_crm/visibility.py and cronus_crm/companions.py

_visible = "cronus_crm.cronus_crm.visibility.has_permission"
_companion = "cronus_crm.cronus_crm.companions"
has_permission = {
	"Cronus Seller": _visible,
	"Cronus Customer": _visible,
	"Cronus Opportunity": _visible,
	"Cronus Activity": _visible,
	"Proforma": _visible,
	"Invoice": _visible,
	"Cronus Sales Entry": _visible,
	"Tag Link": f"{_companion}.has_permission",
	"Document Follow": f"{_companion}.has_permission",
	"File": f"{_companion}.has_permission",
}
_rule = "cronus_crm.cronus_crm.visibility.permission_query_conditions"
permission_query_conditions = {
	"Cronus Seller": _rule,
	"Cronus Customer": _rule,
	"Cronus Opportunity": _rule,
	"Cronus Activity": _rule,
	"Proforma": _rule,
	"Invoice": _rule,
	"Cronus Sales Entry": _rule,
	"Cronus Document Item": f"{_companion}.permission_query_conditions",
	"Cronus Opportunity Product": f"{_companion}.permission_query_conditions",
	"Cronus Sales Entry Origin": f"{_companion}.permission_query_conditions",
	"Tag Link": f"{_companion}.permission_query_conditions",
	"Document Follow": f"{_companion}.permission_query_conditions",
	"File": f"{_companion}.permission_query_conditions",
}

# What happens with a document, in its own transaction and in this order

_links = "cronus_crm.cronus_crm.visibility.check_links"
_seller = "cronus_crm.cronus_crm.visibility.set_default_seller"
doc_events = {
	"*": {
		"on_submit": [
			"cronus_crm.cronus_crm.follow_up.on_submit",
			"cronus_crm.cronus_analytics.ledger.on_submit",
		],
		"on_cancel": [
			"cronus_crm.cronus_crm.follow_up.on_cancel",
			"cronus_crm.cronus_analytics.ledger.on_cancel",
		],
		"on_update_after_submit": [
			"cronus_crm.cronus_crm.follow_up.on_update_after_submit",
			"cronus_crm.cronus_analytics.ledger.on_update_after_submit",
		],
		"on_trash": "cronus_crm.cronus_crm.follow_up.on_trash",
	},
	"Cronus Customer": {"before_validate": _seller, "validate": _links},
	"Cronus Opportunity": {"before_validate": _seller, "validate": _links},
	"Cronus Activity": {"before_validate": _seller, "validate": _links},
	"Proforma": {"validate": _links},
	"Invoice": {"validate": _links},
	"Tag Link": {"validate": f"{_companion}.check_author"},
	"Document Follow": {"validate": f"{_companion}.check_author"},
	"ToDo": {"validate": f"{_companion}.check_author"},
	"Comment": {"validate": f"{_companion}.check_author"},
	"DocShare": {"validate": f"{_companion}.check_author"},
	"File": {"validate": f"{_companion}.check_author"},
}

# The ledger knows a document by its name and keeps the entry of a cancelled one that is deleted.
ignore_links_on_delete = ["Cronus Sales Entry"]

# What time alone changes

scheduler_events = {
	"cron": {"*/5 * * * *": ["cronus_crm.cronus_crm.follow_up.announce_pending"]},
	"daily": [
		"cronus_crm.cronus_billing.doctype.proforma.proforma.expire",
		"cronus_crm.cronus_billing.doctype.invoice.invoice.mark_overdue",
	],
}

# Methods of the framework that answer without asking who may see. See cronus_crm/guarded_methods.py

_guarded = "cronus_crm.cronus_crm.guarded_methods"
override_whitelisted_methods = {
	"frappe.client.get_count": f"{_guarded}.get_count",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": f"{_guarded}.get_chart",
	"frappe.desk.doctype.tag.tag.add_tag": f"{_guarded}.add_tag",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": f"{_guarded}.get_tagged_docs",
	"frappe.desk.doctype.tag.tag.remove_tag": f"{_guarded}.remove_tag",
	"frappe.desk.listview.get_group_by_count": f"{_guarded}.get_group_by_count",
	"frappe.desk.notifications.get_open_count": f"{_guarded}.get_open_count",
	"frappe.desk.search.get_link_title": f"{_guarded}.get_link_title",
	"frappe.desk.search.search_link": f"{_guarded}.search_link",
	"frappe.desk.search.search_widget": f"{_guarded}.search_widget",
}
