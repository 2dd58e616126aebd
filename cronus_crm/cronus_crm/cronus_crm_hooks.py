"""Hooks of the CRM: people, prospects, opportunities, activities."""

_activities = "cronus_crm.cronus_crm.activities"
_prospects = "cronus_crm.cronus_crm.prospects"
_opportunities = "cronus_crm.cronus_crm.opportunities"
_history = "cronus_crm.cronus_crm.customers.customer_history"
_names = "cronus_crm.cronus_crm.customers.copied_names"
_given = "cronus_crm.cronus_crm.sellers.reassignment_notices.on_update"
_counter = "cronus_crm.base.name_counters.ensure_counter_of_document"

doc_events = {
	"*": {
		"before_insert": f"{_prospects}.prospect_state.set_opportunity",
		"on_trash": f"{_activities}.follow_up.on_trash",
		# Documents, whose names stand in fields that are no links.
		"after_rename": [
			f"{_activities}.follow_up.on_rename",
			f"{_opportunities}.opportunity_progress.on_rename",
			f"{_prospects}.prospect_state.on_rename",
		],
	},
	"Cronus Prospect": {
		"before_naming": _counter,
		"on_update": [f"{_names}.on_prospect_update", _given],
		"after_rename": f"{_names}.on_rename",
	},
	"Cronus Customer": {
		"before_naming": _counter,
		"on_update": [f"{_names}.on_customer_update", _given],
		"after_rename": f"{_names}.on_rename",
	},
	"Cronus Customer Branch": {"before_naming": _counter},
	"Cronus Opportunity": {
		"before_naming": _counter,
		"on_update": [
			f"{_prospects}.prospect_state.on_opportunity_change",
			f"{_opportunities}.opportunity_board.on_opportunity_change",
			_given,
		],
		"after_delete": [
			f"{_prospects}.prospect_state.on_opportunity_change",
			f"{_opportunities}.opportunity_board.on_opportunity_change",
		],
	},
	"Cronus Activity": {
		"on_update": [
			f"{_prospects}.prospect_state.apply_activity_result",
			f"{_activities}.traffic_light.on_activity_change",
			_given,
			f"{_activities}.note_mentions.tell_mentioned",
		],
		"on_trash": f"{_prospects}.prospect_appointments.clear_deleted_appointment",
		"after_delete": f"{_activities}.traffic_light.on_activity_change",
	},
	"Kanban Board": {"validate": "cronus_crm.cronus_crm.record_boards.drop_card_order"},
}

# By what records are found in the search bar. See visibility/search_index.py.
cronus_search_sources = ["cronus_crm.cronus_crm.account_search.SOURCES"]

# What follows a commercial document, in its transaction: see base/sales_documents.py.
cronus_on_issue = [
	f"{_activities}.follow_up.on_issue",
	f"{_opportunities}.opportunity_progress.on_issue",
	f"{_prospects}.prospect_state.on_issue",
]
cronus_on_cancel = [
	f"{_activities}.follow_up.on_cancel",
	f"{_opportunities}.opportunity_progress.on_cancel",
	f"{_prospects}.prospect_state.on_cancel",
]
cronus_on_change = [f"{_activities}.follow_up.on_change"]
cronus_on_changes = [
	f"{_activities}.many_follow_ups.on_changes",
	f"{_opportunities}.many_documents.on_changes",
]

# What stands in a customer's history, one source for each kind. See customers/customer_history.py.
cronus_timeline_sources = [
	f"{_history}.read_activities",
	f"{_history}.read_opportunities",
	f"{_history}.read_emails",
]

# Functions of the framework that are replaced for what this module offers. See visibility/replaced.
cronus_replacements = [f"{_activities}.repetition", "cronus_crm.cronus_crm.customers.contact_names"]

scheduler_events = {
	"cron": {
		"*/5 * * * *": [
			f"{_activities}.follow_up.announce_pending",
			f"{_activities}.reminders.send_due_reminders",
			f"{_activities}.traffic_light.refresh_lights",
		],
		"*/15 * * * *": [f"{_activities}.reminders.send_daily_notices"],
	},
	"daily": [
		f"{_activities}.repetition.resume_missed",
		f"{_activities}.traffic_light.mark_stalled",
	],
}

override_doctype_dashboards = {"Contact": "cronus_crm.cronus_crm.customers.contacts.extend_contact_dashboard"}
