"""Hooks of the service module: cases, cases by e-mail, solutions."""

_cases = "cronus_crm.cronus_service.cases"
_counter = "cronus_crm.base.name_counters.ensure_counter_of_document"
_solutions = "cronus_crm.cronus_service.solutions"
_mail = "cronus_crm.cronus_service.mail"
_account = f"{_cases}.case_accounts"
_portal = "cronus_crm.cronus_service.portal"

doc_events = {
	"Cronus Case": {"before_naming": _counter},
	"Cronus Solution": {"before_naming": _counter},
	"File": {
		"before_validate": f"{_solutions}.solution_files.make_private",
		"after_insert": f"{_solutions}.solution_files.move_new_file",
	},
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

# By what cases and solutions are found in the search bar. See visibility/search_index.py.
cronus_search_sources = [f"{_cases}.case_search.SOURCES", f"{_solutions}.solution_sources.SOURCES"]

# The cases of a customer, in its history. See cronus_crm/customers/customer_history.py.
cronus_timeline_sources = [f"{_cases}.case_timeline.read_cases"]

# A prospect that becomes a customer takes its cases along. See cronus_crm/prospects/conversion.py.
cronus_prospect_converted = [f"{_account}.on_conversion"]
cronus_prospect_conversion_undone = [f"{_account}.on_conversion_undone"]

scheduler_events = {
	"cron": {
		"*/5 * * * *": ["cronus_crm.cronus_service.promises.promise_notices.tell_due"],
		"*/15 * * * *": [
			f"{_cases}.reopening.close_quiet_cases",
			f"{_portal}.rating_questions.ask_due",
		],
	},
	"daily": [f"{_solutions}.review_reminders.send_due_reminders"],
}

default_log_clearing_doctypes = {"Cronus Solution Search": 180, "Cronus Case Mail": 365}  # days

# The framework marks mails as read before it has taken them in: see mail/pulling.py.
override_doctype_class = {"Email Account": f"{_mail}.pulling.CaseEmailAccount"}
make_email_body_message = [f"{_mail}.outgoing.add_thread_headers"]

# What became of a mail may be told of a case that is gone.
ignore_links_on_delete = ["Cronus Case Mail"]

# The pages for people without a place in the desk: see www/.
website_route_rules = [
	{"from_route": "/solutions", "to_route": "solution_list"},
	{"from_route": "/solutions/<solution>", "to_route": "solution_page"},
	{"from_route": "/service-request", "to_route": "service_request"},
	{"from_route": "/rate-case", "to_route": "rate_case"},
	{"from_route": "/my-cases", "to_route": "my_case/my_case_list"},
	{"from_route": "/my-cases/new", "to_route": "my_case/my_case_new"},
	{"from_route": "/my-cases/<case>", "to_route": "my_case/my_case_page"},
]

# Where a contact is led after the login.
get_website_user_home_page = f"{_portal}.portal_home.find_home_page"

# Cases among the connections of a form.
override_doctype_dashboards = {
	"Cronus Customer": f"{_cases}.case_connections.add_cases_to_customer",
	"Cronus Prospect": f"{_cases}.case_connections.add_cases_to_prospect",
}
