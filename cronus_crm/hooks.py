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
	{"dt": "Custom Field", "filters": [["module", "=", "Cronus CRM"]]},
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
extend_bootinfo = "cronus_crm.boot.extend_bootinfo"
override_doctype_dashboards = {"Contact": "cronus_crm.cronus_crm.customers.contacts.extend_contact_dashboard"}

# What print formats ask for. See cronus_billing/printing/printed_document.py

jinja = {
	"methods": [
		"cronus_crm.cronus_billing.printing.printed_document.printed_document",
		"cronus_crm.cronus_billing.printing.printed_document.printed_payment",
	]
}

# What a commercial document is: any app adds its own with one such line. See base/sales_documents.py

cronus_sales_documents = {
	"Proforma": "cronus_crm.cronus_billing.documents.document_readers.read_proforma",
	"Cronus Order": "cronus_crm.cronus_billing.documents.document_readers.read_order",
	"Cronus Delivery Note": "cronus_crm.cronus_billing.documents.document_readers.read_delivery_note",
	"Cronus Sales Note": "cronus_crm.cronus_billing.documents.document_readers.read_sales_note",
	"Invoice": "cronus_crm.cronus_billing.documents.document_readers.read_invoice",
	"Cronus Payment": "cronus_crm.cronus_billing.documents.document_readers.read_payment",
}

# What stands in a customer's history, one source for each kind. See cronus_crm/customers/customer_history.py

cronus_timeline_sources = [
	"cronus_crm.cronus_crm.customers.customer_history.read_activities",
	"cronus_crm.cronus_crm.customers.customer_history.read_opportunities",
	"cronus_crm.cronus_crm.customers.customer_history.read_emails",
	"cronus_crm.cronus_analytics.figures.document_history.read_documents",
]

# What follows a prospect that becomes a customer, or goes back with it. See
# cronus_crm/prospects/conversion.py

cronus_prospect_converted = [
	"cronus_crm.cronus_billing.documents.prospect_documents.on_conversion",
	"cronus_crm.cronus_analytics.ledger.entries.on_prospect_change",
]
cronus_prospect_conversion_undone = [
	"cronus_crm.cronus_billing.documents.prospect_documents.on_conversion_undone",
	"cronus_crm.cronus_analytics.ledger.entries.on_prospect_change",
]

# The documents of a prospect. See cronus_crm/prospects/prospect_follow_ups.py

cronus_prospect_documents = ["cronus_crm.cronus_billing.documents.prospect_documents.list_documents"]

# Who sees what, and what is kept beside it. See visibility/rule.py and visibility/attachments.py

_visible = "cronus_crm.visibility.rule.has_permission"
_companion = "cronus_crm.visibility.attachments"
_saved = "cronus_crm.visibility.saved_views"
has_permission = {
	"Cronus Seller": _visible,
	"Cronus Prospect": _visible,
	"Cronus Customer": _visible,
	"Cronus Customer Branch": _visible,
	"Contact": _visible,
	"Address": _visible,
	"Cronus Opportunity": _visible,
	"Cronus Activity": _visible,
	"Proforma": _visible,
	"Cronus Order": _visible,
	"Cronus Delivery Note": _visible,
	"Cronus Sales Note": _visible,
	"Invoice": _visible,
	"Cronus Payment": _visible,
	"Cronus Sales Entry": _visible,
	"Tag Link": f"{_companion}.has_permission",
	"Document Follow": f"{_companion}.has_permission",
	"File": "cronus_crm.visibility.private_files.has_permission",
	"Auto Repeat": f"{_companion}.has_permission",
	"Communication": f"{_companion}.message_has_permission",
	"Notification Log": f"{_companion}.notice_has_permission",
	"List Filter": f"{_saved}.has_permission",
	"Report": f"{_saved}.has_permission",
	"Dashboard Chart": f"{_saved}.has_permission",
	"Number Card": f"{_saved}.has_permission",
	"Kanban Board": f"{_saved}.has_permission",
	"Prepared Report": "cronus_crm.visibility.prepared_reports.has_permission",
}
_rule = "cronus_crm.visibility.rule.permission_query_conditions"
permission_query_conditions = {
	"Cronus Seller": _rule,
	"Cronus Prospect": _rule,
	"Cronus Customer": _rule,
	"Cronus Customer Branch": _rule,
	"Contact": _rule,
	"Address": _rule,
	"Cronus Opportunity": _rule,
	"Cronus Activity": _rule,
	"Proforma": _rule,
	"Cronus Order": _rule,
	"Cronus Delivery Note": _rule,
	"Cronus Sales Note": _rule,
	"Invoice": _rule,
	"Cronus Payment": _rule,
	"Cronus Sales Entry": _rule,
	"Cronus Document Item": f"{_companion}.permission_query_conditions",
	"Cronus Document Tax": f"{_companion}.permission_query_conditions",
	"Cronus Instalment": f"{_companion}.permission_query_conditions",
	"Cronus Payment Allocation": f"{_companion}.permission_query_conditions",
	"Cronus Opportunity Product": f"{_companion}.permission_query_conditions",
	"Cronus Stage Change": f"{_companion}.permission_query_conditions",
	"Cronus Customer Criterion": f"{_companion}.permission_query_conditions",
	"Dynamic Link": f"{_companion}.permission_query_conditions",
	"Contact Email": f"{_companion}.permission_query_conditions",
	"Contact Phone": f"{_companion}.permission_query_conditions",
	"Cronus Sales Entry Origin": f"{_companion}.permission_query_conditions",
	"Tag Link": f"{_companion}.permission_query_conditions",
	"Document Follow": f"{_companion}.permission_query_conditions",
	"File": f"{_companion}.permission_query_conditions",
	"Communication": f"{_companion}.permission_query_conditions",
	"Auto Repeat": f"{_companion}.permission_query_conditions",
	"Event Participants": f"{_companion}.permission_query_conditions",
	"Communication Link": f"{_companion}.permission_query_conditions",
	"Has Role": f"{_saved}.role_permission_query_conditions",
	"List Filter": f"{_saved}.permission_query_conditions",
	"Report": f"{_saved}.permission_query_conditions",
	"Dashboard Chart": f"{_saved}.permission_query_conditions",
	"Number Card": f"{_saved}.permission_query_conditions",
	"Kanban Board": f"{_saved}.permission_query_conditions",
	"Prepared Report": "cronus_crm.visibility.prepared_reports.permission_query_conditions",
}

# Fields that point at a document and are no links to the framework: which DocType, which document

cronus_links = {"Cronus Document Item": ["source_doctype", "source_name"]}

# What happens with a document, in its own transaction and in this order

_documents = "cronus_crm.base.sales_documents"
_totals = "cronus_crm.cronus_analytics.ledger.totals"
_titles = "cronus_crm.visibility.rule.forget_titles"
_seller = "cronus_crm.visibility.rule.set_default_seller"
_hands = "cronus_crm.visibility.reassignment.check_reassignment"
_series = "cronus_crm.base.name_counters.ensure_counter_of_document"
doc_events = {
	"*": {
		"validate": "cronus_crm.visibility.private_files.check_fields",
		"before_print": "cronus_crm.visibility.link_titles.hide_titles_in_print",
		"on_submit": f"{_documents}.on_submit",
		"on_cancel": f"{_documents}.on_cancel",
		"on_update_after_submit": f"{_documents}.on_update_after_submit",
		"on_trash": "cronus_crm.cronus_crm.activities.follow_up.on_trash",
	},
	"Cronus Prospect": {"before_naming": _series, "before_validate": _seller, "validate": _hands},
	"Cronus Customer": {"before_naming": _series, "before_validate": _seller, "validate": _hands},
	"Cronus Customer Branch": {"before_naming": _series},
	"Contact": {"validate": _titles},
	"Address": {"validate": _titles},
	"Cronus Opportunity": {
		"before_naming": _series,
		"before_validate": [_seller, "cronus_crm.cronus_billing.pricing.exchange_rates.set_rate_of_deal"],
		"validate": _hands,
		"on_update": f"{_totals}.on_deal_update",
		"on_trash": f"{_totals}.on_deal_trash",
	},
	"Cronus Activity": {
		"before_validate": _seller,
		"validate": _hands,
		"on_update": [
			"cronus_crm.cronus_crm.prospects.prospect_follow_ups.apply_activity_result",
			"cronus_crm.cronus_crm.activities.traffic_light.on_activity_change",
			f"{_totals}.on_activity_update",
		],
		"on_trash": [
			"cronus_crm.cronus_crm.prospects.prospect_follow_ups.clear_deleted_appointment",
			f"{_totals}.on_activity_trash",
		],
		"after_delete": "cronus_crm.cronus_crm.activities.traffic_light.on_activity_change",
	},
	"Proforma": {"validate": _hands},
	"Cronus Order": {"validate": _hands},
	"Cronus Delivery Note": {"validate": _hands},
	"Cronus Sales Note": {"validate": _hands},
	"Invoice": {"validate": _hands},
	"Cronus Payment": {"validate": _hands},
	"Cronus Stage": {"after_rename": f"{_totals}.on_rename"},
	"Cronus Loss Reason": {"after_rename": f"{_totals}.on_rename"},
	"Cronus Activity Type": {"after_rename": f"{_totals}.on_rename"},
	"Kanban Board": {"validate": "cronus_crm.cronus_crm.opportunities.opportunity_board.drop_card_order"},
	"Tag Link": {"validate": f"{_companion}.check_author"},
	"Document Follow": {"validate": f"{_companion}.check_author"},
	"ToDo": {"validate": f"{_companion}.check_author"},
	"Comment": {"validate": f"{_companion}.check_author"},
	"DocShare": {"validate": f"{_companion}.check_author"},
	"File": {"validate": f"{_companion}.check_author"},
	"Auto Repeat": {"validate": f"{_companion}.check_author"},
}

# What follows a commercial document, in its transaction and in this order: see base/sales_documents.py

cronus_on_issue = [
	"cronus_crm.cronus_crm.activities.follow_up.on_issue",
	"cronus_crm.cronus_crm.opportunities.opportunity_progress.on_issue",
	"cronus_crm.cronus_crm.prospects.prospect_follow_ups.on_issue",
	"cronus_crm.cronus_analytics.ledger.entries.on_issue",
]
cronus_on_cancel = [
	"cronus_crm.cronus_crm.activities.follow_up.on_cancel",
	"cronus_crm.cronus_crm.opportunities.opportunity_progress.on_cancel",
	"cronus_crm.cronus_crm.prospects.prospect_follow_ups.on_cancel",
	"cronus_crm.cronus_analytics.ledger.entries.on_cancel",
]
cronus_on_change = [
	"cronus_crm.cronus_crm.activities.follow_up.on_change",
	"cronus_crm.cronus_analytics.ledger.entries.on_change",
]

# The ledger knows a document by its name and keeps the entry of a cancelled one that is deleted.
ignore_links_on_delete = ["Cronus Sales Entry"]

# What time alone changes

scheduler_events = {
	"cron": {
		"*/5 * * * *": [
			"cronus_crm.cronus_crm.activities.follow_up.announce_pending",
			"cronus_crm.cronus_crm.activities.reminders.send_due_reminders",
			"cronus_crm.cronus_crm.activities.traffic_light.refresh_lights",
		],
		"*/15 * * * *": ["cronus_crm.cronus_crm.activities.reminders.send_daily_notices"],
	},
	"daily": [
		"cronus_crm.cronus_crm.activities.repetition.resume_missed",
		"cronus_crm.cronus_crm.activities.traffic_light.mark_stalled",
		"cronus_crm.cronus_billing.doctype.proforma.proforma.expire",
		"cronus_crm.cronus_billing.doctype.cronus_order.cronus_order.mark_late",
		"cronus_crm.cronus_billing.doctype.invoice.invoice.mark_overdue",
		"cronus_crm.cronus_analytics.files.customer_files.delete_old",
	],
	"daily_long": [
		"cronus_crm.cronus_analytics.ledger.verify.verify_lately",
		"cronus_crm.cronus_analytics.figures.customer_alerts.refresh_alerts",
	],
	"weekly_long": ["cronus_crm.cronus_analytics.ledger.verify.verify_everything"],
}

# The framework has no event where it makes a report to be mailed. See visibility/mailed_reports.py

override_doctype_class = {
	"Auto Email Report": "cronus_crm.visibility.mailed_reports.ReaderScopedAutoEmailReport"
}

# Before each request and each job. Functions of the framework that answer, write or fetch without asking who
# may: see cronus_crm/replaced. Locks: see base/lock_waits.py. The REST API: a repeated POST, see
# base/idempotency.py; the language of whoever has the key

_replace = "cronus_crm.visibility.replaced.replacement.replace_all"
_wait_for_locks = "cronus_crm.base.lock_waits.wait_for_locks"
before_request = [_replace, _wait_for_locks, "cronus_crm.base.idempotency.route_to_answer_once"]
before_job = [_replace, _wait_for_locks]
auth_hooks = ["cronus_crm.base.request_language.use_language_of_user"]
default_log_clearing_doctypes = {"Cronus Idempotent Request": 30}  # days
