"""Hooks of the service module: cases."""

_cases = "cronus_crm.cronus_service.cases"
_counter = "cronus_crm.base.name_counters.ensure_counter_of_document"
_account = f"{_cases}.case_accounts"

doc_events = {
	"Cronus Case": {"before_naming": _counter},
	# What was said about a case, by whatever way it comes.
	"Communication": {
		"before_insert": f"{_cases}.conversation.lead_to_survivor",
		"after_insert": f"{_cases}.conversation.on_message",
	},
	# Also what is written past the controller, as when the work of a seller is handed over.
	"Cronus Customer": {
		"on_change": f"{_account}.on_account_change",
		"after_rename": f"{_account}.on_rename",
	},
	"Cronus Prospect": {
		"on_change": f"{_account}.on_account_change",
		"after_rename": f"{_account}.on_rename",
	},
}

# By what cases are found in the search bar. See visibility/search_index.py.
cronus_search_sources = [f"{_cases}.case_search.SOURCES"]

# The cases of a customer, in its history. See cronus_crm/customers/customer_history.py.
cronus_timeline_sources = [f"{_cases}.case_timeline.read_cases"]

# A prospect that becomes a customer takes its cases along. See cronus_crm/prospects/conversion.py.
cronus_prospect_converted = [f"{_account}.on_conversion"]
cronus_prospect_conversion_undone = [f"{_account}.on_conversion_undone"]

scheduler_events = {"cron": {"*/15 * * * *": [f"{_cases}.reopening.close_quiet_cases"]}}
