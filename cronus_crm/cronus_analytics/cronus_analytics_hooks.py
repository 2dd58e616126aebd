"""Hooks of analytics: what updates the ledger and the totals, and the scheduled jobs."""

_ledger = "cronus_crm.cronus_analytics.ledger"
_figures = "cronus_crm.cronus_analytics.figures"
_cases = "cronus_crm.cronus_analytics.cases"

doc_events = {
	"*": {"before_rename": f"{_ledger}.changed_masters.before_document_rename"},
	"Cronus Opportunity": {
		"on_update": f"{_ledger}.totals.on_opportunity_update",
		"on_trash": f"{_ledger}.totals.on_opportunity_trash",
	},
	"Cronus Activity": {
		"on_update": f"{_ledger}.totals.on_activity_update",
		"on_trash": f"{_ledger}.totals.on_activity_trash",
	},
	"Cronus Case": {
		"on_update": f"{_cases}.case_totals.on_case_update",
		"on_trash": f"{_cases}.case_totals.on_case_trash",
	},
	# Keys of the totals, and names that are no links.
	"Cronus Seller": {
		"before_rename": f"{_figures}.sales_targets.before_seller_rename",
		"after_rename": f"{_ledger}.changed_masters.on_rename",
	},
	"Cronus Work Center": {"after_rename": f"{_ledger}.changed_masters.on_rename"},
	"User": {"after_rename": [f"{_ledger}.changed_masters.on_rename", f"{_cases}.case_masters.on_rename"]},
	"Cronus Stage": {
		"after_rename": f"{_ledger}.changed_masters.on_rename",
		"on_update": f"{_ledger}.changed_masters.on_stage_change",
	},
	"Cronus Loss Reason": {"after_rename": f"{_ledger}.changed_masters.on_rename"},
	"Cronus Activity Type": {"after_rename": f"{_ledger}.changed_masters.on_rename"},
	"Cronus Service Team": {"after_rename": f"{_cases}.case_masters.on_rename"},
	"Cronus Case Type": {"after_rename": f"{_cases}.case_masters.on_rename"},
	"Cronus Product": {"after_rename": f"{_cases}.case_masters.on_rename"},
	"Cronus Customer": {
		"after_rename": [
			f"{_ledger}.changed_masters.on_customer_rename",
			f"{_figures}.customer_alerts.on_customer_rename",
		]
	},
}

cronus_on_issue = [f"{_ledger}.entries.on_issue"]
cronus_on_cancel = [f"{_ledger}.entries.on_cancel"]
cronus_on_change = [f"{_ledger}.entries.on_change"]
cronus_on_changes = [f"{_ledger}.many_entries.on_changes"]
cronus_prospect_converted = [f"{_ledger}.entries.on_prospect_change"]
cronus_prospect_conversion_undone = [f"{_ledger}.entries.on_prospect_change"]
cronus_promise_missed = [f"{_cases}.case_totals.on_promise_missed"]
cronus_timeline_sources = [f"{_figures}.document_history.read_documents"]

# The issued invoices of an opportunity. See cronus_crm/opportunities/opportunity_progress.py.
cronus_opportunity_invoices = [f"{_ledger}.opportunity_invoices.list_opportunity_invoices"]

# The ledger knows a document by its name and keeps the entry of a cancelled one that is deleted.
# A row of the totals without a sum is left of a master that nothing points at any more.
ignore_links_on_delete = ["Cronus Sales Entry", "Cronus Total", "Cronus Case Total"]

scheduler_events = {
	"cron": {"*/5 * * * *": ["cronus_crm.cronus_analytics.files.document_bundles.resume_abandoned"]},
	"daily": ["cronus_crm.cronus_analytics.files.customer_files.delete_old"],
	"daily_long": [f"{_ledger}.verify.verify_lately", f"{_figures}.customer_alerts.refresh_alerts"],
	"weekly_long": [f"{_ledger}.verify.verify_everything"],
}
