from cronus_crm.base.part_hooks import collect_hook as _collect

app_name = "cronus_crm"
app_title = "Cronus CRM"
app_publisher = "The Cronus CRM authors"
app_description = "A CRM for the Frappe Framework"
app_email = "cronus-crm@example.com"
app_license = "MIT"

export_python_type_annotations = True
require_type_annotated_api_methods = True

# Install

before_install = "cronus_crm.install.before_install"
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
	"Cronus Contact Medium",
	"Cronus Tax",
	"Cronus Case State",
	"Cronus Case Type",
	{"dt": "Custom Field", "filters": [["module", "=", "Cronus CRM"]]},
	{"dt": "Custom HTML Block", "filters": [["name", "like", "Cronus %"]]},
	{
		"dt": "List View Settings",
		"or_filters": [["name", "like", "Cronus %"], ["name", "in", ["Proforma", "Invoice"]]],
	},
]

# Desk

add_to_apps_screen = [
	{
		"name": app_name,
		"logo": "/assets/cronus_crm/images/cronus_crm.svg",
		"title": app_title,
		"route": "/app/cronus-crm",
		"has_permission": "cronus_crm.boot.may_open_app",
	}
]
app_include_js = "cronus_crm.bundle.js"
app_include_css = "cronus_crm.bundle.css"
# On the login page, where the site has no logo of its own.
app_logo_url = "/assets/cronus_crm/images/cronus_crm.svg"
extend_bootinfo = "cronus_crm.boot.extend_bootinfo"

# Each part of the app declares its hooks in its own folder, in PART_hooks.py: see base/part_hooks.py.

doc_events = _collect("doc_events")
scheduler_events = _collect("scheduler_events")
has_permission = _collect("has_permission")
permission_query_conditions = _collect("permission_query_conditions")
after_migrate = _collect("after_migrate")
before_request = _collect("before_request")
before_job = _collect("before_job")
after_request = _collect("after_request")
override_whitelisted_methods = _collect("override_whitelisted_methods")
auth_hooks = _collect("auth_hooks")
override_doctype_class = _collect("override_doctype_class")
override_doctype_dashboards = _collect("override_doctype_dashboards")
ignore_links_on_delete = _collect("ignore_links_on_delete")
default_log_clearing_doctypes = _collect("default_log_clearing_doctypes")
jinja = _collect("jinja")
make_email_body_message = _collect("make_email_body_message")
website_route_rules = _collect("website_route_rules")
get_website_user_home_page = _collect("get_website_user_home_page")

# Hooks of our own. Any app may use them; the docstring of the module named says what for.

cronus_ownership = _collect("cronus_ownership")  # visibility/ownership.py
cronus_links = _collect("cronus_links")  # visibility/rule.py
cronus_sales_documents = _collect("cronus_sales_documents")  # base/sales_documents.py
cronus_on_issue = _collect("cronus_on_issue")
cronus_on_cancel = _collect("cronus_on_cancel")
cronus_on_change = _collect("cronus_on_change")
cronus_on_changes = _collect("cronus_on_changes")
cronus_invoiced_lines = _collect("cronus_invoiced_lines")  # base/sales_lines.py
cronus_order_lines = _collect("cronus_order_lines")
cronus_debts_elsewhere = _collect("cronus_debts_elsewhere")  # cronus_billing/money/credit_limit.py
cronus_promise_missed = _collect("cronus_promise_missed")  # cronus_service/promises
cronus_opportunity_invoices = _collect("cronus_opportunity_invoices")  # cronus_crm/opportunities
cronus_prospect_documents = _collect("cronus_prospect_documents")  # cronus_crm/prospects
cronus_prospect_converted = _collect("cronus_prospect_converted")
cronus_prospect_conversion_undone = _collect("cronus_prospect_conversion_undone")
cronus_search_sources = _collect("cronus_search_sources")  # visibility/search_index.py
cronus_timeline_sources = _collect("cronus_timeline_sources")  # cronus_crm/customers/customer_history.py
