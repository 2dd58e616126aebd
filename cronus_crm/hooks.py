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

# Who sees what. See cronus_crm/visibility.py

_visible = "cronus_crm.cronus_crm.visibility.has_permission"
has_permission = {
	"Cronus Seller": _visible,
	"Cronus Customer": _visible,
	"Cronus Opportunity": _visible,
	"Cronus Activity": _visible,
	"Proforma": _visible,
	"Invoice": _visible,
	"Cronus Sales Entry": _visible,
}
permission_query_conditions = {
	doctype: "cronus_crm.cronus_crm.visibility.permission_query_conditions" for doctype in has_permission
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
	},
	"Cronus Customer": {"before_validate": _seller, "validate": _links},
	"Cronus Opportunity": {"before_validate": _seller, "validate": _links},
	"Cronus Activity": {"before_validate": _seller, "validate": _links},
	"Proforma": {"validate": _links},
	"Invoice": {"validate": _links},
}

# The follow-up and the ledger know a document by its name; deleting a cancelled one is no business of theirs.
ignore_links_on_delete = ["Cronus Activity", "Cronus Sales Entry"]

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
	"frappe.desk.notifications.get_open_count": f"{_guarded}.get_open_count",
	"frappe.desk.search.get_link_title": f"{_guarded}.get_link_title",
	"frappe.desk.search.search_link": f"{_guarded}.search_link",
	"frappe.desk.search.search_widget": f"{_guarded}.search_widget",
}
