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
	"Cronus Contact Medium",
	"Cronus Tax",
	{"dt": "Custom Field", "filters": [["module", "=", "Cronus CRM"]]},
]

# Desk

app_include_js = "cronus_crm.bundle.js"
extend_bootinfo = "cronus_crm.cronus_crm.boot.extend_bootinfo"
override_doctype_dashboards = {"Contact": "cronus_crm.cronus_crm.people.dashboard_of_contact"}

# What print formats ask for. See cronus_billing/printed.py

jinja = {
	"methods": [
		"cronus_crm.cronus_billing.printed.printed_document",
		"cronus_crm.cronus_billing.printed.printed_payment",
	]
}

# What a commercial document is: any app adds its own with one such line. See cronus_crm/sales_documents.py

cronus_sales_documents = {
	"Proforma": "cronus_crm.cronus_billing.sales_documents.read_proforma",
	"Cronus Order": "cronus_crm.cronus_billing.sales_documents.read_order",
	"Cronus Delivery Note": "cronus_crm.cronus_billing.sales_documents.read_delivery_note",
	"Cronus Sales Note": "cronus_crm.cronus_billing.sales_documents.read_sales_note",
	"Invoice": "cronus_crm.cronus_billing.sales_documents.read_invoice",
	"Cronus Payment": "cronus_crm.cronus_billing.sales_documents.read_payment",
}

# What stands in a customer's history, one source for each kind. See cronus_crm/timeline.py

cronus_timeline_sources = [
	"cronus_crm.cronus_crm.timeline.activities",
	"cronus_crm.cronus_crm.timeline.opportunities",
	"cronus_crm.cronus_crm.timeline.emails",
	"cronus_crm.cronus_analytics.timeline.documents",
]

# What follows a prospect that becomes a customer, or goes back with it. See cronus_crm/conversion.py

cronus_prospect_converted = [
	"cronus_crm.cronus_billing.prospects.on_convert",
	"cronus_crm.cronus_analytics.ledger.on_prospect_change",
]
cronus_prospect_conversion_undone = [
	"cronus_crm.cronus_billing.prospects.on_undo",
	"cronus_crm.cronus_analytics.ledger.on_prospect_change",
]

# The documents of a prospect. See cronus_crm/prospects.py

cronus_prospect_documents = ["cronus_crm.cronus_billing.prospects.documents"]

# Who sees what, and what is kept beside it. See cronus_crm/visibility.py and cronus_crm/companions.py

_visible = "cronus_crm.cronus_crm.visibility.has_permission"
_companion = "cronus_crm.cronus_crm.companions"
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
	"File": "cronus_crm.cronus_crm.claims.has_permission",
	"Auto Repeat": f"{_companion}.has_permission",
	"Prepared Report": "cronus_crm.cronus_crm.prepared_reports.has_permission",
}
_rule = "cronus_crm.cronus_crm.visibility.permission_query_conditions"
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
	"Prepared Report": "cronus_crm.cronus_crm.prepared_reports.permission_query_conditions",
}

# What happens with a document, in its own transaction and in this order

_documents = "cronus_crm.cronus_crm.sales_documents"
_totals = "cronus_crm.cronus_analytics.totals"
_links = "cronus_crm.cronus_crm.visibility.check_links"
_titles = "cronus_crm.cronus_crm.visibility.forget_titles"
_seller = "cronus_crm.cronus_crm.visibility.set_default_seller"
_hands = "cronus_crm.cronus_crm.reassignment.check"
_series = "cronus_crm.cronus_crm.series.before_naming"
doc_events = {
	"*": {
		"validate": "cronus_crm.cronus_crm.claims.check_fields",
		"before_print": "cronus_crm.cronus_crm.titles.hide_in_print",
		"on_submit": f"{_documents}.on_submit",
		"on_cancel": f"{_documents}.on_cancel",
		"on_update_after_submit": f"{_documents}.on_update_after_submit",
		"on_trash": "cronus_crm.cronus_crm.follow_up.on_trash",
	},
	"Cronus Prospect": {"before_naming": _series, "before_validate": _seller, "validate": [_links, _hands]},
	"Cronus Customer": {"before_naming": _series, "before_validate": _seller, "validate": [_links, _hands]},
	"Cronus Customer Branch": {"before_naming": _series, "validate": _links},
	"Contact": {"validate": [_links, _titles]},
	"Address": {"validate": [_links, _titles]},
	"Cronus Opportunity": {
		"before_naming": _series,
		"before_validate": [_seller, "cronus_crm.cronus_billing.exchange_rates.set_rate_of_deal"],
		"validate": [_links, _hands],
		"on_update": f"{_totals}.on_deal_update",
		"on_trash": f"{_totals}.on_deal_trash",
	},
	"Cronus Activity": {
		"before_validate": _seller,
		"validate": [_links, _hands],
		"on_update": [
			"cronus_crm.cronus_crm.prospects.take_result",
			"cronus_crm.cronus_crm.standing.on_activity_change",
			f"{_totals}.on_activity_update",
		],
		"on_trash": ["cronus_crm.cronus_crm.prospects.forget_appointment", f"{_totals}.on_activity_trash"],
		"after_delete": "cronus_crm.cronus_crm.standing.on_activity_change",
	},
	"Proforma": {"validate": [_links, _hands]},
	"Cronus Order": {"validate": [_links, _hands]},
	"Cronus Delivery Note": {"validate": [_links, _hands]},
	"Cronus Sales Note": {"validate": [_links, _hands]},
	"Invoice": {"validate": [_links, _hands]},
	"Cronus Payment": {"validate": [_links, _hands]},
	"Cronus Stage": {"after_rename": f"{_totals}.on_rename"},
	"Cronus Loss Reason": {"after_rename": f"{_totals}.on_rename"},
	"Cronus Activity Type": {"after_rename": f"{_totals}.on_rename"},
	"Kanban Board": {"validate": "cronus_crm.cronus_crm.pipeline_board.forget_order"},
	"Tag Link": {"validate": f"{_companion}.check_author"},
	"Document Follow": {"validate": f"{_companion}.check_author"},
	"ToDo": {"validate": f"{_companion}.check_author"},
	"Comment": {"validate": f"{_companion}.check_author"},
	"DocShare": {"validate": f"{_companion}.check_author"},
	"File": {"validate": f"{_companion}.check_author"},
	"Auto Repeat": {"validate": f"{_companion}.check_author"},
}

# What follows a commercial document, in its transaction and in this order: see cronus_crm/sales_documents.py

cronus_on_issue = [
	"cronus_crm.cronus_crm.follow_up.on_issue",
	"cronus_crm.cronus_crm.deals.on_issue",
	"cronus_crm.cronus_crm.prospects.on_issue",
	"cronus_crm.cronus_analytics.ledger.on_issue",
]
cronus_on_cancel = [
	"cronus_crm.cronus_crm.follow_up.on_cancel",
	"cronus_crm.cronus_crm.deals.on_cancel",
	"cronus_crm.cronus_crm.prospects.on_cancel",
	"cronus_crm.cronus_analytics.ledger.on_cancel",
]
cronus_on_change = [
	"cronus_crm.cronus_crm.follow_up.on_change",
	"cronus_crm.cronus_analytics.ledger.on_change",
]

# The ledger knows a document by its name and keeps the entry of a cancelled one that is deleted.
ignore_links_on_delete = ["Cronus Sales Entry"]

# What time alone changes

scheduler_events = {
	"cron": {
		"*/5 * * * *": [
			"cronus_crm.cronus_crm.follow_up.announce_pending",
			"cronus_crm.cronus_crm.reminders.give_due",
			"cronus_crm.cronus_crm.standing.refresh_lights",
		],
		"*/15 * * * *": ["cronus_crm.cronus_crm.reminders.give_daily"],
	},
	"daily": [
		"cronus_crm.cronus_crm.repetition.resume_missed",
		"cronus_crm.cronus_crm.standing.mark_stalled",
		"cronus_crm.cronus_billing.doctype.proforma.proforma.expire",
		"cronus_crm.cronus_billing.doctype.cronus_order.cronus_order.mark_late",
		"cronus_crm.cronus_billing.doctype.invoice.invoice.mark_overdue",
		"cronus_crm.cronus_analytics.customer_files.delete_old",
	],
	"daily_long": [
		"cronus_crm.cronus_analytics.proof.verify_lately",
		"cronus_crm.cronus_analytics.customer_alerts.refresh",
	],
	"weekly_long": ["cronus_crm.cronus_analytics.proof.verify_everything"],
}

# The framework has no event where it makes a report to be mailed. See cronus_crm/mailed_reports.py

override_doctype_class = {
	"Auto Email Report": "cronus_crm.cronus_crm.mailed_reports.ReaderScopedAutoEmailReport"
}

# The REST API: a repeated POST, see cronus_crm/idempotency.py; the language of whoever has the key

before_request = ["cronus_crm.cronus_crm.idempotency.lead_to_answer_once"]
auth_hooks = ["cronus_crm.cronus_crm.api_language.take_language_of_user"]
default_log_clearing_doctypes = {"Cronus Idempotent Request": 30}  # days

# Methods of the framework that answer without asking who may see, see cronus_crm/guarded_methods.py; and its
# exports, without cells that a spreadsheet would run, see cronus_crm/guarded_exports.py

_guarded = "cronus_crm.cronus_crm.guarded_methods"
_of_document = "cronus_crm.cronus_crm.guarded_documents"
_of_figures = "cronus_crm.cronus_crm.guarded_figures"
_board = "cronus_crm.cronus_crm.pipeline_board"
_kanban = "frappe.desk.doctype.kanban_board.kanban_board"
_exports = "cronus_crm.cronus_crm.guarded_exports"
override_whitelisted_methods = {
	f"{_kanban}.add_card": f"{_board}.add_card",
	f"{_kanban}.update_order": f"{_board}.update_order",
	f"{_kanban}.update_order_for_single_card": f"{_board}.update_order_for_single_card",
	"frappe.automation.doctype.auto_repeat.auto_repeat.make_auto_repeat": (
		"cronus_crm.cronus_crm.repetition.make_auto_repeat"
	),
	"frappe.client.get": f"{_of_document}.get_document",
	"frappe.client.get_count": f"{_guarded}.get_count",
	"frappe.client.is_document_amended": f"{_of_document}.is_document_amended",
	"frappe.client.validate_link": f"{_of_document}.validate_link",
	"frappe.contacts.doctype.address.address.get_default_address": f"{_of_document}.get_default_address",
	"frappe.core.doctype.communication.email.make": f"{_of_document}.make_message",
	"frappe.core.doctype.data_export.exporter.export_data": f"{_exports}.export_data",
	"frappe.core.doctype.data_import.data_import.download_errored_template": (
		f"{_of_figures}.download_errored_template"
	),
	"frappe.core.doctype.data_import.data_import.download_import_log": f"{_of_figures}.download_import_log",
	"frappe.core.doctype.data_import.data_import.download_template": f"{_exports}.download_template",
	"frappe.core.doctype.data_import.data_import.form_start_import": f"{_of_figures}.start_import",
	"frappe.core.doctype.data_import.data_import.get_import_status": f"{_of_figures}.get_import_status",
	"frappe.core.doctype.data_import.data_import.get_preview_from_template": f"{_of_figures}.preview_import",
	"frappe.core.doctype.deleted_document.deleted_document.bulk_restore": f"{_of_document}.bulk_restore",
	"frappe.core.doctype.deleted_document.deleted_document.restore": f"{_of_document}.restore",
	"frappe.core.doctype.sms_settings.sms_settings.get_contact_number": f"{_of_document}.get_contact_number",
	"frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions": (
		f"{_of_document}.get_latest_submissions"
	),
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": f"{_of_figures}.get_chart",
	"frappe.desk.doctype.tag.tag.add_tag": f"{_guarded}.add_tag",
	"frappe.desk.doctype.tag.tag.add_tags": f"{_guarded}.add_tags",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": f"{_guarded}.get_tagged_docs",
	"frappe.desk.doctype.tag.tag.remove_tag": f"{_guarded}.remove_tag",
	"frappe.desk.form.document_follow.get_follow_users": f"{_of_document}.get_follow_users",
	"frappe.desk.form.linked_with.get_submitted_linked_docs": f"{_of_document}.get_submitted_linked_docs",
	"frappe.desk.form.load.getdoc": f"{_of_document}.getdoc",
	"frappe.desk.form.utils.get_next": f"{_of_document}.get_next",
	"frappe.desk.listview.get_group_by_count": f"{_guarded}.get_group_by_count",
	"frappe.desk.notifications.get_open_count": f"{_guarded}.get_open_count",
	"frappe.desk.query_report.export_query": f"{_of_figures}.export_report",
	"frappe.desk.query_report.run": f"{_of_figures}.run_report",
	"frappe.desk.reportview.export_query": f"{_exports}.export_query",
	"frappe.desk.search.get_link_title": f"{_of_document}.get_link_title",
	"frappe.desk.search.search_link": f"{_guarded}.search_link",
	"frappe.desk.search.search_widget": f"{_guarded}.search_widget",
	"frappe.email.relink": f"{_of_document}.relink",
	"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews": f"{_of_document}.get_reviews",
	"frappe.utils.file_manager.add_attachments": f"{_of_document}.add_attachments",
	"frappe.utils.global_search.search": f"{_guarded}.search_everything",
	"frappe.utils.goal.get_monthly_goal_graph_data": f"{_of_figures}.get_monthly_goal_graph_data",
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": (
		f"{_of_figures}.get_workflow_state_count"
	),
}
